import Wire

/// The `Condition` block: rows are ANDed, the values of a row ORed, a negated row NORed.
///
/// Source: IAM user guide, "Condition operators" and "Conditions with multiple context keys or values".
struct ConditionEvaluator {
  var context: [String: [String]]
  /// Variables are only known to policies of version 2012-10-17.
  var usesVariables: Bool

  func holds(_ condition: PolicyStatement.Condition) -> Bool {
    var name = Substring(condition.operatorName.lowercased())
    var quantifier: Substring?
    if let colon = name.firstIndex(of: ":") {
      quantifier = name[..<colon]
      name = name[name.index(after: colon)...]
    }
    let ifExists = name.hasSuffix("ifexists")
    if ifExists { name = name.dropLast("ifexists".count) }
    let given = context[condition.key.lowercased()]

    if name == "null" {
      let wantsAbsent = condition.values.first?.lowercased() == "true"
      return (given == nil) == wantsAbsent
    }
    guard let comparison = comparisons[String(name)] else { return false }
    guard let given, !given.isEmpty else {
      if ifExists || quantifier == "forallvalues" { return true }
      return quantifier == nil && comparison.isNegated
    }
    let test = { (value: String) -> Bool in
      let any = condition.values.contains { wanted in comparison.test(self, value, wanted) }
      return comparison.isNegated ? !any : any
    }
    switch quantifier {
    case "forallvalues": return given.allSatisfy(test)
    case "foranyvalue": return given.contains(where: test)
    case nil: return comparison.isNegated ? given.allSatisfy(test) : given.contains(where: test)
    default: return false
    }
  }

  func variable(_ name: String) -> String? {
    guard usesVariables else { return "${\(name)}" }
    guard let values = context[name.lowercased()], values.count == 1 else { return nil }
    return values.first
  }

  private func text(_ wanted: String) -> String? {
    guard let pieces = compiled(wanted, wildcards: false, variable: variable) else { return nil }
    var bytes: [UInt8] = []
    for case .byte(let byte) in pieces { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  fileprivate struct Comparison: Sendable {
    var isNegated = false
    var test: @Sendable (ConditionEvaluator, _ value: String, _ wanted: String) -> Bool
  }

  private static func numbers(_ value: String, _ wanted: String, _ compare: (Double, Double) -> Bool) -> Bool
  {
    guard let a = Double(value), let b = Double(wanted) else { return false }
    return compare(a, b)
  }

  private static func dates(_ value: String, _ wanted: String, _ compare: (Timestamp, Timestamp) -> Bool)
    -> Bool
  {
    guard let a = Timestamp(parsing: value), let b = Timestamp(parsing: wanted) else { return false }
    return compare(a, b)
  }

  /// ARNs compare field by field; wildcards do not cross a colon, except in the last field.
  private static func arns(_ evaluator: ConditionEvaluator, _ value: String, _ wanted: String) -> Bool {
    let a = value.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    let b = wanted.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    // A pattern of fewer fields (`*`, `arn:aws:s3:::*` has all six) is matched as one text.
    guard a.count == 6, b.count == 6 else { return like(evaluator, value, wanted) }
    return zip(a, b).allSatisfy { like(evaluator, String($0), String($1)) }
  }

  private static func like(_ evaluator: ConditionEvaluator, _ value: String, _ wanted: String) -> Bool {
    guard let pieces = compiled(wanted, variable: evaluator.variable) else { return false }
    return matches(pieces, value)
  }

  fileprivate static let table: [String: Comparison] = {
    var table: [String: Comparison] = [
      "stringequals": Comparison { $0.text($2).map { Array($0.utf8) } == Array($1.utf8) },
      "stringequalsignorecase": Comparison { $0.text($2)?.lowercased() == $1.lowercased() },
      "stringlike": Comparison { like($0, $1, $2) },
      "numericequals": Comparison { numbers($1, $2, ==) },
      "numericlessthan": Comparison { numbers($1, $2, <) },
      "numericlessthanequals": Comparison { numbers($1, $2, <=) },
      "numericgreaterthan": Comparison { numbers($1, $2, >) },
      "numericgreaterthanequals": Comparison { numbers($1, $2, >=) },
      "dateequals": Comparison { dates($1, $2, ==) },
      "datelessthan": Comparison { dates($1, $2, <) },
      "datelessthanequals": Comparison { dates($1, $2, <=) },
      "dategreaterthan": Comparison { dates($1, $2, >) },
      "dategreaterthanequals": Comparison { dates($1, $2, >=) },
      "bool": Comparison { $1.lowercased() == $2.lowercased() },
      "binaryequals": Comparison { $1 == $2 },
      "ipaddress": Comparison { AddressRange($2)?.contains($1) ?? false },
      "arnlike": Comparison { arns($0, $1, $2) },
      "arnequals": Comparison { arns($0, $1, $2) },
    ]
    let negations = [
      "stringnotequals": "stringequals", "stringnotequalsignorecase": "stringequalsignorecase",
      "stringnotlike": "stringlike", "numericnotequals": "numericequals", "datenotequals": "dateequals",
      "notipaddress": "ipaddress", "arnnotlike": "arnlike", "arnnotequals": "arnequals",
    ]
    for (negation, plain) in negations {
      if let comparison = table[plain] {
        table[negation] = Comparison(isNegated: true, test: comparison.test)
      }
    }
    return table
  }()

  private var comparisons: [String: Comparison] { Self.table }

  /// Whether `name` is an operator (with `IfExists` and set prefixes).
  static func knows(_ name: String) -> Bool {
    var base = Substring(name.lowercased())
    for prefix in ["forallvalues:", "foranyvalue:"] where base.hasPrefix(prefix) {
      base = base.dropFirst(prefix.count)
    }
    if base == "null" { return true }
    if base.hasSuffix("ifexists") { base = base.dropLast("ifexists".count) }
    return table[String(base)] != nil
  }
}
