import OrderedJSON

/// A word of an expression.
struct Token: Sendable {
  /// The names are those that jmespath.py prints.
  enum Kind: String, Sendable {
    case dot, star, flatten, filter, lbracket, rbracket, lbrace, rbrace, lparen, rparen, comma, colon, current
    case unquotedIdentifier = "unquoted_identifier"
    case quotedIdentifier = "quoted_identifier"
    case number, literal, pipe, or, and, expref, lt, lte, gt, gte, ne, not, eq, eof

    /// How strongly it binds what stands before it; 0 ends an expression.
    var bindingPower: Int {
      switch self {
      case .pipe: 1
      case .or: 2
      case .and: 3
      case .eq, .ne, .gt, .gte, .lt, .lte: 5
      case .flatten: 9
      case .star: 20
      case .filter: 21
      case .dot: 40
      case .not: 45
      case .lbrace: 50
      case .lbracket: 55
      case .lparen: 60
      default: 0
      }
    }
  }

  var kind: Kind
  /// An identifier's name, a literal's value, a number; else the characters themselves.
  var value: JSON
  /// In Unicode scalars from 0.
  var start: Int

  /// The value as Python's `%s` writes it.
  var text: String { pythonText(value) }
}
