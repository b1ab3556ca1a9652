extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let backslash = UInt8(ascii: "\\")

  var isNameStart: Bool {
    self == UInt8(ascii: "_")
      || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") && self < 0x80)
  }
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isNameByte: Bool { isNameStart || isDigit }
}

extension Parser {
  var atEnd: Bool { index >= bytes.count }
  var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

  func byte(_ ahead: Int) -> UInt8? {
    let place = index + ahead
    return place >= 0 && place < bytes.count ? bytes[place] : nil
  }

  func starts(with text: String) -> Bool {
    var place = index
    for unit in text.utf8 {
      guard place < bytes.count, bytes[place] == unit else { return false }
      place += 1
    }
    return true
  }

  /// A byte that ends an unquoted word.
  static func isMeta(_ byte: UInt8) -> Bool {
    switch byte {
    case .space, .tab, .newline, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }

  func range(_ start: Int, _ end: Int) -> SourceRange {
    SourceRange(start: lines.position(outer(start)), end: lines.position(outer(end)))
  }

  /// The offset in the script of an offset in this text.
  func outer(_ offset: Int) -> Int {
    guard let origin else { return offset }
    return offset < origin.count ? origin[max(offset, 0)] : origin.last ?? 0
  }

  func origins(_ start: Int, _ end: Int) -> [Int] { (start...max(start, end)).map(outer) }

  func text(_ start: Int, _ end: Int) -> String {
    start < end && end <= bytes.count ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
  }

  /// Skips blanks, continued lines and a comment. Stops at a newline.
  mutating func skipBlanks() {
    while let byte {
      if byte == .space || byte == .tab {
        index += 1
      } else if byte == .backslash, self.byte(1) == .newline {
        index += 2
      } else if byte == UInt8(ascii: "#") {
        while let next = self.byte, next != .newline { index += 1 }
      } else {
        return
      }
    }
  }

  /// Skips blanks and newlines, reading the here-documents that begin after each.
  mutating func skipNewlines() throws(ShellSyntaxError) {
    skipBlanks()
    while byte == .newline {
      index += 1
      try readPendingDocuments()
      skipBlanks()
    }
  }

  /// The unquoted word at the cursor, where it is made of plain bytes alone; nil otherwise.
  func peekPlainWord() -> String? {
    var end = index
    while end < bytes.count, !Self.isMeta(bytes[end]) {
      switch bytes[end] {
      case .backslash, UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "`"): return nil
      default: end += 1
      }
    }
    return end > index ? text(index, end) : nil
  }

  /// Reads the reserved word `word`, or says that it is missing.
  mutating func expect(_ word: String, after construct: String) throws(ShellSyntaxError) {
    try skipNewlines()
    if peekPlainWord() == word {
      index += word.utf8.count
      return
    }
    if atEnd { throw incomplete("`\(word)` of `\(construct)`") }
    throw malformed("“\(construct)” needs `\(word)` here, not \(describeToken()).", construct)
  }

  // MARK: Errors

  func malformed(_ message: String, _ construct: String?, from start: Int? = nil) -> ShellSyntaxError {
    let start = start ?? index
    return ShellSyntaxError(
      kind: .malformed, message: message, construct: construct, range: range(start, max(start, tokenEnd)))
  }

  func incomplete(_ what: String, from start: Int? = nil) -> ShellSyntaxError {
    ShellSyntaxError(
      kind: .incomplete,
      message: "The text ends before \(what). Add what is missing, or take the opening away.",
      construct: what, range: range(start ?? index, max(start ?? index, index)))
  }

  func unsupported(_ construct: String, _ instead: String, from start: Int? = nil) -> ShellSyntaxError {
    ShellSyntaxError(
      kind: .unsupported, message: "The lab shell does not run \(construct): \(instead).",
      construct: construct,
      range: range(start ?? index, max(start ?? index, tokenEnd)))
  }

  func tooDeep() -> ShellSyntaxError {
    ShellSyntaxError(
      kind: .unsupported, message: "This is nested too deeply to run: split it into several commands.",
      construct: "nesting", range: range(index, index))
  }

  private var tokenEnd: Int {
    var end = index
    while end < bytes.count, !Self.isMeta(bytes[end]) { end += 1 }
    return end == index ? min(index + 1, bytes.count) : end
  }

  func describeToken() -> String {
    guard let byte else { return "the end of the text" }
    return byte == .newline ? "the end of the line" : "`\(text(index, tokenEnd))`"
  }

  /// Why a command cannot begin, or a statement not go on, at the cursor.
  func unexpectedToken() -> ShellSyntaxError {
    let token = describeToken()
    if atEnd { return incomplete("a command") }
    switch byte {
    case UInt8(ascii: "("):
      return malformed(
        "\(token) cannot stand here. To pass parentheses to a command, quote them: '( )'.", "parenthesis")
    case UInt8(ascii: ")"):
      return malformed("\(token) closes nothing: no `(` is open. Take it away or quote it.", "parenthesis")
    case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"):
      return malformed("\(token) has no command before it.", "command")
    default: break
    }
    if let word = peekPlainWord(), let opener = Self.openers[word] {
      return malformed("`\(word)` without \(opener) before it.", word)
    }
    return malformed(
      "\(token) cannot stand here; end the command before it with `;` or a new line.", "command")
  }

  /// Reserved words that only go on with something, and what that is.
  static let openers: [String: String] = [
    "then": "`if`", "elif": "`if`", "else": "`if`", "fi": "`if`", "do": "`for`, `while` or `until`",
    "done": "`do`", "esac": "`case`", "}": "`{`",
  ]
}
