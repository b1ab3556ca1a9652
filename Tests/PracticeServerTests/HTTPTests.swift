import Foundation
import PracticeServer
import Testing

/// The front door, spoken to in plain bytes.
struct HTTPTests {
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
