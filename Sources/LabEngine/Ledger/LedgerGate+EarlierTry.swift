import AWSClient
import ProgressStore
import ServiceModels

extension LedgerGate {
  /// What an earlier try of the same call came to.
  enum EarlierTry {
    case none
    case answered(Value)
    /// It may be made again, under the record it has.
    case again(LedgerCall)
  }

  /// Looks for an earlier try of this call: one of the same statement and execution with the same input, or one
  /// with the same input anywhere in the run whose outcome is not known.
  func earlierTry(
    of call: AWSCall, _ digest: String, _ context: GateContext?
  ) async throws(LedgerFailure) -> EarlierTry {
    let candidates: [LedgerCall]
    do {
      var found: [LedgerCall] = []
      if let context {
        found = try ledger.store.calls(
          run: ledger.run.id, execution: context.execution, statement: context.statement)
      }
      found += try ledger.store.unsettledCalls(run: ledger.run.id).filter { $0.intent.purpose == .lesson }
      candidates = found
    } catch {
      throw .store(error)
    }
    for earlier in candidates where earlier.intent.digest == digest && !isSeen(earlier.id) {
      guard let outcome = earlier.outcome, outcome.kind != .unknown else {
        return try await settled(earlier)
      }
      switch outcome.kind {
      case .failed:
        guard [SettledCode.notSent, SettledCode.interrupted].contains(outcome.errorCode) else { continue }
        markSeen(earlier.id)
        return .again(earlier)
      case .created, .changed, .deleted, .existedBefore, .unknownEffect, .unknown:
        markSeen(earlier.id)
        guard let answer = outcome.response.flatMap(LedgerValue.value) else {
          throw .account(.refused(LedgerGate.unreadable(earlier)))
        }
        return .answered(answer)
      }
    }
    return .none
  }

  private func settled(_ earlier: LedgerCall) async throws(LedgerFailure) -> EarlierTry {
    markSeen(earlier.id)
    // The learner has been told that it cannot be known, and runs it again all the same.
    if earlier.outcome?.errorCode == SettledCode.told { return .none }
    switch try await ledger.settle(earlier) {
    case .happened(let answer): return .answered(answer)
    case .mayBeRepeated: return .again(earlier)
    case .cannotTell(let reason):
      try ledger.note(unknown: earlier, reason)
      throw .account(
        .refused(
          "An earlier try of \(earlier.intent.service) \(earlier.intent.operation) was interrupted, and it is not "
            + "known whether it took effect. \(reason) Look at the account; running this again makes the call again."
        ))
    }
  }

  private static func unreadable(_ call: LedgerCall) -> String {
    "\(call.intent.service) \(call.intent.operation) went through before the interruption, but its answer held a "
      + "secret that Cairn does not keep. Make a new one, or run the block from its start."
  }
}
