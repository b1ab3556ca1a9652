import ShellSyntax

extension Builtin {
  @Sendable static func test(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    try shell.test(call.arguments, for: "test")
  }

  @Sendable static func bracket(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard call.arguments.last == "]" else {
      shell.complain("[: missing `]'")
      return 2
    }
    return try shell.test(Array(call.arguments.dropLast()), for: "[")
  }

  @Sendable static func leaveLoop(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard shell.loopDepth > 0 else {
      shell.complain("\(call.name): only meaningful in a `for', `while', or `until' loop")
      return 0
    }
    let word = call.arguments.first ?? "1"
    guard let levels = Int(word), levels > 0 else {
      shell.complain(
        "\(call.name): \(word): \(Int(word) == nil ? "numeric argument required" : "loop count out of range")"
      )
      throw Interrupt.broken(levels: shell.loopDepth)
    }
    shell.state.lastStatus = 0
    let bounded = min(levels, shell.loopDepth)
    throw call.name == "break" ? Interrupt.broken(levels: bounded) : Interrupt.continued(levels: bounded)
  }

  /// A status given as a word: its low 8 bits.
  private static func status(_ shell: Interpreter, _ call: Call) -> Int32 {
    guard let word = call.arguments.first else { return shell.state.lastStatus }
    guard let number = Int64(word) else {
      shell.complain("\(call.name): \(word): numeric argument required")
      return 2
    }
    return Int32(truncatingIfNeeded: number & 0xFF)
  }

  @Sendable static func returnFromFunction(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard shell.functionDepth > 0 || shell.sourceDepth > 0 else {
      shell.complain("return: can only `return' from a function or sourced script")
      return 2
    }
    throw Interrupt.returned(status(shell, call))
  }

  @Sendable static func exit(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    throw Interrupt.exit(status(shell, call))
  }

  @Sendable static func evaluate(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    try shell.evaluate(call.arguments.joined(separator: " "), named: "eval")
    return shell.state.lastStatus
  }

  @Sendable static func source(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard let name = call.arguments.first else {
      shell.complain("\(call.name): filename argument required")
      return 2
    }
    var bytes: [UInt8] = []
    do {
      let file = try shell.openFile(name, .read)
      while true {
        let more = try file.read(upTo: 65_536, shell.context.cancellation)
        if more.isEmpty { break }
        bytes += more
      }
    } catch let error as FileError {
      shell.complain("\(name): \(error.message)")
      return 1
    } catch StreamError.failed(let error) {
      shell.complain("\(name): \(error.message)")
      return 1
    } catch {
      throw Interrupt.cancelled
    }
    let saved = shell.state.positional
    if call.arguments.count > 1 { shell.state.positional = Array(call.arguments.dropFirst()) }
    shell.sourceDepth += 1
    defer {
      shell.sourceDepth -= 1
      if call.arguments.count > 1 { shell.state.positional = saved }
    }
    do {
      try shell.evaluate(String(decoding: bytes, as: UTF8.self), named: name)
    } catch Interrupt.returned(let status) {
      return status
    }
    return shell.state.lastStatus
  }

  /// `exec` with redirections alone keeps them; with a command it runs it and ends the shell.
  @Sendable static func execute(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    if call.arguments.isEmpty { return 0 }
    try shell.dispatch(call.arguments, [:], skipsFunctions: true)
    throw Interrupt.exit(shell.state.lastStatus)
  }

  @Sendable static func command(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var words = call.arguments[...]
    var dropped = 1
    while let word = words.first, ["-p", "-v", "-V", "--"].contains(word) {
      words = words.dropFirst()
      dropped += 1
      if word == "-v" || word == "-V" {
        return try locate(shell, Array(words), isLong: word == "-V", "command")
      }
    }
    if words.isEmpty { return 0 }
    let declared = Dictionary(call.declared.map { ($0.key - dropped, $0.value) }) { $1 }
    try shell.dispatch(Array(words), declared, skipsFunctions: true)
    return shell.state.lastStatus
  }

  @Sendable static func builtin(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    guard let name = call.arguments.first else { return 0 }
    guard let builtin = Builtin.all[name], !builtin.isUtility else {
      shell.complain("builtin: \(name): not a shell builtin")
      return 1
    }
    let declared = Dictionary(call.declared.map { ($0.key - 1, $0.value) }) { $1 }
    return try builtin.run(shell, Call(argv: call.arguments, declared: declared))
  }

  @Sendable static func type(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    if call.arguments.first == "-t" {
      var status: Int32 = 0
      for name in call.arguments.dropFirst() {
        let kind =
          Interpreter.keywords.contains(name)
          ? "keyword"
          : shell.state.functions[name] != nil
            ? "function" : isBuiltin(shell, name) ? "builtin" : shell.locate(name) != nil ? "file" : nil
        if let kind { try shell.write(Array((kind + "\n").utf8), for: "type") } else { status = 1 }
      }
      return status
    }
    return try locate(shell, call.arguments, isLong: true, "type")
  }

  private static func isBuiltin(_ shell: Interpreter, _ name: String) -> Bool {
    Builtin.all[name].map { !$0.isUtility } ?? shell.context.commands.handles(name)
  }

  /// Says what names stand for, in the words of `type` or those of `command -v`.
  private static func locate(_ shell: Interpreter, _ names: [String], isLong: Bool, _ command: String) throws
    -> Int32
  {
    var status: Int32 = 0
    for name in names {
      let text: String
      if Interpreter.keywords.contains(name) {
        text = isLong ? "\(name) is a shell keyword" : name
      } else if let function = shell.state.functions[name] {
        text = isLong ? "\(name) is a function\n\(function.source)" : name
      } else if isBuiltin(shell, name) {
        text = isLong ? "\(name) is a shell builtin" : name
      } else if let path = shell.locate(name), shell.context.files.isExecutable(path) {
        text = isLong ? "\(name) is \(path)" : path
      } else if Builtin.all[name] != nil {
        text = isLong ? "\(name) is a shell builtin" : name
      } else {
        if isLong { shell.complain("\(command): \(name): not found") }
        status = 1
        continue
      }
      try shell.write(Array((text + "\n").utf8), for: command)
    }
    return status
  }

  /// `trap command EXIT`. Other signals are remembered for `trap` to show; none reaches a lab shell, which is stopped
  /// as a whole.
  @Sendable static func trap(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    var words = call.arguments[...]
    if words.first == "--" { words = words.dropFirst() }
    guard let first = words.first, first != "-p" else {
      for (name, command) in shell.state.traps.sorted(by: { $0.key < $1.key }) {
        let quoted = command.split(separator: "'", omittingEmptySubsequences: false).joined(
          separator: "'\\''")
        try shell.write(Array("trap -- '\(quoted)' \(name)\n".utf8), for: "trap")
      }
      return 0
    }
    let signals = words.count == 1 ? words : words.dropFirst()
    let resets = words.count == 1 || first == "-"
    var status: Int32 = 0
    for signal in signals {
      let upper = signal.uppercased()
      let name = upper == "0" ? "EXIT" : upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper
      guard Self.signals.contains(name) || Int(name).map({ (1...64).contains($0) }) ?? false else {
        shell.complain("trap: \(signal): invalid signal specification")
        status = 1
        continue
      }
      guard !["ERR", "DEBUG", "RETURN"].contains(name) || resets else {
        shell.complain("trap \(name) is not part of the lab shell: test the command with `if` or `||`")
        status = 1
        continue
      }
      shell.state.traps[name == "EXIT" ? name : "SIG" + name] = resets ? nil : first
    }
    return status
  }

  private static let signals: Set<String> = [
    "EXIT", "ERR", "DEBUG", "RETURN", "HUP", "INT", "QUIT", "TERM", "PIPE", "USR1", "USR2", "ALRM", "CHLD",
    "TSTP",
    "CONT", "WINCH", "KILL", "STOP",
  ]

  @Sendable static func wait(_ shell: Interpreter, _ call: Call) throws -> Int32 {
    let names = call.arguments.filter { !$0.hasPrefix("-") }
    if names.isEmpty {
      try shell.awaitJobs()
      return 0
    }
    var status: Int32 = 0
    for name in names {
      guard let number = Int32(name) else {
        shell.complain("wait: `\(name)': not a pid or valid job spec")
        status = 1
        continue
      }
      if let own = try shell.awaitJob(number) {
        status = own
      } else {
        shell.complain("wait: pid \(name) is not a child of this shell")
        status = 127
      }
    }
    return status
  }
}
