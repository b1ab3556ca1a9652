import Digests
import OrderedJSON
import ServiceModels
import SigV4
import Wire

/// A profile's role, assumed with the keys of another profile or another source (AWS CLI user guide, "Using an IAM
/// role in the AWS CLI").
struct RoleCredentials: CredentialProvider {
  let sources: CredentialSources
  let profile: String
  /// Profiles whose roles led here, this one last.
  let visited: [String]

  var method: String { "assume-role" }

  init(sources: CredentialSources, profile: String, after visited: [String] = []) {
    self.sources = sources
    self.profile = profile
    self.visited = visited + [profile]
  }

  /// A profile with a web identity wants a role as well, but asks for it another way.
  private static func isRole(_ values: [String: String]) -> Bool {
    values["role_arn"] != nil && values["web_identity_token_file"] == nil
  }

  private static func hasKeys(_ values: [String: String]) -> Bool {
    values["aws_access_key_id"] != nil || values["aws_secret_access_key"] != nil
  }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    let values = sources.values(profile)
    guard RoleCredentials.isRole(values), let arn = values["role_arn"] else { return nil }
    let source = try configured { () throws(ConfigurationError) in try origin(of: values) }
    let serial = values["mfa_serial"]
    if services.isRefresh, serial != nil { throw .configuration(.refreshNeedsMFA(profile: profile)) }
    var request = AssumedRole(arn: arn, sessionName: values["role_session_name"])
    request.externalID = values["external_id"]
    request.serial = serial
    request.duration = values["duration_seconds"].flatMap { Int64(stripped($0)) }
    if let kept = request.cached(sources.roleCache, now: services.clock()) { return kept }
    guard let keys = try await source.provider.credentials(services) else {
      throw .configuration(source.whenEmpty)
    }
    // The code is asked for last: it is good for half a minute.
    let code: String? =
      if let serial { try await sources.prompts.mfaCode(serial: serial, profile: profile) } else { nil }
    return try await request.assume(
      "AssumeRole", code.map { ["TokenCode": .string($0)] } ?? [:], keys: keys, services, sources.roleCache)
  }

  /// Whose keys ask for the role, and what to say if there are none.
  private struct Source {
    var provider: any CredentialProvider
    var whenEmpty: ConfigurationError
  }

  private func origin(of values: [String: String]) throws(ConfigurationError) -> Source {
    switch (values["source_profile"], values["credential_source"]) {
    case (_?, _?):
      throw .invalidConfiguration(
        "The profile \"\(profile)\" contains both source_profile and credential_source.")
    case (nil, nil):
      throw .partialCredentials(source: method, missing: "source_profile or credential_source")
    case (nil, let name?):
      return Source(
        provider: try named(name),
        whenEmpty: .retrieval(
          provider: name, reason: "No credentials found in credential_source referenced in profile \(profile)"
        ))
    case (let name?, nil):
      return Source(
        provider: try other(name),
        whenEmpty: .invalidConfiguration("The source profile \"\(name)\" must have credentials."))
    }
  }

  /// Upper and lower case count here.
  private func named(_ source: String) throws(ConfigurationError) -> any CredentialProvider {
    switch source {
    case "Environment": return EnvironmentCredentials(environment: sources.environment)
    case "EcsContainer": return ContainerCredentials(sources: sources)
    case "Ec2InstanceMetadata":
      return InstanceCredentials(sources: sources, profile: visited.first ?? profile)
    default:
      throw .invalidConfiguration(
        "The credential source \"\(source)\" referenced in profile \"\(profile)\" is not valid.")
    }
  }

  private func other(_ name: String) throws(ConfigurationError) -> any CredentialProvider {
    guard sources.files.has(name) else { throw .sourceProfileMissing(source: name, profile: profile) }
    let values = sources.values(name)
    // A profile may be its own source if it holds keys.
    if visited.contains(name), name != profile || !RoleCredentials.hasKeys(values) {
      throw .roleLoop(profile: name, visited: visited)
    }
    if RoleCredentials.hasKeys(values) || !RoleCredentials.isRole(values) {
      return CredentialChain.ofProfile(sources, name, usesEnvironment: false)
    }
    return RoleCredentials(sources: sources, profile: name, after: visited)
  }
}

/// A role that is to be assumed, and the AWS CLI's cache of what came of it.
struct AssumedRole: Sendable {
  var arn: String
  /// Nil: one is made up.
  var sessionName: String?
  var externalID: String?
  /// Of the MFA device.
  var serial: String?
  /// Seconds.
  var duration: Int64?

  /// Keys that end sooner are not taken from the cache (botocore `CachedCredentialFetcher`).
  static let window = 15 * 60.0

  /// The cache file's name: the SHA-1 of the arguments as Python writes them, a made-up session name left out.
  var cacheKey: String {
    var arguments = JSONObject()
    if let duration { arguments["DurationSeconds"] = .number(JSONNumber(duration)) }
    if let externalID { arguments["ExternalId"] = .string(externalID) }
    arguments["RoleArn"] = .string(arn)
    if let sessionName, !sessionName.isEmpty { arguments["RoleSessionName"] = .string(sessionName) }
    if let serial { arguments["SerialNumber"] = .string(serial) }
    return hexEncoded(sha1(pythonJSON(.object(arguments)).utf8))
  }

  func cached(_ cache: CredentialFileCache, now: Timestamp) -> Credentials? {
    cache[cacheKey].flatMap { Credentials(cached: $0, now: now, window: AssumedRole.window) }
  }

  /// Asks STS with `operation`, unsigned without keys, and keeps the answer.
  func assume(
    _ operation: String, _ more: Fields, keys: Credentials?, _ services: CredentialServices,
    _ cache: CredentialFileCache
  ) async throws(AWSError) -> Credentials {
    let made = "cairn-session-\(services.clock().milliseconds / 1000)"
    var input: Fields = ["RoleArn": .string(arn)]
    input["RoleSessionName"] = .string(sessionName.flatMap { $0.isEmpty ? nil : $0 } ?? made)
    if let externalID { input["ExternalId"] = .string(externalID) }
    if let serial { input["SerialNumber"] = .string(serial) }
    if let duration { input["DurationSeconds"] = .integer(duration) }
    for field in more { input[field.name] = field.value }
    let output = try await services.send(.init("sts", operation, input, keys: keys))
    guard let given = output["Credentials"], let id = given["AccessKeyId"]?.string,
      let secret = given["SecretAccessKey"]?.string, let token = given["SessionToken"]?.string,
      let end = given["Expiration"]?.timestamp
    else { throw .unreadable("AWS STS gave no credentials for the role \(arn).") }
    let user = output["AssumedRoleUser"]?["Arn"]?.string
    let account = user.flatMap(accountID(ofARN:))
    let found = Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: end, accountID: account)
    var kept: JSONObject = [
      "AccessKeyId": .string(id), "SecretAccessKey": .string(secret), "SessionToken": .string(token),
      "Expiration": .string(wholeSeconds(end).dropLast() + "UTC"),
    ]
    if let account { kept["AccountId"] = .string(account) }
    var entry: JSONObject = ["Credentials": .object(kept)]
    if let user {
      let id = output["AssumedRoleUser"]?["AssumedRoleId"]?.string ?? ""
      entry["AssumedRoleUser"] = .object(["AssumedRoleId": .string(id), "Arn": .string(user)])
    }
    entry["ResponseMetadata"] = .object([:])
    // A home that cannot be written to costs another call next time, no more.
    try? cache.keep(.object(entry), as: cacheKey)
    return found
  }
}

/// The fifth field of an ARN; nil if this is none or the field is empty.
func accountID(ofARN text: String) -> String? {
  let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
  guard parts.count == 6, parts[0] == "arn", !parts[4].isEmpty else { return nil }
  return String(parts[4])
}

extension Credentials {
  /// What a file of `~/.aws/cli/cache` holds; nil if it is of another form, or ends within `window` seconds.
  init?(cached entry: JSON, now: Timestamp, window: Double) {
    guard let keys = entry["Credentials"], let id = keys["AccessKeyId"]?.string,
      let secret = keys["SecretAccessKey"]?.string, let end = cachedTime(keys["Expiration"]),
      now.adding(seconds: window) <= end
    else { return nil }
    self.init(
      accessKeyID: id, secretAccessKey: secret, sessionToken: keys["SessionToken"]?.string, expiration: end,
      accountID: keys["AccountId"]?.string)
  }
}
