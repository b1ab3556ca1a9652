import Foundation
import PracticeAccount
import PracticeServer
import ProgressStore
import TestKit
import Testing

@testable import LabEngine

/// The process dies at every durable boundary of the lesson and of its teardown in turn.
///
/// `CAIRN_SOAK=1` tries every point; otherwise every seventh.
@Suite(.serialized) struct CrashLoopTests {
  @Test(.timeLimit(.minutes(10)))
  func `wherever it dies, the run goes on or is taken down, and the account is as it was`() async throws {
    let points = try await countPoints()
    let fresh = try PracticeAccount(catalog: models, directory: nil, seed: 7).dump()
    #expect(points > 80)
    let step = ProcessInfo.processInfo.environment["CAIRN_SOAK"] == nil ? 7 : 1
    print("\(points) crash points")
    for point in stride(from: 1, through: points, by: step) {
      let folder =
        NSTemporaryDirectory() + "cairn-crash-\(ProcessInfo.processInfo.processIdentifier)-\(point)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      await #expect(processExitsWith: .exitCode(CrashPoints.status)) {
        [folder = folder as String, point = point as Int] in
        try await playThrough(folder: folder, crash: CrashPoints(at: point))
      }
      let account = try PracticeAccount(catalog: models, directory: folder + "/account", seed: 7)
      let lab = try Laboratory(folder: Folder(path: folder), account: account)
      #expect(try lab.store.integrityProblems() == [], "point \(point)")
      _ = try await lab.ledger.reconcile()
      let begun = try lab.store.latestTeardown(run: lab.ledger.run.id) != nil
      // Every other one is not resumed but taken down as it is.
      if !begun && point % 2 == 0 { try await lab.workThrough() }
      let report = try await lab.tornDown()
      #expect(report.failures == [], "point \(point)")
      #expect(account.dump() == fresh, "point \(point)")
      #expect(account.pendingDeletions().count <= 1, "point \(point)")
      #expect(try lab.ledger.outstanding() == [], "point \(point)")
    }
  }

  /// How many points there are on the way.
  private func countPoints() async throws -> Int {
    let folder = NSTemporaryDirectory() + "cairn-crash-\(ProcessInfo.processInfo.processIdentifier)-count"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let crash = CrashPoints(at: .max, die: {})
    try await playThrough(folder: folder, crash: crash)
    return crash.reached
  }
}

/// The whole lesson and its teardown in one process.
private func playThrough(folder: String, crash: CrashPoints) async throws {
  let account = try PracticeAccount(catalog: models, directory: folder + "/account", seed: 7)
  let lab = try Laboratory(folder: Folder(path: folder), account: account, crash: crash)
  try await lab.workThrough()
  _ = try await lab.tornDown()
}
