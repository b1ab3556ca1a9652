import AWSClient
import ProgressStore
import Resources

/// What became of a call that a crash, or a lost answer, left open.
package struct Reconciled: Sendable, Hashable {
  package enum Finding: Sendable, Hashable {
    /// It took effect; the ledger has what it made.
    case happened
    /// It left no trace, or is made again with its command.
    case didNotHappen
    /// The account does not tell, for this reason.
    case unknown(String)
  }

  /// `kms CreateKey`.
  package var call: String
  package var block: String?
  package var finding: Finding

  /// A sentence for the reader.
  package var sentence: String {
    switch finding {
    case .happened: "\(call) had gone through before the interruption; nothing is made twice."
    case .didNotHappen: "\(call) was interrupted before it took effect; running its block again makes it."
    case .unknown(let reason): "It is not known whether \(call) took effect: \(reason)"
    }
  }
}

extension Ledger {
  /// Settles every call of the run whose outcome is not known, by reading the account.
  ///
  /// Calls of a teardown are settled by the next teardown, which asks the account anyway.
  /// - Throws: `LedgerFailure` if the store or the account does not answer at all; what was settled until then
  ///   stays settled.
  package func reconcile() async throws(LedgerFailure) -> [Reconciled] {
    let open: [LedgerCall]
    do { open = try store.unsettledCalls(run: run.id) } catch { throw .store(error) }
    var findings: [Reconciled] = []
    for call in open {
      if call.intent.purpose == .teardown {
        try settleTeardownCall(call)
        continue
      }
      var finding: Reconciled.Finding
      switch try await settle(call) {
      case .happened: finding = .happened
      case .mayBeRepeated: finding = .didNotHappen
      case .cannotTell(let reason):
        finding = .unknown(reason)
        try note(unknown: call, reason)
      }
      findings.append(
        Reconciled(
          call: "\(call.intent.service) \(call.intent.operation)", block: call.intent.place?.block,
          finding: finding))
    }
    return findings
  }

  /// Records that it cannot be known, and that this has been said.
  func note(unknown call: LedgerCall, _ reason: String) throws(LedgerFailure) {
    do {
      try store.recordOutcome(
        LedgerOutcome(kind: .unknown, errorCode: SettledCode.told, errorMessage: reason, at: now),
        ofCall: call.id)
    } catch {
      throw .store(error)
    }
  }

  private func settleTeardownCall(_ call: LedgerCall) throws(LedgerFailure) {
    do {
      try store.recordOutcome(
        LedgerOutcome(
          kind: .failed, errorCode: SettledCode.interrupted,
          errorMessage: "The teardown was interrupted here.",
          at: now),
        ofCall: call.id)
    } catch {
      throw .store(error)
    }
  }
}
