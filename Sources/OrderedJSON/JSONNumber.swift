/// A JSON number, which keeps its literal text as it was read.
///
/// Two numbers are equal if their values are: `1`, `1.0` and `1e0`.
package struct JSONNumber: Sendable {
  private enum Storage: Sendable {
    case integer(Int64)
    case double(Double)
    /// Anything that is not the one usual way to write an `Int64`: fractions, exponents, `-0`, 20 digits.
    case literal(String)
  }

  private let storage: Storage

  package init(_ value: Int64) {
    storage = .integer(value)
  }

  package init(_ value: Int) {
    storage = .integer(Int64(value))
  }

  package init(_ value: Double) {
    storage = .double(value)
  }

  /// Nil unless `literal` is a number of the JSON grammar (RFC 8259, section 6).
  package init?(literal: String) {
    guard let end = numberEnd(Array(literal.utf8)), end == literal.utf8.count else { return nil }
    self.init(valid: literal)
  }

  /// `literal` is known to be of the grammar.
  init(valid literal: String) {
    if literal != "-0", let value = Int64(literal) {
      storage = .integer(value)
    } else {
      storage = .literal(literal)
    }
  }

  /// The text as it was read; for a number that was computed, as it is printed.
  package var literal: String {
    if case .literal(let text) = storage { text } else { text }
  }

  /// Whether it is written as an integer: no fraction, no exponent (Python's `int` or `float`).
  package var isInteger: Bool {
    switch storage {
    case .integer: true
    case .double: false
    case .literal(let text): text.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) }
    }
  }

  /// The value if it is a whole number that fits (`1.0` and `1e3` are whole), else nil.
  package var int: Int64? {
    switch storage {
    case .integer(let value): value
    case .double(let value): Int64(exactly: value)
    case .literal: isInteger ? (literal == "-0" ? 0 : nil) : Int64(exactly: double)
    }
  }

  /// The nearest double; a literal beyond its range gives an infinity.
  package var double: Double {
    switch storage {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .literal(let text): Double(text) ?? .nan
    }
  }

  /// As Python prints what it read: integers with all their digits, others as `repr` of the double
  /// (`1e3` becomes `1000.0`). A literal beyond the range of a double stays as it is.
  package var text: String {
    switch storage {
    case .integer(let value): return String(value)
    case .double(let value): return pythonText(value)
    case .literal(let text):
      if text == "-0" { return "0" }
      if isInteger { return text }
      let value = double
      return value.isFinite ? pythonText(value) : text
    }
  }
}

extension JSONNumber: Hashable {
  package static func == (a: JSONNumber, b: JSONNumber) -> Bool {
    switch (a.int, b.int) {
    case (let a?, let b?): return a == b
    case (nil, nil):
      if a.isInteger && b.isInteger { return a.literal == b.literal }
      return a.double == b.double
    default: return false
    }
  }

  package func hash(into hasher: inout Hasher) {
    if let int { hasher.combine(int) } else { hasher.combine(double) }
  }
}

/// A double as Python's `repr` writes it: the shortest digits that read back as the same value, an exponent
/// below 1e-4 and from 1e16 on, `.0` for whole numbers. `NaN` and `Infinity` are as its `json` prints them.
func pythonText(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
  if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
  // Swift's description has the same shortest digits; only the point and the exponent are placed elsewhere.
  let parts = value.magnitude.description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let whole = mantissa[0]
  let fraction = mantissa.count > 1 ? mantissa[1] : ""
  var point = whole.utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  var digits = Array((whole + fraction).utf8)
  let zeros = digits.prefix { $0 == 0x30 }.count
  digits.removeFirst(zeros)
  point -= zeros
  while digits.last == 0x30 { digits.removeLast() }
  let text = String(decoding: digits, as: UTF8.self)
  let sign = value < 0 ? "-" : ""
  if point > 16 || point < -3 {
    let exponent = point - 1
    let tail = text.utf8.count > 1 ? "." + text.dropFirst() : ""
    let magnitude = String(exponent.magnitude)
    return sign + text.prefix(1) + tail + (exponent < 0 ? "e-" : "e+")
      + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
  }
  if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text }
  if text.utf8.count <= point {
    return sign + text + String(repeating: "0", count: point - text.utf8.count) + ".0"
  }
  return sign + text.prefix(point) + "." + text.dropFirst(point)
}
