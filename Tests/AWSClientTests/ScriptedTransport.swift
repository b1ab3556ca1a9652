import ServiceModels
import SigV4
import Synchronization
import TestKit
import Wire

@testable import AWSClient

/// Answers in order; keeps what it was sent.
final class ScriptedTransport: Transport {
  enum Answer: Sendable {
    case response(Int, String, Headers)
    case failure(TransportError.Kind, arrived: Bool)
  }

  private let state: Mutex<(left: [Answer], seen: [HTTPRequest], options: [SendOptions])>
  init(_ answers: [Answer]) { state = Mutex((answers, [], [])) }

  var seen: [HTTPRequest] { state.withLock { $0.seen } }
  var options: [SendOptions] { state.withLock { $0.options } }

  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse {
    let answer = state.withLock { state -> Answer? in
      state.seen.append(request)
      state.options.append(options)
      return state.left.isEmpty ? nil : state.left.removeFirst()
    }
    switch answer {
    case .response(let status, let body, let headers):
      return HTTPResponse(status: status, headers: headers, body: .bytes(Array(body.utf8)))
    case .failure(let kind, let arrived):
      throw TransportError(kind: kind, url: request.url, detail: "", requestMayHaveArrived: arrived)
    case nil:
      throw TransportError(
        kind: .other, url: request.url, detail: "no answer left", requestMayHaveArrived: false)
    }
  }
}

let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
let catalog = ModelCatalog(directory: repositoryRoot + "/assets/models")
let noon = Timestamp(year: 2026, month: 11, day: 23, hour: 12)

func client(
  _ transport: any Transport, gate: (any CallGate)? = nil, sleeps: Sleeps = Sleeps(), endpoint: String? = nil,
  change: (inout ClientConfiguration) -> Void = { _ in }
) -> AWSClient {
  let keys = StaticCredentials(
    Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: secret, sessionToken: "session-token"))
  var configuration = ClientConfiguration(region: "us-east-1", credentials: keys, endpointURL: endpoint)
  change(&configuration)
  return AWSClient(
    catalog: catalog, configuration: configuration, transport: transport, gate: gate, clock: { noon },
    seams: ClientSeams(sleep: { sleeps.add($0) }, random: { 0.5 }, token: { "token" }, invocation: { "call" })
  )
}

/// How long the client slept, instead of sleeping.
final class Sleeps: Sendable {
  private let seconds = Mutex<[Double]>([])
  var all: [Double] { seconds.withLock { $0 } }
  func add(_ value: Double) { seconds.withLock { $0.append(value) } }
}
