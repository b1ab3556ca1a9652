import ShellSyntax

extension Interpreter {
  func run(_ statements: [Statement]) throws {
    for statement in statements { try run(statement) }
  }

  func run(_ statement: Statement) throws {
    try checkCancellation()
    if statement.isBackground {
      startJob(statement)
      return
    }
    let hasRest = !statement.rest.isEmpty
    try run(statement.first, isLast: !hasRest)
    for (number, next) in statement.rest.enumerated() {
      let succeeded = state.lastStatus == 0
      guard succeeded == (next.connector == .and) else { continue }
      try run(next.pipeline, isLast: number == statement.rest.count - 1)
    }
  }

  /// - Parameter isLast: false for all but the last of `&&` and `||`, where `set -e` looks away.
  private func run(_ pipeline: Pipeline, isLast: Bool) throws {
    let ignores = !isLast || pipeline.isNegated
    if ignores { conditionDepth += 1 }
    defer { if ignores { conditionDepth -= 1 } }
    let started = ContinuousClock.now
    if pipeline.commands.count == 1, let command = pipeline.commands.first {
      try run(command)
      state.pipeStatus = [state.lastStatus]
    } else {
      try runStages(pipeline)
    }
    if pipeline.isTimed { reportTime(started.duration(to: .now)) }
    if pipeline.isNegated {
      state.lastStatus = state.lastStatus == 0 ? 1 : 0
    } else if state.lastStatus != 0, conditionDepth == 0, state.options.contains(.errexit),
      pipeline.commands.count > 1 || pipeline.commands.first?.isJudgedByErrexit ?? false
    {
      throw Interrupt.exit(state.lastStatus)
    }
  }

  private func reportTime(_ elapsed: Duration) {
    let (seconds, attoseconds) = elapsed.components
    let thousandths = attoseconds / 1_000_000_000_000_000
    let digits = String(thousandths)
    let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    say("\nreal\t\(seconds / 60)m\(seconds % 60).\(padded)s\n")
  }

  /// Runs a condition, where failing is an answer.
  func condition(_ body: () throws -> Void) throws -> Bool {
    conditionDepth += 1
    defer { conditionDepth -= 1 }
    try body()
    return state.lastStatus == 0
  }

  func run(_ command: Command) throws {
    here = command.range
    if case .simple(let simple) = command.body {
      return try nested { try runSimple(simple, command) }
    }
    if case .function(let definition) = command.body {
      state.functions[definition.name] = Function(
        definition: definition, source: Printer.source(of: definition))
      state.lastStatus = 0
      return
    }
    try nested {
      try withRedirections(command.redirections) { try runCompound(command.body) }
    }
  }

  private func runCompound(_ body: CommandBody) throws {
    switch body {
    case .simple, .function: break
    case .group(let list): try run(list)
    case .subshell(let list):
      let inner = subshell()
      state.lastStatus = try inner.runContained { try $0.run(list) }
    case .conditional(let conditional): try runConditional(conditional)
    case .forEach(let loop): try runForEach(loop)
    case .forArithmetic(let loop): try runForArithmetic(loop)
    case .loop(let loop): try runLoop(loop)
    case .choice(let choice): try runChoice(choice)
    case .arithmetic(let word): try runArithmetic(word)
    case .test(let expression):
      trace { "[[ \(describe(expression)) ]]" }
      state.lastStatus = try test(expression)
    }
  }

  private func runArithmetic(_ word: Word) throws {
    do {
      state.lastStatus = try arithmetic(expandToString(word), for: "((: ") == 0 ? 1 : 0
    } catch is ArithmeticFailure {
      state.lastStatus = 1
    }
  }

  private func runConditional(_ conditional: Conditional) throws {
    for branch in conditional.branches where try condition({ try run(branch.condition) }) {
      return try run(branch.body)
    }
    state.lastStatus = 0
    if let otherwise = conditional.otherwise { try run(otherwise) }
  }

  // MARK: Loops

  /// Runs a body once. Returns false where the loop is to end.
  private func iterate(_ body: () throws -> Void) throws -> Bool {
    try checkCancellation()
    do {
      try body()
      return true
    } catch Interrupt.broken(let levels) {
      if levels > 1 { throw Interrupt.broken(levels: levels - 1) }
      return false
    } catch Interrupt.continued(let levels) {
      if levels > 1 { throw Interrupt.continued(levels: levels - 1) }
      return true
    }
  }

  private func inLoop(_ body: () throws -> Void) throws {
    loopDepth += 1
    defer { loopDepth -= 1 }
    try body()
  }

  private func runForEach(_ loop: ForEach) throws {
    let values = try loop.words.map { try expand($0) } ?? state.positional
    let place = here
    state.lastStatus = 0
    try inLoop {
      for value in values {
        here = place
        trace { "for \(loop.name) in \(values.map(quoted).joined(separator: " "))" }
        try set(loop.name, value)
        if try !iterate({ try run(loop.body) }) { break }
      }
    }
  }

  private func runForArithmetic(_ loop: ForArithmetic) throws {
    func value(_ word: Word, empty: Int64) throws -> Int64 {
      let text = try expandToString(word)
      return text.allSatisfy(\.isWhitespace) ? empty : try arithmetic(text, for: "((: ")
    }
    do {
      _ = try value(loop.initial, empty: 1)
      state.lastStatus = 0
      try inLoop {
        while try value(loop.condition, empty: 1) != 0 {
          if try !iterate({ try run(loop.body) }) { break }
          let status = state.lastStatus
          _ = try value(loop.step, empty: 1)
          state.lastStatus = status
        }
      }
    } catch is ArithmeticFailure {
      state.lastStatus = 1
    }
  }

  private func runLoop(_ loop: Loop) throws {
    var status: Int32 = 0
    try inLoop {
      while true {
        // `continue` in the condition tries again, as in the body.
        var isOver = false
        let goesOn = try iterate {
          isOver = try condition { try run(loop.condition) } == loop.isUntil
          if isOver { return }
          try run(loop.body)
          status = state.lastStatus
        }
        if !goesOn { status = 0 }
        if !goesOn || isOver { break }
      }
    }
    state.lastStatus = status
  }

  private func runChoice(_ choice: Choice) throws {
    let subject = try expandToString(choice.subject)
    trace { "case \(quoted(subject)) in" }
    state.lastStatus = 0
    var fallsThrough = false
    for item in choice.items {
      let matches = try fallsThrough || item.patterns.contains { try expandToPattern($0).matches(subject) }
      guard matches else { continue }
      try run(item.body)
      switch item.ending {
      case .leave: return
      case .fallThrough: fallsThrough = true
      case .testNext: fallsThrough = false
      }
    }
  }

  // MARK: Trace

  /// `set -x`
  func trace(_ line: () -> String) {
    if state.options.contains(.xtrace) { say("+ \(line())\n") }
  }
}

extension Command {
  /// `set -e` judges what runs, not what holds other commands, which are judged themselves.
  fileprivate var isJudgedByErrexit: Bool {
    switch body {
    case .simple, .subshell, .arithmetic, .test: true
    default: false
    }
  }
}
