import ShellSyntax

/// Why a command did not simply end.
enum Interrupt: Error {
  /// `exit`, `set -e` and the errors that end a shell.
  case exit(Int32)
  case returned(Int32)
  case broken(levels: Int)
  case continued(levels: Int)
  /// An expansion failed: the rest of the line is dropped and the shell goes on (bash's "top level").
  case discarded(Int32)
  case cancelled
  /// Writing to a pipe that nobody reads any more.
  case brokenPipe
}

/// One shell or subshell, confined to its thread.
final class Interpreter {
  let context: RunContext
  var state: ShellState
  var descriptors: [Int: any Descriptor]
  let isSubshell: Bool
  /// The index of the top-level statement being run, and the command in it.
  var statement = 0
  var here: SourceRange
  var loopDepth = 0
  var functionDepth = 0
  var sourceDepth = 0
  /// Above zero where `set -e` looks away: conditions, all but the last of `&&` and `||`, after `!`.
  var conditionDepth = 0
  var evaluationDepth = 0
  /// The status of the last `$( )` of the command being expanded.
  var substitutionStatus: Int32?
  var jobs: [Job] = []
  var nextJob: Int32

  /// Commands nested more deeply than this, functions calling themselves above all, end the shell.
  static let maximumDepth = 1_000

  init(_ context: RunContext, state: ShellState, input: (any ByteSource)?) {
    self.context = context
    self.state = state
    isSubshell = false
    // Beyond every process id, so that `kill $!` can never reach a process.
    nextJob = 10_000_001
    let zero = SourcePosition(offset: 0, line: 1, column: 1)
    here = SourceRange(start: zero, end: zero)
    let output = SessionOutput(context.mailbox, .standardOutput)
    let error = SessionOutput(context.mailbox, .standardError)
    descriptors = [0: input.map(SessionInput.init) ?? InputBuffer([]), 1: output, 2: error]
  }

  private init(copyOf other: Interpreter) {
    context = other.context
    state = other.state
    state.traps = [:]
    descriptors = other.descriptors
    isSubshell = true
    statement = other.statement
    here = other.here
    loopDepth = other.loopDepth
    functionDepth = other.functionDepth
    sourceDepth = other.sourceDepth
    conditionDepth = other.conditionDepth
    evaluationDepth = other.evaluationDepth
    nextJob = other.nextJob
  }

  func subshell() -> Interpreter { Interpreter(copyOf: self) }

  // MARK: Programs

  /// Runs the top-level statements from `first` on and returns the status.
  func run(_ script: Script, from first: Int) -> ExitStatus {
    var droppedLine = 0
    do {
      for (index, statement) in script.statements.enumerated() where index >= first {
        if statement.range.start.line == droppedLine { continue }
        try checkCancellation()
        self.statement = index
        let event = ShellEvent.statementStarted(
          index: index, range: statement.range, text: script.text(of: statement.range))
        context.mailbox.postAndWait(event)
        defer { context.commit(state) }
        do {
          try run(statement)
        } catch Interrupt.discarded(let status) {
          state.lastStatus = status
          droppedLine = statement.range.end.line
        } catch Interrupt.exit(let status) {
          state.lastStatus = status
          ended(index)
          throw Interrupt.exit(status)
        } catch Interrupt.brokenPipe {
          state.lastStatus = 141
        } catch Interrupt.returned(let status) {
          state.lastStatus = status
        } catch Interrupt.broken, Interrupt.continued {}
        ended(index)
      }
      try finish()
    } catch Interrupt.cancelled {
      state.lastStatus = ExitStatus.cancelled.code
      stopJobs()
    } catch {
      do { try finish() } catch { stopJobs() }
    }
    if context.cancellation.isCancelled { state.lastStatus = ExitStatus.cancelled.code }
    state.traps = [:]
    state.locals = []
    descriptors = [:]
    context.commit(state)
    return ExitStatus(code: state.lastStatus)
  }

  private func ended(_ index: Int) {
    context.commit(state)
    context.mailbox.postAndWait(
      .statementEnded(
        index: index, status: ExitStatus(code: state.lastStatus), snapshot: SessionSnapshot(state)))
  }

  /// The EXIT trap, and the wait for what runs in the background.
  private func finish() throws {
    try runExitTrap()
    let status = state.lastStatus
    try awaitJobs()
    state.lastStatus = status
  }

  /// Runs `trap ... EXIT`, which leaves the status alone unless it calls `exit` itself.
  func runExitTrap() throws {
    guard let command = state.traps.removeValue(forKey: "EXIT"), !command.isEmpty else { return }
    let status = state.lastStatus
    do {
      try evaluate(command, named: "trap")
      state.lastStatus = status
    } catch Interrupt.exit(let own) {
      state.lastStatus = own
    } catch Interrupt.cancelled {
      throw Interrupt.cancelled
    } catch {
      state.lastStatus = status
    }
  }

  /// Runs a subshell's commands to their end and returns its status; only cancelling passes through.
  func runContained(_ body: (Interpreter) throws -> Void) throws -> Int32 {
    do {
      try body(self)
    } catch {
      try contain(error)
    }
    do {
      try runExitTrap()
    } catch {
      try contain(error)
    }
    return state.lastStatus
  }

  private func contain(_ error: any Error) throws {
    switch error {
    case Interrupt.exit(let status), Interrupt.returned(let status), Interrupt.discarded(let status):
      state.lastStatus = status
    case Interrupt.brokenPipe: state.lastStatus = 141
    case Interrupt.broken, Interrupt.continued: break
    default: throw Interrupt.cancelled
    }
  }

  /// Parses `text` and runs it in this shell, as `eval`, `source` and `trap` do.
  func evaluate(_ text: String, named name: String) throws {
    let script: Script
    do {
      script = try parse(text)
    } catch {
      complain("\(name): line \(error.range.start.line): \(error.message)")
      state.lastStatus = 2
      return
    }
    state.lastStatus = script.statements.isEmpty ? 0 : state.lastStatus
    let place = here
    defer { here = place }
    try run(script.statements)
  }

  func checkCancellation() throws {
    if context.cancellation.isCancelled { throw Interrupt.cancelled }
  }

  /// One level deeper; commands that call themselves without end are stopped here rather than by the stack.
  func nested<T>(_ body: () throws -> T) throws -> T {
    evaluationDepth += 1
    defer { evaluationDepth -= 1 }
    if evaluationDepth > Self.maximumDepth {
      complain(
        "commands are nested more than \(Self.maximumDepth) deep; a function that calls itself must end")
      throw Interrupt.exit(1)
    }
    return try body()
  }

  // MARK: Output

  /// Writes to a descriptor of this shell. A closed one is an error of the command that writes.
  func write(_ bytes: [UInt8], to number: Int = 1, for command: String = "write") throws {
    guard let descriptor = descriptors[number] else {
      if number != 2 { complain("\(command): write error: Bad file descriptor") }
      throw WriteFailure()
    }
    do {
      try descriptor.write(bytes, context.cancellation)
    } catch {
      switch error {
      case .brokenPipe: throw Interrupt.brokenPipe
      case .cancelled: throw Interrupt.cancelled
      case .failed(let reason):
        if number != 2 { complain("\(command): write error: \(reason.message)") }
        throw WriteFailure()
      }
    }
  }

  /// A builtin could not write; it has said so.
  struct WriteFailure: Error {}

  /// Says what went wrong, as bash does: `sh: line 3: name: reason`.
  func complain(_ text: String) {
    say("sh: line \(here.start.line): \(text)\n")
  }

  func say(_ text: String) {
    try? descriptors[2]?.write(Array(text.utf8), context.cancellation)
  }

  func post(_ event: ShellEvent) { context.mailbox.post(.event(event)) }
}
