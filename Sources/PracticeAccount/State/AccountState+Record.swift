import OrderedJSON

/// What changed since the state was last written down: the parts that are small as a whole, and row by row what
/// may be large. `account.json` holds everything; the journal beside it holds such records, numbered.
extension AccountState {
  /// The parts that are no tables and belong to no service's Region.
  private struct Head: Codable, Equatable {
    var accountID: String
    var homeRegion: String
    var generator: SeededGenerator
    var clockOffset: Int64
    var s3Owner: String
    var s3TakenNames: [String]
  }

  private var head: Head {
    get {
      Head(
        accountID: accountID, homeRegion: homeRegion, generator: generator, clockOffset: clockOffset,
        s3Owner: s3.ownerID, s3TakenNames: s3.takenNames)
    }
    set {
      accountID = newValue.accountID
      homeRegion = newValue.homeRegion
      generator = newValue.generator
      clockOffset = newValue.clockOffset
      s3.ownerID = newValue.s3Owner
      s3.takenNames = newValue.s3TakenNames
    }
  }

  /// What turns `earlier` into this; nil if nothing does.
  func record(since earlier: AccountState) throws -> JSON? {
    var record = JSONObject()
    try note("head", head, earlier.head, in: &record)
    try note("settings", settings, earlier.settings, in: &record)
    try note("iam", iam, earlier.iam, in: &record)
    try note("kms", kms, earlier.kms, in: &record)
    try note("ec2", ec2, earlier.ec2, in: &record)
    try noteEach("buckets", s3.buckets, earlier.s3.buckets, in: &record) { $0.objects = .init() }
    try noteEach("macie2", macie, earlier.macie, in: &record) { $0.findings = .init() }
    try noteEach("logs", logs, earlier.logs, in: &record) { $0.events = .init() }
    var tables = JSONObject()
    for (name, bucket) in s3.buckets {
      try noteRows("objects/" + name, bucket.objects, earlier.s3.buckets[name]?.objects, in: &tables)
    }
    for (region, part) in macie {
      try noteRows("findings/" + region, part.findings, earlier.macie[region]?.findings, in: &tables)
    }
    try noteRows("sessions", sessions, earlier.sessions, in: &tables)
    try noteRows("keyUses", keyUses, earlier.keyUses, in: &tables)
    for (region, part) in logs {
      try noteRows("events/" + region, part.events, earlier.logs[region]?.events, in: &tables)
    }
    try noteRows("remarks", remarks, earlier.remarks, in: &tables)
    try noteRows("denials", denials, earlier.denials, in: &tables)
    try noteRows("trail", trail, earlier.trail, in: &tables)
    if !tables.isEmpty { record["rows"] = .object(tables) }
    return record.isEmpty ? nil : .object(record)
  }

  private func note<Part: Encodable & Equatable>(
    _ name: String, _ now: Part, _ before: Part, in record: inout JSONObject
  ) throws {
    if now != before { record[name] = try StateCoding.encode(now) }
  }

  /// Member by member, without the tables in them; null for one that is gone.
  private func noteEach<Part: Encodable & Equatable>(
    _ name: String, _ now: [String: Part], _ before: [String: Part], in record: inout JSONObject,
    withoutTables strip: (inout Part) -> Void
  ) throws {
    var members = JSONObject()
    for (key, part) in now {
      var part = part
      strip(&part)
      let old = before[key].map { old in
        var old = old
        strip(&old)
        return old
      }
      if part != old { members[key] = try StateCoding.encode(part) }
    }
    for key in before.keys where now[key] == nil { members[key] = .null }
    if !members.isEmpty { record[name] = .object(members) }
  }

  private func noteRows<Key, Row>(
    _ name: String, _ table: SortedTable<Key, Row>, _ earlier: SortedTable<Key, Row>?,
    in tables: inout JSONObject
  ) throws {
    var expected = earlier?.count ?? 0
    var rows: [JSON] = []
    for key in table.changed.sorted() {
      let row = table[key]
      expected += (row == nil ? 0 : 1) - (earlier?[key] == nil ? 0 : 1)
      rows.append(try StateCoding.encode(key))
      rows.append(try row.map { try StateCoding.encode($0) } ?? .null)
    }
    if expected != table.count {
      // Another table stands in its place: all of it counts.
      tables[name] = ["all": try StateCoding.encode(table)]
    } else if !rows.isEmpty {
      tables[name] = .array(rows)
    }
  }

  /// Takes a record of the journal in.
  mutating func apply(_ record: JSON) throws {
    if let head = try part("head", record, as: Head.self) { self.head = head }
    if let part = try part("settings", record, as: AccountSettings.self) { settings = part }
    if let part = try part("iam", record, as: IAMState.self) { iam = part }
    if let part = try part("kms", record, as: [String: KMSRegion].self) { kms = part }
    if let part = try part("ec2", record, as: [String: EC2Region].self) { ec2 = part }
    try applyEach("buckets", record, to: &s3.buckets) { $0.objects = $1.objects }
    try applyEach("macie2", record, to: &macie) { $0.findings = $1.findings }
    try applyEach("logs", record, to: &logs) { $0.events = $1.events }
    for (name, rows) in record["rows"]?.object ?? [:] {
      let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
      let owner = parts.count > 1 ? parts[1] : ""
      switch parts.first {
      case "objects": try s3.buckets[owner]?.objects.apply(rows)
      case "findings": try macie[owner]?.findings.apply(rows)
      case "sessions": try sessions.apply(rows)
      case "keyUses": try keyUses.apply(rows)
      case "events": try logs[owner]?.events.apply(rows)
      case "remarks": try remarks.apply(rows)
      case "denials": try denials.apply(rows)
      case "trail": try trail.apply(rows)
      default:
        throw StoreError("the practice account's journal names \(name), which this version does not know")
      }
    }
  }

  private func part<Part: Decodable>(_ name: String, _ record: JSON, as type: Part.Type) throws -> Part? {
    try record[name].map { try StateCoding.decode(type, from: $0) }
  }

  private func applyEach<Part: Decodable>(
    _ name: String, _ record: JSON, to parts: inout [String: Part],
    keepingTables keep: (inout Part, Part) -> Void
  ) throws {
    for (key, json) in record[name]?.object ?? [:] {
      guard json != .null else {
        parts[key] = nil
        continue
      }
      var part = try StateCoding.decode(Part.self, from: json)
      if let old = parts[key] { keep(&part, old) }
      parts[key] = part
    }
  }

  /// From here on changes count anew.
  mutating func forgetChanges() {
    for name in s3.buckets.filter({ !$0.value.objects.changed.isEmpty }).keys {
      s3.buckets[name]?.objects.forgetChanges()
    }
    for region in macie.filter({ !$0.value.findings.changed.isEmpty }).keys {
      macie[region]?.findings.forgetChanges()
    }
    sessions.forgetChanges()
    keyUses.forgetChanges()
    for region in logs.filter({ !$0.value.events.changed.isEmpty }).keys {
      logs[region]?.events.forgetChanges()
    }
    remarks.forgetChanges()
    denials.forgetChanges()
    trail.forgetChanges()
  }
}

extension SortedTable {
  /// Takes rows of a record in: key, row (null: gone), key, row, ...; or the whole table anew.
  fileprivate mutating func apply(_ rows: JSON) throws {
    if let all = rows["all"] {
      self = try StateCoding.decode(Self.self, from: all)
      return
    }
    let items = rows.array ?? []
    for index in stride(from: 0, to: items.count - 1, by: 2) {
      let key = try StateCoding.decode(Key.self, from: items[index])
      self[key] = items[index + 1] == .null ? nil : try StateCoding.decode(Row.self, from: items[index + 1])
    }
    forgetChanges()
  }
}
