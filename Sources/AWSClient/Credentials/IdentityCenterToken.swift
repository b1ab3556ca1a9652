import OrderedJSON
import ServiceModels
import Wire

/// The access token that a login left in `~/.aws/sso/cache`; one with a session is renewed before its end (botocore
/// `tokens.SSOTokenProvider`).
struct IdentityCenterToken {
  let sources: CredentialSources
  let session: IdentityCenterSession
  let profile: String

  /// Seconds before its end at which a token is renewed.
  private static let window = 15 * 60.0

  func value(_ services: CredentialServices) async throws(AWSError) -> String {
    var token = try configured { () throws(ConfigurationError) in try load() }
    let now = services.clock()
    if session.name != nil, token.end < now.adding(seconds: IdentityCenterToken.window),
      let renewed = try await renewed(token.entry, services)
    {
      token = renewed
    }
    guard now < token.end else {
      throw .configuration(
        session.name == nil
          ? .identityCenterSession(profile: profile) : .identityCenterRefresh(profile: profile))
    }
    return token.value
  }

  private struct Token {
    var value: String
    var end: Timestamp
    var entry: JSON

    init?(_ entry: JSON) {
      guard let value = entry["accessToken"]?.string, let end = cachedTime(entry["expiresAt"]) else {
        return nil
      }
      self.value = value
      self.end = end
      self.entry = entry
    }
  }

  private func load() throws(ConfigurationError) -> Token {
    guard let entry = sources.tokenCache[session.tokenKey] else {
      throw .identityCenterToken(
        reason: "Token for \(session.name ?? session.startURL) does not exist", profile: profile)
    }
    guard let token = Token(entry) else {
      throw .identityCenterToken(reason: "Token for \(session.startURL) is invalid", profile: profile)
    }
    return token
  }

  /// Nil if the service gives none or cannot be asked: the old token may still do.
  private func renewed(_ old: JSON, _ services: CredentialServices) async throws(AWSError) -> Token? {
    guard let refreshToken = old["refreshToken"]?.string, let client = old["clientId"]?.string,
      let secret = old["clientSecret"]?.string, let registered = cachedTime(old["registrationExpiresAt"]),
      services.clock() < registered
    else { return nil }
    let output: Value
    do throws(AWSError) {
      output = try await services.send(
        .init(
          "sso-oidc", "CreateToken",
          [
            "grantType": "refresh_token", "clientId": .string(client), "clientSecret": .string(secret),
            "refreshToken": .string(refreshToken),
          ], region: session.region))
    } catch {
      if case .service = error { return nil }
      throw error
    }
    guard let entry = tokenEntry(output, session, registration: old, now: services.clock()) else {
      return nil
    }
    try? sources.tokenCache.keep(entry, as: session.tokenKey)
    return Token(entry)
  }
}

/// A token's file, as the AWS CLI writes it, from `CreateToken`'s answer. `registration` has `clientId`,
/// `clientSecret` and `registrationExpiresAt`. Nil if the answer holds no token.
func tokenEntry(
  _ output: Value, _ session: IdentityCenterSession, registration: JSON, now: Timestamp
) -> JSON? {
  guard let value = output["accessToken"]?.string, let seconds = output["expiresIn"]?.integer else {
    return nil
  }
  var entry: JSONObject = [
    "startUrl": .string(session.startURL), "region": .string(session.region), "accessToken": .string(value),
    "expiresAt": .string(wholeSeconds(now.adding(seconds: Double(seconds)))),
  ]
  for key in ["clientId", "clientSecret", "registrationExpiresAt"] { entry[key] = registration[key] }
  if let next = output["refreshToken"]?.string { entry["refreshToken"] = .string(next) }
  return .object(entry)
}
