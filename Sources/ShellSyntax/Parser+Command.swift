extension Parser {
  /// `export A=1`: commands whose assignment-shaped arguments are assignments.
  static let declarations: Set<String> = ["export", "local", "declare", "readonly", "typeset"]

  mutating func parseCommand() throws(ShellSyntaxError) -> Command {
    skipBlanks()
    let start = index
    guard let next = byte, next != .newline else { throw unexpectedToken() }
    if let body = try parseCompound() {
      var redirections: [Redirection] = []
      if case .function = body {
      } else {
        while let redirection = try parseRedirection() { redirections.append(redirection) }
      }
      return Command(body: body, redirections: redirections, range: range(start, index))
    }
    return try parseSimpleCommand(start)
  }

  private mutating func parseSimpleCommand(_ start: Int) throws(ShellSyntaxError) -> Command {
    var command = SimpleCommand(assignments: [], arguments: [])
    var redirections: [Redirection] = []
    var isDeclaration = false
    var end = index
    while true {
      skipBlanks()
      guard let next = byte else { break }
      if let redirection = try parseRedirection() {
        redirections.append(redirection)
        end = index
        continue
      }
      if Self.isMeta(next) {
        if next == UInt8(ascii: "("), redirections.isEmpty, let name = functionName(command) {
          return try parseFunctionBody(name: name, start: start)
        }
        break
      }
      if command.arguments.isEmpty, let assignment = try parseAssignment() {
        command.assignments.append(assignment)
      } else if isDeclaration, let assignment = try parseAssignment() {
        command.arguments.append(.assignment(assignment))
      } else {
        let word = try parseWord()
        if command.arguments.isEmpty {
          isDeclaration = word.plain.map(Self.declarations.contains) ?? false
        } else if command.arguments.count == 1, ["command", "builtin"].contains(command.words.first?.plain) {
          isDeclaration = word.plain.map(Self.declarations.contains) ?? false
        }
        command.arguments.append(.word(word))
      }
      end = index
    }
    if command.arguments.isEmpty, command.assignments.isEmpty, redirections.isEmpty {
      throw unexpectedToken()
    }
    if byte == UInt8(ascii: "(") { throw unexpectedToken() }
    return Command(body: .simple(command), redirections: redirections, range: range(start, end))
  }

  /// The name, where `name` `(` can only begin a function.
  private func functionName(_ command: SimpleCommand) -> String? {
    guard command.assignments.isEmpty, command.arguments.count == 1, let name = command.words.first?.plain
    else {
      return nil
    }
    var ahead = 1
    while byte(ahead) == .space || byte(ahead) == .tab { ahead += 1 }
    return byte(ahead) == UInt8(ascii: ")") ? name : nil
  }

  /// From `()` on, or from the compound command after `function name`.
  mutating func parseFunctionBody(name: String, start: Int) throws(ShellSyntaxError) -> Command {
    skipBlanks()
    if byte == UInt8(ascii: "(") {
      index += 1
      skipBlanks()
      if byte != UInt8(ascii: ")") {
        if atEnd { throw incomplete("`)` of the function `\(name)`") }
        throw malformed("A function takes no names between its parentheses: write `\(name)() {`.", "function")
      }
      index += 1
    }
    try skipNewlines()
    if atEnd { throw incomplete("the body of the function `\(name)`") }
    let bodyStart = index
    guard let body = try parseCompound() else {
      throw malformed(
        "The body of the function `\(name)` must stand in braces: `\(name)() { ...; }`.", "function")
    }
    if case .function = body {
      throw malformed(
        "The body of the function `\(name)` must stand in braces: `\(name)() { ...; }`.", "function")
    }
    var redirections: [Redirection] = []
    while let redirection = try parseRedirection() { redirections.append(redirection) }
    let definition = FunctionDefinition(
      name: name, body: Command(body: body, redirections: redirections, range: range(bodyStart, index)))
    return Command(body: .function(definition), redirections: [], range: range(start, index))
  }

  // MARK: Redirections

  private static let operators: [Redirection.Kind] = Redirection.Kind.allCases.sorted {
    $0.rawValue.utf8.count > $1.rawValue.utf8.count
  }

  /// A redirection at the cursor, or nil.
  mutating func parseRedirection() throws(ShellSyntaxError) -> Redirection? {
    let before = index
    skipBlanks()
    if let redirection = try parseRedirectionHere() { return redirection }
    index = before
    return nil
  }

  private mutating func parseRedirectionHere() throws(ShellSyntaxError) -> Redirection? {
    let start = index
    var place = index
    while place < bytes.count, bytes[place].isDigit { place += 1 }
    guard place < bytes.count else { return nil }
    let isArrow = bytes[place] == UInt8(ascii: "<") || bytes[place] == UInt8(ascii: ">")
    let isBoth =
      place == index && bytes[place] == UInt8(ascii: "&") && place + 1 < bytes.count
      && bytes[place + 1] == UInt8(ascii: ">")
    if bytes[place] == UInt8(ascii: "{"), place == index, let name = peekPlainWord(), name.hasSuffix("}") {
      let after = byte(name.utf8.count)
      if after == UInt8(ascii: "<") || after == UInt8(ascii: ">"), name.utf8.count > 2,
        name.dropFirst().dropLast().utf8.allSatisfy(\.isNameByte)
      {
        throw unsupported("`\(name)>`", "give the descriptor a number, such as `3>`")
      }
    }
    guard isArrow || isBoth else { return nil }
    let digits = text(index, place)
    let descriptor = Int(digits)
    if !digits.isEmpty, descriptor.map({ $0 > 255 }) ?? true {
      throw malformed("The descriptor \(digits) is out of range: use 0 to 255.", "redirection")
    }
    index = place
    guard let kind = Self.operators.first(where: { starts(with: $0.rawValue) }) else { return nil }
    if digits.isEmpty, kind == .input || kind == .output, byte(1) == UInt8(ascii: "(") {
      throw unsupported(
        "process substitution `\(kind.rawValue)( )`", "write its output to a file first and name that file")
    }
    let key = index
    index += kind.rawValue.utf8.count
    skipBlanks()
    if let next = byte, !Self.isMeta(next) {
      if kind == .hereDocument || kind == .hereDocumentTabs {
        let (word, document) = try parseHereDocument(stripsTabs: kind == .hereDocumentTabs, operatorAt: key)
        return Redirection(
          descriptor: descriptor, kind: kind, target: word, document: document, range: range(start, index))
      }
      let word = try parseWord()
      return Redirection(
        descriptor: descriptor, kind: kind, target: word, document: nil, range: range(start, index))
    }
    if starts(with: "<(") || starts(with: ">(") {
      throw unsupported("process substitution `< <( )`", "write its output to a file first, or use `<<<`")
    }
    let needs = kind == .hereDocument || kind == .hereDocumentTabs ? "a delimiter such as EOF" : "a file name"
    if atEnd { throw incomplete("\(needs) after `\(kind.rawValue)`", from: start) }
    if kind == .output, let name = placeholderBefore(start) {
      throw malformed(
        "`<\(name)>` looks like a placeholder: put your own value in its place, without the `<` and `>`.",
        "placeholder", from: start)
    }
    throw malformed(
      "`\(kind.rawValue)` needs \(needs) after it, not \(describeToken()).", "redirection", from: start)
  }

  /// `name` where the bytes before `place` read `<name`.
  private func placeholderBefore(_ place: Int) -> String? {
    var start = place
    while start > 0, bytes[start - 1] != UInt8(ascii: "<"), bytes[start - 1] != .newline { start -= 1 }
    guard start > 0, bytes[start - 1] == UInt8(ascii: "<"), start < place else { return nil }
    return text(start, place)
  }

  // MARK: Assignments

  /// `NAME=value` at the cursor, or nil.
  mutating func parseAssignment() throws(ShellSyntaxError) -> Assignment? {
    let start = index
    guard let first = byte, first.isNameStart else { return nil }
    var place = index
    while place < bytes.count, bytes[place].isNameByte { place += 1 }
    let name = text(index, place)
    var element: Word?
    if place < bytes.count, bytes[place] == UInt8(ascii: "[") {
      guard let close = subscriptEnd(place) else { return nil }
      let saved = index
      index = place + 1
      let inner = try parseSubscript()
      guard index == close + 1, byte == UInt8(ascii: "=") || starts(with: "+=") else {
        index = saved
        return nil
      }
      element = inner
      place = index
    }
    guard place < bytes.count else { return nil }
    var appends = false
    if bytes[place] == UInt8(ascii: "+"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "=") {
      appends = true
      place += 1
    }
    guard bytes[place] == UInt8(ascii: "=") else {
      index = start
      return nil
    }
    index = place + 1
    if byte == UInt8(ascii: "("), element == nil {
      let elements = try parseArray(name)
      return Assignment(
        name: name, index: nil, appends: appends, value: .array(elements), range: range(start, index))
    }
    let value = try parseWordOrEmpty()
    return Assignment(
      name: name, index: element, appends: appends, value: .scalar(value), range: range(start, index))
  }

  /// Where the `]` is that ends a subscript opened at `place`, on the same word; nil if none.
  private func subscriptEnd(_ place: Int) -> Int? {
    var level = 0
    var at = place
    while at < bytes.count, bytes[at] != .newline {
      if bytes[at] == UInt8(ascii: "[") { level += 1 }
      if bytes[at] == UInt8(ascii: "]") {
        level -= 1
        if level == 0 {
          let next = at + 1 < bytes.count ? bytes[at + 1] : 0
          return next == UInt8(ascii: "=") || next == UInt8(ascii: "+") ? at : nil
        }
      }
      at += 1
    }
    return nil
  }

  private mutating func parseArray(_ name: String) throws(ShellSyntaxError) -> [Assignment.Element] {
    let start = index
    index += 1
    var elements: [Assignment.Element] = []
    while true {
      try skipNewlines()
      guard let next = byte else { throw incomplete("`)` of the array `\(name)`", from: start) }
      if next == UInt8(ascii: ")") {
        index += 1
        return elements
      }
      var element: Word?
      if next == UInt8(ascii: "["), let close = subscriptEnd(index), bytes[close + 1] == UInt8(ascii: "=") {
        index += 1
        element = try parseSubscript()
        index += 1
        elements.append(.init(index: element, value: try parseWordOrEmpty()))
        continue
      }
      if Self.isMeta(next) {
        throw malformed("An array holds words between its parentheses, not \(describeToken()).", "array")
      }
      elements.append(.init(index: nil, value: try parseWord()))
    }
  }
}
