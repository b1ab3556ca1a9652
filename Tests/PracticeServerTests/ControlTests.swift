import Foundation
import PracticeAccount
import PracticeServer
import ServiceModels
import TestKit
import Testing

/// The way in of the account's owner.
struct ControlTests {
  @Test func nothingWithoutTheToken() async throws {
    let account = try PracticeAccount(
      catalog: ModelCatalog(directory: repositoryRoot + "/assets/models"), directory: nil)
    let token = String(repeating: "t", count: 64)
    let control = ControlChannel(token: token) { word, input in (200, Array("\(word) ".utf8) + input) }
    let server = try await PracticeServer.start(account: account, control: control)
    let own = ["X-Cairn-Token": token]
    let rows: [(method: String, host: String, headers: [String: String], status: Int, body: String)] = [
      ("POST", "127.0.0.1", own, 200, "status {}"), ("POST", "localhost", own, 200, "status {}"),
      ("POST", "127.0.0.1", [:], 403, "This needs the token"),
      ("POST", "127.0.0.1", ["X-Cairn-Token": ""], 403, "This needs the token"),
      ("POST", "127.0.0.1", ["X-Cairn-Token": String(token.dropLast())], 403, "This needs the token"),
      ("POST", "127.0.0.1", ["X-Cairn-Token": token.dropLast() + "u"], 403, "This needs the token"),
      ("GET", "127.0.0.1", own, 405, ""),
      // A bucket's object, and a stranger's page.
      ("POST", "bucket.localhost", own, 403, "<Code>AccessDenied"),
      ("POST", "evil.example", own, 403, "practice account"),
    ]
    for row in rows {
      var command = [
        "curl", "-s", "-w", "\n%{http_code}", "-X", row.method, "-H", "Host: \(row.host)", "--data-binary",
        "{}",
        "http://127.0.0.1:\(server.port)/_cairn/status",
      ]
      for (name, value) in row.headers {
        command += ["-H", value.isEmpty ? "\(name);" : "\(name): \(value)"]
      }
      let answer = try await curl(command)
      #expect(answer.hasSuffix("\n\(row.status)"), "\(row): \(answer)")
      #expect(row.body.isEmpty || answer.contains(row.body), "\(row): \(answer)")
    }
    let large = try await curl([
      "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "X-Cairn-Token: \(token)", "-H", "Expect:",
      "--data-binary", String(repeating: "x", count: 100_000), "http://127.0.0.1:\(server.port)/_cairn/x",
    ])
    #expect(large == "200")
    await server.stop()
  }

  /// On a thread of its own: the server shares the pool that this would block.
  private func curl(_ command: [String]) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        do {
          try process.run()
          let data = pipe.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          continuation.resume(returning: String(decoding: data, as: UTF8.self))
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }
}
