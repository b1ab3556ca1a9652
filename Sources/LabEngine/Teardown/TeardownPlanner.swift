import OrderedJSON
import ProgressStore
import Resources
import ServiceModels

/// Makes the plan of a teardown from the ledger and what the account said. Pure.
///
/// A resource is removed only if the ledger proves that the run made it: its creating call is recorded, the
/// account did not have it before, and what is there now is not younger than that call.
struct TeardownPlanner {
  let catalog: ResourceCatalog
  let run: RunRecord
  let resources: [ResourceRecord]
  let calls: [LedgerCall]
  /// What the account said of each resource, by its record's id; absent if it was not asked or did not say.
  let readings: [Int64: AccountReading]

  func plan() -> TeardownPlan {
    let decided = resources.compactMap { record in
      catalog.type(record.type).flatMap { type in decision(on: record, type).map { (record, type, $0) } }
    }
    let removed = decided.filter { $0.2 == .remove }
    var items: [(rank: Int, record: ResourceRecord, item: TeardownItem)] = []
    var included: [Int64: [String]] = [:]
    for (record, type, decision) in decided {
      // What goes with the thing it is in needs no step of its own.
      if decision == .remove || decision == .restore || isOver(record),
        let parent = removed.first(where: { covers($0.1, $0.0, record) })
      {
        included[parent.0.id, default: []].append(record.name)
        continue
      }
      // Without an earlier value it is a setting of something the run made, and nothing by itself.
      if decision == .restore && record.draft.earlier == nil { continue }
      items.append((type.rank, record, item(record, type, decision)))
    }
    items.sort { ($0.rank, $1.record.id) < ($1.rank, $0.record.id) }
    return TeardownPlan(
      run: run.id,
      items: items.map { entry in
        var item = entry.item
        item.includes = included[entry.record.id] ?? []
        return item
      }, unknown: unknownEffects())
  }

  /// Whether it is inside something whose deletion is scheduled.
  private func goesWithParent(_ record: ResourceRecord) -> Bool {
    guard record.state == .pendingDeletion else { return false }
    return resources.contains {
      $0.type == record.draft.parentType && $0.identity == record.draft.parentIdentity
        && $0.state == .pendingDeletion
    }
  }

  private func isOver(_ record: ResourceRecord) -> Bool { readings[record.id]?.reading == .over }

  private func covers(_ type: ResourceType, _ parent: ResourceRecord, _ child: ResourceRecord) -> Bool {
    guard child.draft.parentType == parent.type, child.draft.parentIdentity == parent.identity else {
      return false
    }
    return type.covers.contains(child.type) || isOver(child)
  }

  /// What is to be done about a resource; nil if it is gone and known to be.
  private func decision(on record: ResourceRecord, _ type: ResourceType) -> TeardownItem.Decision? {
    if record.state == .gone || goesWithParent(record) { return nil }
    let reading = readings[record.id]
    switch record.draft.origin {
    case .existedBefore: return .keep("it was there before this run")
    case .changed: return restoring(record, type, reading)
    case .created: break
    }
    guard let reading else {
      return type.removal.isEmpty ? .keep("Cairn does not know how to remove it") : .remove
    }
    switch reading.reading {
    case .absent: return .gone
    case .foreign: return .keep("it belongs to another account now")
    case .pendingDeletion(let until): return .pending(until: until ?? record.until)
    case .over: return .keep(type.remains ?? "it is over")
    case .present: break
    }
    if let created = reading.created, created > record.createdAt + TeardownPlanner.tolerance {
      return .keep("it was made anew after this run made its own, and is not proven to be the run's")
    }
    return type.removal.isEmpty ? .keep("Cairn does not know how to remove it") : .remove
  }

  private func restoring(
    _ record: ResourceRecord, _ type: ResourceType, _ reading: AccountReading?
  ) -> TeardownItem.Decision? {
    guard let earlier = record.draft.earlier.flatMap({ try? JSON.parse($0) }) else { return .restore }
    if earlier["unknown"] != nil {
      return .keep("its earlier value could not be read, so it cannot be put back")
    }
    if reading?.reading == .absent && earlier["absent"] != nil { return .gone }
    if let before = earlier["value"], let now = reading?.earlier, alike(before, now) { return .gone }
    return .restore
  }

  private func item(
    _ record: ResourceRecord, _ type: ResourceType, _ decision: TeardownItem.Decision
  ) -> TeardownItem {
    let isWork = decision == .remove || decision == .restore
    return TeardownItem(
      type: record.type, identity: record.identity, region: record.region, title: record.name,
      action: isWork ? type.action : "", decision: decision, includes: [],
      waits: isWork ? waits(type) : "", bills: bills(type, decision))
  }

  private func waits(_ type: ResourceType) -> String {
    let minutes = Int((type.patience.total / 60).rounded(.up))
    return type.patience.total > 60 ? "may take up to \(minutes) minutes" : ""
  }

  private func bills(_ type: ResourceType, _ decision: TeardownItem.Decision) -> String {
    guard let cost = type.cost else { return "" }
    switch decision {
    case .gone: return ""
    case .pending: return "nothing more is charged"
    case .keep(let reason) where reason == type.remains: return ""
    case .remove, .restore, .keep: return cost.sentence
    }
  }

  /// Calls that left something nobody can name, or that changed what the run did not make.
  private func unknownEffects() -> [String] {
    calls.compactMap { call in
      guard call.intent.purpose == .lesson, let outcome = call.outcome else { return nil }
      let name = "\(call.intent.service) \(call.intent.operation)"
      switch outcome.kind {
      case .unknownEffect:
        return
          "\(name) was run in \(call.intent.region); Cairn does not know what it left, and does not undo it."
      case .unknown:
        return "It is not known whether \(name) took effect: \(outcome.errorMessage ?? "no answer came")"
      case .changed:
        return alteredForeign(call).map { "\(name) changed \($0), which this run did not make; that stays." }
      case .created, .deleted, .existedBefore, .failed: return nil
      }
    }
  }

  /// The thing of somebody else's that a call altered without an earlier value being kept.
  private func alteredForeign(_ call: LedgerCall) -> String? {
    guard let main = catalog.effects(of: call.intent.service, call.intent.operation)?.first,
      main.verb == .alters,
      let type = catalog.type(main.type),
      let identities = call.outcome.flatMap({ try? JSON.parse($0.identities) })?.array,
      let identity = identities.first?["identity"]?.string
    else { return nil }
    let known = resources.first { $0.type == type.name && $0.identity == identity }
    return known?.draft.origin == .created ? nil : known?.name ?? "\(type.name) \(identity)"
  }

  /// How much later than its record a thing may say it was made, in milliseconds: clocks differ.
  static let tolerance: Int64 = 600_000
}

/// Whether two values are the same, JSON inside of texts (policies) being compared as JSON.
func alike(_ a: JSON, _ b: JSON) -> Bool {
  switch (a, b) {
  case (.string(let left), .string(let right)):
    if left == right { return true }
    guard let left = try? JSON.parse(left), let right = try? JSON.parse(right) else { return false }
    return left == right
  case (.array(let left), .array(let right)):
    return left.count == right.count && zip(left, right).allSatisfy { alike($0, $1) }
  case (.object(let left), .object(let right)):
    return left.count == right.count
      && left.allSatisfy { member in right[member.key].map { alike(member.value, $0) } ?? false }
  default: return a == b
  }
}

extension Cost {
  /// `1.00 dollar per month and key until its deletion is scheduled`.
  package var sentence: String {
    var parts: [String] = []
    if dollars > 0 {
      let cents = Int((dollars * 10_000).rounded())
      var digits = "\(cents % 10_000)"
      digits = String(repeating: "0", count: 4 - digits.count) + digits
      while digits.count > 2 && digits.hasSuffix("0") { digits.removeLast() }
      parts.append("\(cents / 10_000).\(digits) dollars per \(unit)" + (per.isEmpty ? "" : " \(per)"))
    }
    if !unknown.isEmpty { parts.append("by use: \(unknown)") }
    if parts.isEmpty { return "" }
    return parts.joined(separator: "; ") + "; the charge stops \(stops)"
  }
}
