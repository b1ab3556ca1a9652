/// One word before expansion, quotes and all.
package struct Word: Hashable, Sendable {
  package var parts: [WordPart]
  package var range: SourceRange

  package init(parts: [WordPart], range: SourceRange) {
    self.parts = parts
    self.range = range
  }

  /// What the word stands for where nothing in it needs a running shell; nil otherwise. Globs and braces count as text.
  package var constant: String? { Word.constant(parts) }

  /// The text of an unquoted word that expands nothing: the only form in which a reserved word is one.
  package var plain: String? {
    guard parts.count == 1, case .literal(let text)? = parts.first else { return parts.isEmpty ? "" : nil }
    return text
  }

  private static func constant(_ parts: [WordPart]) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .literal(let piece), .escaped(let piece), .singleQuoted(let piece): text += piece
      case .ansiQuoted(let piece, _): text += piece
      case .doubleQuoted(let inner):
        guard let piece = constant(inner) else { return nil }
        text += piece
      case .parameter, .command, .arithmetic: return nil
      }
    }
    return text
  }
}

package indirect enum WordPart: Hashable, Sendable {
  /// Text as it stands: globs, braces and a leading tilde in it are live, unless it stands inside quotes.
  case literal(String)
  /// One character after a backslash.
  case escaped(String)
  case singleQuoted(String)
  /// `$'...'`: what it means, and what was written between the quotes.
  case ansiQuoted(String, raw: String)
  case doubleQuoted([WordPart])
  case parameter(Parameter)
  /// `$( )` or backticks.
  case command([Statement], range: SourceRange)
  /// `$(( ))`: the expression, whose own expansions come first.
  case arithmetic(Word)
}

/// `$NAME`, `${NAME}` and the whole `${NAME...}` family.
package struct Parameter: Hashable, Sendable {
  /// A variable's name, a number, or one of `@ * # ? - $ !`.
  package var name: String
  package var index: Index?
  package var operation: Operation
  package var isBraced: Bool
  package var range: SourceRange

  package enum Index: Hashable, Sendable {
    /// `[@]`
    case all
    /// `[*]`
    case joined
    case at(Word)
  }

  package indirect enum Operation: Hashable, Sendable {
    case value
    /// `${#NAME}`
    case length
    /// `${!NAME}`: the variable that NAME's value names.
    case indirect
    /// `${!NAME[@]}`
    case keys
    /// `${!PREFIX*}` (joined) and `${!PREFIX@}`
    case names(joined: Bool)
    /// `${NAME:-word}` and its kin.
    case fallback(Fallback, testsEmpty: Bool, Word)
    /// `${NAME#pattern}`, `##`, `%`, `%%`
    case remove(suffix: Bool, longest: Bool, Word)
    /// `${NAME/pattern/word}`, `//`, `/#`, `/%`
    case replace(Scope, Word, Word?)
    /// `${NAME:offset:length}`
    case slice(Word, Word?)
    /// `${NAME^}`, `^^`, `,`, `,,`
    case changeCase(upper: Bool, all: Bool, Word?)
    /// `${NAME@U}`, `@L`, `@u`, `@Q`
    case transform(String)
  }

  package enum Fallback: String, Hashable, Sendable {
    case use = "-"
    case assign = "="
    case fail = "?"
    case alternative = "+"
  }

  package enum Scope: String, Hashable, Sendable {
    case first = "/"
    case every = "//"
    case start = "/#"
    case end = "/%"
  }
}
