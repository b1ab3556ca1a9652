import ShellSyntax

extension Interpreter {
  /// How a part is read: as written in a word, inside an unquoted `${NAME:-here}`, or between double quotes.
  enum Place { case word, operand, quoted }

  /// More fields than this from one word are refused: `{1..1000000000}`.
  static let maximumFields = 100_000

  /// The fields that a word becomes (POSIX 2.6: braces, tilde, `$`, splitting, globbing, quotes).
  func expand(_ word: Word) throws -> [String] {
    if let plain = word.plain, !plain.isEmpty, !Self.hasLiveCharacters(plain) { return [plain] }
    var result: [String] = []
    for parts in try expandBraces(word.parts) {
      var builder = FieldBuilder(separators: separators, splits: true)
      try expand(Self.withTilde(parts, self), .word, &builder)
      for field in builder.finish() {
        if !state.options.contains(.noglob), let names = glob(field) {
          result += names
        } else {
          result.append(field.reduce("") { $0 + $1.text })
        }
      }
    }
    return result
  }

  private static func hasLiveCharacters(_ text: String) -> Bool {
    text.utf8.contains { "*?[{~".utf8.contains($0) }
  }

  private func expandBraces(_ parts: [WordPart]) throws -> [[WordPart]] {
    var budget = Self.maximumFields
    guard let words = BraceExpansion.expand(parts, &budget) else {
      complain("braces: this would make more than \(Self.maximumFields) words")
      throw Interrupt.discarded(1)
    }
    return words
  }

  /// The words of several, in order.
  func expand(_ words: [Word]) throws -> [String] { try words.flatMap { try expand($0) } }

  /// A word that stays one: no splitting, no globbing.
  func expandToString(_ word: Word, isAssignment: Bool = false) throws -> String {
    var parts = Self.withTilde(word.parts, self)
    if isAssignment { parts = withInnerTildes(parts) }
    return try expandToString(parts, isQuoted: false)
  }

  func expandToString(_ parts: [WordPart], isQuoted: Bool) throws -> String {
    try joined(parts, isQuoted).reduce("") { $0 + $1.text }
  }

  /// A word as a pattern: quoted characters stand for themselves.
  func expandToPattern(_ word: Word) throws -> Pattern {
    Pattern(try joined(Self.withTilde(word.parts, self), false))
  }

  /// The segments of a word that stays one.
  func joined(_ parts: [WordPart], _ isQuoted: Bool) throws -> [Segment] {
    var builder = FieldBuilder(separators: separators, splits: false)
    try expand(parts, isQuoted ? .quoted : .word, &builder)
    return builder.finish().first ?? []
  }

  /// `IFS`; blanks where it is unset.
  var separators: String { state.variables["IFS"].map { $0.scalar ?? " \t\n" } ?? " \t\n" }

  // MARK: Parts

  private func expand(_ parts: [WordPart], _ place: Place, _ builder: inout FieldBuilder) throws {
    for part in parts {
      switch part {
      case .literal(let text):
        switch place {
        case .word: builder.add(text, isQuoted: false)
        case .operand: builder.split(text)
        case .quoted: builder.add(text, isQuoted: true)
        }
      case .escaped(let text), .singleQuoted(let text), .ansiQuoted(let text, _):
        builder.add(text, isQuoted: true)
      case .doubleQuoted(let inner):
        if inner.isEmpty { builder.add("", isQuoted: true) } else { try expand(inner, .quoted, &builder) }
      case .parameter(let parameter): try expand(parameter, place, &builder)
      case .command(let list, _): add(try substitute(list), place, &builder)
      case .arithmetic(let word):
        do {
          add(String(try arithmetic(expandToString(word.parts, isQuoted: true), for: "")), place, &builder)
        } catch is ArithmeticFailure {
          throw Interrupt.discarded(1)
        }
      }
    }
  }

  private func add(_ text: String, _ place: Place, _ builder: inout FieldBuilder) {
    if place == .quoted { builder.add(text, isQuoted: true) } else { builder.split(text) }
  }

  private func expand(_ parameter: Parameter, _ place: Place, _ builder: inout FieldBuilder) throws {
    switch try evaluate(parameter, place) {
    case .text(let text): add(text, place, &builder)
    case .operand(let word):
      let inner = place == .quoted ? word.parts : Self.withTilde(word.parts, self)
      if place == .quoted, inner.isEmpty { builder.add("", isQuoted: true) }
      try expand(inner, place == .quoted ? .quoted : .operand, &builder)
    case .list(let items, let isJoined):
      if place == .quoted {
        if isJoined {
          let separator = separators.unicodeScalars.first.map { String(Character($0)) } ?? ""
          builder.add(items.joined(separator: separator), isQuoted: true)
        } else {
          for (number, item) in items.enumerated() {
            if number > 0 { builder.breakField() }
            builder.add(item, isQuoted: true)
          }
        }
      } else {
        for (number, item) in items.enumerated() {
          if number > 0 { builder.breakField() }
          builder.split(item)
        }
      }
    }
  }

  /// What `$( )` prints, trailing newlines cut off.
  private func substitute(_ list: [Statement]) throws -> String {
    try nested {
      let inner = subshell()
      inner.conditionDepth = 0
      inner.state.options.remove(.errexit)
      let buffer = OutputBuffer()
      inner.descriptors[1] = buffer
      let status: Int32
      if let redirection = Self.fileToRead(list) {
        status = try inner.runContained { try $0.copyFile(redirection) }
      } else {
        status = try inner.runContained { try $0.run(list) }
      }
      substitutionStatus = status
      state.lastStatus = status
      var bytes = buffer.contents[...]
      while bytes.last == 10 { bytes = bytes.dropLast() }
      if bytes.contains(0) {
        complain("warning: command substitution: ignored null byte in input")
        bytes = bytes.filter { $0 != 0 }[...]
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// `$(< file)` reads the file.
  private static func fileToRead(_ list: [Statement]) -> Redirection? {
    guard list.count == 1, let statement = list.first, statement.rest.isEmpty,
      statement.first.commands.count == 1, let command = statement.first.commands.first,
      command.redirections.count == 1, let redirection = command.redirections.first,
      redirection.kind == .input,
      case .simple(let simple) = command.body, simple.arguments.isEmpty, simple.assignments.isEmpty
    else { return nil }
    return redirection
  }

  private func copyFile(_ redirection: Redirection) throws {
    state.lastStatus = 0
    try withRedirections([redirection]) {
      while let bytes = try? descriptors[0]?.read(upTo: 65_536, context.cancellation), !bytes.isEmpty {
        try write(bytes)
      }
    }
  }

  // MARK: Tilde

  /// `~` and `~/...` at the start of a word become `HOME`.
  static func withTilde(_ parts: [WordPart], _ shell: Interpreter) -> [WordPart] {
    guard case .literal(let text)? = parts.first, text.hasPrefix("~") else { return parts }
    let end = text.firstIndex(of: "/") ?? text.endIndex
    if end == text.endIndex, parts.count > 1 { return parts }
    guard let home = shell.home(String(text[..<end].dropFirst())) else { return parts }
    return [.singleQuoted(home), .literal(String(text[end...]))] + parts.dropFirst()
  }

  private func home(_ user: String) -> String? {
    switch user {
    case "": state.variables["HOME"]?.scalar
    case "+": state.workingDirectory
    case "-": state.variables["OLDPWD"]?.scalar
    default: nil
    }
  }

  /// In an assignment `~` lives after each `:` too.
  private func withInnerTildes(_ parts: [WordPart]) -> [WordPart] {
    guard parts.contains(where: { if case .literal(let text) = $0 { text.contains(":~") } else { false } })
    else {
      return parts
    }
    return parts.flatMap { part -> [WordPart] in
      guard case .literal(let text) = part else { return [part] }
      let pieces = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      return pieces.enumerated().flatMap { number, piece -> [WordPart] in
        let colon: [WordPart] = number > 0 ? [.literal(":")] : []
        return colon + (number > 0 ? Self.withTilde([.literal(piece)], self) : [.literal(piece)])
      }
    }
  }
}
