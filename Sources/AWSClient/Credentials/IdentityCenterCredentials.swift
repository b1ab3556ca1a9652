import Digests
import OrderedJSON
import ServiceModels
import SigV4
import Wire

/// Keys of a role in IAM Identity Center, for the token that `aws sso login` left (botocore `SSOProvider`).
struct IdentityCenterCredentials: CredentialProvider {
  let sources: CredentialSources
  let profile: String

  var method: String { "sso" }

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    guard let settings = try configured({ () throws(ConfigurationError) in try self.settings() }) else {
      return nil
    }
    if let kept = sources.roleCache[settings.cacheKey].flatMap({
      Credentials(cached: $0, now: services.clock(), window: AssumedRole.window)
    }) {
      return kept
    }
    let token = try await IdentityCenterToken(sources: sources, session: settings.session, profile: profile)
      .value(services)
    let output = try await roleCredentials(settings, token, services)
    guard let keys = output["roleCredentials"], let id = keys["accessKeyId"]?.string,
      let secret = keys["secretAccessKey"]?.string, let sessionToken = keys["sessionToken"]?.string,
      let milliseconds = keys["expiration"]?.integer
    else { throw .unreadable("IAM Identity Center gave no credentials for the role \(settings.role).") }
    let end = Timestamp(milliseconds: milliseconds)
    try? sources.roleCache.keep(
      [
        "ProviderType": "sso",
        "Credentials": [
          "AccessKeyId": .string(id), "SecretAccessKey": .string(secret),
          "SessionToken": .string(sessionToken),
          "Expiration": .string(wholeSeconds(end)), "AccountId": .string(settings.account),
        ],
      ], as: settings.cacheKey)
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: sessionToken, expiration: end,
      accountID: settings.account)
  }

  private func roleCredentials(
    _ settings: Settings, _ token: String, _ services: CredentialServices
  ) async throws(AWSError) -> Value {
    do throws(AWSError) {
      return try await services.send(
        .init(
          "sso", "GetRoleCredentials",
          [
            "roleName": .string(settings.role), "accountId": .string(settings.account),
            "accessToken": .string(token),
          ], region: settings.session.region))
    } catch {
      if case .service(let fault, _, _) = error, fault.code == "UnauthorizedException" {
        throw .configuration(.identityCenterSession(profile: profile))
      }
      throw error
    }
  }

  struct Settings: Hashable {
    var session: IdentityCenterSession
    var account: String
    var role: String

    /// The SHA-1 of the arguments, written without blanks.
    var cacheKey: String {
      var arguments: JSONObject = ["accountId": .string(account), "roleName": .string(role)]
      if let name = session.name {
        arguments["sessionName"] = .string(name)
      } else {
        arguments["startUrl"] = .string(session.startURL)
      }
      return hexEncoded(sha1(JSON.object(arguments).text(ensureASCII: true).utf8))
    }
  }

  /// Nil: the profile names neither a role nor an account of IAM Identity Center.
  func settings() throws(ConfigurationError) -> Settings? {
    var values = sources.values(profile)
    guard values["sso_role_name"] != nil || values["sso_account_id"] != nil else { return nil }
    let name = values["sso_session"]
    if let name {
      guard let session = sources.files.config.section("sso-session", name) else {
        throw .invalidConfiguration("The specified sso-session does not exist: \"\(name)\"")
      }
      for (key, value) in session.values.sorted(by: { $0.key < $1.key }) {
        if let own = values[key], own != value {
          throw .invalidConfiguration(
            "The value for \(key) is inconsistent between profile (\(own)) and sso-session (\(value)).")
        }
        values[key] = value
      }
      try check(session.values, name)
    }
    let required = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"]
    let missing = required.filter { values[$0] == nil }
    guard missing.isEmpty, let role = values["sso_role_name"], let account = values["sso_account_id"],
      let url = values["sso_start_url"], let region = values["sso_region"]
    else {
      throw .invalidConfiguration(
        "The profile \"\(profile)\" is configured to use SSO but is missing required configuration: "
          + missing.joined(separator: ", "))
    }
    return Settings(
      session: IdentityCenterSession(name: name, startURL: url, region: region), account: account, role: role)
  }

  /// With a session, the token's place is the session's own to name.
  private func check(_ session: [String: String], _ name: String) throws(ConfigurationError) {
    let profileHasAll = ["sso_start_url", "sso_region"].allSatisfy {
      session[$0] != nil || sources.values(profile)[$0] != nil
    }
    let missing = ["sso_start_url", "sso_region"].filter { session[$0] == nil }
    guard profileHasAll, !missing.isEmpty else { return }
    throw .invalidConfiguration(
      "The profile \"\(profile)\" is configured to use the SSO token provider but is missing the following "
        + "configuration: \(pythonList(missing)).")
  }
}

/// A place to sign in to: an `[sso-session NAME]`, or a profile's own start URL (the older form).
package struct IdentityCenterSession: Hashable, Sendable {
  /// Nil in the older form.
  package var name: String?
  package var startURL: String
  package var region: String
  /// `sso_registration_scopes`.
  package var scopes: [String] = []

  package init(name: String?, startURL: String, region: String, scopes: [String] = []) {
    self.name = name
    self.startURL = startURL
    self.region = region
    self.scopes = scopes
  }

  /// The name of the token's file: the SHA-1 of the session's name, else of the start URL.
  package var tokenKey: String { hexEncoded(sha1((name ?? startURL).utf8)) }
}
