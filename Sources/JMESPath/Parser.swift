import OrderedJSON

/// A top-down operator precedence parser, with the errors of jmespath.py's `parser.py`.
///
/// `prefix` is what a token means at the start of an expression ("nud"), `infix` what it means behind one ("led").
struct Parser {
  private let expression: String
  private let tokens: [Token]
  private var position = 0
  private var nesting = 0

  /// Reads a whole expression.
  static func parse(_ expression: String) throws(JMESPathError) -> Node {
    guard !expression.isEmpty else {
      throw JMESPathError(
        kind: .syntax, message: "Invalid JMESPath expression: cannot be empty.", expression: expression)
    }
    var parser = Parser(expression: expression, tokens: try Lexer.tokens(of: expression))
    let root = try parser.expression(0)
    guard parser.current == .eof else {
      throw parser.error("Unexpected token: \(parser.token.text)", at: parser.token)
    }
    return root
  }

  private init(expression: String, tokens: [Token]) {
    self.expression = expression
    self.tokens = tokens
  }

  // MARK: Tokens

  /// The token that many places from here; beyond the ends it is the end.
  private func token(_ distance: Int) -> Token {
    let i = position + distance
    return tokens.indices.contains(i)
      ? tokens[i] : Token(kind: .eof, value: "", start: expression.unicodeScalars.count)
  }

  private var token: Token { token(0) }
  private var current: Token.Kind { token.kind }

  private mutating func advance() { position += 1 }

  private mutating func match(_ kind: Token.Kind) throws(JMESPathError) {
    guard current == kind else { throw unexpected(kind.rawValue) }
    advance()
  }

  // MARK: Expressions

  private mutating func expression(_ bindingPower: Int) throws(JMESPathError) -> Node {
    guard nesting < Node.maximumDepth else { throw tooDeep() }
    nesting += 1
    defer { nesting -= 1 }
    let first = token
    advance()
    var left = try prefix(first)
    while bindingPower < current.bindingPower {
      try infix(&left)
      guard left.depth <= Node.maximumDepth else { throw tooDeep() }
    }
    return left
  }

  private mutating func prefix(_ first: Token) throws(JMESPathError) -> Node {
    switch first.kind {
    case .literal: return Node(.literal(first.value))
    case .unquotedIdentifier: return Node(.field(first.text))
    case .quotedIdentifier:
      if current == .lparen {
        throw error("Quoted identifier not allowed for function names.", at: token, offset: 0)
      }
      return Node(.field(first.text))
    case .current: return .current
    case .star:
      let right = current == .rbracket ? .current : try projected(Token.Kind.star.bindingPower)
      return Node(.valueProjection(.current, right))
    case .filter: return try filter(.current)
    case .lbrace: return try multiSelectHash()
    case .lparen:
      let inner = try expression(0)
      try match(.rparen)
      return inner
    case .flatten:
      return Node(.projection(Node(.flatten(.current)), try projected(Token.Kind.flatten.bindingPower)))
    case .not: return Node(.not(try expression(Token.Kind.not.bindingPower)))
    case .expref: return Node(.expressionReference(try expression(0)))
    case .lbracket:
      if current == .number || current == .colon {
        var indexed = Node.current
        try index(&indexed)
        return indexed
      }
      if current == .star, token(1).kind == .rbracket {
        advance()
        advance()
        return Node(.projection(.current, try projected(Token.Kind.star.bindingPower)))
      }
      return try multiSelectList()
    case .eof: throw incomplete()
    default: throw error("invalid token", at: first)
    }
  }

  /// What the current token makes of `left`.
  private mutating func infix(_ left: inout Node) throws(JMESPathError) {
    let kind = current
    switch kind {
    case .star, .lbrace, .not: throw error("invalid token", at: token)
    default: advance()
    }
    switch kind {
    case .dot:
      if current == .star {
        advance()
        left = Node(.valueProjection(left, try projected(kind.bindingPower)))
      } else {
        left.append(try afterDot(kind.bindingPower), .subexpression)
      }
    case .pipe: left.append(try expression(kind.bindingPower), .pipe)
    case .or: left = Node(.or(left, try expression(kind.bindingPower)))
    case .and: left = Node(.and(left, try expression(kind.bindingPower)))
    case .eq, .ne, .lt, .lte, .gt, .gte:
      left = Node(.comparison(kind, left, try expression(kind.bindingPower)))
    case .filter: left = try filter(left)
    case .flatten: left = Node(.projection(Node(.flatten(left)), try projected(kind.bindingPower)))
    case .lbracket where current == .number || current == .colon: try index(&left)
    case .lbracket:
      try match(.star)
      try match(.rbracket)
      left = Node(.projection(left, try projected(Token.Kind.star.bindingPower)))
    default: left = try call(left)
    }
  }

  private mutating func call(_ left: Node) throws(JMESPathError) -> Node {
    guard case .field(let name) = left.kind else {
      let before = token(-2)
      throw error("Invalid function name '\(before.text)'", at: before)
    }
    var arguments: [Node] = []
    while current != .rparen {
      arguments.append(try expression(0))
      if current == .comma { advance() }
    }
    advance()
    return Node(.function(name, arguments))
  }

  private mutating func filter(_ left: Node) throws(JMESPathError) -> Node {
    let condition = try expression(0)
    try match(.rbracket)
    let right = current == .flatten ? .current : try projected(Token.Kind.filter.bindingPower)
    return Node(.filterProjection(left, right, condition: condition))
  }

  /// `[1]`, or `[1:2:3]` with what it projects; the bracket is behind us.
  private mutating func index(_ left: inout Node) throws(JMESPathError) {
    guard current == .colon || token(1).kind == .colon else {
      let index = Node(.index(integer(token)))
      advance()
      try match(.rbracket)
      left.append(index, .indexExpression)
      return
    }
    var parts: [Int?] = [nil, nil, nil]
    var part = 0
    while current != .rbracket {
      if current == .colon, part < 2 {
        part += 1
      } else if current == .number {
        parts[part] = integer(token)
      } else {
        throw error("syntax error", at: token)
      }
      advance()
    }
    advance()
    left.append(Node(.slice(start: parts[0], stop: parts[1], step: parts[2])), .indexExpression)
    left = Node(.projection(left, try projected(Token.Kind.star.bindingPower)))
  }

  /// Numbers beyond 64 bits are clamped; no list is that long.
  private func integer(_ token: Token) -> Int {
    if let value = token.value.int { return value }
    return token.text.hasPrefix("-") ? .min : .max
  }

  private mutating func multiSelectList() throws(JMESPathError) -> Node {
    var elements: [Node] = []
    while true {
      elements.append(try expression(0))
      if current == .rbracket { break }
      try match(.comma)
    }
    advance()
    return Node(.multiSelectList(elements))
  }

  private mutating func multiSelectHash() throws(JMESPathError) -> Node {
    var pairs: [(key: String, value: Node)] = []
    while true {
      let key = token
      guard key.kind == .quotedIdentifier || key.kind == .unquotedIdentifier else {
        throw unexpected("['quoted_identifier', 'unquoted_identifier']")
      }
      advance()
      try match(.colon)
      pairs.append((key.text, try expression(0)))
      if current == .comma {
        advance()
      } else if current == .rbrace {
        advance()
        return Node(.multiSelectHash(pairs))
      }
    }
  }

  /// What a projection applies to each element.
  private mutating func projected(_ bindingPower: Int) throws(JMESPathError) -> Node {
    if current.bindingPower < 10 { return .current }
    switch current {
    case .lbracket, .filter: return try expression(bindingPower)
    case .dot:
      advance()
      return try afterDot(bindingPower)
    default: throw error("syntax error", at: token)
    }
  }

  private mutating func afterDot(_ bindingPower: Int) throws(JMESPathError) -> Node {
    switch current {
    case .quotedIdentifier, .unquotedIdentifier, .star: return try expression(bindingPower)
    case .lbracket:
      advance()
      return try multiSelectList()
    case .lbrace:
      advance()
      return try multiSelectHash()
    default:
      let allowed = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']"
      throw error("Expecting: \(allowed), got: \(current.rawValue)", at: token)
    }
  }

  // MARK: Errors

  private func error(_ reason: String, at token: Token, offset: Int? = nil) -> JMESPathError {
    let offset = offset ?? token.start
    let caret = String(repeating: " ", count: offset + 1) + "^"
    let type = token.kind.rawValue.uppercased()
    return syntax(
      "\(reason): Parse error at column \(offset), token \"\(token.text)\" (\(type)), for expression:\n"
        + "\"\(expression)\"\n\(caret)", offset)
  }

  private func incomplete() -> JMESPathError {
    let offset = expression.unicodeScalars.count
    let caret = String(repeating: " ", count: offset + 1) + "^"
    return syntax("Invalid jmespath expression: Incomplete expression:\n\"\(expression)\"\n\(caret)", offset)
  }

  private func unexpected(_ expected: String) -> JMESPathError {
    current == .eof ? incomplete() : error("Expecting: \(expected), got: \(current.rawValue)", at: token)
  }

  private func tooDeep() -> JMESPathError {
    syntax("Invalid jmespath expression: nested deeper than \(Node.maximumDepth) levels", token.start)
  }

  private func syntax(_ message: String, _ offset: Int) -> JMESPathError {
    JMESPathError(kind: .syntax, message: message, offset: offset, expression: expression)
  }
}
