/// Why an expression cannot be read or evaluated.
package struct JMESPathError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The error types of the JMESPath specification.
  package enum Kind: String, Hashable, Sendable {
    case syntax
    case arity = "invalid-arity"
    case type = "invalid-type"
    case value = "invalid-value"
    case unknownFunction = "unknown-function"
  }

  package var kind: Kind
  /// All that jmespath.py says, several lines for a syntax error: the reason, the expression, a caret.
  package var message: String
  /// Where in the expression, in Unicode scalars from 0; 0 where the library does not tell.
  package var offset: Int
  package var expression: String

  package init(kind: Kind, message: String, offset: Int = 0, expression: String) {
    self.kind = kind
    self.message = message
    self.offset = offset
    self.expression = expression
  }

  package var description: String { message }
}
