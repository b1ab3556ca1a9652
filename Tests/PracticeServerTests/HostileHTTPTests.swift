import Foundation
import Glibc
import PracticeServer
import Testing

/// What is no HTTP, or more of it than anybody means: a plain refusal or a closed connection, and others are served on.
struct HostileHTTPTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var title: String
    var bytes: [UInt8]
    /// What the answer begins with; empty: the connection closes without one.
    var answer: String

    init(_ title: String, _ text: String, _ answer: String) {
      self.title = title
      bytes = Array(text.utf8)
      self.answer = answer
    }

    var testDescription: String { title }
  }

  private static let refused = "HTTP/1.1 400 Bad Request"
  private static let unsigned = "HTTP/1.1 403 Forbidden"

  private static func get(_ headers: String, _ target: String = "/", _ body: String = "") -> String {
    "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n\(body)"
  }

  private static func put(_ headers: String, _ body: String = "") -> String {
    "PUT /b/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(headers)\r\n\(body)"
  }

  private static let rows = [
    Row("a request line without end", "GET /" + String(repeating: "a", count: 200_000), refused),
    Row("a target of 200,000 bytes", get("", "/" + String(repeating: "a", count: 200_000)), refused),
    Row("a header of 200,000 bytes", get("X-A: \(String(repeating: "a", count: 200_000))\r\n"), refused),
    Row("a header's name of 200,000 bytes", get("\(String(repeating: "a", count: 200_000)): a\r\n"), refused),
    Row("10,000 headers", get((0..<10_000).map { "X-\($0): a\r\n" }.joined()), refused),
    Row("lengths that differ", put("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), refused),
    Row("the same length twice", put("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), refused),
    Row(
      "a length and chunks", put("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), refused),
    Row("a length below nothing", put("Content-Length: -1\r\n"), refused),
    Row("a length that is no number", put("Content-Length: 0x3\r\n", "abc"), refused),
    Row("a list of lengths", put("Content-Length: 3, 3\r\n", "abc"), refused),
    Row("a length beyond 64 bits", put("Content-Length: 99999999999999999999999\r\n"), refused),
    Row("a chunk without a length", put("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n"), refused),
    Row(
      "a chunk of too great a length", put("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFFF\r\n"),
      refused),
    Row(
      "a chunk that is longer than it said", put("Transfer-Encoding: chunked\r\n", "1\r\nabc\r\n"), refused),
    Row("an unknown coding", put("Transfer-Encoding: gzip\r\n", "abc"), refused),
    Row("a target with a host", get("", "http://localhost/"), refused),
    Row("a target with another host", get("", "http://evil.example/"), refused),
    Row("a target that is a star", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", refused),
    Row("a tunnel", "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", refused),
    Row("NUL in a header", get("X-A: a\0b\r\n"), refused),
    Row("a control character in a header", get("X-A: a\u{1}b\r\n"), refused),
    Row("a control character in a target", get("", "/a\u{1}b"), refused),
    Row("a space in a header's name", get("X A: b\r\n"), refused),
    Row("a header without a colon", get("hello\r\n"), refused),
    Row("another HTTP", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "HTTP/1.1 "),
    Row("HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 "),
    Row("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}", refused),
    Row("an unknown method", "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", refused),
    Row("an unknown expectation", put("Expect: miracles\r\nContent-Length: 0\r\n"), unsigned),
    Row("a body that ends early", put("Content-Length: 10\r\n", "abc"), ""),
    Row("a head that ends early", "GET / HTTP/1.1\r\nHost: loc", ""),
    Row("nothing at all", "", ""),
    Row("an upgrade to WebSocket", get("Upgrade: websocket\r\nConnection: Upgrade\r\n"), unsigned),
    Row(
      "an upgrade to HTTP/2",
      get("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: \r\n"), unsigned),
  ]

  @Test func everyRowIsRefusedAndOthersAreServed() async throws {
    try await withServer { _, server in
      for row in Self.rows {
        let answer = await talk(server.port, [row.bytes], ends: true)
        if row.answer.isEmpty {
          #expect(answer.isEmpty || answer.hasPrefix(Self.refused), "\(row.title): \(answer.prefix(300))")
        } else {
          #expect(answer.hasPrefix(row.answer), "\(row.title): \(answer.prefix(300))")
        }
        #expect(!answer.hasSuffix("<silence>"), "\(row.title): left open")
        let next = await talk(server.port, [Self.get("")])
        #expect(next.hasPrefix(Self.unsigned), "after \(row.title): \(next)")
      }
    }
  }

  @Test func slowClientsKeepNobodyWaitingNorTheServerAlive() async throws {
    var sockets: [Int32] = []
    // Only when the server is gone.
    defer { for socket in sockets { close(socket) } }
    try await withServer(stoppingWithin: 0.1) { _, server in
      for number in 0..<100 {
        let socket = connected(to: server.port)
        sockets.append(socket)
        let text = number % 2 == 0 ? "GET / HTTP/1.1\r\nHost: loc" : Self.put("Content-Length: 10\r\n", "abc")
        text.withCString { _ = send(socket, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
      }
      let answer = await talk(server.port, [Self.get("")])
      #expect(answer.hasPrefix(Self.unsigned))
    }
  }

  @Test func requestsInOnePieceAreAnsweredInOrder() async throws {
    try await withServer { _, server in
      let one = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
      let answer = await talk(server.port, [String(repeating: one, count: 200)], answers: 200)
      #expect(answer.components(separatedBy: Self.unsigned).count == 201)
      // What follows the last one that counts is not looked at.
      let last = await talk(server.port, [one + Self.get("") + one])
      #expect(last.components(separatedBy: Self.unsigned).count == 3)
    }
  }
}
