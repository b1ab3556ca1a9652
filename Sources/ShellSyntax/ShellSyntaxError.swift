/// Why a script is no program of ours: where, and what to write instead.
package struct ShellSyntaxError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// bash would refuse it too.
    case malformed
    /// A program as far as it goes: a quote, a parenthesis, a here-document or a compound command is still open.
    case incomplete
    /// bash would run it; the lab shell does not. `construct` names it.
    case unsupported
  }

  package var kind: Kind
  /// One or two sentences for the reader: what is wrong and what to do.
  package var message: String
  /// The piece of grammar it is about: "here-document", "process substitution", "if", ...
  package var construct: String?
  package var range: SourceRange

  /// True where more input could still make it a program.
  package var isIncomplete: Bool { kind == .incomplete }

  package init(kind: Kind, message: String, construct: String?, range: SourceRange) {
    self.kind = kind
    self.message = message
    self.construct = construct
    self.range = range
  }
}

extension ShellSyntaxError: CustomStringConvertible {
  /// "line 3, column 7: ..."
  package var description: String { "line \(range.start.line), column \(range.start.column): \(message)" }
}
