import ServiceModels
import Wire

extension MacieService {
  static let findingRules: [String: OperationRule] = [
    "ListFindings": OperationRule(
      ask("ListFindings"),
      { (input, call) throws(ServiceFault) in
        let found = sorted(try matching(input, call), by: input["sortCriteria"]) { $0 }
        return try page(found, input, "findingIds", most: 50) { .string($0.id) }
      }),
    "GetFindings": OperationRule(
      ask("GetFindings"),
      { (input, call) throws(ServiceFault) in
        let ids = Set(input.texts("findingIds"))
        guard (1...50).contains(ids.count) else {
          throw fault("ValidationException", "The request failed because findingIds must contain 1-50 ids.")
        }
        let all = (call.seen.macie[call.region]?.findings ?? .init()).values.filter { ids.contains($0.id) }
        let found = sorted(all, by: input["sortCriteria"]) { $0 }
        return ["findings": .list(found.map(\.document.value))]
      }),
    "GetFindingStatistics": OperationRule(
      ask("GetFindingStatistics"),
      { (input, call) throws(ServiceFault) in
        var counts: [String: Int64] = [:]
        for finding in try matching(input, call) {
          for value in FindingCriteria.values(finding.document.value, input.text("groupBy")) {
            counts[FindingCriteria.text(value), default: 0] += 1
          }
        }
        let sort = input["sortCriteria"]
        var groups = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        if sort?["attributeName"]?.string == "groupKey" { groups.sort { $0.key < $1.key } }
        if let order = sort?["orderBy"]?.string,
          (order == "ASC") != (sort?["attributeName"]?.string == "groupKey")
        {
          groups.reverse()
        }
        let size = Int(clamping: max(1, input["size"]?.integer ?? 20))
        return [
          "countsByGroup": .list(
            groups.prefix(size).map { ["count": .integer($0.value), "groupKey": .string($0.key)] })
        ]
      }),
  ]

  private static func matching(_ input: Value, _ call: Call) throws(ServiceFault) -> [MacieFinding] {
    try checkCriteria(input["findingCriteria"], call)
    let criteria = FindingCriteria(input["findingCriteria"])
    return (call.seen.macie[call.region]?.findings ?? .init()).values.filter {
      criteria.hold($0.document.value)
    }
  }

  /// A field that no finding has would fit nothing, silently.
  static func checkCriteria(_ criteria: Value?, _ call: Call) throws(ServiceFault) {
    guard let fields = criteria?["criterion"]?.object,
      let finding = try? call.realm.catalog.model("macie2").operation("GetFindings")?.output?.member(
        "findings")?
        .shape.element?.shape
    else { return }
    for field in fields {
      var shape = finding
      for name in field.name.split(separator: ".") {
        while let element = shape.element { shape = element.shape }
        guard let member = shape.member(String(name)) else {
          throw invalid("\(field.name) isn't a field of findings")
        }
        shape = member.shape
      }
    }
  }

  /// Each with the value that it is sorted by read once.
  static func sorted<Item>(_ items: [Item], by sort: Value?, _ finding: (Item) -> MacieFinding) -> [Item] {
    guard let attribute = sort?["attributeName"]?.string else {
      return sort?["orderBy"]?.string == "DESC" ? items.reversed() : items
    }
    var keyed = items.enumerated().map { index, item in
      (index: index, key: FindingCriteria.values(finding(item).document.value, attribute).first, item: item)
    }
    keyed.sort { a, b in
      if FindingCriteria.precedes(a.key, b.key) { return true }
      return !FindingCriteria.precedes(b.key, a.key) && a.index < b.index
    }
    let ordered = keyed.map(\.item)
    return sort?["orderBy"]?.string == "DESC" ? ordered.reversed() : ordered
  }

  /// Keeps a finding; suppression rules archive it at once.
  static func keep(
    _ document: Value, id: String, region: String, at time: Timestamp, in realm: Realm
  ) {
    guard let own = realm.current.macie[region], own.session != nil else { return }
    var document = document
    let isSuppressed = own.filters.contains { filter in
      filter.action == "ARCHIVE" && FindingCriteria(filter.criteria.value).hold(document)
    }
    if isSuppressed, var fields = document.object {
      fields["archived"] = true
      document = .object(fields)
    }
    let number = (own.findings.last?.key ?? 0) + 1
    realm.state.macie[region]?.findings[number] = MacieFinding(
      id: id, created: time, document: StoredValue(document))
  }

  static let daysKept = 90.0

  /// Macie keeps findings for 90 days (user guide, "Storing and retaining findings").
  static func dropOldFindings(region: String, at time: Timestamp, in realm: Realm) {
    let limit = time.adding(seconds: -daysKept * 86_400)
    let old = (realm.current.macie[region]?.findings ?? .init()).prefix { $0.row.created <= limit }.count
    realm.state.macie[region]?.findings.removeFirst(old)
  }
}

extension MacieRegion {
  /// When the oldest finding goes.
  var findingsExpire: Timestamp? {
    var rows = findings.makeIterator()
    return rows.next()?.row.created.adding(seconds: MacieService.daysKept * 86_400)
  }
}
