/// A recursive-descent parser over bytes that are known to be UTF-8.
///
/// Its steps, and so the order and the place of its errors, follow CPython's `Modules/_json.c` (3.11, which the
/// AWS CLI runs on; later ones have a word of their own for a trailing comma).
struct JSONParser {
  private let bytes: [UInt8]
  private var i = 0
  private var depth = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(JSONError) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw error("Unexpected UTF-8 BOM (decode using utf-8-sig)", at: 0)
    }
    skipSpace()
    let result = try value()
    skipSpace()
    guard i == bytes.count else { throw error("Extra data", at: i) }
    return result
  }

  private var current: UInt8? { i < bytes.count ? bytes[i] : nil }

  private mutating func skipSpace() {
    while i < bytes.count {
      switch bytes[i] {
      case 0x20, 0x09, 0x0A, 0x0D: i += 1
      default: return
      }
    }
  }

  private mutating func value() throws(JSONError) -> JSON {
    switch current {
    case 0x22: return .string(try string())
    case 0x7B: return try nested(JSONParser.object)
    case 0x5B: return try nested(JSONParser.array)
    case 0x6E where skip("null"): return .null
    case 0x74 where skip("true"): return .bool(true)
    case 0x66 where skip("false"): return .bool(false)
    default: return .number(try number())
    }
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - i >= count else { return false }
    for k in 0..<count where bytes[i + k] != word.utf8Start[k] { return false }
    i += count
    return true
  }

  private mutating func nested(_ body: (inout JSONParser) throws(JSONError) -> JSON) throws(JSONError) -> JSON
  {
    guard depth < JSON.maximumDepth else {
      throw error("Nested deeper than \(JSON.maximumDepth) levels", at: i)
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private static func object(_ parser: inout JSONParser) throws(JSONError) -> JSON {
    var members = JSONObject()
    parser.i += 1
    parser.skipSpace()
    if parser.current == 0x7D {
      parser.i += 1
      return .object(members)
    }
    while true {
      guard parser.current == 0x22 else {
        throw parser.error("Expecting property name enclosed in double quotes", at: parser.i)
      }
      let key = try parser.string()
      parser.skipSpace()
      guard parser.current == 0x3A else { throw parser.error("Expecting ':' delimiter", at: parser.i) }
      parser.i += 1
      parser.skipSpace()
      members[key] = try parser.value()
      if try parser.ends(with: 0x7D) { return .object(members) }
    }
  }

  private static func array(_ parser: inout JSONParser) throws(JSONError) -> JSON {
    var elements: [JSON] = []
    parser.i += 1
    parser.skipSpace()
    if parser.current == 0x5D {
      parser.i += 1
      return .array(elements)
    }
    while true {
      elements.append(try parser.value())
      if try parser.ends(with: 0x5D) { return .array(elements) }
    }
  }

  /// After an element: whether the container closes here; else the comma is skipped.
  private mutating func ends(with close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    if current == close {
      i += 1
      return true
    }
    guard current == 0x2C else { throw error("Expecting ',' delimiter", at: i) }
    i += 1
    skipSpace()
    return false
  }

  private mutating func number() throws(JSONError) -> JSONNumber {
    guard let end = numberEnd(bytes, from: i) else { throw error("Expecting value", at: i) }
    let literal = text(i, end)
    i = end
    return JSONNumber(valid: literal)
  }

  private mutating func string() throws(JSONError) -> String {
    let start = i
    i += 1
    let first = i
    try skipPlain(start)
    if bytes[i] == 0x22 {
      defer { i += 1 }
      return text(first, i)
    }
    var out = Array(bytes[first..<i])
    while true {
      if bytes[i] == 0x22 {
        i += 1
        return String(decoding: out, as: UTF8.self)
      }
      i += 1
      try escape(into: &out, start)
      let plain = i
      try skipPlain(start)
      out += bytes[plain..<i]
    }
  }

  /// Goes to the next quote or backslash.
  private mutating func skipPlain(_ start: Int) throws(JSONError) {
    while i < bytes.count {
      let byte = bytes[i]
      if byte == 0x22 || byte == 0x5C { return }
      if byte < 0x20 { throw error("Invalid control character at", at: i) }
      i += 1
    }
    throw error("Unterminated string starting at", at: start)
  }

  /// One escape; `i` is behind its backslash.
  private mutating func escape(into out: inout [UInt8], _ start: Int) throws(JSONError) {
    guard let letter = current else { throw error("Unterminated string starting at", at: start) }
    switch letter {
    case 0x22, 0x5C, 0x2F: out.append(letter)
    case 0x62: out.append(0x08)
    case 0x66: out.append(0x0C)
    case 0x6E: out.append(0x0A)
    case 0x72: out.append(0x0D)
    case 0x74: out.append(0x09)
    case 0x75:
      let scalar = try unicodeEscape()
      out += Array(String(Character(scalar)).utf8)
      return
    default: throw error("Invalid \\escape", at: i - 1)
    }
    i += 1
  }

  /// `uXXXX`, or two of them with a backslash between if they are a surrogate pair; `i` is at the `u`.
  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let at = i
    guard let unit = hexadecimal(at: i + 1) else { throw error("Invalid \\uXXXX escape", at: at) }
    i += 5
    guard (0xD800..<0xDC00).contains(unit), i + 6 < bytes.count, bytes[i] == 0x5C, bytes[i + 1] == 0x75 else {
      return Unicode.Scalar(unit) ?? replacement
    }
    guard let low = hexadecimal(at: i + 2) else { throw error("Invalid \\uXXXX escape", at: i + 1) }
    guard (0xDC00..<0xE000).contains(low) else { return replacement }
    i += 6
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? replacement
  }

  private func hexadecimal(at start: Int) -> UInt32? {
    // Not even a quote behind them: CPython then calls the escape wrong, not the string unterminated.
    guard start + 4 < bytes.count else { return nil }
    var unit: UInt32 = 0
    for byte in bytes[start..<start + 4] {
      switch byte {
      case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x61 + 10)
      default: return nil
      }
    }
    return unit
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// An error at a byte, its place told in characters.
  private func error(_ message: String, at index: Int) -> JSONError {
    var line = 1
    var column = 1
    var offset = 0
    for byte in bytes[..<min(index, bytes.count)] where byte & 0xC0 != 0x80 {
      offset += 1
      column += 1
      if byte == 0x0A {
        line += 1
        column = 1
      }
    }
    return JSONError(message: message, line: line, column: column, offset: offset)
  }
}
