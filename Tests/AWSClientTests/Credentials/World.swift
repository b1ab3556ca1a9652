import OrderedJSON
import ServiceModels
import SigV4
import Synchronization
import Wire

@testable import AWSClient

/// Files, network, clock, programs and user of one test: nothing here touches the machine.
final class World: Sendable {
  typealias Answer = @Sendable (HTTPRequest) throws(TransportError) -> (Int, String)?

  private struct State {
    var files: [String: String] = [:]
    var now = noon
    var questions: [String] = []
  }

  private let state: Mutex<State>
  let network: RoutedTransport
  let sleeps = Sleeps()

  /// - Parameter answer: what the network says to a request; nil: what `World.services` says.
  init(_ files: [String: String] = [:], answer: @escaping Answer = { _ in nil }) {
    state = Mutex(State(files: files))
    network = RoutedTransport { (request) throws(TransportError) in
      if let own = try answer(request) { return own }
      return World.services(request)
    }
  }

  var files: [String: String] {
    get { state.withLock { $0.files } }
    set { state.withLock { $0.files = newValue } }
  }

  var now: Timestamp {
    get { state.withLock { $0.now } }
    set { state.withLock { $0.now = newValue } }
  }

  /// The MFA devices whose code was asked for.
  var questions: [String] { state.withLock { $0.questions } }

  func configuration(
    _ environment: [String: String], profile: String? = nil, prompts: (any CredentialPrompts)? = nil
  ) throws(ConfigurationError) -> ClientConfiguration {
    var options = ConfigurationOptions()
    options.profile = profile
    let basics = ["HOME": "/home", "AWS_REGION": "us-east-1"]
    return try ClientConfiguration.resolve(
      options, environment: basics.merging(environment) { $1 },
      readFile: { [self] (path) throws(ConfigurationError) in state.withLock { $0.files[path] } },
      writeFile: { [self] (path, text) throws(ConfigurationError) in
        state.withLock { $0.files[path] = text }
      },
      runProcess: { command, _, _ in World.process(command) }, prompts: prompts ?? Asked(world: self))
  }

  func client(
    _ environment: [String: String] = [:], profile: String? = nil, prompts: (any CredentialPrompts)? = nil
  ) throws(ConfigurationError) -> AWSClient {
    AWSClient(
      catalog: catalog, configuration: try configuration(environment, profile: profile, prompts: prompts),
      transport: network, clock: { [self] in now },
      seams: ClientSeams(sleep: { [sleeps] in sleeps.add($0) }, random: { 0.5 }, token: { "token" }))
  }

  /// The keys that a new client finds.
  func keys(
    _ environment: [String: String] = [:], profile: String? = nil, prompts: (any CredentialPrompts)? = nil
  ) async throws -> Credentials {
    try await client(environment, profile: profile, prompts: prompts).credentials.credentials()
  }

  /// What a new client says where it finds none.
  func complaint(
    _ environment: [String: String] = [:], profile: String? = nil, prompts: (any CredentialPrompts)? = nil
  ) async throws -> String {
    let client = try client(environment, profile: profile, prompts: prompts)
    do throws(AWSError) {
      return "found \(try await client.credentials.credentials())"
    } catch {
      return error.message
    }
  }

  private struct Asked: CredentialPrompts {
    let world: World

    func mfaCode(serial: String, profile: String) async throws(AWSError) -> String {
      world.state.withLock { $0.questions.append("\(serial) for \(profile)") }
      return "123456"
    }
  }
}

/// Answers each request by a rule; keeps what it was sent.
final class RoutedTransport: Transport {
  private let answer: @Sendable (HTTPRequest) throws(TransportError) -> (Int, String)
  private let state = Mutex<[HTTPRequest]>([])

  init(_ answer: @escaping @Sendable (HTTPRequest) throws(TransportError) -> (Int, String)) {
    self.answer = answer
  }

  var seen: [HTTPRequest] { state.withLock { $0 } }
  var lines: [String] { seen.map { "\($0.method) \($0.host)\($0.path)" } }

  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse {
    state.withLock { $0.append(request) }
    let (status, text) = try answer(request)
    return HTTPResponse(status: status, headers: [:], body: .bytes(Array(text.utf8)))
  }
}

extension HTTPRequest {
  var text: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }

  /// Whose key signed it; nil: nobody.
  var signer: String? {
    guard let header = headers["Authorization"], let start = header.firstIndex(of: "=") else { return nil }
    return String(header[header.index(after: start)...].prefix { $0 != "/" })
  }
}

// MARK: What AWS says

extension World {
  /// Marks what must never be read in any text.
  static func secret(_ name: String) -> String { "hidden-\(name)" }

  static func services(_ request: HTTPRequest) -> (Int, String) {
    switch (request.host, request.path) {
    case ("sts.us-east-1.amazonaws.com", _):
      return request.text.contains("WithWebIdentity")
        ? (200, assumed("AssumeRoleWithWebIdentity", "WEB")) : (200, assumed("AssumeRole", "ROLE"))
    case ("portal.sso.us-east-1.amazonaws.com", _):
      return (
        200,
        """
        {"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"\(secret("sso"))",
        "sessionToken":"\(secret("sso-token"))","expiration":1795438800000}}
        """
      )
    case ("oidc.us-east-1.amazonaws.com", "/token"):
      return (
        200,
        """
        {"accessToken":"\(secret("new-access"))","expiresIn":3600,"refreshToken":"\(secret("new-refresh"))"}
        """
      )
    case ("us-east-1.signin.aws.amazon.com", "/v1/token"):
      return (
        200,
        """
        {"accessToken":{"accessKeyId":"LOGIN2","secretAccessKey":"\(secret("login2"))",
        "sessionToken":"\(secret("login2-token"))"},"tokenType":"aws_sigv4","expiresIn":900,
        "refreshToken":"\(secret("login2-refresh"))"}
        """
      )
    case ("169.254.170.2", "/credentials"): return (200, metadata("CONTAINER"))
    case ("169.254.169.254", "/latest/api/token"): return (200, "metadata-token")
    case ("169.254.169.254", "/latest/meta-data/iam/security-credentials/"): return (200, "web")
    case ("169.254.169.254", "/latest/meta-data/iam/security-credentials/web"):
      return (200, metadata("INSTANCE"))
    default: return (404, "nothing here")
    }
  }

  static func metadata(_ name: String, until end: String = "2026-11-23T18:00:00Z") -> String {
    """
    {"AccessKeyId":"\(name)","SecretAccessKey":"\(secret(name))","Token":"\(secret("token-" + name))",
    "Expiration":"\(end)"}
    """
  }

  static func assumed(_ operation: String, _ name: String, until end: String = "2026-11-23T13:00:00Z")
    -> String
  {
    """
    <\(operation)Response><\(operation)Result><Credentials><AccessKeyId>\(name)</AccessKeyId>
    <SecretAccessKey>\(secret(name))</SecretAccessKey><SessionToken>\(secret("token-" + name))</SessionToken>
    <Expiration>\(end)</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId>
    <Arn>arn:aws:sts::111122223333:assumed-role/x/s</Arn></AssumedRoleUser></\(operation)Result>
    </\(operation)Response>
    """
  }

  private static func process(_ command: String) -> ProcessResult {
    func answer(_ text: String) -> ProcessResult {
      ProcessResult(status: 0, standardOutput: text, standardError: "")
    }
    let secrets = #""SecretAccessKey":"\#(secret("process"))","SessionToken":"\#(secret("process-token"))""#
    switch command {
    case "good":
      return answer(#"{"Version":1,"AccessKeyId":"PROCESS",\#(secrets),"AccountId":"444455556666"}"#)
    case "plain": return answer(#"{"Version":1,"AccessKeyId":"PROCESS",\#(secrets)}"#)
    case "version": return answer(#"{"Version":2,"AccessKeyId":"PROCESS",\#(secrets)}"#)
    case "unversioned": return answer(#"{"AccessKeyId":"PROCESS",\#(secrets)}"#)
    case "keyless": return answer(#"{"Version":1,\#(secrets)}"#)
    case "ended":
      return answer(#"{"Version":1,"AccessKeyId":"P",\#(secrets),"Expiration":"2026-11-23T11:59:00Z"}"#)
    case "timeless":
      return answer(#"{"Version":1,"AccessKeyId":"P",\#(secrets),"Expiration":"\#(secret("x"))"}"#)
    case "broken": return answer(#"{"Version":1,\#(secrets)"#)
    default: return ProcessResult(status: 1, standardOutput: secrets, standardError: "no such vault")
    }
  }
}
