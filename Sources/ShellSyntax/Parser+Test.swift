extension Parser {
  static let unaryTests: Set<String> = Set("abcdefghknoprstuvwxzGLNORS".map { "-\($0)" })
  static let binaryTests: Set<String> = [
    "=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
  ]

  /// From after `[[` to after `]]`.
  mutating func parseTest(from start: Int) throws(ShellSyntaxError) -> TestExpression {
    let expression = try parseTestOr(start)
    try skipNewlines()
    if peekPlainWord() == "]]" {
      index += 2
      return expression
    }
    if atEnd { throw incomplete("`]]` of `[[`", from: start) }
    throw malformed("“[[” needs `]]` or an operator here, not \(describeToken()).", "[[")
  }

  private mutating func parseTestOr(_ start: Int) throws(ShellSyntaxError) -> TestExpression {
    var left = try parseTestAnd(start)
    while true {
      try skipNewlines()
      guard starts(with: "||") else { return left }
      index += 2
      left = .or(left, try parseTestAnd(start))
    }
  }

  private mutating func parseTestAnd(_ start: Int) throws(ShellSyntaxError) -> TestExpression {
    var left = try parseTestPrimary(start)
    while true {
      try skipNewlines()
      guard starts(with: "&&") else { return left }
      index += 2
      left = .and(left, try parseTestPrimary(start))
    }
  }

  private mutating func parseTestPrimary(_ start: Int) throws(ShellSyntaxError) -> TestExpression {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw tooDeep() }
    try skipNewlines()
    guard let next = byte else { throw incomplete("`]]` of `[[`", from: start) }
    if next == UInt8(ascii: "(") {
      index += 1
      let inner = try parseTestOr(start)
      try skipNewlines()
      if atEnd { throw incomplete("`)` in `[[`", from: start) }
      guard byte == UInt8(ascii: ")") else {
        throw malformed("“[[” needs `)` here, not \(describeToken()).", "[[")
      }
      index += 1
      return .group(inner)
    }
    let plain = peekPlainWord()
    if plain == "!" {
      index += 1
      return .not(try parseTestPrimary(start))
    }
    if plain == "]]" || Self.isMeta(next) {
      throw malformed("“[[” needs something to test before \(describeToken()).", "[[")
    }
    if let plain, Self.unaryTests.contains(plain) {
      let saved = index
      index += plain.utf8.count
      try skipNewlines()
      if let next = byte, !Self.isMeta(next), peekPlainWord().map({ !Self.binaryTests.contains($0) }) ?? true,
        peekPlainWord() != "]]"
      {
        return .unary(plain, try parseWord())
      }
      index = saved
    }
    let left = try parseWord()
    try skipNewlines()
    if let op = peekPlainWord(), Self.binaryTests.contains(op) {
      index += op.utf8.count
      skipBlanks()
      return .binary(left, op, try parseTestOperand(op))
    }
    if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">"), byte(1) != UInt8(ascii: "(") {
      let op = byte == UInt8(ascii: "<") ? "<" : ">"
      index += 1
      skipBlanks()
      return .binary(left, op, try parseTestOperand(op))
    }
    return .word(left)
  }

  private mutating func parseTestOperand(_ op: String) throws(ShellSyntaxError) -> Word {
    guard let next = byte else { throw incomplete("the right side of `\(op)`") }
    let start = index
    if op == "=~" {
      var level = 0
      let parts = try parseParts(.word) { byte in
        if byte == UInt8(ascii: "(") { level += 1 }
        if byte == UInt8(ascii: ")") {
          level -= 1
          return level < 0
        }
        if level > 0 { return byte == .newline }
        return byte == .space || byte == .tab || byte == .newline || byte == UInt8(ascii: ";")
          || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
      }
      if index > start { return Word(parts: parts, range: range(start, index)) }
    }
    if Self.isMeta(next) || peekPlainWord() == "]]" {
      throw malformed("`\(op)` needs a right side, not \(describeToken()).", "[[")
    }
    let word = try parseWord()
    if byte == UInt8(ascii: "("), let last = bytes[..<index].last, "@?*+!".utf8.contains(last) {
      throw unsupported("extended patterns such as `@( )`", "use `=~` with a regular expression, or `case`")
    }
    return word
  }
}
