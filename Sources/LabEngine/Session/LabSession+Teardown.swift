import ProgressStore
import Resources

extension LabSession {
  /// What the run put up that is still on the account, by the ledger.
  package func outstanding() throws(LabError) -> [Outstanding] {
    do {
      return try ledger.outstanding().map { record in
        Outstanding(title: record.name, note: ledger.catalog.type(record.type)?.cost?.sentence ?? "")
      }
    } catch {
      throw .store(error)
    }
  }

  /// Asks the account about everything the run put up, and plans its removal.
  package func planTeardown() async throws(LabError) -> TeardownPlan {
    do { return try await Teardown(ledger).plan() } catch { throw LabError(error) }
  }

  /// Removes what the plan says, and verifies each removal.
  package func apply(
    _ plan: TeardownPlan, _ tell: @Sendable (TeardownProgress) async -> Void
  ) async throws(LabError) -> TeardownReport {
    do {
      let report = try await Teardown(ledger).apply(plan, progress: tell)
      try? store.appendTranscript(
        [TranscriptEntry(kind: .teardown, block: nil, text: report.sentence, at: now)], run: run.id)
      return report
    } catch {
      throw LabError(error)
    }
  }
}

/// Something the run put up that still exists.
package struct Outstanding: Sendable, Hashable {
  package let title: String
  /// What it costs and until when, in words; empty if nothing.
  package let note: String
}

extension LabError {
  init(_ failure: LedgerFailure) {
    switch failure {
    case .store(let error): self = .store(error)
    case .account(let error): self = .account(error)
    }
  }
}
