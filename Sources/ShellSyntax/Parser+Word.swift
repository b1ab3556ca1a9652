extension Parser {
  /// How text is read: what a backslash and the quotes mean in it.
  enum Mode {
    /// Outside quotes.
    case word
    /// Between double quotes.
    case double
    /// After an operator of `${ }` that stands between double quotes or in a here-document.
    case doubleOperand
    case hereDocument
    case arithmetic

    var isUnquoted: Bool { self == .word }

    /// What a backslash takes its meaning from; before anything else it stands for itself.
    func escapes(_ byte: UInt8) -> Bool {
      switch self {
      case .word: true
      case .double: "$`\"\\".utf8.contains(byte)
      case .doubleOperand: "$`\"\\}".utf8.contains(byte)
      case .hereDocument: "$`\\".utf8.contains(byte)
      case .arithmetic: "$`\"\\".utf8.contains(byte)
      }
    }
  }

  mutating func parseWord() throws(ShellSyntaxError) -> Word {
    let word = try parseWordOrEmpty()
    if word.parts.isEmpty { throw unexpectedToken() }
    return word
  }

  mutating func parseWordOrEmpty() throws(ShellSyntaxError) -> Word {
    let start = index
    let parts = try parseParts(.word, Self.isMeta)
    return Word(parts: parts, range: range(start, index))
  }

  /// Parts up to the first byte for which `stop` is true; `stop` sees only bytes that stand for themselves.
  mutating func parseParts(_ mode: Mode, _ stop: (UInt8) -> Bool) throws(ShellSyntaxError) -> [WordPart] {
    var parts: [WordPart] = []
    var run: [UInt8] = []
    func flush(_ run: inout [UInt8], _ parts: inout [WordPart]) {
      if !run.isEmpty { parts.append(.literal(String(decoding: run, as: UTF8.self))) }
      run = []
    }
    while let byte {
      if byte == .backslash {
        guard let next = self.byte(1) else {
          index += 1
          run.append(.backslash)
          continue
        }
        if next == .newline {
          index += 2
        } else if mode.escapes(next) {
          flush(&run, &parts)
          let length = scalarLength(index + 1)
          parts.append(.escaped(text(index + 1, index + 1 + length)))
          index += 1 + length
        } else {
          run.append(.backslash)
          index += 1
        }
        continue
      }
      if stop(byte) { break }
      switch byte {
      case UInt8(ascii: "'") where mode == .word:
        flush(&run, &parts)
        parts.append(try parseSingleQuoted())
      case UInt8(ascii: "\"") where mode == .word || mode == .doubleOperand:
        flush(&run, &parts)
        parts.append(try parseDoubleQuoted())
      case UInt8(ascii: "\"") where mode == .arithmetic:
        index += 1
      case UInt8(ascii: "$"):
        if let part = try parseDollar(mode) {
          flush(&run, &parts)
          parts.append(part)
        } else {
          run.append(byte)
          index += 1
        }
      case UInt8(ascii: "`"):
        flush(&run, &parts)
        parts.append(try parseBackticks(mode))
      default:
        run.append(byte)
        index += 1
      }
    }
    flush(&run, &parts)
    return parts
  }

  /// Bytes of the character at `place`: a whole UTF-8 sequence, one byte where it is broken.
  private func scalarLength(_ place: Int) -> Int {
    guard place < bytes.count else { return 0 }
    let wanted =
      switch bytes[place] {
      case 0xC2..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0..<0xF5: 4
      default: 1
      }
    var length = 1
    while length < wanted, place + length < bytes.count, bytes[place + length] & 0xC0 == 0x80 { length += 1 }
    return length
  }

  private mutating func parseSingleQuoted() throws(ShellSyntaxError) -> WordPart {
    let start = index
    index += 1
    while let byte, byte != UInt8(ascii: "'") { index += 1 }
    if atEnd { throw incomplete("the closing `'` of the quote", from: start) }
    index += 1
    return .singleQuoted(text(start + 1, index - 1))
  }

  private mutating func parseDoubleQuoted() throws(ShellSyntaxError) -> WordPart {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw tooDeep() }
    let start = index
    index += 1
    let parts = try parseParts(.double) { $0 == UInt8(ascii: "\"") }
    if atEnd { throw incomplete("the closing `\"` of the quote", from: start) }
    index += 1
    return .doubleQuoted(parts)
  }

  /// `` `command` ``: its text is unescaped first and then read as a script of its own.
  private mutating func parseBackticks(_ mode: Mode) throws(ShellSyntaxError) -> WordPart {
    let start = index
    index += 1
    var inner: [UInt8] = []
    var places: [Int] = []
    while let byte, byte != UInt8(ascii: "`") {
      if byte == .backslash, let next = self.byte(1),
        next == UInt8(ascii: "`") || next == .backslash || next == UInt8(ascii: "$")
          || (next == UInt8(ascii: "\"") && mode == .double)
      {
        index += 1
      }
      places.append(outer(index))
      inner.append(bytes[index])
      index += 1
    }
    if atEnd { throw incomplete("the closing backtick", from: start) }
    places.append(outer(index))
    index += 1
    let list = try Parser.statements(of: inner, origin: places, lines: lines, nesting: nesting + 1)
    return .command(list, range: range(start, index))
  }

  /// What `$` begins at the cursor; nil where it stands for itself.
  private mutating func parseDollar(_ mode: Mode) throws(ShellSyntaxError) -> WordPart? {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw tooDeep() }
    let start = index
    guard let next = byte(1) else { return nil }
    switch next {
    case UInt8(ascii: "("):
      if byte(2) == UInt8(ascii: "("), isArithmetic(at: index + 1) {
        index += 3
        return .arithmetic(try parseArithmetic(opening: "$((", from: start))
      }
      index += 2
      let waiting = pending
      pending = []
      let list = try parseStatements(until: .operators([")"], open: "`)` of the command substitution"))
      guard byte == UInt8(ascii: ")") else { throw unexpectedToken() }
      if !pending.isEmpty { try readPendingDocuments() }
      pending = waiting
      index += 1
      return .command(list, range: range(start, index))
    case UInt8(ascii: "{"):
      index += 2
      return .parameter(try parseBraced(mode, start))
    case UInt8(ascii: "'") where mode == .word:
      return try parseAnsiQuoted()
    case UInt8(ascii: "\"") where mode == .word:
      index += 1
      return try parseDoubleQuoted()
    case UInt8(ascii: "["):
      if mode == .arithmetic { return nil }
      throw unsupported("`$[ ]`", "write `$(( ))`", from: start)
    default: break
    }
    index += 1
    if next.isNameStart {
      while let byte, byte.isNameByte { index += 1 }
    } else if next.isDigit || "@*#?-$!".utf8.contains(next) {
      index += 1
    } else {
      index = start
      return nil
    }
    return .parameter(
      Parameter(
        name: text(start + 1, index), index: nil, operation: .value, isBraced: false,
        range: range(start, index)))
  }

  /// `$'...'` with its escapes resolved.
  private mutating func parseAnsiQuoted() throws(ShellSyntaxError) -> WordPart {
    let start = index
    index += 2
    while let byte, byte != UInt8(ascii: "'") { index += byte == .backslash ? 2 : 1 }
    if atEnd {
      index = bytes.count
      throw incomplete("the closing `'` of the quote", from: start)
    }
    let raw = text(start + 2, index)
    index += 1
    return .ansiQuoted(unescaped(raw, octalNeedsZero: false), raw: raw)
  }

  // MARK: Arithmetic

  /// True where the `((` at `place` closes with `))`: an expression, not a subshell in a subshell.
  func isArithmetic(at place: Int) -> Bool {
    var level = 0
    var at = place
    while at < bytes.count {
      switch bytes[at] {
      case .backslash: at += 1
      case UInt8(ascii: "'"):
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "'") { at += 1 }
      case UInt8(ascii: "("): level += 1
      case UInt8(ascii: ")"):
        level -= 1
        if level == 1 { return at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: ")") }
        if level < 1 { return false }
      default: break
      }
      at += 1
    }
    return true
  }

  /// The expression up to and with `))`.
  mutating func parseArithmetic(opening: String, from start: Int) throws(ShellSyntaxError) -> Word {
    let word = try parseArithmeticPart(until: nil, from: start)
    index += 2
    return word
  }

  /// An expression up to `stop`, or up to `))` where that is nil.
  mutating func parseArithmeticPart(until stop: UInt8?, from start: Int) throws(ShellSyntaxError) -> Word {
    let begin = index
    var level = 0
    var closes = false
    let parts = try parseParts(.arithmetic) { byte in
      if byte == stop, level == 0 {
        closes = true
        return true
      }
      if byte == UInt8(ascii: "(") { level += 1 }
      if byte == UInt8(ascii: ")") {
        level -= 1
        if level < 0 {
          closes = stop == nil
          return true
        }
      }
      return false
    }
    if atEnd { throw incomplete("`))`", from: start) }
    if !closes || (stop == nil && byte(1) != UInt8(ascii: ")")) {
      throw malformed("This arithmetic does not close with `))` where it should.", "arithmetic", from: start)
    }
    return Word(parts: parts, range: range(begin, index))
  }
}
