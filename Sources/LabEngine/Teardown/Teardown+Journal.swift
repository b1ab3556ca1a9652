import ProgressStore
import Resources
import Wire

extension Teardown {
  func begin(_ plan: TeardownPlan) throws(LedgerFailure) -> TeardownRecord {
    let steps = plan.items.enumerated().map { index, item in step(item, index, .planned, nil) }
    do {
      return try ledger.store.beginTeardown(run: ledger.run.id, steps: steps, at: ledger.now)
    } catch {
      throw .store(error)
    }
  }

  func note(
    _ item: TeardownItem, _ state: TeardownState, _ detail: String?, _ journal: TeardownRecord?
  ) throws(LedgerFailure) {
    guard let journal else { return }
    var step = step(item, 0, state, detail)
    if state == .running { step.startedAt = ledger.now } else { step.endedAt = ledger.now }
    do {
      try ledger.store.saveTeardownStep(step, teardown: journal.id)
    } catch {
      throw .store(error)
    }
  }

  func end(_ journal: TeardownRecord?, _ report: TeardownReport) throws(LedgerFailure) {
    do {
      guard let journal else {
        try ledger.store.setState(.tornDown, ofRun: ledger.run.id, at: ledger.now)
        return
      }
      try ledger.store.endTeardown(
        journal.id, state: report.isClean ? .done : .failed,
        runState: report.isClean ? .tornDown : .tearingDown,
        at: ledger.now)
    } catch {
      throw .store(error)
    }
  }

  func change(_ change: ResourceChange) throws(LedgerFailure) {
    do {
      try ledger.store.change([change], run: ledger.run.id, at: ledger.now)
    } catch {
      throw .store(error)
    }
  }

  private func step(
    _ item: TeardownItem, _ ordinal: Int, _ state: TeardownState, _ detail: String?
  ) -> TeardownStepRecord {
    TeardownStepRecord(
      ordinal: ordinal, type: item.type, identity: item.identity, region: item.region, title: item.title,
      action: item.action, state: state, detail: detail)
  }
}

extension TeardownProgress.State {
  var journalState: TeardownState {
    switch self {
    case .removing: .running
    case .verified: .done
    case .pending: .pending
    case .kept: .kept
    case .failed: .failed
    }
  }

  var detail: String? {
    switch self {
    case .removing, .verified: nil
    case .pending(let until): until.map { Timestamp(milliseconds: $0).iso8601 }
    case .kept(let reason): reason
    case .failed(let problem): problem
    }
  }
}
