import OrderedJSON

/// Cuts an expression into tokens, with the errors of jmespath.py's `lexer.py`.
struct Lexer {
  private let expression: String
  private let scalars: [Unicode.Scalar]
  private var i = 0

  private init(_ expression: String) {
    self.expression = expression
    scalars = Array(expression.unicodeScalars)
  }

  /// The tokens, the last of them `.eof`.
  static func tokens(of expression: String) throws(JMESPathError) -> [Token] {
    var lexer = Lexer(expression)
    var tokens: [Token] = []
    while let token = try lexer.next() { tokens.append(token) }
    tokens.append(Token(kind: .eof, value: "", start: lexer.scalars.count))
    return tokens
  }

  private var current: Unicode.Scalar? { i < scalars.count ? scalars[i] : nil }

  private mutating func next() throws(JMESPathError) -> Token? {
    while let scalar = current, " \t\n\r".unicodeScalars.contains(scalar) { i += 1 }
    guard let scalar = current else { return nil }
    let start = i
    if let kind = Self.simple[scalar] {
      i += 1
      return Token(kind: kind, value: .string(String(scalar)), start: start)
    }
    switch scalar {
    case "a"..."z", "A"..."Z", "_":
      while let scalar = current, Self.isIdentifier(scalar) { i += 1 }
      return Token(kind: .unquotedIdentifier, value: .string(text(start..<i)), start: start)
    case "0"..."9", "-":
      return try number()
    case "[":
      if skip("]") { return token(.flatten, "[]", start) }
      guard current == "?" else { return token(.lbracket, "[", start) }
      i += 1
      return token(.filter, "[?", start)
    case "|": return skip("|") ? token(.or, "||", start) : token(.pipe, "|", start)
    case "&": return skip("&") ? token(.and, "&&", start) : token(.expref, "&", start)
    case "<": return skip("=") ? token(.lte, "<=", start) : token(.lt, "<", start)
    case ">": return skip("=") ? token(.gte, ">=", start) : token(.gt, ">", start)
    case "!": return skip("=") ? token(.ne, "!=", start) : token(.not, "!", start)
    case "=":
      if skip("=") { return token(.eq, "==", start) }
      throw error("Unknown token '='", at: start)
    case "'":
      let raw = try delimited("'")
      return Token(kind: .literal, value: .string(replacing(raw, "\\'", "'")), start: start)
    case "`": return try literal()
    case "\"": return try quotedIdentifier()
    default: throw error("Unknown token \(scalar)", at: start)
    }
  }

  private static let simple: [Unicode.Scalar: Token.Kind] = [
    ".": .dot, "*": .star, "]": .rbracket, ",": .comma, ":": .colon, "@": .current, "(": .lparen,
    ")": .rparen,
    "{": .lbrace, "}": .rbrace,
  ]

  private static func isIdentifier(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }

  private func token(_ kind: Token.Kind, _ text: String, _ start: Int) -> Token {
    Token(kind: kind, value: .string(text), start: start)
  }

  /// Skips the current character, and the next one if it is `second`; says whether it was.
  private mutating func skip(_ second: Unicode.Scalar) -> Bool {
    i += 1
    guard current == second else { return false }
    i += 1
    return true
  }

  private mutating func number() throws(JMESPathError) -> Token {
    let start = i
    i += 1
    while let scalar = current, ("0"..."9").contains(scalar) { i += 1 }
    let written = text(start..<i)
    guard written != "-" else { throw error("Unknown token '-'", at: start) }
    // Python reads an int, so `007` is 7; digits beyond 64 bits are kept.
    let sign = written.hasPrefix("-") ? "-" : ""
    let digits = written.dropFirst(sign.count).drop { $0 == "0" }
    let value = digits.isEmpty ? "0" : sign + digits
    return Token(kind: .number, value: JSONNumber(literal: value).map { .number($0) } ?? .null, start: start)
  }

  /// The text between delimiters, a backslash and what follows it kept as they are.
  private mutating func delimited(_ delimiter: Unicode.Scalar) throws(JMESPathError) -> String {
    let start = i
    var out = String.UnicodeScalarView()
    i += 1
    while current != delimiter {
      if current == "\\" {
        out.append("\\")
        i += 1
      }
      guard let scalar = current else { throw error("Unclosed \(delimiter) delimiter", at: start) }
      out.append(scalar)
      i += 1
    }
    i += 1
    return String(out)
  }

  private mutating func literal() throws(JMESPathError) -> Token {
    let start = i
    let lexeme = replacing(try delimited("`"), "\\`", "`")
    if let value = try? JSON.parse(lexeme) { return Token(kind: .literal, value: value, start: start) }
    // JEP 12: what is no JSON is the text of a JSON string.
    let stripped = String(String.UnicodeScalarView(lexeme.unicodeScalars.drop { $0.properties.isWhitespace }))
    if let value = try? JSON.parse("\"\(stripped)\"") {
      return Token(kind: .literal, value: value, start: start)
    }
    throw error("Bad token \(lexeme)", at: start)
  }

  private mutating func quotedIdentifier() throws(JMESPathError) -> Token {
    let start = i
    let lexeme = "\"\(try delimited("\""))\""
    do {
      return Token(kind: .quotedIdentifier, value: try JSON.parse(lexeme), start: start)
    } catch {
      throw self.error(error.message, at: start)
    }
  }

  private func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  private func replacing(_ text: String, _ two: String, _ one: String) -> String {
    var out = String.UnicodeScalarView()
    let two = Array(two.unicodeScalars)
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if rest.starts(with: two) {
        out.append(contentsOf: one.unicodeScalars)
        rest = rest.dropFirst(two.count)
      } else {
        out.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(out)
  }

  private func error(_ message: String, at offset: Int) -> JMESPathError {
    let caret = String(repeating: " ", count: offset) + "^"
    return JMESPathError(
      kind: .syntax, message: "Bad jmespath expression: \(message):\n\(expression)\n\(caret)", offset: offset,
      expression: expression)
  }
}
