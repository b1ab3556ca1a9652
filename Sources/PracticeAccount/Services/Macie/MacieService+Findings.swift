import ServiceModels
import Wire

extension MacieService {
  static let findingRules: [String: OperationRule] = [
    "ListFindings": OperationRule(
      ask("ListFindings"),
      { (input, call) throws(ServiceFault) in
        var found = matching(input, call)
        if let sort = input["sortCriteria"], let attribute = sort["attributeName"]?.string {
          found.sort { a, b in
            FindingCriteria.precedes(
              FindingCriteria.values(a.document.value, attribute).first,
              FindingCriteria.values(b.document.value, attribute).first)
          }
          if sort["orderBy"]?.string == "DESC" { found.reverse() }
        }
        guard
          let page = Page(
            found, limit: input["maxResults"]?.integer, token: input["nextToken"]?.string, most: 50)
        else {
          throw fault("ValidationException", "The request failed because nextToken isn't valid.")
        }
        var fields: Fields = ["findingIds": .list(page.items.map { .string($0.id) })]
        fields.add("nextToken", page.next.map(Value.string))
        return .object(fields)
      }),
    "GetFindings": OperationRule(
      ask("GetFindings"),
      { (input, call) throws(ServiceFault) in
        let ids = input.texts("findingIds")
        guard (1...50).contains(ids.count) else {
          throw fault("ValidationException", "The request failed because findingIds must contain 1-50 ids.")
        }
        var found = (call.seen.macie[call.region]?.findings ?? .init()).values.filter { ids.contains($0.id) }
        if input["sortCriteria"]?["orderBy"]?.string == "DESC" { found.reverse() }
        return ["findings": .list(found.map(\.document.value))]
      }),
    "GetFindingStatistics": OperationRule(
      ask("GetFindingStatistics"),
      { (input, call) in
        var counts: [String: Int64] = [:]
        for finding in matching(input, call) {
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

  private static func matching(_ input: Value, _ call: Call) -> [MacieFinding] {
    let criteria = FindingCriteria(input["findingCriteria"])
    return (call.seen.macie[call.region]?.findings ?? .init()).values.filter {
      criteria.hold($0.document.value)
    }
  }
}

/// `{criterion: {field: {eq: [..], gt: n, ..}}}`; all must hold (Macie API reference, `FindingCriteria`).
struct FindingCriteria {
  private var rows: [(field: String, test: Value)] = []

  init(_ value: Value?) {
    for field in value?["criterion"]?.object ?? [:] { rows.append((field.name, field.value)) }
  }

  func hold(_ finding: Value) -> Bool {
    rows.allSatisfy { row in
      let values = Self.values(finding, row.field)
      let texts = values.map(Self.text)
      let numbers = values.compactMap(Self.number)
      func list(_ name: String) -> [String]? { row.test[name]?.list.map { $0.map(Self.text) } }
      func bound(_ name: String) -> Double? { row.test[name]?.double }
      if let eq = list("eq"), !texts.contains(where: eq.contains) { return false }
      if let exact = list("eqExactMatch"), Set(exact) != Set(texts) { return false }
      if let neq = list("neq"), texts.contains(where: neq.contains) { return false }
      if let gt = bound("gt"), !numbers.contains(where: { $0 > gt }) { return false }
      if let gte = bound("gte"), !numbers.contains(where: { $0 >= gte }) { return false }
      if let lt = bound("lt"), !numbers.contains(where: { $0 < lt }) { return false }
      if let lte = bound("lte"), !numbers.contains(where: { $0 <= lte }) { return false }
      return true
    }
  }

  /// Every value at a dotted path; lists on the way are entered.
  static func values(_ value: Value, _ path: String) -> [Value] {
    var found = [value]
    for name in path.split(separator: ".") {
      found = found.flatMap { flat($0) }.compactMap { $0[String(name)] }
    }
    return found.flatMap { flat($0) }
  }

  private static func flat(_ value: Value) -> [Value] { value.list ?? [value] }

  static func text(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .double(let number): String(number)
    case .timestamp(let time): time.iso8601
    default: ""
    }
  }

  /// Times count in milliseconds since the epoch.
  static func number(_ value: Value) -> Double? {
    if case .timestamp(let time) = value { return Double(time.milliseconds) }
    return value.double
  }

  static func precedes(_ a: Value?, _ b: Value?) -> Bool {
    guard let a, let b else { return a == nil && b != nil }
    if let a = number(a), let b = number(b) { return a < b }
    return text(a) < text(b)
  }
}
