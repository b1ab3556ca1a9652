/// Writes a tree back as shell, one way for each construct: `$( )` for backticks, `name()` for `function name`,
/// one command a line. What it writes reads back as the same tree, and prints the same again.
package struct Printer {
  private var text = ""
  private var indent = 0
  private var pending: [(delimiter: Redirection, body: [WordPart])] = []

  package static func source(of script: Script) -> String { source(of: script.statements) }

  package static func source(of statements: [Statement]) -> String {
    var printer = Printer()
    printer.list(statements)
    printer.flush()
    return printer.text
  }

  package static func source(of word: Word) -> String {
    var printer = Printer()
    printer.parts(word.parts)
    return printer.text
  }

  package static func source(of function: FunctionDefinition) -> String {
    var printer = Printer()
    printer.function(function)
    printer.flush()
    return printer.text
  }

  package static func source(of command: Command) -> String {
    var printer = Printer()
    printer.command(command)
    printer.flush()
    return printer.text
  }

  // MARK: Lines

  /// Ends the line; the here-documents it named follow.
  private mutating func newline() {
    flush()
    if !text.hasSuffix("\n") { text += "\n" }
    text += String(repeating: "  ", count: indent)
  }

  private mutating func flush() {
    if pending.isEmpty { return }
    text += "\n"
    let waiting = pending
    pending = []
    for (redirection, body) in waiting {
      var inner = Printer()
      inner.parts(body)
      text += inner.text
      text += (redirection.document?.delimiter ?? "") + "\n"
    }
  }

  private mutating func list(_ statements: [Statement]) {
    for (number, statement) in statements.enumerated() {
      if number > 0 { newline() }
      self.statement(statement)
    }
  }

  private mutating func block(_ statements: [Statement]) {
    indent += 1
    newline()
    list(statements)
    indent -= 1
    newline()
  }

  private mutating func statement(_ statement: Statement) {
    pipeline(statement.first)
    for next in statement.rest {
      text += " \(next.connector.rawValue) "
      pipeline(next.pipeline)
    }
    if statement.isBackground { text += " &" }
  }

  private mutating func pipeline(_ pipeline: Pipeline) {
    if pipeline.isTimed { text += "time " }
    if pipeline.isNegated { text += "! " }
    for (number, command) in pipeline.commands.enumerated() {
      if number > 0 { text += pipeline.joinsErrors[number - 1] ? " |& " : " | " }
      self.command(command)
    }
  }

  // MARK: Commands

  private mutating func command(_ command: Command) {
    switch command.body {
    case .simple(let simple): self.simple(simple)
    case .group(let list):
      text += "{"
      block(list)
      text += "}"
    case .subshell(let list):
      text += "("
      block(list)
      text += ")"
    case .conditional(let conditional): self.conditional(conditional)
    case .forEach(let loop):
      text += "for \(loop.name)"
      if let words = loop.words {
        text += " in"
        for word in words {
          text += " "
          parts(word.parts)
        }
      }
      doBlock(loop.body)
    case .forArithmetic(let loop):
      text += "for (("
      parts(loop.initial.parts)
      text += ";"
      parts(loop.condition.parts)
      text += ";"
      parts(loop.step.parts)
      text += "))"
      doBlock(loop.body)
    case .loop(let loop):
      text += loop.isUntil ? "until" : "while"
      block(loop.condition)
      text += "do"
      block(loop.body)
      text += "done"
    case .choice(let choice): self.choice(choice)
    case .arithmetic(let word):
      text += "(("
      parts(word.parts)
      text += "))"
    case .test(let expression):
      text += "[[ "
      test(expression)
      text += " ]]"
    case .function(let definition): function(definition)
    }
    for (number, redirection) in command.redirections.enumerated() {
      if number > 0 || !text.hasSuffix(" ") { text += " " }
      self.redirection(redirection)
    }
  }

  private mutating func simple(_ simple: SimpleCommand) {
    var separator = ""
    for item in simple.assignments {
      text += separator
      assignment(item)
      separator = " "
    }
    for argument in simple.arguments {
      text += separator
      switch argument {
      case .word(let word): parts(word.parts)
      case .assignment(let item): assignment(item)
      }
      separator = " "
    }
  }

  private mutating func assignment(_ assignment: Assignment) {
    text += assignment.name
    if let index = assignment.index {
      text += "["
      parts(index.parts)
      text += "]"
    }
    text += assignment.appends ? "+=" : "="
    switch assignment.value {
    case .scalar(let word): parts(word.parts)
    case .array(let elements):
      text += "("
      for (number, element) in elements.enumerated() {
        if number > 0 { text += " " }
        if let index = element.index {
          text += "["
          parts(index.parts)
          text += "]="
        }
        parts(element.value.parts)
      }
      text += ")"
    }
  }

  private mutating func function(_ definition: FunctionDefinition) {
    text += "\(definition.name)() "
    command(definition.body)
  }

  private mutating func doBlock(_ body: [Statement]) {
    newline()
    text += "do"
    block(body)
    text += "done"
  }

  private mutating func conditional(_ conditional: Conditional) {
    for (number, branch) in conditional.branches.enumerated() {
      text += number == 0 ? "if" : "elif"
      block(branch.condition)
      text += "then"
      block(branch.body)
    }
    if let otherwise = conditional.otherwise {
      text += "else"
      block(otherwise)
    }
    text += "fi"
  }

  private mutating func choice(_ choice: Choice) {
    text += "case "
    parts(choice.subject.parts)
    text += " in"
    for item in choice.items {
      newline()
      text += "("
      for (number, pattern) in item.patterns.enumerated() {
        if number > 0 { text += " | " }
        parts(pattern.parts)
      }
      text += ")"
      block(item.body)
      text += item.ending.rawValue
    }
    newline()
    text += "esac"
  }

  private mutating func test(_ expression: TestExpression) {
    switch expression {
    case .word(let word): parts(word.parts)
    case .unary(let op, let word):
      text += op + " "
      parts(word.parts)
    case .binary(let left, let op, let right):
      parts(left.parts)
      text += " \(op) "
      parts(right.parts)
    case .not(let inner):
      text += "! "
      test(inner)
    case .and(let left, let right):
      test(left)
      text += " && "
      test(right)
    case .or(let left, let right):
      test(left)
      text += " || "
      test(right)
    case .group(let inner):
      text += "( "
      test(inner)
      text += " )"
    }
  }

  private mutating func redirection(_ redirection: Redirection) {
    if let descriptor = redirection.descriptor { text += String(descriptor) }
    // The tabs of `<<-` are already gone from the body.
    text += redirection.kind.rawValue
    switch redirection.kind {
    case .hereDocument, .hereDocumentTabs:
      pending.append((redirection, redirection.document?.body ?? []))
    case .duplicateInput, .duplicateOutput: break
    default: text += " "
    }
    parts(redirection.target.parts)
  }

  // MARK: Words

  private mutating func parts(_ parts: [WordPart]) {
    for part in parts {
      switch part {
      case .literal(let text): self.text += text
      case .escaped(let text): self.text += "\\" + text
      case .singleQuoted(let text): self.text += "'\(text)'"
      case .ansiQuoted(_, let raw): text += "$'\(raw)'"
      case .doubleQuoted(let inner):
        text += "\""
        self.parts(inner)
        text += "\""
      case .parameter(let parameter): self.parameter(parameter)
      case .command(let list, _):
        var inner = Printer()
        inner.list(list)
        inner.flush()
        text += inner.text.hasPrefix("(") ? "$( " : "$("
        text += inner.text + ")"
      case .arithmetic(let word):
        text += "$(("
        self.parts(word.parts)
        text += "))"
      }
    }
  }

  private mutating func parameter(_ parameter: Parameter) {
    guard parameter.isBraced else {
      text += "$" + parameter.name
      return
    }
    text += "${"
    switch parameter.operation {
    case .length: text += "#"
    case .indirect, .keys, .names: text += "!"
    default: break
    }
    text += parameter.name
    switch parameter.index {
    case .all: text += "[@]"
    case .joined: text += "[*]"
    case .at(let word):
      text += "["
      parts(word.parts)
      text += "]"
    case nil: break
    }
    operation(parameter.operation)
    text += "}"
  }

  private mutating func operation(_ operation: Parameter.Operation) {
    switch operation {
    case .value, .length, .indirect, .keys: break
    case .names(let joined): text += joined ? "*" : "@"
    case .fallback(let kind, let testsEmpty, let word):
      text += (testsEmpty ? ":" : "") + kind.rawValue
      parts(word.parts)
    case .remove(let suffix, let longest, let pattern):
      text += String(repeating: suffix ? "%" : "#", count: longest ? 2 : 1)
      parts(pattern.parts)
    case .replace(let scope, let pattern, let replacement):
      text += scope.rawValue
      parts(pattern.parts)
      if let replacement {
        text += "/"
        parts(replacement.parts)
      }
    case .slice(let offset, let length):
      text += ":"
      parts(offset.parts)
      if let length {
        text += ":"
        parts(length.parts)
      }
    case .changeCase(let upper, let all, let pattern):
      text += String(repeating: upper ? "^" : ",", count: all ? 2 : 1)
      if let pattern { parts(pattern.parts) }
    case .transform(let letter): text += "@" + letter
    }
  }
}
