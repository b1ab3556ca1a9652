import OrderedJSON
import PracticeAccount
import ServiceModels
import SigV4
import Synchronization
import TestKit
import Testing
import Wire

/// A clock that stands still until it is moved.
final class StoppedClock: PracticeClock {
  private let time: Mutex<Timestamp>

  init(_ start: Timestamp = Timestamp(year: 2026, month: 11, day: 23, hour: 16)) {
    time = Mutex(start)
  }

  var now: Timestamp { time.withLock { $0 } }
  func move(seconds: Double) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}

let catalog = ModelCatalog(directory: repositoryRoot + "/assets/models")

/// An account and a client that speaks to it in process, through real requests and signatures.
struct TestAccount {
  let account: PracticeAccount
  let clock: StoppedClock
  var region = "us-east-1"

  init(store: any AccountStore = MemoryStore(), seed: UInt64 = 7) throws {
    clock = StoppedClock()
    account = try PracticeAccount(catalog: catalog, store: store, seed: seed, clock: clock)
  }

  /// Calls; throws `ServiceFault` for an error answer.
  @discardableResult
  func call(_ service: String, _ operation: String, _ input: Value = [:], region: String? = nil) async throws
    -> Value
  {
    var response = await account.respond(to: try request(service, operation, input, region: region))
    if case .file(let path, _, _) = response.body {
      response.body = .bytes(Array(try contents(of: path).utf8))
    }
    do {
      return try found(service, operation).response(response)
    } catch ProtocolError.fault(let fault) {
      throw fault
    }
  }

  /// The code and text of the error that the call meets; `none` if it meets none.
  func error(_ service: String, _ operation: String, _ input: Value = [:], region: String? = nil) async throws
    -> String
  {
    do {
      try await call(service, operation, input, region: region)
      return "none"
    } catch let fault as ServiceFault {
      return "\(fault.httpStatus) \(fault.code): \(fault.message)"
    }
  }

  func found(_ service: String, _ operation: String) throws -> ServiceModels.Operation {
    try #require(try catalog.model(service).operation(operation), "no \(service) \(operation)")
  }

  func request(_ service: String, _ operation: String, _ input: Value = [:], region: String? = nil) throws
    -> HTTPRequest
  {
    let region = region ?? self.region
    let operation = try found(service, operation)
    let endpoint = Endpoint(
      scheme: "http", host: "127.0.0.1:4000", signingRegion: region, signingName: operation.model.signingName)
    var request = try operation.request(input, endpoint: endpoint, checksum: .crc32) { "token" }
    request.headers["Host"] = request.host
    let scope = service == "iam" ? "us-east-1" : region
    let context =
      service == "s3"
      ? SigningContext.s3(region: scope, date: clock.now)
      : SigningContext(region: scope, service: operation.model.signingName, date: clock.now)
    return signed(request, with: account.accessKey, in: context)
  }

  /// The request with a signature for what it is now.
  func resigned(_ request: HTTPRequest, chunked: Bool = false) -> HTTPRequest {
    var request = request
    request.headers["Authorization"] = nil
    let payload = chunked ? PayloadHash.streamingUnsignedTrailer : .bytes
    return signed(
      request, with: account.accessKey, in: .s3(region: region, date: clock.now, payload: payload))
  }

  /// A key, and its id.
  func makeKey(_ input: Value = [:]) async throws -> String {
    try #require(try await call("kms", "CreateKey", input)["KeyMetadata"]?["KeyId"]?.string)
  }
}

extension Value {
  /// The value at a dotted path; numbers index lists.
  func at(_ path: String) -> Value? {
    var value: Value? = self
    for name in path.split(separator: ".") {
      if let index = Int(name) {
        let list = value?.list
        value = list.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      } else {
        value = value?[String(name)]
      }
    }
    return value
  }
}
