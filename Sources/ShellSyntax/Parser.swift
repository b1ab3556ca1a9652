/// Reads bytes into the tree, one grammar rule a method (`Parser+*.swift`).
struct Parser {
  let bytes: [UInt8]
  /// For text that was unescaped or had its tabs stripped before it was read: the offset in the script of each
  /// byte, and one more for the end.
  let origin: [Int]?
  let lines: LineTable
  /// How many texts within texts (backticks, here-document bodies) enclose this one.
  let nesting: Int
  /// Here-document bodies by the offset of their operator; empty on the first reading.
  var documents: [Int: HereDocument] = [:]
  /// Here-documents named on the current line, whose bodies begin after it.
  var pending: [PendingDocument] = []
  var index = 0
  var depth = 0

  /// Deeper than this a script is refused: the parser calls itself.
  static let maximumDepth = 60
  static let maximumNesting = 6

  struct PendingDocument {
    var key: Int
    var delimiter: String
    var isQuoted: Bool
    var stripsTabs: Bool
    var range: SourceRange
  }

  private init(_ bytes: [UInt8], origin: [Int]?, lines: LineTable, nesting: Int) {
    self.bytes = bytes
    self.origin = origin
    self.lines = lines
    self.nesting = nesting
  }

  /// Runs `read` over the text, and once more where the first reading found here-documents.
  private static func reading<T>(
    _ bytes: [UInt8], origin: [Int]?, lines: LineTable, nesting: Int,
    _ read: (inout Parser) throws(ShellSyntaxError) -> T
  ) throws(ShellSyntaxError) -> T {
    var parser = Parser(bytes, origin: origin, lines: lines, nesting: nesting)
    if nesting > maximumNesting { throw parser.tooDeep() }
    let result = try read(&parser)
    if parser.documents.isEmpty { return result }
    var again = Parser(bytes, origin: origin, lines: lines, nesting: nesting)
    again.documents = parser.documents
    return try read(&again)
  }

  /// The statements of a whole text.
  static func statements(of bytes: [UInt8], origin: [Int]?, lines: LineTable, nesting: Int)
    throws(ShellSyntaxError) -> [Statement]
  {
    try reading(bytes, origin: origin, lines: lines, nesting: nesting) {
      (parser: inout Parser) throws(ShellSyntaxError) -> [Statement] in
      let list = try parser.parseStatements(until: .endOfText)
      if !parser.atEnd { throw parser.unexpectedToken() }
      try parser.finishDocuments()
      return list
    }
  }

  /// The parts of a here-document's body.
  static func documentParts(of bytes: [UInt8], origin: [Int]?, lines: LineTable, nesting: Int)
    throws(ShellSyntaxError) -> [WordPart]
  {
    try reading(bytes, origin: origin, lines: lines, nesting: nesting) {
      (parser: inout Parser) throws(ShellSyntaxError) -> [WordPart] in
      try parser.parseParts(.hereDocument) { _ in false }
    }
  }

  // MARK: Lists

  /// What ends a list of statements besides the end of the text.
  struct Ending {
    var words: Set<String> = []
    var operators: [String] = []
    /// What is still open, for the message at the end of the text; nil at the top.
    var open: String?

    static let endOfText = Ending()

    static func words(_ words: Set<String>, open: String) -> Ending { Ending(words: words, open: open) }
    static func operators(_ operators: [String], open: String) -> Ending {
      Ending(operators: operators, open: open)
    }
  }

  /// Statements up to, not including, what `ending` names.
  mutating func parseStatements(until ending: Ending) throws(ShellSyntaxError) -> [Statement] {
    var list: [Statement] = []
    while true {
      skipBlanks()
      if byte == .newline, !pending.isEmpty, let last = list.indices.last {
        // The bodies belong to the statement that ends here.
        index += 1
        try readPendingDocuments()
        list[last].range.end = range(index, bytes[index - 1] == .newline ? index - 1 : index).end
      }
      try skipNewlines()
      if atEnd {
        if let open = ending.open { throw incomplete(open) }
        return list
      }
      if isAt(ending) { return list }
      if let word = peekPlainWord(), Self.openers[word] != nil, let wanted = ending.words.sorted().first {
        throw malformed(
          "`\(word)` comes where `\(wanted)` is missing: `\(wanted)` begins a line or follows `;`.", word)
      }
      let statement = try parseStatement()
      list.append(statement)
      skipBlanks()
      if atEnd || isAt(ending) { continue }
      guard byte == .newline || endsWithSeparator else { throw unexpectedToken() }
    }
  }

  /// True where the byte just read was `;` or `&`: the next statement may follow on the same line.
  private var endsWithSeparator: Bool {
    var back = index - 1
    while back >= 0, bytes[back] == .space || bytes[back] == .tab { back -= 1 }
    return back >= 0 && (bytes[back] == UInt8(ascii: ";") || bytes[back] == UInt8(ascii: "&"))
      && separatorEnd == back + 1
  }

  /// Where the last statement's own `;` or `&` ended.
  var separatorEnd = -1

  func isAt(_ ending: Ending) -> Bool {
    if ending.operators.contains(where: { isAtOperator($0) }) { return true }
    return !ending.words.isEmpty && ending.words.contains(peekPlainWord() ?? "")
  }

  func isAtOperator(_ text: String) -> Bool {
    switch text {
    case ";;": byte == UInt8(ascii: ";") && (byte(1) == UInt8(ascii: ";") || byte(1) == UInt8(ascii: "&"))
    default: starts(with: text)
    }
  }

  mutating func parseStatement() throws(ShellSyntaxError) -> Statement {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw tooDeep() }
    let start = index
    let first = try parsePipeline()
    var rest: [Statement.Continuation] = []
    var end = index
    while true {
      skipBlanks()
      let connector: Statement.Connector
      if starts(with: "&&") { connector = .and } else if starts(with: "||") { connector = .or } else { break }
      index += 2
      try skipNewlines()
      if atEnd { throw incomplete("a command after `\(connector.rawValue)`") }
      rest.append(.init(connector: connector, pipeline: try parsePipeline()))
      end = index
    }
    var isBackground = false
    if byte == UInt8(ascii: "&") {
      isBackground = true
      index += 1
      end = index
      separatorEnd = index
    } else if byte == UInt8(ascii: ";"), byte(1) != UInt8(ascii: ";"), byte(1) != UInt8(ascii: "&") {
      index += 1
      separatorEnd = index
    }
    return Statement(first: first, rest: rest, isBackground: isBackground, range: range(start, end))
  }

  mutating func parsePipeline() throws(ShellSyntaxError) -> Pipeline {
    skipBlanks()
    let start = index
    var isNegated = false
    var isTimed = false
    while let word = peekPlainWord(), word == "!" || word == "time" {
      if word == "!" { isNegated.toggle() } else { isTimed = true }
      index += word.utf8.count
      skipBlanks()
      if isTimed, starts(with: "-p"), byte(2).map(Self.isMeta) ?? true {
        index += 2
        skipBlanks()
      }
    }
    var commands = [try parseCommand()]
    var joins: [Bool] = []
    var end = index
    while true {
      skipBlanks()
      guard byte == UInt8(ascii: "|"), byte(1) != UInt8(ascii: "|") else { break }
      index += 1
      let joinsErrors = byte == UInt8(ascii: "&")
      if joinsErrors { index += 1 }
      try skipNewlines()
      if atEnd { throw incomplete("a command after `|`") }
      commands.append(try parseCommand())
      joins.append(joinsErrors)
      end = index
    }
    index = end
    return Pipeline(
      isNegated: isNegated, isTimed: isTimed, commands: commands, joinsErrors: joins, range: range(start, end)
    )
  }
}
