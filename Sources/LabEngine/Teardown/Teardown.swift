// Teardown: takes down what a run put up, and nothing else.
//
// Plan, apply, verify: the plan is made from the ledger and from reading the account; applying it journals every
// deletion and may be interrupted anywhere; what is gone is believed only when the account says so.
//
// It needs the ledger and the catalogue, not the lesson. A second teardown finds nothing to do and says so.
import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Wire

package struct Teardown: Sendable {
  let ledger: Ledger

  package init(_ ledger: Ledger) {
    self.ledger = ledger
  }

  /// Settles what is open, asks the account about every resource of the run, and plans.
  ///
  /// - Throws: `LedgerFailure` if the store cannot be read or the account does not answer at all.
  package func plan() async throws(LedgerFailure) -> TeardownPlan {
    _ = try await ledger.reconcile()
    return try await planner().plan()
  }

  /// Applies a plan, verifies each removal, and reports.
  ///
  /// What has gone meanwhile counts as removed; what AWS itself made late (a log group, for one) is taken down in
  /// a second round.
  /// - Parameter progress: told of each item as it goes.
  /// - Throws: `LedgerFailure`; a resource that cannot be removed is no error but a line of the report.
  package func apply(
    _ plan: TeardownPlan, progress: @Sendable (TeardownProgress) async -> Void = { _ in }
  ) async throws(LedgerFailure) -> TeardownReport {
    var report = TeardownReport(run: plan.run, lines: [], unknown: plan.unknown, wasEmpty: plan.isEmpty)
    let journal = plan.isEmpty ? nil : try begin(plan)
    var items = plan.items
    for _ in 0..<3 {
      for item in items {
        let state = try await handle(item, journal, progress)
        report.lines.removeAll { $0.item.id == item.id }
        if item.decision != .gone { report.lines.append(.init(item: item, state: state)) }
        if Task.isCancelled { throw .account(.cancelled) }
      }
      if journal == nil { break }
      let left = try await planner().plan().work
      items = left.filter { item in !report.lines.contains { $0.item.id == item.id } }
      if items.isEmpty { break }
    }
    try end(journal, report)
    return report
  }

  private func planner() async throws(LedgerFailure) -> TeardownPlanner {
    let resources: [ResourceRecord]
    let calls: [LedgerCall]
    do {
      resources = try ledger.store.resources(run: ledger.run.id)
      calls = try ledger.store.calls(run: ledger.run.id)
    } catch {
      throw .store(error)
    }
    var readings: [Int64: AccountReading] = [:]
    for record in resources where record.state != .gone && record.draft.origin != .existedBefore {
      guard let type = ledger.catalog.type(record.type) else { continue }
      if let reading = try await survey(type, record) { readings[record.id] = reading }
    }
    return TeardownPlanner(
      catalog: ledger.catalog, run: ledger.run, resources: resources, calls: calls, readings: readings)
  }

  /// What the account says of a resource; nil if it will not say.
  private func survey(_ type: ResourceType, _ record: ResourceRecord) async throws(LedgerFailure)
    -> AccountReading?
  {
    do {
      return try await ledger.read(type, ledger.parts(of: record))
    } catch {
      if case .service(let fault, _, _) = error, fault.httpStatus < 500 { return nil }
      throw .account(error)
    }
  }

  private func handle(
    _ item: TeardownItem, _ journal: TeardownRecord?, _ progress: @Sendable (TeardownProgress) async -> Void
  ) async throws(LedgerFailure) -> TeardownProgress.State {
    let state: TeardownProgress.State
    switch item.decision {
    case .gone:
      state = .verified
      try change(.gone(type: item.type, identity: item.identity, region: item.region))
    case .keep(let reason):
      state = .kept(reason)
      try change(.kept(type: item.type, identity: item.identity, region: item.region, reason: reason))
    case .pending(let until):
      state = .pending(until: until)
      try change(
        .pendingDeletion(type: item.type, identity: item.identity, region: item.region, until: until))
    case .remove, .restore:
      await progress(TeardownProgress(item: item.id, state: .removing))
      try note(item, .running, nil, journal)
      state = try await remove(item)
    }
    try note(item, state.journalState, state.detail, journal)
    ledger.crash.point()
    await progress(TeardownProgress(item: item.id, state: state))
    return state
  }

  private func remove(_ item: TeardownItem) async throws(LedgerFailure) -> TeardownProgress.State {
    let found: ResourceRecord?
    do {
      found = try ledger.store.resource(
        run: ledger.run.id, type: item.type, identity: item.identity, region: item.region)
    } catch {
      throw .store(error)
    }
    guard let record = found, let type = ledger.catalog.type(item.type) else {
      return .failed("Cairn's catalogue has no entry for \(item.type).")
    }
    let parts = ledger.parts(of: record)
    let earlier = item.decision == .restore ? record.draft.earlier.flatMap { try? JSON.parse($0) } : nil
    if item.decision == .restore && earlier == nil { return .kept("it goes with what it belongs to") }
    do {
      try await Removal(ledger, type, parts, earlier: earlier).perform()
    } catch {
      switch error {
      case .store(let problem): throw .store(problem)
      case .cancelled: throw .account(.cancelled)
      case .account(let problem): return .failed(failure(problem.message, problem, type))
      case .refused(let text): return .failed(failure(text, nil, type))
      case .tookTooLong:
        return .failed(failure("it is still there after \(Int(type.patience.total)) seconds.", nil, type))
      }
    }
    return try await verify(item, record, type, parts, earlier)
  }

  /// Asks the account until it says that the resource is gone, within the type's patience.
  private func verify(
    _ item: TeardownItem, _ record: ResourceRecord, _ type: ResourceType, _ parts: JSONObject,
    _ earlier: JSON?
  ) async throws(LedgerFailure) -> TeardownProgress.State {
    let deadline = ledger.clock.now.adding(seconds: type.patience.total)
    while true {
      let reading: AccountReading?
      do {
        reading = try await ledger.read(type, parts)
      } catch {
        guard case .service = error else { throw .account(error) }
        return .failed(failure("whether it is gone cannot be verified: \(error.message)", error, type))
      }
      if let state = try verdict(item, type, reading, earlier) { return state }
      if ledger.clock.now >= deadline {
        return .failed(failure("the account still shows it.", nil, type))
      }
      do { try await ledger.clock.wait(seconds: type.patience.every) } catch { throw .account(.cancelled) }
    }
  }

  private func verdict(
    _ item: TeardownItem, _ type: ResourceType, _ reading: AccountReading?, _ earlier: JSON?
  ) throws(LedgerFailure) -> TeardownProgress.State? {
    let gone = ResourceChange.gone(type: item.type, identity: item.identity, region: item.region)
    guard let reading else {
      // A type that cannot be asked about: the service's answer has to do.
      try change(gone)
      return .verified
    }
    switch reading.reading {
    case .absent, .foreign:
      try change(gone)
      return .verified
    case .pendingDeletion(let until):
      try change(
        .pendingDeletion(type: item.type, identity: item.identity, region: item.region, until: until))
      return .pending(until: until)
    case .over:
      let reason = type.remains ?? "it is over"
      try change(.kept(type: item.type, identity: item.identity, region: item.region, reason: reason))
      return .kept(reason)
    case .present:
      guard let value = earlier?["value"], let now = reading.earlier, alike(value, now) else { return nil }
      try change(gone)
      return .verified
    }
  }

  private func failure(_ text: String, _ error: AWSError?, _ type: ResourceType) -> String {
    var parts = [text]
    if let hint = error?.code.flatMap({ Teardown.hints[$0] }) { parts.append(hint) }
    if let cost = type.cost?.sentence, !cost.isEmpty { parts.append("It still costs \(cost).") }
    parts.append("Run the teardown again when that is put right.")
    return parts.joined(separator: " ")
  }

  private static let hints = [
    "AccessDenied":
      "These credentials may not remove it: use those the run was made with, or ask for the right.",
    "AccessDeniedException":
      "These credentials may not remove it: use those the run was made with, or ask for the right.",
    "UnauthorizedOperation":
      "These credentials may not remove it: use those the run was made with, or ask for the right.",
    "DependencyViolation": "Something still uses it.",
    "BucketNotEmpty": "Something was added to it meanwhile.",
    "DeleteConflict": "Something is still attached to it.",
  ]
}
