extension JSON {
  /// Reads one JSON value with white space around it.
  ///
  /// Of two members with one key the last wins, in the place of the first (as in a Python dict).
  /// - Throws: `JSONError` with Python's words and the position.
  package static func parse(_ text: String) throws(JSONError) -> JSON {
    try parse(bytes: Array(text.utf8))
  }

  /// Reads one JSON value from UTF-8 bytes.
  /// - Throws: `JSONError` with Python's words and the position; also for bytes that are not UTF-8.
  package static func parse(bytes: [UInt8]) throws(JSONError) -> JSON {
    if let bad = firstInvalidUTF8(bytes) { throw invalidUTF8(bytes, at: bad) }
    var parser = JSONParser(bytes: bytes)
    return try parser.document()
  }

  /// The deepest nesting of arrays and objects that is read.
  package static let maximumDepth = 512

  private static func invalidUTF8(_ bytes: [UInt8], at offset: Int) -> JSONError {
    let hex = String(bytes[offset], radix: 16)
    let before = bytes[..<offset]
    let column = offset - (before.lastIndex(of: 0x0A) ?? -1)
    return JSONError(
      message:
        "'utf-8' codec can't decode byte 0x\(hex.utf8.count < 2 ? "0" : "")\(hex) in position \(offset)",
      line: before.count { $0 == 0x0A } + 1, column: column, offset: offset)
  }
}

/// Where the first sequence begins that is not UTF-8 (RFC 3629: no overlong forms, no surrogates), or nil.
func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
  bytes.withUnsafeBufferPointer { bytes in
    var i = 0
    let end = bytes.count
    func isTail(_ i: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      i < end && range.contains(bytes[i])
    }
    while i < end {
      let byte = bytes[i]
      switch byte {
      case 0..<0x80: i += 1
      case 0xC2...0xDF:
        guard isTail(i + 1) else { return i }
        i += 2
      case 0xE0...0xEF:
        let second: ClosedRange<UInt8> = byte == 0xE0 ? 0xA0...0xBF : byte == 0xED ? 0x80...0x9F : 0x80...0xBF
        guard isTail(i + 1, second), isTail(i + 2) else { return i }
        i += 3
      case 0xF0...0xF4:
        let second: ClosedRange<UInt8> = byte == 0xF0 ? 0x90...0xBF : byte == 0xF4 ? 0x80...0x8F : 0x80...0xBF
        guard isTail(i + 1, second), isTail(i + 2), isTail(i + 3) else { return i }
        i += 4
      default: return i
      }
    }
    return nil
  }
}

/// Where a number of the JSON grammar that begins at `start` ends; nil if none begins there.
///
/// As Python reads it: `1.` is the number `1` with something after it.
func numberEnd(_ bytes: [UInt8], from start: Int = 0) -> Int? {
  func isDigit(_ i: Int) -> Bool { i < bytes.count && (0x30...0x39).contains(bytes[i]) }
  var i = start
  if i < bytes.count, bytes[i] == 0x2D { i += 1 }
  guard isDigit(i) else { return nil }
  if bytes[i] == 0x30 {
    i += 1
  } else {
    while isDigit(i) { i += 1 }
  }
  if i < bytes.count, bytes[i] == 0x2E, isDigit(i + 1) {
    i += 2
    while isDigit(i) { i += 1 }
  }
  if i < bytes.count, bytes[i] | 0x20 == 0x65 {
    var j = i + 1
    if j < bytes.count, bytes[j] == 0x2B || bytes[j] == 0x2D { j += 1 }
    if isDigit(j) {
      while isDigit(j) { j += 1 }
      i = j
    }
  }
  return i
}
