import ServiceModels
import Wire

/// `{criterion: {field: {eq: [..], gt: n, ..}}}`; all must hold (Macie API reference, `FindingCriteria`).
struct FindingCriteria {
  /// One field's test, taken apart once for thousands of findings.
  private struct Row {
    var path: [String]
    var eq: Set<String>?
    var exact: Set<String>?
    var neq: Set<String>?
    var prefix: String?
    var bounds: [(limit: Double, holds: @Sendable (Double, Double) -> Bool)] = []
  }

  private var rows: [Row] = []

  init(_ value: Value?) {
    for field in value?["criterion"]?.object ?? [:] {
      let test = field.value
      func texts(_ name: String) -> Set<String>? { test[name]?.list.map { Set($0.map(Self.text)) } }
      var row = Row(
        path: Self.names(field.name), eq: texts("eq"), exact: texts("eqExactMatch"), neq: texts("neq"),
        prefix: test["prefix"]?.string)
      if let limit = test["gt"]?.double { row.bounds.append((limit, { $0 > $1 })) }
      if let limit = test["gte"]?.double { row.bounds.append((limit, { $0 >= $1 })) }
      if let limit = test["lt"]?.double { row.bounds.append((limit, { $0 < $1 })) }
      if let limit = test["lte"]?.double { row.bounds.append((limit, { $0 <= $1 })) }
      rows.append(row)
    }
  }

  func hold(_ finding: Value) -> Bool {
    rows.allSatisfy { row in
      var values: [Value] = []
      Self.collect(finding, row.path[...], into: &values)
      if let eq = row.eq, !values.contains(where: { eq.contains(Self.text($0)) }) { return false }
      if let exact = row.exact, exact != Set(values.map(Self.text)) { return false }
      if let neq = row.neq, values.contains(where: { neq.contains(Self.text($0)) }) { return false }
      if let prefix = row.prefix, !values.contains(where: { Self.text($0).hasPrefix(prefix) }) {
        return false
      }
      return row.bounds.allSatisfy { bound in
        values.contains { Self.number($0).map { bound.holds($0, bound.limit) } ?? false }
      }
    }
  }

  /// Every value at a dotted path; lists on the way are entered.
  static func values(_ value: Value, _ path: String) -> [Value] {
    var found: [Value] = []
    collect(value, names(path)[...], into: &found)
    return found
  }

  private static func names(_ path: String) -> [String] { path.split(separator: ".").map(String.init) }

  private static func collect(_ value: Value, _ path: ArraySlice<String>, into found: inout [Value]) {
    if let items = value.list {
      for item in items {
        // A list in a list is a value of its own.
        if item.list == nil { collect(item, path, into: &found) } else if path.isEmpty { found.append(item) }
      }
    } else if let name = path.first {
      if let member = value[name] { collect(member, path.dropFirst(), into: &found) }
    } else {
      found.append(value)
    }
  }

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
