import OrderedJSON
import SigV4
import Wire

/// Says where the keys are. Nil: nothing there, ask the next one.
package protocol CredentialProvider: Sendable {
  /// - Throws: `ConfigurationError` where something asks for credentials but cannot give them.
  func credentials() async throws(ConfigurationError) -> Credentials?
  /// A role to assume instead; asked before `credentials`. Nil unless a provider says otherwise.
  func role() async throws(ConfigurationError) -> AssumedRole?
}

extension CredentialProvider {
  package func role() async throws(ConfigurationError) -> AssumedRole? { nil }
}

/// Keys that are at hand.
package struct StaticCredentials: CredentialProvider {
  package var value: Credentials

  package init(_ value: Credentials) { self.value = value }

  package func credentials() async throws(ConfigurationError) -> Credentials? { value }
}

/// The AWS CLI v2's chain: environment, assumed role, web identity, Identity Center, shared credentials file,
/// `credential_process`, config file, container, instance. What is not built says so where a profile or a
/// variable asks for it; the instance metadata service, which nothing asks for by name, is passed over.
package struct CredentialChain: CredentialProvider {
  let files: SharedFiles
  let profile: String
  /// False if `--profile` was given: then the environment's keys do not count (botocore `credentials.py`).
  let usesEnvironment: Bool
  let environment: [String: String]
  let runProcess: ProcessRunner
  let directory: String?
  /// Profiles whose roles led here.
  var visited: [String] = []
  /// Only the keys that the profile itself holds: for a profile that is its own source.
  var usesOwnKeysOnly = false

  package func credentials() async throws(ConfigurationError) -> Credentials? {
    if usesEnvironment, let found = try fromEnvironment() { return found }
    let section = files.profile(profile).values
    if given(environment, "AWS_WEB_IDENTITY_TOKEN_FILE") != nil {
      throw .notSupported(feature: "a web identity token", key: "AWS_WEB_IDENTITY_TOKEN_FILE", profile: nil)
    }
    for key in ["sso_session", "sso_start_url"] where section[key] != nil {
      throw .notSupported(feature: "IAM Identity Center", key: key, profile: profile)
    }
    let own = files.credentials.section(nil, profile)?.values ?? [:]
    if let found = try CredentialChain.keys(own, "shared-credentials-file") { return found }
    if section["login_session"] != nil {
      throw .notSupported(feature: "aws login", key: "login_session", profile: profile)
    }
    if let command = section["credential_process"] { return try await fromProcess(command) }
    let configured = files.configSection(profile)?.values ?? [:]
    if let found = try CredentialChain.keys(configured, "config-file") { return found }
    for key in ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    where given(environment, key) != nil {
      throw .notSupported(feature: "the container service", key: key, profile: nil)
    }
    return nil
  }

  private func fromEnvironment() throws(ConfigurationError) -> Credentials? {
    guard let id = given(environment, "AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = given(environment, "AWS_SECRET_ACCESS_KEY") else {
      throw .partialCredentials(source: "env", missing: "AWS_SECRET_ACCESS_KEY")
    }
    let token = given(environment, "AWS_SESSION_TOKEN") ?? given(environment, "AWS_SECURITY_TOKEN")
    return Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token)
  }

  private static func keys(
    _ values: [String: String], _ source: String
  ) throws(ConfigurationError) -> Credentials? {
    guard let id = values["aws_access_key_id"] else { return nil }
    guard let secret = values["aws_secret_access_key"] else {
      throw .partialCredentials(source: source, missing: "aws_secret_access_key")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret,
      sessionToken: values["aws_session_token"] ?? values["aws_security_token"])
  }

  /// `credential_process` (AWS CLI user guide, "Sourcing credentials with an external process").
  private func fromProcess(_ command: String) async throws(ConfigurationError) -> Credentials? {
    let result = await runProcess(command, environment, directory)
    guard result.status == 0 else { throw .credentialProcess(result.standardError) }
    // The answer holds secrets: nothing of it may reach an error's text.
    guard let answer = try? JSON.parse(result.standardOutput) else {
      throw .credentialProcess("the answer is not JSON")
    }
    guard answer["Version"]?.int == 1 else {
      throw .credentialProcess(
        "Unsupported version '\(answer["Version"]?.int ?? 0)' for credential process provider, supported versions: 1"
      )
    }
    guard let id = answer["AccessKeyId"]?.string else {
      throw .credentialProcess("Missing required key in response: 'AccessKeyId'")
    }
    guard let secret = answer["SecretAccessKey"]?.string else {
      throw .credentialProcess("Missing required key in response: 'SecretAccessKey'")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: answer["SessionToken"]?.string,
      expiration: answer["Expiration"]?.string.flatMap { Timestamp(parsing: $0) })
  }
}
