import Digests
import OrderedJSON
import SigV4
import TestKit
import Testing
import Wire

@testable import AWSClient

/// A key made for these tests.
let proofKey = """
  -----BEGIN EC PRIVATE KEY-----
  MHcCAQEEIL/EgbDUJP/fUdoGJRqbOZvQvcS10h553PSexFMf2+NsoAoGCCqGSM49
  AwEHoUQDQgAEQ/fPtrqe1w7CoQN76GDqKMd+GwQloAXGTJOvzEMMtfa432pRc54p
  wxiUpp68S4rAUiKPKuWrhPiXpUV7V9i2ig==
  -----END EC PRIVATE KEY-----
  """

func loginFile(_ session: String) -> String {
  "/home/.aws/login/cache/\(hexEncoded(sha256(session.utf8))).json"
}

/// What `aws login` leaves; without the members named.
func loginToken(until end: String, key: String = proofKey, without: [String] = []) -> String {
  var token: JSONObject = [
    "accessToken": [
      "accessKeyId": "LOGIN", "secretAccessKey": "hidden-login", "sessionToken": "hidden-login-token",
      "accountId": "111122223333", "expiresAt": .string(end),
    ],
    "tokenType": "aws_sigv4", "refreshToken": "hidden-refresh", "dpopKey": .string(key),
    "clientId": "arn:aws:signin:::devtools/same-device", "idToken": "hidden-id",
  ]
  for name in without { token[name] = nil }
  return JSON.object(token).text()
}

@Suite struct LoginTests {
  private static let session = "arn:aws:iam::111122223333:user/me"
  private static let config = "[default]\nlogin_session = \(session)"

  private func world(_ token: String?, _ answer: @escaping World.Answer = { _ in nil }) -> World {
    var files = ["/home/.aws/config": LoginTests.config]
    files[loginFile(LoginTests.session)] = token
    return World(files, answer: answer)
  }

  @Test func `A session with more than five minutes left is used as it is`() async throws {
    let world = world(loginToken(until: "2026-11-23T12:05:01Z"))
    let keys = try await world.keys()
    #expect(keys.accessKeyID == "LOGIN" && keys.accountID == "111122223333")
    #expect(world.network.seen.isEmpty)
  }

  @Test func `One that ends is renewed with a proof of the key, and kept`() async throws {
    let world = world(loginToken(until: "2026-11-23T12:04:59Z"))
    let keys = try await world.keys()
    #expect(keys.accessKeyID == "LOGIN2" && keys.accountID == "111122223333")
    let request = try #require(world.network.seen.first)
    #expect(world.network.lines == ["POST us-east-1.signin.aws.amazon.com/v1/token"])
    #expect(request.signer == nil)
    #expect(
      try JSON.parse(request.text)
        == [
          "clientId": "arn:aws:signin:::devtools/same-device", "grantType": "refresh_token",
          "refreshToken": "hidden-refresh",
        ])
    try expectProof(try #require(request.headers["DPoP"]))
    let kept = try JSON.parse(try #require(world.files[loginFile(LoginTests.session)]))
    #expect(kept["refreshToken"] == "hidden-login2-refresh" && kept["idToken"] == "hidden-id")
    #expect(
      kept["accessToken"]
        == [
          "accessKeyId": "LOGIN2", "secretAccessKey": "hidden-login2", "sessionToken": "hidden-login2-token",
          "accountId": "111122223333", "expiresAt": "2026-11-23T12:15:00Z",
        ])
  }

  /// RFC 9449, section 4.2, and a signature that the public half in the token verifies.
  private func expectProof(_ proof: String) throws {
    let parts = proof.split(separator: ".").map(String.init)
    try #require(parts.count == 3)
    let header = try JSON.parse(bytes: decoded(parts[0]))
    let claims = try JSON.parse(bytes: decoded(parts[1]))
    #expect(header["typ"] == "dpop+jwt" && header["alg"] == "ES256")
    #expect(header["jwk"]?["kty"] == "EC" && header["jwk"]?["crv"] == "P-256")
    #expect(
      claims
        == [
          "htm": "POST", "htu": "https://us-east-1.signin.aws.amazon.com/v1/token", "iat": 1_795_435_200,
          "jti": "token",
        ])
    let point = decoded(header["jwk"]?["x"]?.string ?? "") + decoded(header["jwk"]?["y"]?.string ?? "")
    let key = try #require(P256Key(publicKey: [4] + point))
    let plain = decoded(parts[2])
    #expect(plain.count == 64)
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var number = Array(bytes.drop { $0 == 0 })
      if (number.first ?? 0) >= 0x80 { number.insert(0, at: 0) }
      return [2, UInt8(number.count)] + number
    }
    let body = integer(plain.prefix(32)) + integer(plain.suffix(32))
    #expect(key.verifies([0x30, UInt8(body.count)] + body, of: Array("\(parts[0]).\(parts[1])".utf8)))
  }

  private func decoded(_ text: String) -> [UInt8] {
    let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    return base64Decoded(plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)) ?? []
  }

  @Test(arguments: [
    (
      401, "TOKEN_EXPIRED",
      "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'."
    ),
    (
      403, "USER_CREDENTIALS_CHANGED",
      "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'."
    ),
    (
      403, "INSUFFICIENT_PERMISSIONS",
      "Unable to create or refresh login credentials due to insufficient permissions. You may be missing permission "
        + "for the 'signin:CreateOAuth2Token' action."
    ),
    (
      403, "SOMETHING",
      "An unspecified error happened when resolving AWS credentials or refreshing a login session profile."
    ),
  ])
  func `A refusal is told in the CLI's words`(status: Int, code: String, message: String) async throws {
    let world = world(loginToken(until: "2026-11-23T11:00:00Z")) { _ in
      (status, #"{"__type":"AccessDeniedException","error":"\#(code)","message":"no"}"#)
    }
    #expect(try await world.complaint() == message)
  }

  @Test func `A session that is not there, or not whole, says to sign in`() async throws {
    #expect(
      try await world(nil).complaint()
        == "Error loading login session token: Unable to load a existing login session for session "
        + "\(LoginTests.session). Please reauthenticate with 'aws login'.")
    #expect(
      try await world(loginToken(until: "2026-11-23T20:00:00Z", without: ["dpopKey", "clientId"])).complaint()
        == "Error loading login session token: Failed to load access token from token cache, missing required "
        + "fields: dpopKey, clientId.")
    #expect(
      try await world(loginToken(until: "2026-11-23T11:00:00Z", key: "hidden-key")).complaint()
        == "Error loading login session token: Unable to load private key from cached token.")
  }

  @Test func `The folder of the sessions can be named`() async throws {
    let world = world(nil)
    let name = loginFile(LoginTests.session).split(separator: "/").last ?? ""
    world.files["/elsewhere/\(name)"] = loginToken(until: "2026-11-23T12:14:00Z")
    #expect(try await world.keys(["AWS_LOGIN_CACHE_DIRECTORY": "/elsewhere"]).accessKeyID == "LOGIN")
  }
}
