import Foundation
import OrderedJSON
import PracticeAccount
import PracticeServer
import SigV4
import Testing

/// What a client sees of a fault, on a real connection: judged by curl.
struct FaultTests {
  /// Kind, curl's exit status (0: an answer), and the HTTP status.
  @Test(arguments: [
    (FaultRule.Kind.dropBefore, 52 as Int32, "000"), (.dropAfter, 52, "000"), (.reset, 56, "000"),
    (.truncate, 18, "200"), (.internalError, 0, "500"), (.throttle, 0, "503"), (.delay, 0, "200"),
  ])
  func `a client sees the fault`(kind: FaultRule.Kind, exit: Int32, status: String) async throws {
    try await withServer { account, server in
      try account.play(
        Scenario(json: ["name": "f", "title": "f", "steps": [["fault": ["kind": .string(kind.rawValue)]]]]))
      let key = account.accessKey
      let (found, text) = try await curl([
        "--aws-sigv4", "aws:amz:us-east-1:s3", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD",
        "--user", "\(key.accessKeyID):\(key.secretAccessKey)", server.endpointURL + "/",
      ])
      #expect(found == exit)
      #expect(text == status)
    }
  }

  /// curl's exit status and the status of the answer. No thread waits: the server needs them.
  private func curl(_ arguments: [String]) async throws -> (Int32, String) {
    let folder = Folder()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    try folder.write("", to: "status")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    process.arguments = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "20"] + arguments
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/status"))
    let status = try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
      } catch {
        continuation.resume(throwing: error)
      }
    }
    return (status, try String(contentsOfFile: folder.path + "/status", encoding: .utf8))
  }
}
