import Digests
import OrderedJSON
import ServiceModels
import Wire

/// Signing in to IAM Identity Center by device code (RFC 8628; botocore `SSOTokenFetcher`).
package struct IdentityCenterLogin: Sendable {
  /// What the user is to open, and what to type there.
  package struct DeviceCode: Hashable, Sendable {
    package var url: String
    package var userCode: String
    /// With the code in it.
    package var completeURL: String
  }

  let session: IdentityCenterSession
  let cache: CredentialFileCache
  let services: CredentialServices

  /// - Parameter home: under it is `.aws/sso/cache`.
  package init(
    session: IdentityCenterSession, home: String, client: AWSClient,
    read: @escaping FileReader = systemFile, write: @escaping FileWriter = writePrivateFile
  ) {
    self.session = session
    cache = CredentialFileCache(directory: home + "/.aws/sso/cache", read: read, write: write)
    services = client.credentials.services
  }

  /// Asks for a code, shows it, waits until the user has confirmed it, and keeps the token.
  ///
  /// - Throws: `AWSError`; `.configuration(.deviceCodeExpired)` if nobody confirmed in time.
  package func run(_ show: @Sendable (DeviceCode) async -> Void) async throws(AWSError) {
    let registration = try await registration()
    let answer = try await services.send(
      .init(
        "sso-oidc", "StartDeviceAuthorization",
        [
          "clientId": text(registration["clientId"]), "clientSecret": text(registration["clientSecret"]),
          "startUrl": .string(session.startURL),
        ], region: session.region))
    guard let device = answer["deviceCode"]?.string, let code = answer["userCode"]?.string,
      let url = answer["verificationUri"]?.string
    else { throw .unreadable("IAM Identity Center gave no device code for \(session.startURL).") }
    let end = services.clock().adding(seconds: Double(answer["expiresIn"]?.integer ?? 600))
    var interval = Double(max(1, answer["interval"]?.integer ?? 5))
    // A client may be authorised already; then nobody is asked.
    var outcome = try await attempt(registration, device, &interval)
    if outcome == nil {
      await show(
        DeviceCode(url: url, userCode: code, completeURL: answer["verificationUriComplete"]?.string ?? url))
    }
    while outcome == nil {
      await services.seams.sleep(interval)
      if Task.isCancelled { throw .cancelled }
      // The service says so itself; this is for one that never does.
      if services.clock() >= end.adding(seconds: 60) { throw .configuration(.deviceCodeExpired) }
      outcome = try await attempt(registration, device, &interval)
    }
    if let outcome {
      try configured { () throws(ConfigurationError) in try cache.keep(outcome, as: session.tokenKey) }
    }
  }

  private func text(_ value: JSON?) -> Value { .string(value?.string ?? "") }

  /// Nil: not confirmed yet.
  private func attempt(
    _ registration: JSON, _ device: String, _ interval: inout Double
  ) async throws(AWSError) -> JSON? {
    let output: Value
    do throws(AWSError) {
      output = try await services.send(
        .init(
          "sso-oidc", "CreateToken",
          [
            "grantType": "urn:ietf:params:oauth:grant-type:device_code",
            "clientId": text(registration["clientId"]), "clientSecret": text(registration["clientSecret"]),
            "deviceCode": .string(device),
          ], region: session.region))
    } catch {
      guard case .service(let fault, _, _) = error else { throw error }
      switch fault.code {
      case "AuthorizationPendingException": return nil
      case "SlowDownException":
        // RFC 8628, section 3.5.
        interval += 5
        return nil
      case "ExpiredTokenException": throw .configuration(.deviceCodeExpired)
      default: throw error
      }
    }
    var kept: JSONObject = [:]
    kept["clientId"] = registration["clientId"]
    kept["clientSecret"] = registration["clientSecret"]
    kept["registrationExpiresAt"] = registration["expiresAt"]
    guard let entry = tokenEntry(output, session, registration: .object(kept), now: services.clock()) else {
      throw .unreadable("IAM Identity Center gave no token for \(session.startURL).")
    }
    return entry
  }

  /// This program's registration as a client, kept for as long as it lasts.
  private func registration() async throws(AWSError) -> JSON {
    let now = services.clock()
    if let kept = cache[registrationKey], kept["clientId"]?.string != nil,
      kept["clientSecret"]?.string != nil,
      let end = cachedTime(kept["expiresAt"]), now.adding(seconds: 15 * 60) <= end
    {
      return kept
    }
    let name = session.name ?? "\(now.milliseconds / 1000)"
    var input: Fields = ["clientName": .string("botocore-client-\(name)"), "clientType": "public"]
    if !session.scopes.isEmpty { input["scopes"] = .list(session.scopes.map { .string($0) }) }
    let output = try await services.send(.init("sso-oidc", "RegisterClient", input, region: session.region))
    guard let id = output["clientId"]?.string, let secret = output["clientSecret"]?.string,
      let end = output["clientSecretExpiresAt"]?.integer
    else { throw .unreadable("IAM Identity Center did not register this client.") }
    var entry: JSONObject = [
      "clientId": .string(id), "clientSecret": .string(secret),
      "expiresAt": .string(wholeSeconds(Timestamp(seconds: Double(end)))),
    ]
    if !session.scopes.isEmpty { entry["scopes"] = .array(session.scopes.map { .string($0) }) }
    try configured { () throws(ConfigurationError) in try cache.keep(.object(entry), as: registrationKey) }
    return .object(entry)
  }

  /// The file is shared with the AWS CLI: the arguments, names and all, are the ones it digests.
  private var registrationKey: String {
    let arguments: JSON = [
      "region": .string(session.region),
      "scopes": session.scopes.isEmpty ? .null : .array(session.scopes.map { .string($0) }),
      "session_name": session.name.map { .string($0) } ?? .null, "startUrl": .string(session.startURL),
      "tool": "botocore",
    ]
    return hexEncoded(sha1(pythonJSON(arguments).utf8))
  }
}
