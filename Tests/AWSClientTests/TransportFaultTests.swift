import Digests
import Foundation
import ServiceModels
import Testing
import Wire

@testable import AWSClient

/// A thing that goes wrong on the way, and what the reader is told.
struct NetworkFault: Sendable, CustomTestStringConvertible {
  var name: String
  var steps: [LocalServer.Step]
  var kind: TransportError.Kind
  /// A part of what is said.
  var says: String
  var method = "GET"
  var readTimeout = 20.0
  var totalTimeout = 0.0

  init(
    _ name: String, _ steps: [LocalServer.Step], _ kind: TransportError.Kind, _ says: String = "",
    method: String = "GET", readTimeout: Double = 20, totalTimeout: Double = 0
  ) {
    self.name = name
    self.steps = steps
    self.kind = kind
    self.says = says
    self.method = method
    self.readTimeout = readTimeout
    self.totalTimeout = totalTimeout
  }

  var testDescription: String { name }

  static let ok = "HTTP/1.1 200 OK\r\n"

  static let all: [NetworkFault] = [
    .init("nothing but the end", [], .connectionClosed, "Connection was closed"),
    .init("reset before an answer", [.reset], .connectionClosed, "Connection was closed"),
    .init("half a status line", [.send("HTTP/1.1 2")], .connectionClosed),
    .init("half a head", [.send(ok + "X-A: b\r\n")], .connectionClosed),
    .init("a body too short", [.send(ok + "Content-Length: 100\r\n\r\nonly")], .truncated, "96 bytes"),
    .init("half-closed", [.send(ok + "Content-Length: 9\r\n\r\nab"), .halfClose], .truncated, "7 bytes"),
    .init(
      "reset in the body", [.send(ok + "Content-Length: 9\r\n\r\nab"), .drip("cd", every: 5), .reset],
      .connectionClosed),
    .init("chunks without an end", [.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab")], .truncated),
    .init(
      "a chunk without a size", [.send(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n")],
      .malformedResponse, "chunk"),
    .init("another protocol", [.send("SSH-2.0-OpenSSH_9.2\r\n")], .malformedResponse, "not valid HTTP"),
    .init("a status that is no number", [.send("HTTP/1.1 abc OK\r\n\r\n")], .malformedResponse),
    .init(
      "a status of four digits", [.send("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n")],
      .malformedResponse),
    .init(
      "a head line without a colon", [.send(ok + "nonsense\r\nContent-Length: 0\r\n\r\n")],
      .malformedResponse),
    .init(
      "a blank in a header's name", [.send(ok + "A b: c\r\nContent-Length: 0\r\n\r\n")], .malformedResponse),
    .init("a NUL in the head", [.send(ok + "A: b\0c\r\nContent-Length: 0\r\n\r\n")], .malformedResponse),
    .init("two lengths", [.send(ok + "Content-Length: 1\r\nContent-Length: x\r\n\r\na")], .malformedResponse),
    .init("one endless header", [.send(ok + "X-A: "), .fill(2 << 20)], .headersTooLarge, "too large"),
    .init(
      "a head beyond 1 MiB",
      [.send(ok), .send(String(repeating: "X-A: \(String(repeating: "b", count: 1000))\r\n", count: 1100))],
      .headersTooLarge, "too large"),
    .init(
      "a body beyond the bound", [.send(ok + "Content-Length: 70000\r\n\r\n"), .fill(70_000)], .bodyTooLarge,
      "more than 65536 bytes"),
    .init("an endless body", [.send(ok + "\r\n"), .fill(200_000), .wait], .bodyTooLarge),
    .init("only 100 Continue", [.send("HTTP/1.1 100 Continue\r\n\r\n")], .connectionClosed),
    .init("silence", [.wait], .readTimeout, "Read timeout", readTimeout: 0.2),
    .init(
      "silence in the body", [.send(ok + "Content-Length: 9\r\n\r\nab"), .wait], .readTimeout,
      readTimeout: 0.2),
    .init(
      "drops beyond the total time",
      [
        .send(ok + "Content-Length: 999\r\n\r\n"),
        .drip(
          String(repeating: "a", count: 999), every: 5),
      ], .readTimeout, totalTimeout: 0.3),
  ]
}

@Suite struct TransportFaultTests {
  @Test(arguments: NetworkFault.all)
  func `What goes wrong on the way is a typed fault with a sentence`(_ fault: NetworkFault) async throws {
    let server = try #require(LocalServer(scripts: ["/x": fault.steps]))
    defer { server.stop() }
    var options = SendOptions()
    options.readTimeout = fault.readTimeout
    options.totalTimeout = fault.totalTimeout
    options.destination = .memory(limit: 1 << 16)
    let error = await transportError(
      HTTPRequest(
        method: fault.method, scheme: "http", host: server.host, path: "/x", query: "X-Amz-Signature=geheim"),
      options)
    #expect(error?.kind == fault.kind)
    #expect(error?.requestMayHaveArrived == true)
    #expect(fault.says.isEmpty || error?.message.contains(fault.says) == true, "\(error?.message ?? "")")
    #expect(error?.advice.isEmpty == false)
    #expect(error?.message.contains("geheim") == false)
  }

  @Test func `A slow answer is no silent one`() async throws {
    let server = try #require(
      LocalServer(scripts: [
        "/x": [.send(NetworkFault.ok + "Content-Length: 8\r\n\r\n"), .drip("12345678", every: 100)]
      ]))
    defer { server.stop() }
    var options = SendOptions()
    options.readTimeout = 0.5
    let request = HTTPRequest(method: "GET", scheme: "http", host: server.host, path: "/x")
    let response = try await CurlTransport().send(request, options)
    #expect(response.body == .bytes(Array("12345678".utf8)))
  }

  @Test(arguments: [
    ("A: b\r\n  c\r\n", "A", "b c"), ("A:\tb \t\r\n", "A", "b"), ("A:\r\n", "A", ""),
    ("A: b\rc\r\n", "A", "b c"),
    ("a-B: \u{E9}\u{1B}[0m\r\n", "A-B", "\u{E9} [0m"),
  ])
  func `A head is read as written, without what would forge lines`(
    _ line: String, _ name: String, _ value: String
  ) async throws {
    let server = try #require(
      LocalServer(scripts: ["/x": [.send(NetworkFault.ok + line + "Content-Length: 0\r\n\r\n")]]))
    defer { server.stop() }
    let request = HTTPRequest(method: "GET", scheme: "http", host: server.host, path: "/x")
    let response = try await CurlTransport().send(request)
    #expect(response.headers[name] == value)
  }

  @Test(arguments: [
    HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:9", headers: ["A": "b\r\nEvil: 1"]),
    HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:9", headers: ["A: b\r\nEvil": "1"]),
    HTTPRequest(method: "GET\r\nEvil: 1", scheme: "http", host: "127.0.0.1:9"),
    HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:9\r\nEvil: 1"),
    HTTPRequest(method: "GET", scheme: "http", host: "user:geheim@127.0.0.1:9"),
    HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:9", path: "/a HTTP/1.1\r\nEvil: 1"),
    HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:9", path: "/a#b"),
    HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1:9", query: "a=b c"),
    HTTPRequest(method: "GET", scheme: "file", host: "etc", path: "/passwd"),
    HTTPRequest(method: "GET", scheme: "http", host: ""),
  ])
  func `A request that would forge another is refused before anything is sent`(_ request: HTTPRequest) async {
    let error = await transportError(request)
    #expect(error?.kind == .invalidRequest)
    #expect(error?.requestMayHaveArrived == false)
    #expect(error?.message.contains("Evil") == false)
    #expect("\(error?.url ?? "")\(error?.message ?? "")".contains("geheim") == false)
  }

  @Test(arguments: [
    "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n",
  ])
  func `A redirect is answered with a typed fault, never followed, never a loop`(_ answer: String)
    async throws
  {
    let server = try #require(LocalServer(scripts: ["/": [.send(answer)]]))
    defer { server.stop() }
    let client = client(CurlTransport(), endpoint: "http://" + server.host)
    do {
      _ = try await client.call("sts", "GetCallerIdentity", [:])
      Issue.record("a redirect is no success")
    } catch {
      guard case .service(let fault, _, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect((301...302).contains(fault.httpStatus))
    }
    #expect(server.seen.requests.count == 1)
  }
}

/// What `CurlTransport` throws; nil if it throws nothing.
func transportError(
  _ request: HTTPRequest, _ options: SendOptions = SendOptions(), _ transport: CurlTransport = CurlTransport()
) async -> TransportError? {
  do {
    _ = try await transport.send(request, options)
    return nil
  } catch {
    return error
  }
}
