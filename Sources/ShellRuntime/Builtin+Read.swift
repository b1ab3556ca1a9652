extension Builtin {
  private struct ReadOptions {
    var isRaw = false
    var array: String?
    var delimiter: UInt8 = 10
    var limit: Int?
    var descriptor = 0
    var names: [String] = []
  }

  /// `read [-r] [-p prompt] [-s] [-d delimiter] [-n count] [-u fd] [-a array] [name...]`. The prompt is shown only to
  /// a terminal, which a lab's input never is; `-t` and `-e` have no meaning then either.
  @Sendable static func read(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard let options = readOptions(shell, call) else { return 2 }
    guard let (text, quotes, isComplete) = try line(shell, options) else { return 1 }
    var fields = text
    var marks = quotes
    if let array = options.array {
      let parts = split(fields, marks, shell.separators, limit: Int.max)
      try shell.assign(
        ExpandedAssignment(name: array, index: nil, appends: false, value: .array(parts.map { (nil, $0) })))
      return isComplete ? 0 : 1
    }
    if options.names.isEmpty {
      try shell.set("REPLY", String(String.UnicodeScalarView(fields)))
      return isComplete ? 0 : 1
    }
    if options.names.count == 1, shell.separators.isEmpty {
      try shell.set(options.names[0], String(String.UnicodeScalarView(fields)))
      return isComplete ? 0 : 1
    }
    if fields.isEmpty { marks = []; fields = [] }
    let parts = split(fields, marks, shell.separators, limit: options.names.count)
    for (number, name) in options.names.enumerated() {
      try shell.set(name, number < parts.count ? parts[number] : "")
    }
    return isComplete ? 0 : 1
  }

  private static func readOptions(_ shell: Interpreter, _ call: Call) -> ReadOptions? {
    var options = ReadOptions()
    var words = call.arguments[...]
    while let word = words.first, word.hasPrefix("-"), word.utf8.count > 1 {
      words = words.dropFirst()
      if word == "--" { break }
      var letters = word.dropFirst()
      while let letter = letters.popFirst() {
        if "rse".contains(letter) {
          if letter == "r" { options.isRaw = true }
          continue
        }
        guard "pdnNuati".contains(letter) else {
          shell.complain("read: -\(letter): invalid option")
          return nil
        }
        let value = letters.isEmpty ? words.popFirst() : String(letters)
        letters = ""
        guard let value else {
          shell.complain("read: -\(letter): option requires an argument")
          return nil
        }
        switch letter {
        case "a": options.array = value
        case "d": options.delimiter = value.utf8.first ?? 0
        case "n", "N": options.limit = Int(value)
        case "u": options.descriptor = Int(value) ?? 0
        default: break
        }
      }
    }
    options.names = Array(words)
    for name in options.names + [options.array].compactMap({ $0 }) where !Interpreter.isName(name) {
      shell.complain("read: `\(name)': not a valid identifier")
      return nil
    }
    return options
  }

  /// One line with its escapes resolved, which of its characters were escaped, and whether the delimiter ended it.
  private static func line(_ shell: Interpreter, _ options: ReadOptions) throws -> (
    [UnicodeScalar], [Bool], Bool
  )? {
    guard let descriptor = shell.descriptors[options.descriptor] else {
      shell.complain("read: \(options.descriptor): invalid file descriptor: Bad file descriptor")
      return nil
    }
    var bytes: [UInt8] = []
    var escaped: [Bool] = []
    var isEscape = false
    var isComplete = false
    while options.limit.map({ bytes.count < $0 }) ?? true {
      let next: [UInt8]
      do {
        next = try descriptor.read(upTo: 1, shell.context.cancellation)
      } catch StreamError.cancelled {
        throw Interrupt.cancelled
      } catch {
        break
      }
      guard let byte = next.first else { break }
      if isEscape {
        isEscape = false
        // A continued line.
        if byte == 10 { continue }
        bytes.append(byte)
        escaped.append(true)
      } else if byte == 92, !options.isRaw {
        isEscape = true
      } else if byte == options.delimiter {
        isComplete = true
        break
      } else if byte != 0 {
        bytes.append(byte)
        escaped.append(false)
      }
    }
    // Escapes matter for ASCII separators only, so one mark a character is enough.
    let text = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var marks: [Bool] = []
    var place = 0
    for scalar in text {
      marks.append(place < escaped.count ? escaped[place] : false)
      place += UTF8.width(scalar)
    }
    return (text, marks, isComplete || (options.limit != nil && !bytes.isEmpty))
  }

  /// Cuts a line at `separators` into at most `limit` fields, the last of which takes the rest.
  private static func split(_ text: [UnicodeScalar], _ marks: [Bool], _ separators: String, limit: Int)
    -> [String]
  {
    let all = Set(separators.unicodeScalars)
    func isSeparator(_ place: Int) -> Bool { all.contains(text[place]) && !marks[place] }
    func isBlank(_ place: Int) -> Bool {
      isSeparator(place) && (text[place] == " " || text[place] == "\t" || text[place] == "\n")
    }
    var fields: [String] = []
    var place = 0
    while place < text.count, isBlank(place) { place += 1 }
    while place < text.count {
      if fields.count == limit - 1 {
        var end = text.count
        while end > place, isBlank(end - 1) { end -= 1 }
        // One separator at the very end belongs to no field, unless others stand before it.
        if end > place, isSeparator(end - 1),
          !(place..<(end - 1)).contains(where: { isSeparator($0) && !isBlank($0) })
        {
          end -= 1
          while end > place, isBlank(end - 1) { end -= 1 }
        }
        fields.append(String(String.UnicodeScalarView(text[place..<end])))
        return fields
      }
      let start = place
      while place < text.count, !isSeparator(place) { place += 1 }
      fields.append(String(String.UnicodeScalarView(text[start..<place])))
      while place < text.count, isBlank(place) { place += 1 }
      if place < text.count, isSeparator(place) {
        place += 1
        while place < text.count, isBlank(place) { place += 1 }
      }
    }
    return fields
  }

  /// `mapfile [-t] array`
  @Sendable static func readArray(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (options, names) = parse(call.arguments)
    guard options.isSubset(of: ["t"]) else {
      shell.complain("\(call.name): only -t is known here")
      return 2
    }
    var bytes: [UInt8] = []
    while let more = try? shell.descriptors[0]?.read(upTo: 65_536, shell.context.cancellation), !more.isEmpty
    {
      bytes += more
    }
    try shell.checkCancellation()
    var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    let endsOpen = lines.last.map { !$0.isEmpty } ?? false
    if lines.last == "" { lines.removeLast() }
    let elements = lines.enumerated().map { number, line -> (index: String?, value: String) in
      let keepsEnd = !options.contains("t") && !(endsOpen && number == lines.count - 1)
      return (nil, keepsEnd ? line + "\n" : line)
    }
    try shell.assign(
      ExpandedAssignment(name: names.first ?? "MAPFILE", index: nil, appends: false, value: .array(elements)))
    return 0
  }
}
