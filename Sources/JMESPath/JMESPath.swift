import OrderedJSON

// JMESPath: the query language of `--query` (jmespath.org).
//
// An expression is read once (lexer, Pratt parser, tree) and then searched in any
// number of documents. Checkpoints, waiters, paginators and the command line use it.
//
// Decisions:
// - The judge is the Python library that the AWS CLI is written on, jmespath.py 1.0.1:
//   where it and the specification differ (literals that are no JSON, strings in
//   comparisons, trailing commas) it is followed, and its errors are worded as there,
//   because the command line prints them.
// - Text is measured and cut in Unicode scalars and ordered by code point, as Python's.
// - Objects keep their order: `keys`, `values` and `*` give members as they came.
// - Nesting is bounded, so that a hostile expression cannot exhaust the stack.
// - Refuses to know AWS; has no functions beyond those of the library.

/// A JMESPath expression that was found to be well formed.
package struct JMESPathExpression: Sendable, Hashable {
  /// The expression as it was written.
  package let text: String
  private let root: Node

  /// Reads an expression.
  /// - Throws: `JMESPathError` of kind `.syntax`, worded as the AWS CLI prints it after
  ///   `Bad value for --query <expression>: `.
  package init(_ text: String) throws(JMESPathError) {
    self.text = text
    root = try Parser.parse(text)
  }

  /// What the expression selects from `document`; `.null` where there is nothing.
  /// - Throws: `JMESPathError` for an unknown function, or arguments of wrong number, type or value.
  package func search(_ document: JSON) throws(JMESPathError) -> JSON {
    try Evaluator(text: text).value(root, document)
  }

  package static func == (a: JMESPathExpression, b: JMESPathExpression) -> Bool {
    a.text.utf8.elementsEqual(b.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
