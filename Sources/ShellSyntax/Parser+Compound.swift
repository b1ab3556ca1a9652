extension Parser {
  /// A compound command at the cursor, or nil where a simple command stands.
  mutating func parseCompound() throws(ShellSyntaxError) -> CommandBody? {
    let start = index
    if byte == UInt8(ascii: "(") {
      if byte(1) == UInt8(ascii: "("), isArithmetic(at: index) {
        index += 2
        return .arithmetic(try parseArithmetic(opening: "((", from: start))
      }
      index += 1
      let list = try parseStatements(until: .operators([")"], open: "`)` of the subshell"))
      guard byte == UInt8(ascii: ")") else { throw unexpectedToken() }
      if list.isEmpty { throw malformed("`( )` holds no command.", "subshell", from: start) }
      index += 1
      return .subshell(list)
    }
    guard let word = peekPlainWord() else { return nil }
    switch word {
    case "{":
      index += 1
      let list = try parseStatements(until: .words(["}"], open: "`}` of the group"))
      if list.isEmpty { throw malformed("`{ }` holds no command.", "group", from: start) }
      index += 1
      return .group(list)
    case "if": return .conditional(try parseIf())
    case "for": return try parseFor()
    case "while", "until":
      index += 5
      let condition = try parseBody(until: ["do"], of: word)
      return .loop(Loop(isUntil: word == "until", condition: condition, body: try parseDo(of: word)))
    case "case": return .choice(try parseCase())
    case "[[":
      index += 2
      return .test(try parseTest(from: start))
    case "function":
      index += 8
      skipBlanks()
      guard let next = byte, !Self.isMeta(next) else {
        throw malformed("“function” needs a name after it.", "function", from: start)
      }
      guard let name = peekPlainWord() else {
        throw malformed("A function's name is a plain word.", "function", from: start)
      }
      index += name.utf8.count
      return try parseFunctionBody(name: name, start: start).body
    case "select": throw unsupported("`select`", "read the choice with `read` and test it with `case`")
    case "coproc": throw unsupported("`coproc`", "start the command with `&` and pass data through a file")
    default:
      // A reserved word that needs another before it is no command's name.
      if Self.openers[word] != nil { throw unexpectedToken() }
      return nil
    }
  }

  /// A list that must hold a command, up to one of `words`, which is left for the caller.
  private mutating func parseBody(until words: Set<String>, of construct: String) throws(ShellSyntaxError)
    -> [Statement]
  {
    let name = words.sorted().joined(separator: "` or `")
    let list = try parseStatements(until: .words(words, open: "`\(name)` of `\(construct)`"))
    if list.isEmpty { throw malformed("“\(construct)” needs a command before `\(name)`.", construct) }
    return list
  }

  private mutating func parseDo(of construct: String) throws(ShellSyntaxError) -> [Statement] {
    try expect("do", after: construct)
    let body = try parseBody(until: ["done"], of: construct)
    try expect("done", after: construct)
    return body
  }

  private mutating func parseIf() throws(ShellSyntaxError) -> Conditional {
    index += 2
    var branches: [Conditional.Branch] = []
    while true {
      let condition = try parseBody(until: ["then"], of: "if")
      try expect("then", after: "if")
      let body = try parseBody(until: ["elif", "else", "fi"], of: "if")
      branches.append(.init(condition: condition, body: body))
      switch peekPlainWord() {
      case "elif": index += 4
      case "else":
        index += 4
        let otherwise = try parseBody(until: ["fi"], of: "else")
        try expect("fi", after: "if")
        return Conditional(branches: branches, otherwise: otherwise)
      default:
        try expect("fi", after: "if")
        return Conditional(branches: branches, otherwise: nil)
      }
    }
  }

  private mutating func parseFor() throws(ShellSyntaxError) -> CommandBody {
    let start = index
    index += 3
    skipBlanks()
    if starts(with: "((") {
      index += 2
      let initial = try parseArithmeticPart(until: UInt8(ascii: ";"), from: start)
      index += 1
      let condition = try parseArithmeticPart(until: UInt8(ascii: ";"), from: start)
      index += 1
      let step = try parseArithmetic(opening: "for ((", from: start)
      skipBlanks()
      if byte == UInt8(ascii: ";") { index += 1 }
      try skipNewlines()
      return .forArithmetic(
        ForArithmetic(initial: initial, condition: condition, step: step, body: try parseForBody()))
    }
    if atEnd { throw incomplete("the name after `for`", from: start) }
    guard let name = peekPlainWord(), Self.isName(name) else {
      throw malformed("“for” needs a variable's name after it, not \(describeToken()).", "for")
    }
    index += name.utf8.count
    try skipNewlines()
    var words: [Word]?
    if peekPlainWord() == "in" {
      index += 2
      var list: [Word] = []
      while true {
        skipBlanks()
        guard let next = byte, next != .newline, next != UInt8(ascii: ";") else { break }
        if Self.isMeta(next) {
          if starts(with: "<(") { throw unsupported("process substitution `<( )`", "use `$( )`") }
          throw malformed("“for” takes words after `in`, not \(describeToken()).", "for")
        }
        list.append(try parseWord())
      }
      words = list
    }
    skipBlanks()
    if byte == UInt8(ascii: ";"), byte(1) != UInt8(ascii: ";") { index += 1 }
    try skipNewlines()
    return .forEach(ForEach(name: name, words: words, body: try parseForBody()))
  }

  private mutating func parseForBody() throws(ShellSyntaxError) -> [Statement] {
    if peekPlainWord() == "{" {
      index += 1
      let body = try parseBody(until: ["}"], of: "for")
      try expect("}", after: "for")
      return body
    }
    return try parseDo(of: "for")
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isNameStart else { return false }
    return text.utf8.allSatisfy(\.isNameByte)
  }

  private mutating func parseCase() throws(ShellSyntaxError) -> Choice {
    let start = index
    index += 4
    skipBlanks()
    guard let next = byte else { throw incomplete("the word after `case`", from: start) }
    if Self.isMeta(next) { throw malformed("“case” needs a word after it, not \(describeToken()).", "case") }
    let subject = try parseWord()
    try expect("in", after: "case")
    var items: [Choice.Item] = []
    while true {
      try skipNewlines()
      if atEnd { throw incomplete("`esac` of `case`", from: start) }
      if peekPlainWord() == "esac" {
        index += 4
        return Choice(subject: subject, items: items)
      }
      items.append(try parseCaseItem(start))
    }
  }

  private mutating func parseCaseItem(_ start: Int) throws(ShellSyntaxError) -> Choice.Item {
    if byte == UInt8(ascii: "(") { index += 1 }
    var patterns: [Word] = []
    while true {
      skipBlanks()
      guard let next = byte else { throw incomplete("`esac` of `case`", from: start) }
      if Self.isMeta(next) {
        throw malformed("“case” needs a pattern and `)` here, not \(describeToken()).", "case")
      }
      patterns.append(try parseWord())
      skipBlanks()
      if byte == UInt8(ascii: "|") {
        index += 1
      } else if byte == UInt8(ascii: ")") {
        index += 1
        break
      } else {
        if atEnd { throw incomplete("`)` after the pattern of `case`", from: start) }
        throw malformed("A pattern of “case” ends with `)`, not \(describeToken()).", "case")
      }
    }
    var ending = Ending.words(["esac"], open: "`esac` of `case`")
    ending.operators = [";;"]
    let body = try parseStatements(until: ending)
    var leaving = Choice.Ending.leave
    for mark in [Choice.Ending.testNext, .leave, .fallThrough] where starts(with: mark.rawValue) {
      leaving = mark
      index += mark.rawValue.utf8.count
      break
    }
    return Choice.Item(patterns: patterns, body: body, ending: leaving)
  }
}
