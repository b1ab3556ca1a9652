import ServiceModels
import SigV4
import Wire

/// A role that a profile wants to be assumed (AWS CLI user guide, "Using an IAM role in the AWS CLI").
package struct AssumedRole: Sendable {
  package var arn: String
  /// Nil: one is made up.
  package var sessionName: String?
  package var externalID: String?
  /// Seconds.
  package var duration: Int64?
  /// Whose keys ask for it.
  package var source: any CredentialProvider
}

extension CredentialChain {
  /// The profile's role, with where its keys come from; the environment's own keys win over it.
  package func role() async throws(ConfigurationError) -> AssumedRole? {
    if usesEnvironment, given(environment, "AWS_ACCESS_KEY_ID") != nil { return nil }
    let section = files.profile(profile).values
    guard !usesOwnKeysOnly, let arn = section["role_arn"] else { return nil }
    if section["web_identity_token_file"] != nil {
      throw .notSupported(feature: "a web identity token", key: "web_identity_token_file", profile: profile)
    }
    if section["mfa_serial"] != nil {
      throw .notSupported(feature: "a role with an MFA code", key: "mfa_serial", profile: profile)
    }
    return AssumedRole(
      arn: arn, sessionName: section["role_session_name"], externalID: section["external_id"],
      duration: section["duration_seconds"].flatMap { Int64($0) }, source: try source(section))
  }

  private func source(_ section: [String: String]) throws(ConfigurationError) -> CredentialChain {
    var chain = self
    guard let name = section["source_profile"] else {
      switch section["credential_source"] {
      case nil:
        throw .partialCredentials(source: "assume-role", missing: "source_profile or credential_source")
      case "Environment"?:
        chain = CredentialChain(
          files: files, profile: "", usesEnvironment: true, environment: environment, runProcess: runProcess,
          directory: directory)
        return chain
      case let other?:
        throw .notSupported(feature: "the source \(other)", key: "credential_source", profile: profile)
      }
    }
    guard files.has(name) else { throw .sourceProfileMissing(source: name, profile: profile) }
    if name == profile {
      // A profile that is its own source gives the keys that it holds.
      chain.usesOwnKeysOnly = true
    } else if visited.contains(name) {
      throw .roleLoop(profile: name, visited: visited + [profile])
    }
    chain.visited.append(profile)
    return CredentialChain(
      files: files, profile: name, usesEnvironment: false, environment: environment, runProcess: runProcess,
      directory: directory, visited: chain.visited, usesOwnKeysOnly: chain.usesOwnKeysOnly)
  }
}

extension AWSClient {
  /// The role's temporary keys.
  func assumed(_ role: AssumedRole) async throws(AWSError) -> Credentials {
    let name = role.sessionName ?? "cairn-session-\(clock().milliseconds / 1000)"
    var input: Fields = ["RoleArn": .string(role.arn), "RoleSessionName": .string(name)]
    if let id = role.externalID { input["ExternalId"] = .string(id) }
    if let seconds = role.duration { input["DurationSeconds"] = .integer(seconds) }
    let output = try await call("sts", "AssumeRole", .object(input))
    guard let keys = output["Credentials"], let id = keys["AccessKeyId"]?.string,
      let secret = keys["SecretAccessKey"]?.string
    else { throw .unreadable("AWS STS gave no credentials for the role \(role.arn).") }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: keys["SessionToken"]?.string,
      expiration: keys["Expiration"]?.timestamp)
  }
}
