import AWSClient
import Foundation
import OrderedJSON
import ServiceModels
import SigV4
import Synchronization
import TestKit
import Wire

@testable import AWSCommand

/// One run of the command in a folder of its own.
struct CommandRun {
  var exit: Int32 = 0
  var output = ""
  var error = ""
  var folder: String

  /// Bytes that several tasks write.
  private final class Gathered: Sendable {
    let bytes = Mutex<[UInt8]>([])
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
  }

  init(
    _ argv: [String], environment: [String: String], folder: String, input: String = "",
    transport: any Transport,
    clock: @escaping @Sendable () -> Timestamp = ClientSeams.systemClock
  ) async {
    self.folder = folder
    let output = Gathered()
    let error = Gathered()
    let rest = Mutex(Array(input.utf8)[...])
    let seams = ClientSeams(
      sleep: { _ in }, random: { 0.5 }, token: { "00000000-0000-4000-8000-000000000000" })
    var settings = AWSCommandLine.Settings()
    settings.sleep = { _ in }
    settings.localOffset = { _ in 0 }
    settings.clock = clock
    let line = AWSCommandLine(catalog: Conformance.catalog, settings: settings) { configuration in
      AWSClient(
        catalog: Conformance.catalog, configuration: configuration, transport: transport, clock: clock,
        seams: seams)
    }
    exit = await line.run(
      argv: argv, environment: environment, workingDirectory: folder,
      standardInput: { count in
        rest.withLock { left in
          defer { left = left.dropFirst(count) }
          return Array(left.prefix(count))
        }
      },
      standardOutput: { bytes in output.bytes.withLock { $0 += bytes } },
      standardError: { bytes in error.bytes.withLock { $0 += bytes } })
    self.output = output.text
    self.error = error.text
  }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "aws-command-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file long ago, so that times never decide a sync by accident.
  func write(_ name: String, _ data: Data) {
    let full = path + "/" + name
    let parent = (full as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    _ = FileManager.default.createFile(atPath: full, contents: data)
    try? FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_577_836_800)], ofItemAtPath: full)
  }

  func text(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
}

/// Answers from a recording; says what it was not asked and what it did not expect.
final class ReplayTransport: Transport {
  struct Exchange: Sendable {
    var request: HTTPRequest
    var response: HTTPResponse
  }

  private struct State {
    var left: [Exchange]
    var problems: [String] = []
    var seen: [HTTPRequest] = []
  }

  private let state: Mutex<State>
  init(_ exchanges: [Exchange]) { state = Mutex(State(left: exchanges)) }

  var problems: [String] {
    state.withLock {
      $0.problems + $0.left.map { "not asked: \($0.request.method) \($0.request.path)?\($0.request.query)" }
    }
  }
  var seen: [HTTPRequest] { state.withLock { $0.seen } }

  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse {
    let found: HTTPResponse? = state.withLock { state in
      state.seen.append(request)
      let position = state.left.firstIndex {
        $0.request.method == request.method && $0.request.path == request.path
          && queryPairs($0.request.query) == queryPairs(request.query)
          && RequestMeaning.body($0.request) == RequestMeaning.body(request)
      }
      guard let position else {
        let asked = "\(request.method) \(request.url) \(RequestMeaning.body(request))"
        let wanted = state.left.first.map {
          "\($0.request.method) \($0.request.url) \(RequestMeaning.body($0.request))"
        }
        state.problems.append("unexpected \(asked), wanted \(wanted ?? "nothing")")
        return nil
      }
      return state.left.remove(at: position).response
    }
    guard var response = found else {
      throw TransportError(
        kind: .connectionRefused, url: "\(request.scheme)://\(request.host)\(request.path)", detail: "",
        requestMayHaveArrived: false)
    }
    if case .file(let path) = options.destination, response.status < 300,
      case .bytes(let bytes) = response.body
    {
      _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
      response.body = .file(path: path, offset: 0, length: UInt64(bytes.count))
    }
    return response
  }
}

/// Query pairs in an order of their own, decoded.
func queryPairs(_ query: String) -> [String] {
  query.split(separator: "&").map { pair in
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return percentDecoded(parts[0]) + "="
      + (parts.count > 1 ? percentDecoded(parts[1], plusIsSpace: true) : "")
  }.sorted()
}

/// What a body says, whatever its spelling.
enum RequestMeaning {
  static func body(_ request: HTTPRequest) -> String {
    let bytes: [UInt8]
    switch request.body {
    case .bytes(let value): bytes = value
    case .file(let path, let offset, let length):
      let data = FileManager.default.contents(atPath: path) ?? Data()
      bytes = Array(data.dropFirst(Int(offset)).prefix(Int(length)))
    }
    // A file is cut into chunks below this seam, by the transport.
    if case .bytes = request.body, request.headers["Content-Encoding"]?.contains("aws-chunked") == true {
      return (try? decodeChunks(bytes)).map { String(decoding: $0.bytes, as: UTF8.self) }
        ?? "unreadable chunks"
    }
    let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
      of: #"<(\w+) />"#, with: "<$1></$1>", options: .regularExpression)
    let type = request.headers["Content-Type"] ?? ""
    if type.contains("x-www-form-urlencoded") { return queryPairs(text).joined(separator: "&") }
    if type.contains("json"), let json = try? JSON.parse(text) { return sorted(json).text() }
    return text
  }

  private static func sorted(_ json: JSON) -> JSON {
    switch json {
    case .object(let members):
      .object(JSONObject(members.keys.sorted().map { ($0, sorted(members[$0] ?? .null)) }))
    case .array(let values): .array(values.map(sorted))
    case .number(let number): .double(number.double)
    default: json
    }
  }
}

func httpRequest(_ row: JSON) -> HTTPRequest {
  var headers = Headers()
  for (name, value) in row["headers"]?.object ?? JSONObject() { headers.add(name, value.string ?? "") }
  var target = row["target"]?.string ?? ""
  var host = headers["Host"] ?? ""
  if let url = row["url"]?.string, let scheme = url.range(of: "://") {
    let rest = url[scheme.upperBound...]
    let cut = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) ?? rest.endIndex
    host = String(rest[..<cut])
    target = String(rest[cut...])
  }
  if !target.hasPrefix("/") { target = "/" + target }
  let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
  return HTTPRequest(
    method: row["method"]?.string ?? "", host: host, path: String(parts[0]),
    query: parts.count > 1 ? String(parts[1]) : "", headers: headers, body: .bytes(bodyBytes(row)))
}

func bodyBytes(_ row: JSON) -> [UInt8] {
  if let text = row["body_b64"]?.string { return base64Decoded(text) ?? [] }
  return Array((row["body"]?.string ?? "").utf8)
}
