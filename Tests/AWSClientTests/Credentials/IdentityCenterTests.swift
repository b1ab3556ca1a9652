import Digests
import OrderedJSON
import SigV4
import Synchronization
import TestKit
import Testing
import Wire

@testable import AWSClient

@Suite struct IdentityCenterTests {
  private static let config = """
    [sso-session corp]
    sso_start_url = https://corp.awsapps.com/start
    sso_region = us-east-1
    sso_registration_scopes = sso:account:access
    [sso-session bare]
    sso_region = us-east-1
    [profile corp]
    sso_session = corp
    sso_account_id = 111122223333
    sso_role_name = dev
    [profile old]
    sso_start_url = https://old.awsapps.com/start
    sso_region = us-east-1
    sso_account_id = 111122223333
    sso_role_name = dev
    [profile lost]
    sso_session = nowhere
    sso_account_id = 111122223333
    sso_role_name = dev
    [profile half]
    sso_account_id = 111122223333
    [profile torn]
    sso_session = corp
    sso_region = eu-west-1
    sso_account_id = 111122223333
    sso_role_name = dev
    [profile bare]
    sso_session = bare
    sso_start_url = https://corp.awsapps.com/start
    sso_account_id = 111122223333
    sso_role_name = dev
    """

  private static func file(_ name: String) -> String {
    "/home/.aws/sso/cache/\(hexEncoded(sha1(name.utf8))).json"
  }

  private static let corp = file("corp")
  private static let old = file("https://old.awsapps.com/start")

  private static func token(until end: String, registered: String? = "2027-01-01T00:00:00Z") -> String {
    var token: JSONObject = [
      "startUrl": "https://corp.awsapps.com/start", "region": "us-east-1", "accessToken": "hidden-access",
      "expiresAt": .string(end), "clientId": "client", "clientSecret": "hidden-client",
      "refreshToken": "hidden-refresh",
    ]
    if let registered { token["registrationExpiresAt"] = .string(registered) }
    return JSON.object(token).text()
  }

  private func world(
    _ files: [String: String] = [:], _ answer: @escaping World.Answer = { _ in nil }
  ) -> World {
    World(files.merging(["/home/.aws/config": IdentityCenterTests.config]) { $1 }, answer: answer)
  }

  @Test(arguments: ["corp", "old"])
  func `A token gives the role's keys, which are kept`(profile: String) async throws {
    let place = profile == "corp" ? IdentityCenterTests.corp : IdentityCenterTests.old
    let world = world([place: IdentityCenterTests.token(until: "2026-11-23T20:00:00UTC")])
    let keys = try await world.keys(profile: profile)
    #expect(keys.accessKeyID == "SSO" && keys.accountID == "111122223333")
    let request = try #require(world.network.seen.first)
    #expect(request.method == "GET" && request.path == "/federation/credentials" && request.signer == nil)
    #expect(request.query.contains("role_name=dev") && request.query.contains("account_id=111122223333"))
    #expect(request.headers["x-amz-sso_bearer_token"] == "hidden-access")
    _ = try await world.keys(profile: profile)
    #expect(world.network.seen.count == 1)
  }

  @Test func `A session's token is renewed before its end, and the new one kept in its place`() async throws {
    let world = world([IdentityCenterTests.corp: IdentityCenterTests.token(until: "2026-11-23T12:10:00Z")])
    #expect(try await world.keys(profile: "corp").accessKeyID == "SSO")
    #expect(
      world.network.lines == [
        "POST oidc.us-east-1.amazonaws.com/token",
        "GET portal.sso.us-east-1.amazonaws.com/federation/credentials",
      ])
    let sent = try JSON.parse(try #require(world.network.seen.first).text)
    #expect(sent["grantType"] == "refresh_token" && sent["refreshToken"] == "hidden-refresh")
    #expect(world.network.seen.last?.headers["x-amz-sso_bearer_token"] == "hidden-new-access")
    let kept = try JSON.parse(try #require(world.files[IdentityCenterTests.corp]))
    #expect(
      kept
        == [
          "startUrl": "https://corp.awsapps.com/start", "region": "us-east-1",
          "accessToken": "hidden-new-access", "expiresAt": "2026-11-23T13:00:00Z", "clientId": "client",
          "clientSecret": "hidden-client", "registrationExpiresAt": "2027-01-01T00:00:00Z",
          "refreshToken": "hidden-new-refresh",
        ])
  }

  @Test func `A token that cannot be renewed is used to its end`() async throws {
    let refusal: World.Answer = { (request) throws(TransportError) in
      request.path == "/token" ? (400, #"{"__type":"InvalidGrantException","error":"invalid_grant"}"#) : nil
    }
    let soon = IdentityCenterTests.token(until: "2026-11-23T12:05:00Z")
    #expect(
      try await world([IdentityCenterTests.corp: soon], refusal).keys(profile: "corp").accessKeyID == "SSO")
    let gone = IdentityCenterTests.token(until: "2026-11-23T11:55:00Z")
    #expect(
      try await world([IdentityCenterTests.corp: gone], refusal).complaint(profile: "corp")
        == "Error when retrieving token from sso: Token has expired and refresh failed")
    for registered in [nil, "2026-11-23T11:00:00Z"] {
      let world = world([
        IdentityCenterTests.corp: IdentityCenterTests.token(
          until: "2026-11-23T12:05:00Z", registered: registered)
      ])
      #expect(try await world.keys(profile: "corp").accessKeyID == "SSO")
      #expect(world.network.seen.count == 1)
    }
  }

  private static let sessionOver =
    "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session "
    + "run aws sso login with the corresponding profile."

  @Test func `A session that is over, or was never begun, is told in the CLI's words`() async throws {
    #expect(
      try await world().complaint(profile: "corp") == "Error loading SSO Token: Token for corp does not exist"
    )
    #expect(
      try await world().complaint(profile: "old")
        == "Error loading SSO Token: Token for https://old.awsapps.com/start does not exist")
    #expect(
      try await world([IdentityCenterTests.corp: #"{"accessToken":"hidden-x"}"#]).complaint(profile: "corp")
        == "Error loading SSO Token: Token for https://corp.awsapps.com/start is invalid")
    let gone = IdentityCenterTests.token(until: "2026-11-23T11:55:00Z")
    #expect(
      try await world([IdentityCenterTests.old: gone]).complaint(profile: "old")
        == IdentityCenterTests.sessionOver)
    let refused = world([IdentityCenterTests.corp: IdentityCenterTests.token(until: "2026-11-23T20:00:00Z")])
    {
      (request) throws(TransportError) in
      (401, #"{"__type":"UnauthorizedException","message":"Session token not found or invalid"}"#)
    }
    #expect(try await refused.complaint(profile: "corp") == IdentityCenterTests.sessionOver)
  }

  @Test func `What to run is part of the failure`() {
    for error in [
      ConfigurationError.identityCenterSession(profile: "corp"), .identityCenterRefresh(profile: "corp"),
      .identityCenterToken(reason: "", profile: "corp"),
    ] {
      #expect(error.advice == "Run 'aws sso login --profile corp' in a terminal, then go on.")
    }
  }

  @Test(arguments: [
    ("lost", #"The specified sso-session does not exist: "nowhere""#),
    (
      "half",
      #"The profile "half" is configured to use SSO but is missing required configuration: "#
        + "sso_role_name, sso_start_url, sso_region"
    ),
    (
      "torn",
      "The value for sso_region is inconsistent between profile (eu-west-1) and sso-session (us-east-1)."
    ),
    (
      "bare",
      #"The profile "bare" is configured to use the SSO token provider but is missing the following configuration: "#
        + "['sso_start_url']."
    ),
  ])
  func `What is wrong with the profile is told`(profile: String, message: String) async throws {
    #expect(try await world().complaint(profile: profile) == message)
  }

  // MARK: Signing in

  private static let session = IdentityCenterSession(
    name: "corp", startURL: "https://corp.awsapps.com/start", region: "us-east-1",
    scopes: ["sso:account:access"])

  /// Answers the device flow; the token comes at the last of `answers`.
  private func signingIn(_ answers: [(Int, String)]) -> World {
    let left = Mutex(answers)
    return world { (request) throws(TransportError) in
      switch request.path {
      case "/client/register":
        (200, #"{"clientId":"client","clientSecret":"hidden-client","clientSecretExpiresAt":1803000000}"#)
      case "/device_authorization":
        (
          200,
          #"{"deviceCode":"hidden-device","userCode":"ABCD-EFGH","verificationUri":"https://v","interval":1,"#
            + #""verificationUriComplete":"https://v?user_code=ABCD-EFGH","expiresIn":600}"#
        )
      case "/token": left.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      default: nil
      }
    }
  }

  private static let pending = (
    400, #"{"__type":"AuthorizationPendingException","error":"authorization_pending"}"#
  )
  private static let slower = (400, #"{"__type":"SlowDownException","error":"slow_down"}"#)

  private func login(_ world: World) throws -> IdentityCenterLogin {
    IdentityCenterLogin(
      session: IdentityCenterTests.session, home: "/home", client: try world.client(),
      read: { (path) throws(ConfigurationError) in world.files[path] },
      write: { (path, text) throws(ConfigurationError) in world.files[path] = text })
  }

  @Test func `The code is shown once, and asked after until it is confirmed`() async throws {
    let world = signingIn([
      IdentityCenterTests.pending, IdentityCenterTests.pending, IdentityCenterTests.slower,
    ])
    let shown = Mutex<[IdentityCenterLogin.DeviceCode]>([])
    try await login(world).run { code in shown.withLock { $0.append(code) } }
    #expect(
      shown.withLock { $0 }
        == [.init(url: "https://v", userCode: "ABCD-EFGH", completeURL: "https://v?user_code=ABCD-EFGH")])
    // RFC 8628: five seconds more from the moment it says so.
    #expect(world.sleeps.all == [1, 1, 6])
    let kept = try JSON.parse(try #require(world.files[IdentityCenterTests.corp]))
    #expect(kept["accessToken"] == "hidden-new-access" && kept["expiresAt"] == "2026-11-23T13:00:00Z")
    #expect(
      kept["clientSecret"] == "hidden-client" && kept["registrationExpiresAt"] == "2027-02-19T01:20:00Z")
    // The next sign-in has the registration still, and the profile finds the token.
    try await login(world).run { _ in }
    #expect(world.network.seen.count { $0.path == "/client/register" } == 1)
    #expect(try await world.keys(profile: "corp").accessKeyID == "SSO")
  }

  @Test func `A client that is authorised already shows no code`() async throws {
    let world = signingIn([])
    try await login(world).run { _ in Issue.record("a code was shown") }
    #expect(world.sleeps.all.isEmpty)
  }

  @Test func `A code that nobody confirmed in time ends the sign-in`() async throws {
    let world = signingIn([
      IdentityCenterTests.pending, (400, #"{"__type":"ExpiredTokenException","error":"expired_token"}"#),
    ])
    await #expect {
      try await login(world).run { _ in }
    } throws: { error in
      guard case AWSError.configuration(.deviceCodeExpired) = error else { return false }
      return true
    }
    #expect(world.files[IdentityCenterTests.corp] == nil)
  }
}
