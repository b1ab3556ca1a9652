extension Parser {
  /// From after `${` to after `}`.
  mutating func parseBraced(_ mode: Mode, _ start: Int) throws(ShellSyntaxError) -> Parameter {
    var parameter = Parameter(
      name: "", index: nil, operation: .value, isBraced: true, range: range(start, start))
    // `${#}` and `${#-x}` are about `$#`; `${#NAME}` is a length.
    if byte == UInt8(ascii: "#"), let next = byte(1), startsParameter(next),
      next != UInt8(ascii: "-") && next != UInt8(ascii: "?") && next != UInt8(ascii: "#")
        || byte(2) == UInt8(ascii: "}")
    {
      index += 1
      parameter.name = try parseParameterName(start)
      parameter.index = try parseIndex(start)
      parameter.operation = .length
      return try closed(parameter, start)
    }
    if byte == UInt8(ascii: "!"), let next = byte(1), startsParameter(next) {
      index += 1
      parameter.name = try parseParameterName(start)
      if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "@"), byte(1) == UInt8(ascii: "}") {
        parameter.operation = .names(joined: byte == UInt8(ascii: "*"))
        index += 1
        return try closed(parameter, start)
      }
      parameter.index = try parseIndex(start)
      switch parameter.index {
      case .all, .joined: parameter.operation = .keys
      default: parameter.operation = .indirect
      }
      return try closed(parameter, start)
    }
    parameter.name = try parseParameterName(start)
    parameter.index = try parseIndex(start)
    parameter.operation = try parseOperation(mode, start)
    return try closed(parameter, start)
  }

  private func startsParameter(_ byte: UInt8) -> Bool {
    byte.isNameByte || "@*#?-$!".utf8.contains(byte)
  }

  private mutating func closed(_ parameter: Parameter, _ start: Int) throws(ShellSyntaxError) -> Parameter {
    if atEnd { throw incomplete("the closing `}` of `${`", from: start) }
    guard byte == UInt8(ascii: "}") else { throw badSubstitution(start) }
    index += 1
    var parameter = parameter
    parameter.range = range(start, index)
    return parameter
  }

  private func badSubstitution(_ start: Int) -> ShellSyntaxError {
    var end = index
    while end < bytes.count, bytes[end] != UInt8(ascii: "}"), bytes[end] != .newline { end += 1 }
    let shown = text(start, min(end + 1, bytes.count))
    return malformed(
      "`\(shown)` is no expansion: between `${` and `}` stands a variable's name, such as `${NAME}`.",
      "parameter expansion", from: start)
  }

  private mutating func parseParameterName(_ start: Int) throws(ShellSyntaxError) -> String {
    let begin = index
    guard let first = byte else { throw incomplete("the closing `}` of `${`", from: start) }
    if first.isNameStart {
      while let byte, byte.isNameByte { index += 1 }
    } else if first.isDigit {
      while let byte, byte.isDigit { index += 1 }
    } else if "@*#?-$!".utf8.contains(first) {
      index += 1
    } else {
      throw badSubstitution(start)
    }
    return text(begin, index)
  }

  private mutating func parseIndex(_ start: Int) throws(ShellSyntaxError) -> Parameter.Index? {
    guard byte == UInt8(ascii: "[") else { return nil }
    index += 1
    if byte(1) == UInt8(ascii: "]") {
      if byte == UInt8(ascii: "@") {
        index += 2
        return .all
      }
      if byte == UInt8(ascii: "*") {
        index += 2
        return .joined
      }
    }
    return .at(try parseSubscript())
  }

  /// The word between `[` and `]`; the cursor ends after `]`.
  mutating func parseSubscript() throws(ShellSyntaxError) -> Word {
    let begin = index
    var level = 0
    let parts = try parseParts(.word) { byte in
      if byte == UInt8(ascii: "[") { level += 1 }
      if byte == UInt8(ascii: "]") {
        level -= 1
        return level < 0
      }
      return byte == .newline
    }
    guard byte == UInt8(ascii: "]") else {
      if atEnd { throw incomplete("`]` of the subscript", from: begin) }
      throw malformed("The subscript needs `]`.", "array", from: begin)
    }
    index += 1
    return Word(parts: parts, range: range(begin, index - 1))
  }

  private mutating func parseOperation(_ mode: Mode, _ start: Int) throws(ShellSyntaxError)
    -> Parameter.Operation
  {
    guard let first = byte else { throw incomplete("the closing `}` of `${`", from: start) }
    // What follows `:-` and its kin is quoted as the whole is; a pattern has quotes of its own.
    let wordMode: Mode = mode == .word ? .word : .doubleOperand
    switch first {
    case UInt8(ascii: "}"): return .value
    case UInt8(ascii: ":"):
      if let next = byte(1), let fallback = Parameter.Fallback(rawValue: String(UnicodeScalar(next))) {
        index += 2
        return .fallback(fallback, testsEmpty: true, try parseOperand(wordMode))
      }
      index += 1
      let offset = try parseOperand(.arithmetic, until: UInt8(ascii: ":"))
      if byte == UInt8(ascii: ":") {
        index += 1
        return .slice(offset, try parseOperand(.arithmetic))
      }
      return .slice(offset, nil)
    case UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "+"):
      guard let fallback = Parameter.Fallback(rawValue: String(UnicodeScalar(first))) else { return .value }
      index += 1
      return .fallback(fallback, testsEmpty: false, try parseOperand(wordMode))
    case UInt8(ascii: "#"), UInt8(ascii: "%"):
      let longest = byte(1) == first
      index += longest ? 2 : 1
      return .remove(suffix: first == UInt8(ascii: "%"), longest: longest, try parseOperand(.word))
    case UInt8(ascii: "/"):
      index += 1
      var scope = Parameter.Scope.first
      if let next = byte, let wider = Parameter.Scope(rawValue: "/" + String(UnicodeScalar(next))) {
        scope = wider
        index += 1
      }
      let pattern = try parseOperand(.word, until: UInt8(ascii: "/"))
      if byte == UInt8(ascii: "/") {
        index += 1
        return .replace(scope, pattern, try parseOperand(mode == .word ? .word : .doubleOperand))
      }
      return .replace(scope, pattern, nil)
    case UInt8(ascii: "^"), UInt8(ascii: ","):
      let all = byte(1) == first
      index += all ? 2 : 1
      let pattern = try parseOperand(.word)
      return .changeCase(
        upper: first == UInt8(ascii: "^"), all: all, pattern.parts.isEmpty ? nil : pattern)
    case UInt8(ascii: "@"):
      guard let letter = byte(1), byte(2) == UInt8(ascii: "}") else { throw badSubstitution(start) }
      let name = String(UnicodeScalar(letter))
      guard ["U", "L", "u", "Q"].contains(name) else {
        throw unsupported("`${NAME@\(name)}`", "only @U, @L, @u and @Q are known", from: start)
      }
      index += 2
      return .transform(name)
    default: throw badSubstitution(start)
    }
  }

  /// A word inside `${ }`: blanks and newlines belong to it.
  private mutating func parseOperand(_ mode: Mode, until stop: UInt8? = nil) throws(ShellSyntaxError) -> Word
  {
    let begin = index
    let parts = try parseParts(mode) { $0 == UInt8(ascii: "}") || $0 == stop }
    if atEnd { throw incomplete("the closing `}` of `${`", from: begin) }
    return Word(parts: parts, range: range(begin, index))
  }
}
