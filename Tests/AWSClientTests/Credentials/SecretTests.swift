import OrderedJSON
import SigV4
import TestKit
import Testing
import Wire

@testable import AWSClient

/// Every path that fails, with every secret marked: no text of a failure holds one.
@Suite struct SecretTests {
  private static let config = """
    [profile process]
    credential_process = %
    [profile keys]
    aws_access_key_id = KEYS
    aws_secret_access_key = hidden-keys
    aws_session_token = hidden-token
    [profile role]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = keys
    [profile corp]
    sso_session = corp
    sso_account_id = 111122223333
    sso_role_name = dev
    [sso-session corp]
    sso_start_url = https://corp.awsapps.com/start
    sso_region = us-east-1
    [profile login]
    login_session = me
    [profile web]
    role_arn = arn:aws:iam::111122223333:role/w
    web_identity_token_file = /web
    [profile half]
    aws_access_key_id = hidden-id
    """

  /// What a server says.
  private static let answers = [
    (403, #"{"__type":"AccessDeniedException","message":"no","error":"TOKEN_EXPIRED"}"#),
    (400, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"),
    (200, #"{"SecretAccessKey":"hidden-answer","accessToken":"hidden-answer"}"#),
    (200, #"{"SecretAccessKey":"hidden-answer","accessToken":"hidden-"#),
    (200, "<AssumeRoleResponse><SecretAccessKey>hidden-answer</SecretAccessKey>"),
    (500, "hidden-answer"), (200, ""),
  ]
  /// Or how it fails.
  private static let faults: [TransportError.Kind] = [.readTimeout, .tls]

  private static func answer(_ number: Int, _ request: HTTPRequest) throws(TransportError) -> (Int, String)? {
    if number < answers.count { return answers[number] }
    throw TransportError(
      kind: faults[number - answers.count], url: shown(request), detail: "late", requestMayHaveArrived: true)
  }

  /// As the transport shows a URL: without its query.
  private static func shown(_ request: HTTPRequest) -> String {
    "\(request.scheme)://\(request.host)\(request.path)"
  }

  private static let tokens = [
    #"{"accessToken":"hidden-access","expiresAt":"2026-11-23T12:01:00Z","clientId":"c","#
      + #""clientSecret":"hidden-client","refreshToken":"hidden-refresh","registrationExpiresAt":"2027-01-01T00:00:00Z"}"#,
    #"{"accessToken":"hidden-access","expiresAt":"2026-11-23T11:01:00Z","refreshToken":"hidden-refresh"}"#,
    #"{"accessToken":"hidden-access"}"#, #"{"accessToken":"hidden-"#,
  ]

  private static let corp =
    "/home/.aws/sso/cache/" + IdentityCenterSession(name: "corp", startURL: "", region: "").tokenKey + ".json"

  @Test func `No text of a failure holds a secret`() async throws {
    var failures = 0
    for number in 0..<(SecretTests.answers.count + SecretTests.faults.count) {
      for token in SecretTests.tokens {
        for login in [
          loginToken(until: "2026-11-23T11:00:00Z"),
          loginToken(until: "2026-11-23T11:00:00Z", key: "hidden-key"),
          loginToken(until: "2026-11-23T11:00:00Z", without: ["clientId"]), #"{"accessToken":"hidden-"#,
        ] {
          for command in ["version", "unversioned", "keyless", "ended", "timeless", "broken", "fails"] {
            failures += try await check(
              World(
                [
                  "/home/.aws/config": SecretTests.config.split(separator: "%").joined(separator: command),
                  SecretTests.corp: token, loginFile("me"): login, "/web": "hidden-web",
                ]) { (request) throws(TransportError) in try SecretTests.answer(number, request) })
          }
        }
      }
    }
    #expect(failures > 4000)
  }

  private func check(_ world: World) async throws -> Int {
    var failures = 0
    let environments: [[String: String]] = [
      ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SESSION_TOKEN": "hidden-env"],
      [
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hidden-authorization",
      ],
      [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hidden-authorization",
      ],
      [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hidden\n",
      ],
      [:],
    ]
    for environment in environments { failures += try await check(world, environment, nil) }
    for profile in ["process", "role", "corp", "login", "web", "half"] {
      failures += try await check(world, ["AWS_EC2_METADATA_DISABLED": "true"], profile)
    }
    return failures
  }

  private func check(_ world: World, _ environment: [String: String], _ profile: String?) async throws -> Int
  {
    let client = try world.client(environment, profile: profile)
    do throws(AWSError) {
      _ = try await client.credentials.credentials()
      return 0
    } catch {
      var texts = [error.message, "\(error)", String(reflecting: error)]
      if case .configuration(let inner) = error { texts += [inner.advice, "\(inner)"] }
      for text in texts { #expect(!text.contains("hidden"), "\(profile ?? "\(environment)"): \(text)") }
      return 1
    }
  }
}
