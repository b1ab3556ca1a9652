import Digests
import OrderedJSON
import ServiceModels
import SigV4
import Wire

/// The session that `aws login` left (`login_session` in the profile; botocore `LoginProvider`).
struct LoginCredentials: CredentialProvider {
  let sources: CredentialSources
  let profile: String

  var method: String { "login" }

  /// Seconds: a session with more than this before its end is used as it is.
  private static let threshold = 5 * 60.0

  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? {
    guard let session = sources.values(profile)["login_session"] else { return nil }
    let key = hexEncoded(sha256(session.utf8))
    let entry = try configured { () throws(ConfigurationError) in try load(session, key) }
    guard let keys = keys(entry) else {
      throw .configuration(.loginToken(reason: "the cached session holds no keys."))
    }
    if let end = keys.expiration, services.clock().adding(seconds: LoginCredentials.threshold) < end {
      return keys
    }
    return try await renewed(entry, key, services)
  }

  private var cache: CredentialFileCache {
    let named = given(sources.environment, "AWS_LOGIN_CACHE_DIRECTORY")
    return sources.cache(named ?? "~/.aws/login/cache")
  }

  private func load(_ session: String, _ key: String) throws(ConfigurationError) -> JSON {
    guard let entry = cache[key] else {
      throw .loginToken(
        reason: "Unable to load a existing login session for session \(session). Please reauthenticate with "
          + "'aws login'.")
    }
    let missing = ["accessToken", "refreshToken", "dpopKey", "clientId"].filter { entry[$0] == nil }
    guard missing.isEmpty else {
      throw .loginToken(
        reason: "Failed to load access token from token cache, missing required fields: "
          + missing.joined(separator: ", ") + ".")
    }
    return entry
  }

  private func keys(_ entry: JSON) -> Credentials? {
    guard let token = entry["accessToken"], let id = token["accessKeyId"]?.string,
      let secret = token["secretAccessKey"]?.string, let end = cachedTime(token["expiresAt"])
    else { return nil }
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: token["sessionToken"]?.string, expiration: end,
      accountID: token["accountId"]?.string)
  }

  /// Trades the refresh token for new keys, proving that the session's key is here (RFC 9449).
  private func renewed(
    _ old: JSON, _ cacheKey: String, _ services: CredentialServices
  ) async throws(AWSError) -> Credentials {
    guard let pem = old["dpopKey"]?.string, let key = privateKey(pem) else {
      throw .configuration(.loginToken(reason: "Unable to load private key from cached token."))
    }
    let proving = ProvingTransport(
      next: services.transport, key: key, clock: services.clock, token: services.seams.token)
    let output: Value
    do throws(AWSError) {
      output = try await services.send(
        .init(
          "signin", "CreateOAuth2Token",
          [
            "tokenInput": .object([
              "clientId": .string(old["clientId"]?.string ?? ""), "grantType": "refresh_token",
              "refreshToken": .string(old["refreshToken"]?.string ?? ""),
            ])
          ], transport: proving))
    } catch {
      throw LoginCredentials.refusal(error)
    }
    let answer = output["tokenOutput"] ?? output
    guard let token = answer["accessToken"], let id = token["accessKeyId"]?.string,
      let secret = token["secretAccessKey"]?.string, let sessionToken = token["sessionToken"]?.string,
      let seconds = answer["expiresIn"]?.integer, let refresh = answer["refreshToken"]?.string,
      var entry = old.object
    else {
      throw .configuration(
        .loginToken(
          reason: "Unable to refresh access token due to an invalid service response. Please try running "
            + "'aws login' again. If the issue persists, there may be a temporary signin service problem."))
    }
    let account = old["accessToken"]?["accountId"]?.string
    let end = services.clock().adding(seconds: Double(seconds))
    var kept: JSONObject = [
      "accessKeyId": .string(id), "secretAccessKey": .string(secret), "sessionToken": .string(sessionToken),
    ]
    if let account { kept["accountId"] = .string(account) }
    kept["expiresAt"] = .string(wholeSeconds(end))
    entry["accessToken"] = .object(kept)
    entry["refreshToken"] = .string(refresh)
    try? cache.keep(.object(entry), as: cacheKey)
    return Credentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: sessionToken, expiration: end,
      accountID: account)
  }

  /// A PEM block's key.
  private func privateKey(_ pem: String) -> P256Key? {
    let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
    return base64Decoded(stripped(lines.joined())).flatMap { P256Key(der: $0) }
  }

  private static func refusal(_ error: AWSError) -> AWSError {
    guard case .service(let fault, _, _) = error, fault.code == "AccessDeniedException" else { return error }
    switch fault.fields["error"]?.string {
    case "TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED": return .configuration(.login(.sessionEnded))
    case "INSUFFICIENT_PERMISSIONS": return .configuration(.login(.missingPermission))
    default: return .configuration(.login(.other))
    }
  }
}

/// Adds to each request the proof that the sender holds a key: a signed token in the header `DPoP` (RFC 9449,
/// section 4).
struct ProvingTransport: Transport {
  let next: any Transport
  let key: P256Key
  let clock: @Sendable () -> Timestamp
  let token: @Sendable () -> String

  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse {
    var proven = request
    proven.headers["DPoP"] = proof(request)
    return try await next.send(proven, options)
  }

  /// Nil only if libcrypto fails.
  func proof(_ request: HTTPRequest) -> String? {
    let header: JSON = [
      "typ": "dpop+jwt", "alg": "ES256",
      "jwk": [
        "kty": "EC", "x": .string(base64URL(Array(key.publicKey[1..<33]))),
        "y": .string(base64URL(Array(key.publicKey[33..<65]))), "crv": "P-256",
      ],
    ]
    let claims: JSON = [
      "htm": .string(request.method), "htu": .string("\(request.scheme)://\(request.host)\(request.path)"),
      "iat": .number(JSONNumber(clock().milliseconds / 1000)), "jti": .string(token()),
    ]
    let signed = base64URL(Array(header.text().utf8)) + "." + base64URL(Array(claims.text().utf8))
    return key.signature(of: Array(signed.utf8)).flatMap { P256Key.plainSignature($0) }.map {
      signed + "." + base64URL($0)
    }
  }

  /// RFC 4648, section 5, without padding.
  private func base64URL(_ bytes: [UInt8]) -> String {
    String(
      base64Encoded(bytes).compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
  }
}
