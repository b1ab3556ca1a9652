/// The options of `xargs` that are known here; a command line with others goes to the real program.
struct XargsOptions {
  var replaced: String?
  var perCommand: Int?
  var delimiter: UInt8?
  var skipsEmpty = false
  var command: [String] = []

  init?(_ arguments: [String]) {
    var words = arguments[...]
    while let word = words.first, word.hasPrefix("-"), word.utf8.count > 1 {
      words = words.dropFirst()
      let letter = word.dropFirst().first
      let attached = String(word.dropFirst(2))
      func value() -> String? { attached.isEmpty ? words.popFirst() : attached }
      switch letter {
      case "-" where word == "--": break
      case "r" where attached.isEmpty: skipsEmpty = true
      case "0" where attached.isEmpty: delimiter = 0
      case "t" where attached.isEmpty: return nil
      case "I": replaced = value()
      case "n": perCommand = value().flatMap(Int.init)
      case "L": perCommand = value().flatMap(Int.init)
      // How many at a time: here always one after another.
      case "P": _ = value()
      case "d":
        guard let text = value() else { return nil }
        delimiter = text == "\\n" ? 10 : text == "\\0" ? 0 : text.utf8.first
      default: return nil
      }
      if letter == "L", perCommand != 1 { return nil }
      if letter == "n", (perCommand ?? 0) < 1 { return nil }
    }
    command = words.isEmpty ? ["echo"] : Array(words)
  }
}

extension Builtin {
  /// Builds command lines from standard input. Here rather than outside, so that `xargs aws ...` meets our `aws`.
  @Sendable static func buildCommands(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard let options = XargsOptions(call.arguments) else { return 1 }
    var bytes: [UInt8] = []
    while let more = try? shell.descriptors[0]?.read(upTo: 65_536, shell.context.cancellation), !more.isEmpty
    {
      bytes += more
    }
    try shell.checkCancellation()
    guard let items = items(bytes, options) else {
      shell.say("xargs: unmatched quote\n")
      return 1
    }
    if items.isEmpty, options.skipsEmpty || options.replaced != nil { return 0 }
    let saved = shell.descriptors[0]
    shell.descriptors[0] = InputBuffer([])
    defer { shell.descriptors[0] = saved }
    var commands: [[String]] = []
    if let mark = options.replaced, !mark.isEmpty {
      commands = items.map { item in options.command.map { replace(mark, with: item, in: $0) } }
    } else {
      let size = options.perCommand ?? max(1, items.count)
      var rest = items[...]
      repeat {
        commands.append(options.command + rest.prefix(size))
        rest = rest.dropFirst(size)
      } while !rest.isEmpty
    }
    var status: Int32 = 0
    for command in commands {
      try shell.dispatch(command, [:], skipsFunctions: true)
      switch shell.state.lastStatus {
      case 0: break
      case 126, 127: return shell.state.lastStatus
      case 255: return 124
      default: status = 123
      }
    }
    return status
  }

  private static func replace(_ mark: String, with item: String, in word: String) -> String {
    var result = ""
    var rest = word[...]
    while let next = rest.first {
      if rest.hasPrefix(mark) {
        result += item
        rest = rest.dropFirst(mark.count)
      } else {
        result.append(next)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// Words by blanks and quotes, or lines for `-I`, or by a delimiter; nil where a quote is left open.
  private static func items(_ bytes: [UInt8], _ options: XargsOptions) -> [String]? {
    if let delimiter = options.delimiter {
      var pieces = bytes.split(separator: delimiter, omittingEmptySubsequences: false)
      if pieces.last?.isEmpty ?? false { pieces.removeLast() }
      return pieces.map { String(decoding: $0, as: UTF8.self) }
    }
    var items: [String] = []
    var word: [UInt8]?
    var quote: UInt8?
    var isEscaped = false
    for byte in bytes {
      if isEscaped {
        word = (word ?? []) + [byte]
        isEscaped = false
      } else if let open = quote {
        if byte == open { quote = nil } else { word = (word ?? []) + [byte] }
      } else if byte == 92 {
        isEscaped = true
      } else if byte == 39 || byte == 34 {
        quote = byte
        word = word ?? []
      } else if byte == 10 || (options.replaced == nil && (byte == 32 || byte == 9)) {
        if let done = word { items.append(String(decoding: done, as: UTF8.self)) }
        word = nil
      } else if word == nil, byte == 32 || byte == 9 {
        continue
      } else {
        word = (word ?? []) + [byte]
      }
    }
    if quote != nil { return nil }
    if let done = word { items.append(String(decoding: done, as: UTF8.self)) }
    return items
  }
}
