import ShellSyntax

extension Builtin {
  /// `export`, `readonly`, `declare` and `typeset`.
  @Sendable static func declare(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    // In a function `declare` makes a variable local, as `local` does.
    let isLocal = call.name == "declare" || call.name == "typeset"
    return try declare(shell, call, makesLocal: isLocal && shell.functionDepth > 0)
  }

  @Sendable static func local(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    if shell.functionDepth == 0 {
      shell.complain("local: can only be used in a function")
      return 1
    }
    return try declare(shell, call, makesLocal: true)
  }

  private static func declare(_ shell: Interpreter, _ call: Call, makesLocal: Bool) throws -> Int32 {
    var options: Set<Character> = []
    var removed: Set<Character> = []
    var index = 1
    while index < call.argv.count, call.declared[index] == nil {
      let word = call.argv[index]
      guard let sign = word.first, sign == "-" || sign == "+", word.utf8.count > 1 else { break }
      index += 1
      if word == "--" { break }
      for letter in word.dropFirst() {
        guard "aAfFgilnprux".contains(letter) else {
          shell.complain("\(call.name): \(word): invalid option")
          return 2
        }
        guard !"nlu".contains(letter) else {
          shell.complain("\(call.name) -\(letter) is not part of the lab shell")
          return 2
        }
        if sign == "-" { options.insert(letter) } else { removed.insert(letter) }
      }
    }
    if options.contains("f") || options.contains("F") { return functions(shell, call, index) }
    if index == call.argv.count { return try list(shell, call.name, options) }
    if options.contains("p"), call.name == "declare" || call.name == "typeset" {
      return try show(shell, call, index)
    }
    if call.name == "export" { if options.contains("n") { removed.insert("x") } else { options.insert("x") } }
    if call.name == "readonly" { options.insert("r") }
    var status: Int32 = 0
    for place in index..<call.argv.count {
      let assignment = call.declared[place] ?? assignment(call.argv[place])
      guard Interpreter.isName(assignment.name) else {
        shell.complain("\(call.name): `\(call.argv[place])': not a valid identifier")
        status = 1
        continue
      }
      let hasValue = call.declared[place] != nil || call.argv[place].contains("=")
      try declare(
        shell, assignment, hasValue: hasValue, options, removed,
        makesLocal: makesLocal && !options.contains("g"))
    }
    return status
  }

  private static func declare(
    _ shell: Interpreter, _ assignment: ExpandedAssignment, hasValue: Bool, _ options: Set<Character>,
    _ removed: Set<Character>, makesLocal: Bool
  ) throws {
    let name = assignment.name
    if makesLocal { shell.makeLocal(name) }
    var variable = shell.state.variables[name] ?? Variable(.unset)
    if options.contains("A"), case .unset = variable.value { variable.value = .associative([:], order: []) }
    if options.contains("a") {
      switch variable.value {
      case .unset: variable.value = .indexed([:])
      case .scalar(let text): variable.value = .indexed([0: text])
      default: break
      }
    }
    if options.contains("i") { variable.isInteger = true }
    if options.contains("x") { variable.isExported = true }
    if removed.contains("x") { variable.isExported = false }
    shell.state.variables[name] = variable
    if hasValue { try shell.assign(assignment, tells: !makesLocal) }
    if options.contains("r") { shell.state.variables[name]?.isReadOnly = true }
  }

  /// `NAME=value` in a word that was no assignment when it was read, such as `export "$x"`.
  private static func assignment(_ word: String) -> ExpandedAssignment {
    guard let mark = word.firstIndex(of: "=") else {
      return ExpandedAssignment(name: word, index: nil, appends: false, value: .scalar(""))
    }
    let appends = word[..<mark].hasSuffix("+")
    let name = appends ? word[..<mark].dropLast() : word[..<mark]
    return ExpandedAssignment(
      name: String(name), index: nil, appends: appends,
      value: .scalar(String(word[word.index(after: mark)...])))
  }

  private static func functions(_ shell: Interpreter, _ call: Call, _ index: Int) -> Int32 {
    let names = index < call.argv.count ? Array(call.argv[index...]) : shell.state.functions.keys.sorted()
    var status: Int32 = 0
    for name in names {
      guard let function = shell.state.functions[name] else {
        status = 1
        continue
      }
      try? shell.write(Array((function.source + "\n").utf8))
    }
    return status
  }

  /// A variable as `declare -p` shows it.
  private static func description(_ name: String, _ variable: Variable) -> String {
    var flags = ""
    switch variable.value {
    case .indexed: flags += "a"
    case .associative: flags += "A"
    default: break
    }
    if variable.isInteger { flags += "i" }
    if variable.isReadOnly { flags += "r" }
    if variable.isExported { flags += "x" }
    let head = "declare -\(flags.isEmpty ? "-" : flags) \(name)"
    func double(_ text: String) -> String {
      let inner = text.unicodeScalars.map {
        ("\"\\$`".unicodeScalars.contains($0) ? "\\" : "") + String(Character($0))
      }
      return "\"" + inner.joined() + "\""
    }
    switch variable.value {
    case .unset: return head
    case .scalar(let text): return "\(head)=\(double(text))"
    case .indexed, .associative:
      let elements = variable.elements.map { "[\($0.key)]=\(double($0.value))" }
      return "\(head)=(\(elements.joined(separator: " ")))"
    }
  }

  private static func list(_ shell: Interpreter, _ command: String, _ options: Set<Character>) throws -> Int32
  {
    var text = ""
    for (name, variable) in shell.state.variables.sorted(by: { $0.key < $1.key }) {
      if command == "export" || options.contains("x"), !variable.isExported { continue }
      if command == "readonly" || options.contains("r"), !variable.isReadOnly { continue }
      if options.contains("a"), !description(name, variable).hasPrefix("declare -a") { continue }
      text += description(name, variable) + "\n"
    }
    try shell.write(Array(text.utf8), for: command)
    return 0
  }

  private static func show(_ shell: Interpreter, _ call: Call, _ index: Int) throws -> Int32 {
    var status: Int32 = 0
    for name in call.argv[index...] {
      if let variable = shell.state.variables[name] {
        try shell.write(Array((description(name, variable) + "\n").utf8), for: call.name)
      } else {
        shell.complain("\(call.name): \(name): not found")
        status = 1
      }
    }
    return status
  }

  @Sendable static func unset(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var status: Int32 = 0
    let (options, names) = parse(call.arguments)
    for name in names {
      if options.contains("f") {
        shell.state.functions[name] = nil
        continue
      }
      var base = name
      var key: String?
      if let open = name.firstIndex(of: "["), name.hasSuffix("]") {
        base = String(name[..<open])
        key = String(name[name.index(after: open)...].dropLast())
      }
      if shell.state.variables[base]?.isReadOnly ?? false {
        shell.complain("unset: \(base): cannot unset: readonly variable")
        status = 1
      } else if let key {
        remove(key, from: base, shell)
      } else if shell.state.variables[base] != nil {
        shell.state.variables[base] = nil
      } else if !options.contains("v") {
        shell.state.functions[name] = nil
      }
    }
    return status
  }

  private static func remove(_ key: String, from name: String, _ shell: Interpreter) {
    switch shell.state.variables[name]?.value {
    case .indexed(var elements):
      var index = Int((try? shell.arithmetic(key, for: "unset: ")) ?? -1)
      if index < 0 { index += (elements.keys.max() ?? -1) + 1 }
      elements[index] = nil
      shell.state.variables[name]?.value = .indexed(elements)
    case .associative(var elements, let order):
      elements[key] = nil
      shell.state.variables[name]?.value = .associative(elements, order: order.filter { $0 != key })
    default: break
    }
  }

  @Sendable static func shift(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let word = call.arguments.first ?? "1"
    guard let count = Int(word), count >= 0 else {
      shell.complain("shift: \(word): numeric argument required")
      return 1
    }
    guard count <= shell.state.positional.count else { return 1 }
    shell.state.positional.removeFirst(count)
    return 0
  }

  @Sendable static func set(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var words = call.arguments[...]
    if words.isEmpty {
      for (name, variable) in shell.state.variables.sorted(by: { $0.key < $1.key }) {
        guard let value = variable.scalar else { continue }
        try shell.write(Array("\(name)=\(quoted(value))\n".utf8), for: "set")
      }
      return 0
    }
    while let word = words.first {
      if word == "--" {
        shell.state.positional = Array(words.dropFirst())
        return 0
      }
      guard let sign = word.first, sign == "-" || sign == "+", word.utf8.count > 1 else { break }
      words = words.dropFirst()
      for letter in word.dropFirst() {
        if letter == "o" {
          guard let name = words.popFirst() else {
            for option in Option.allCases {
              let isOn = shell.state.options.contains(option)
              try shell.write(Array("\(option.rawValue)\t\(isOn ? "on" : "off")\n".utf8), for: "set")
            }
            return 0
          }
          if ["posix", "vi", "emacs", "history", "monitor", "braceexpand", "interactive-comments"].contains(
            name)
          {
            continue
          }
          guard let option = Option(rawValue: name) else {
            shell.complain("set: \(name): this option is not part of the lab shell")
            return 2
          }
          turn(option, sign == "-", shell)
        } else if let option = Option.allCases.first(where: { $0.letter == letter }) {
          turn(option, sign == "-", shell)
        } else if !"hBmbEHT".contains(letter) {
          shell.complain("set: -\(letter): this option is not part of the lab shell")
          return 2
        }
      }
    }
    if !words.isEmpty { shell.state.positional = Array(words) }
    return 0
  }

  private static func turn(_ option: Option, _ isOn: Bool, _ shell: Interpreter) {
    if isOn { shell.state.options.insert(option) } else { shell.state.options.remove(option) }
  }

  @Sendable static func shopt(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let (options, names) = parse(call.arguments)
    for name in names {
      guard name == "nullglob" else {
        if ["expand_aliases", "checkwinsize", "lastpipe_off", "sourcepath"].contains(name) { continue }
        shell.complain("shopt: \(name): this option is not part of the lab shell")
        return 1
      }
      if options.contains("s") { shell.state.nullGlob = true }
      if options.contains("u") { shell.state.nullGlob = false }
    }
    return 0
  }

  @Sendable static func evaluateArithmetic(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var value: Int64 = 0
    do {
      for word in call.arguments { value = try shell.arithmetic(word, for: "let: ") }
    } catch is ArithmeticFailure {
      return 1
    }
    return value == 0 ? 1 : 0
  }
}
