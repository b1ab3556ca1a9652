import OrderedJSON
import Synchronization
import Wire

extension PracticeAccount {
  /// How the account stands, for whoever looks after it: its clock, its scenario, what goes wrong on purpose, and how
  /// much it holds. No secrets.
  package func status() -> JSON {
    realm.withLock { realm in
      realm.settle()
      let state = realm.current
      return [
        "accountId": .string(state.accountID), "region": .string(state.homeRegion),
        "scenario": state.settings.scenario.map(JSON.string) ?? .null,
        "enforcesAuthorization": .bool(state.settings.enforcesAuthorization),
        "time": .string(realm.now.iso8601),
        "ahead": .int(Int(clamping: state.clockOffset / 1000)),
        "faults": .array(state.settings.faults.map(\.json)),
        "holds": state.counts,
        "denials": .int(state.denials.count),
        "snapshots": .array(realm.store.snapshotNames().map(JSON.string)),
      ]
    }
  }

  /// Whether policies decide; otherwise every signed call is allowed. Durable when it returns.
  package func setAuthorization(enforced: Bool) throws(StoreError) {
    try change { $0.enforcesAuthorization = enforced }
  }

  /// Adds something that goes wrong on purpose; what was there comes first.
  package func add(_ fault: FaultRule) throws(StoreError) {
    try change { $0.faults.append(fault) }
  }

  /// Nothing goes wrong on purpose any more.
  package func clearFaults() throws(StoreError) {
    try change { $0.faults = [] }
  }

  /// Runs `body` while everything is written down and nothing changes.
  package func whileStill<T>(_ body: () throws(StoreError) -> T) throws(StoreError) -> T {
    try realm.withLock { (realm) throws(StoreError) in
      try realm.saveWhole()
      return try body()
    }
  }

  private func change(_ body: (inout AccountSettings) -> Void) throws(StoreError) {
    try realm.withLock { (realm) throws(StoreError) in
      let before = realm.current
      body(&realm.state.settings)
      do throws(StoreError) {
        try realm.save()
      } catch {
        realm.revert(to: before)
        throw error
      }
    }
  }
}

extension FaultRule {
  /// As a scenario's `fault` step gives it.
  package var json: JSON {
    var members: JSONObject = [
      "kind": .string(kind.rawValue), "service": .string(service), "operation": .string(operation),
    ]
    if after > 0 { members["after"] = .int(after) }
    if let times { members["times"] = .int(times) }
    if seconds > 0 { members["seconds"] = .double(seconds) }
    return .object(members)
  }

  /// Reads what a scenario's `fault` step gives; nil if the kind is not known.
  package init?(json: JSON) {
    guard let kind = json["kind"]?.string.flatMap(Kind.init) else { return nil }
    self.init(
      kind, service: json["service"]?.string ?? "*", operation: json["operation"]?.string ?? "*",
      after: json["after"]?.int ?? 0, times: json["times"]?.int, seconds: json["seconds"]?.double ?? 0)
  }
}

extension Denial {
  /// All of it; the number is the account's.
  package func json(number: Int) -> JSON {
    [
      "number": .int(number), "time": .string(time.iso8601), "principal": .string(principal),
      "action": .string(action), "resource": .string(resource),
      "service": service.map(JSON.string) ?? .null, "region": .string(region),
      "message": .string(message), "explicit": .bool(isExplicit), "reason": .string(reason),
      "policies": .array(
        findings.map { finding -> JSON in
          [
            "kind": .string(finding.kind), "policy": .string(finding.policy),
            "outcome": .string(finding.outcome.rawValue), "words": .string(finding.words),
          ]
        }),
    ]
  }
}

extension AccountState {
  /// How many there are of what a learner makes; what there is none of is left out.
  fileprivate var counts: JSON {
    var objects = 0
    var bytes: UInt64 = 0
    for versions in s3.buckets.values.lazy.flatMap(\.objects.values) {
      objects += versions.count
      for version in versions { bytes &+= UInt64(clamping: version.size) }
    }
    let counts: [(String, Int)] = [
      ("buckets", s3.buckets.count), ("objects", objects), ("bytes", Int(clamping: bytes)),
      ("keys", kms.values.reduce(0) { $0 + $1.keys.values.count { !$0.isManagedByAWS } }),
      ("roles", iam.roles.count),
      ("jobs", macie.values.reduce(0) { $0 + $1.jobs.count }),
      ("findings", macie.values.reduce(0) { $0 + $1.findings.count }),
      ("endpoints", ec2.values.reduce(0) { $0 + $1.endpoints.count }),
    ]
    return .object(JSONObject(counts.filter { $0.1 > 0 }.map { ($0.0, JSON.int($0.1)) }))
  }
}
