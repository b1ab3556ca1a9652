import Foundation
import Glibc
import PracticeServer
import Testing

/// The front door, spoken to in plain bytes.
struct HTTPTests {
  /// Sends bytes on one connection and reads until the server closes, or until `expected` answers came. On a
  /// thread of its own: the server shares the pool that this would block.
  private func talk(_ port: Int, _ texts: [String], answers expected: Int) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: Self.exchange(port, texts, answers: expected)) }
    }
  }

  private static func exchange(_ port: Int, _ texts: [String], answers expected: Int) -> String {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return "no connection" }
    for text in texts { _ = text.withCString { write(socket, $0, strlen($0)) } }
    var received = ""
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while received.components(separatedBy: "HTTP/1.1 ").count - 1 < expected {
      let count = read(socket, &buffer, buffer.count)
      if count <= 0 { break }
      received += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return received
  }

  @Test func theHostHeaderMustNameThisMachine() async throws {
    try await withServer { _, server in
      for (host, status) in [
        ("127.0.0.1:\(server.port)", "HTTP/1.1 403 Forbidden"), ("localhost", "HTTP/1.1 403 Forbidden"),
        ("bucket.localhost:1", "HTTP/1.1 403 Forbidden"), ("[::1]:80", "HTTP/1.1 403 Forbidden"),
      ] {
        // Those are let in and meet S3's refusal of unsigned requests.
        let answer = await talk(
          server.port, ["GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"], answers: 9)
        #expect(
          answer.hasPrefix(status) && answer.contains("<Code>AccessDenied</Code>"), "\(host): \(answer)")
      }
      for host in ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80"] {
        let answer = await talk(
          server.port, ["GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"], answers: 9)
        #expect(answer.contains("the Host header must say"), "\(host): \(answer)")
      }
      let nameless = await talk(server.port, ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n"], answers: 9)
      #expect(nameless.contains("403"))
    }
  }

  @Test func connectionsAreKeptAliveAndAnswersComeInOrder() async throws {
    try await withServer { _, server in
      let request = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }
      let answer = await talk(server.port, [request("/a") + request("/b") + request("/c")], answers: 3)
      #expect(answer.components(separatedBy: "HTTP/1.1 403 Forbidden").count == 4)
      let last = await talk(
        server.port, ["GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"], answers: 2)
      #expect(last.contains("Connection: close") && last.contains("Content-Length:"))
    }
  }

  @Test func aClientThatAsksFirstIsToldToGoOn() async throws {
    try await withServer { _, server in
      let answer = await talk(
        server.port,
        ["PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", "abc"],
        answers: 2)
      #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden"), "\(answer)")
    }
  }

  @Test func tooMuchIsRefusedBeforeItIsSent() async throws {
    try await withServer { _, server in
      let answer = await talk(
        server.port,
        [
          "PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n"
        ],
        answers: 9)
      #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request") && answer.contains("EntityTooLarge"), "\(answer)")
    }
  }

  @Test func nonsenseIsNoHTTP() async throws {
    try await withServer { _, server in
      for text in [
        "hello\r\n\r\n", "GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      ] {
        let answer = await talk(server.port, [text], answers: 1)
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 40"), "\(answer)")
      }
    }
  }
}
