import OrderedJSON

extension Evaluator {
  /// `ceil` and `floor`: an integer with all its digits, however big, as Python's.
  func rounded(_ value: JSON, _ rule: FloatingPointRoundingRule) throws(JMESPathError) -> JSON {
    guard let number = value.number, !number.isInteger else { return value }
    let whole = number.double.rounded(rule)
    if let small = Int64(exactly: whole) { return .number(JSONNumber(small)) }
    guard whole.isFinite else {
      throw error(.value, "cannot convert float \(whole.isNaN ? "NaN" : "infinity") to integer")
    }
    let literal = (whole < 0 ? "-" : "") + digits(of: whole.magnitude)
    return JSONNumber(literal: literal).map { .number($0) } ?? .double(whole)
  }
}

/// The decimal digits of a whole number of at least 2^63: its significand, doubled as often as the exponent says.
private func digits(of whole: Double) -> String {
  // Groups of nine digits, the lowest first.
  var groups: [UInt64] = []
  var significand = whole.significandBitPattern | 1 << 52
  while significand > 0 {
    groups.append(significand % 1_000_000_000)
    significand /= 1_000_000_000
  }
  for _ in 0..<max(0, Int(whole.exponent) - 52) {
    var carry: UInt64 = 0
    for i in groups.indices {
      let doubled = groups[i] * 2 + carry
      groups[i] = doubled % 1_000_000_000
      carry = doubled / 1_000_000_000
    }
    if carry > 0 { groups.append(carry) }
  }
  return groups.reversed().enumerated().map { position, group in
    let text = String(group)
    return position == 0 ? text : String(repeating: "0", count: 9 - text.utf8.count) + text
  }.joined()
}
