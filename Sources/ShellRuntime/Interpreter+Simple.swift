import ShellSyntax

extension Interpreter {
  func runSimple(_ simple: SimpleCommand, _ command: Command) throws {
    substitutionStatus = nil
    var argv: [String] = []
    var declared: [Int: ExpandedAssignment] = [:]
    for argument in simple.arguments {
      switch argument {
      case .word(let word): argv += try expand(word)
      case .assignment(let assignment):
        let expanded = try expand(assignment)
        declared[argv.count] = expanded
        argv.append(expanded.text)
      }
    }
    guard let name = argv.first else {
      return try runAssignments(simple.assignments, command)
    }
    let prefixes = try simple.assignments.map { try expand($0) }
    trace { (prefixes.map(\.text) + argv.map(quoted)).joined(separator: " ") }
    post(.commandStarted(argv: argv, range: command.range))
    defer { here = command.range }
    do {
      try withRedirections(command.redirections, persist: name == "exec" && argv.count == 1) {
        try withPrefixes(prefixes) { try dispatch(argv, declared, environment: prefixes) }
      }
    } catch let interrupt as Interrupt {
      let status: Int32 =
        switch interrupt {
        case .exit(let status), .returned(let status), .discarded(let status): status
        case .broken, .continued: 0
        case .cancelled: ExitStatus.cancelled.code
        case .brokenPipe: 141
        }
      post(.commandEnded(argv: argv, status: ExitStatus(code: status), range: command.range))
      throw interrupt
    }
    post(.commandEnded(argv: argv, status: ExitStatus(code: state.lastStatus), range: command.range))
  }

  /// `A=1 B=2` with no command: the assignments stay.
  private func runAssignments(_ assignments: [Assignment], _ command: Command) throws {
    try withRedirections(command.redirections) {
      for assignment in assignments {
        let expanded = try expand(assignment)
        trace { expanded.text }
        try assign(expanded)
      }
      state.lastStatus = substitutionStatus ?? 0
    }
  }

  /// Assignments before a command hold while it runs and are exported to it.
  private func withPrefixes(_ prefixes: [ExpandedAssignment], _ body: () throws -> Void) throws {
    if prefixes.isEmpty { return try body() }
    var before: [(String, Variable?)] = []
    for prefix in prefixes {
      before.append((prefix.name, state.variables[prefix.name]))
      try assign(prefix, tells: false)
      state.variables[prefix.name]?.isExported = true
    }
    defer { for (name, variable) in before.reversed() { state.variables[name] = variable } }
    try body()
  }

  /// Finds what `argv[0]` names: a function, a builtin, a command of the host, a program.
  ///
  /// - Parameter skipsFunctions: true for `command name`.
  func dispatch(
    _ argv: [String], _ declared: [Int: ExpandedAssignment], environment: [ExpandedAssignment] = [],
    skipsFunctions: Bool = false
  ) throws {
    guard let name = argv.first else { return }
    if !skipsFunctions, let function = state.functions[name] { return try call(function, argv) }
    if let builtin = Builtin.all[name], builtin.handles(argv) {
      do {
        state.lastStatus = try builtin.run(self, Call(argv: argv, declared: declared))
      } catch is WriteFailure {
        state.lastStatus = 1
      }
      return
    }
    if context.commands.handles(name) {
      state.lastStatus = try runHandler(argv)
      return
    }
    state.lastStatus = try runProgram(argv)
  }

  private func call(_ function: Function, _ argv: [String]) throws {
    let saved = (state.positional, loopDepth)
    state.positional = Array(argv.dropFirst())
    state.locals.append([:])
    functionDepth += 1
    loopDepth = 0
    defer {
      functionDepth -= 1
      (state.positional, loopDepth) = saved
      for (name, variable) in state.locals.popLast() ?? [:] { state.variables[name] = variable }
    }
    do {
      try run(function.definition.body)
    } catch Interrupt.returned(let status) {
      state.lastStatus = status
    }
  }

  private func runHandler(_ argv: [String]) throws -> Int32 {
    let cancellation = context.cancellation
    let invocation = Invocation(
      argv: argv, environment: exported, workingDirectory: state.workingDirectory,
      standardInput: DescriptorSource(descriptor: descriptors[0], cancellation: cancellation),
      standardOutput: DescriptorSink(descriptor: descriptors[1], cancellation: cancellation),
      standardError: DescriptorSink(descriptor: descriptors[2], cancellation: cancellation),
      statement: statement, range: here)
    let commands = context.commands
    guard let status = Bridge.run(cancellation, grace: 0.15, { await commands.run(invocation) }) else {
      throw Interrupt.cancelled
    }
    try checkCancellation()
    return status
  }

  /// Variables that commands inherit.
  var exported: [String: String] {
    state.variables.compactMapValues { $0.isExported ? $0.scalar : nil }
  }
}
