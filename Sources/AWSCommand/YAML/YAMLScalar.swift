/// What a plain scalar is, by YAML 1.2 as the AWS CLI's library reads it: yes, no, on and off are words, times are
/// times.
enum YAMLScalar {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  /// A date or a point in time, as written.
  case timestamp
  /// `<<`, `=` and what else means something of its own.
  case special
  case text

  init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .bool(true)
    case "false", "False", "FALSE": self = .bool(false)
    case "<<", "=", "!", "&", "*": self = .special
    default: self = YAMLScalar.numeric(Array(text.utf8)) ?? .text
    }
  }

  /// Whether a text that is written plain would be read as this text.
  static func isText(_ text: String) -> Bool {
    if case .text = YAMLScalar(plain: text) { return true }
    return false
  }

  // MARK: Numbers and times

  private static func numeric(_ bytes: [UInt8]) -> YAMLScalar? {
    guard let first = bytes.first, isDigit(first) || first == 0x2B || first == 0x2D || first == 0x2E else {
      return nil
    }
    if let whole = integer(bytes) { return whole }
    if isFloat(bytes) { return .number(double(bytes)) }
    return isTime(bytes) ? .timestamp : nil
  }

  private static func integer(_ bytes: [UInt8]) -> YAMLScalar? {
    let isNegative = bytes.first == 0x2D
    let body = isNegative || bytes.first == 0x2B ? bytes.dropFirst() : bytes[...]
    guard let first = body.first else { return nil }
    let digits = body.filter { $0 != 0x5F }
    func made(_ digits: some Sequence<UInt8>, radix: Int) -> YAMLScalar {
      let text = (isNegative ? "-" : "") + String(decoding: Array(digits), as: UTF8.self)
      if let value = Int64(text, radix: radix) { return .integer(value) }
      return .number(Double(text) ?? 0)
    }
    let prefix = first == 0x30 ? body.dropFirst().first : nil
    switch prefix {
    case 0x62 where body.count > 2 && body.dropFirst(2).allSatisfy { $0 == 0x30 || $0 == 0x31 || $0 == 0x5F }:
      return made(digits.dropFirst(2), radix: 2)
    case 0x78 where body.count > 2 && body.dropFirst(2).allSatisfy { isHex($0) || $0 == 0x5F }:
      return made(digits.dropFirst(2), radix: 16)
    case 0x6F
    where body.count > 2 && body.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) || $0 == 0x5F }:
      return made(digits.dropFirst(2), radix: 8)
    default:
      guard body.allSatisfy({ isDigit($0) || $0 == 0x5F }) else { return nil }
      return made(digits, radix: 10)
    }
  }

  private static func isFloat(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest.removeFirst() }
    let word = String(decoding: rest, as: UTF8.self)
    if [".inf", ".Inf", ".INF"].contains(word) { return true }
    if [".nan", ".NaN", ".NAN"].contains(word) { return rest.count == bytes.count }
    let whole = rest.prefix { isDigit($0) || $0 == 0x5F }
    if let head = whole.first, !isDigit(head) { return false }
    rest = rest.dropFirst(whole.count)
    var hasPoint = false
    if rest.first == 0x2E {
      hasPoint = true
      rest.removeFirst()
      let part = rest.prefix { isDigit($0) || $0 == 0x5F }
      if whole.isEmpty, part.isEmpty { return false }
      rest = rest.dropFirst(part.count)
    }
    guard hasPoint || !whole.isEmpty else { return false }
    guard let mark = rest.first else { return hasPoint }
    guard mark == 0x65 || mark == 0x45 else { return false }
    rest.removeFirst()
    if let sign = rest.first, sign == 0x2B || sign == 0x2D { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private static func double(_ bytes: [UInt8]) -> Double {
    var text = String(decoding: bytes.filter { $0 != 0x5F }, as: UTF8.self).lowercased()
    text = text.replacing(".inf", with: "inf").replacing(".nan", with: "nan")
    if text.hasPrefix("+") { text.removeFirst() }
    return Double(text) ?? Double(text + "0") ?? 0
  }

  /// `2026-01-01`, or a date and a time in the forms of YAML 1.1's timestamps.
  private static func isTime(_ bytes: [UInt8]) -> Bool {
    var reader = TimeReader(rest: bytes[...])
    guard reader.digits(4...4), reader.take(0x2D) else { return false }
    let start = reader
    if reader.digits(2...2), reader.take(0x2D), reader.digits(2...2), reader.rest.isEmpty { return true }
    reader = start
    guard reader.digits(1...2), reader.take(0x2D), reader.digits(1...2), reader.separator(),
      reader.digits(1...2), reader.take(0x3A), reader.digits(2...2), reader.take(0x3A), reader.digits(2...2)
    else { return false }
    if reader.take(0x2E) { _ = reader.digits(0...9) }
    reader.skipBlanks()
    if reader.rest.isEmpty || reader.take(0x5A) { return reader.rest.isEmpty }
    guard reader.take(0x2B) || reader.take(0x2D), reader.digits(1...2) else { return false }
    return reader.rest.isEmpty || reader.take(0x3A) && reader.digits(2...2) && reader.rest.isEmpty
  }

  private struct TimeReader {
    var rest: ArraySlice<UInt8>

    mutating func digits(_ counts: ClosedRange<Int>) -> Bool {
      let found = rest.prefix(while: YAMLScalar.isDigit).count
      guard found >= counts.lowerBound else { return false }
      rest = rest.dropFirst(min(found, counts.upperBound))
      return true
    }

    mutating func take(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest.removeFirst()
      return true
    }

    mutating func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 } }

    /// `T`, or blanks.
    mutating func separator() -> Bool {
      if take(0x54) || take(0x74) { return true }
      let count = rest.count
      skipBlanks()
      return rest.count < count
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}
