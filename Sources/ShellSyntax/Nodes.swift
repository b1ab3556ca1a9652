/// A whole program: its source and its top-level statements in order.
package struct Script: Hashable, Sendable {
  package var source: String
  /// Complete commands at the top level; each ends at a newline, `;` or `&`.
  package var statements: [Statement]

  package init(source: String, statements: [Statement]) {
    self.source = source
    self.statements = statements
  }

  /// The text that `range` covers, or "" where it lies outside the source.
  package func text(of range: SourceRange) -> String {
    let utf8 = Array(source.utf8)
    guard range.start.offset >= 0, range.start.offset <= range.end.offset, range.end.offset <= utf8.count
    else {
      return ""
    }
    return String(decoding: utf8[range.start.offset..<range.end.offset], as: UTF8.self)
  }
}

/// A complete command: pipelines joined by `&&` and `||`, perhaps in the background.
package struct Statement: Hashable, Sendable {
  package var first: Pipeline
  package var rest: [Continuation]
  package var isBackground: Bool
  /// From the first character to the last. The bodies of here-documents are part of it; where several statements
  /// share a line, of the last of them.
  package var range: SourceRange

  package struct Continuation: Hashable, Sendable {
    package var connector: Connector
    package var pipeline: Pipeline
  }

  package enum Connector: String, Hashable, Sendable {
    case and = "&&"
    case or = "||"
  }
}

/// Commands joined by `|`.
package struct Pipeline: Hashable, Sendable {
  /// `!` before it.
  package var isNegated: Bool
  /// `time` before it.
  package var isTimed: Bool
  package var commands: [Command]
  /// For each `|`, whether it was `|&`, which sends standard error down the pipe too. One fewer than commands.
  package var joinsErrors: [Bool]
  package var range: SourceRange
}

/// One command with its redirections.
package struct Command: Hashable, Sendable {
  package var body: CommandBody
  package var redirections: [Redirection]
  package var range: SourceRange
}

package indirect enum CommandBody: Hashable, Sendable {
  case simple(SimpleCommand)
  case group([Statement])
  case subshell([Statement])
  case conditional(Conditional)
  case forEach(ForEach)
  case forArithmetic(ForArithmetic)
  case loop(Loop)
  case choice(Choice)
  /// `(( expression ))`
  case arithmetic(Word)
  /// `[[ expression ]]`
  case test(TestExpression)
  case function(FunctionDefinition)
}

/// `A=1 B=2 name argument...`
package struct SimpleCommand: Hashable, Sendable {
  package var assignments: [Assignment]
  package var arguments: [Argument]

  /// The words of the command, assignment arguments of `export` and its kin left out.
  package var words: [Word] {
    arguments.compactMap { if case .word(let word) = $0 { word } else { nil } }
  }
}

/// A word of a simple command. `export`, `local`, `declare` and `readonly` take assignments as arguments.
package enum Argument: Hashable, Sendable {
  case word(Word)
  case assignment(Assignment)
}

/// `NAME=value`, `NAME+=value`, `NAME[i]=value`, `NAME=(a b c)`
package struct Assignment: Hashable, Sendable {
  package var name: String
  package var index: Word?
  package var appends: Bool
  package var value: Value
  package var range: SourceRange

  package enum Value: Hashable, Sendable {
    case scalar(Word)
    case array([Element])
  }

  package struct Element: Hashable, Sendable {
    package var index: Word?
    package var value: Word
  }
}

package struct Conditional: Hashable, Sendable {
  package var branches: [Branch]
  package var otherwise: [Statement]?

  package struct Branch: Hashable, Sendable {
    package var condition: [Statement]
    package var body: [Statement]
  }
}

/// `for name in words`; without `in` the positional parameters (`words` nil).
package struct ForEach: Hashable, Sendable {
  package var name: String
  package var words: [Word]?
  package var body: [Statement]
}

/// `for (( initial; condition; step ))`
package struct ForArithmetic: Hashable, Sendable {
  package var initial: Word
  package var condition: Word
  package var step: Word
  package var body: [Statement]
}

package struct Loop: Hashable, Sendable {
  package var isUntil: Bool
  package var condition: [Statement]
  package var body: [Statement]
}

package struct Choice: Hashable, Sendable {
  package var subject: Word
  package var items: [Item]

  package struct Item: Hashable, Sendable {
    package var patterns: [Word]
    package var body: [Statement]
    package var ending: Ending
  }

  package enum Ending: String, Hashable, Sendable {
    case leave = ";;"
    case fallThrough = ";&"
    case testNext = ";;&"
  }
}

package struct FunctionDefinition: Hashable, Sendable {
  package var name: String
  package var body: Command
}

/// The inside of `[[ ]]`.
package indirect enum TestExpression: Hashable, Sendable {
  case word(Word)
  case unary(String, Word)
  case binary(Word, String, Word)
  case not(TestExpression)
  case and(TestExpression, TestExpression)
  case or(TestExpression, TestExpression)
  case group(TestExpression)
}

/// `2>&1`, `> file`, `<<EOF`, ...
package struct Redirection: Hashable, Sendable {
  /// The descriptor before the operator, nil for the operator's own (0 for `<`, 1 for `>`).
  package var descriptor: Int?
  package var kind: Kind
  /// The file, the descriptor, the string, or the here-document's delimiter as written.
  package var target: Word
  package var document: HereDocument?
  package var range: SourceRange

  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case input = "<"
    case output = ">"
    case append = ">>"
    case clobber = ">|"
    case readWrite = "<>"
    case duplicateInput = "<&"
    case duplicateOutput = ">&"
    case outputAndError = "&>"
    case appendOutputAndError = "&>>"
    case hereDocument = "<<"
    case hereDocumentTabs = "<<-"
    case hereString = "<<<"
  }
}

/// A here-document's body. Of a quoted delimiter the body is one literal.
package struct HereDocument: Hashable, Sendable {
  package var delimiter: String
  package var isQuoted: Bool
  package var body: [WordPart]
}
