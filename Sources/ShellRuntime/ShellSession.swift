import ShellSyntax

/// A shell that lives through many scripts: variables, functions, options and the working directory persist.
///
/// One script runs at a time; a second `run` waits for the first.
package final class ShellSession: Sendable {
  private let commands: any CommandHandler
  private let processes: any ProcessPolicy
  private let files: any FileAccess
  private let sleep: @Sendable (Duration) async -> Void
  private let state: Monitor<ShellState>
  private let turn = Turn()

  /// - Parameters:
  ///   - environment: variables to begin with, all exported. Nothing is taken from this process.
  ///   - workingDirectory: an absolute path.
  ///   - sleep: what the `sleep` command does; the default waits, and ends early when its task is cancelled.
  package init(
    environment: [String: String], workingDirectory: String, commands: any CommandHandler,
    processes: any ProcessPolicy, files: any FileAccess,
    sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
  ) {
    var state = ShellState(workingDirectory: workingDirectory)
    for (name, value) in environment {
      var variable = Variable(.scalar(value))
      variable.isExported = true
      state.variables[name] = variable
    }
    state.variables["PWD"] = Variable(.scalar(workingDirectory))
    state.variables["PWD"]?.isExported = true
    if state.variables["IFS"] == nil { state.variables["IFS"] = Variable(.scalar(" \t\n")) }
    self.state = Monitor(state)
    self.commands = commands
    self.processes = processes
    self.files = files
    self.sleep = sleep
  }

  /// The session as it is after the last top-level statement that ended.
  package var snapshot: SessionSnapshot { SessionSnapshot(state.withLock { $0 }) }

  /// Takes up where a snapshot left off. Not to be called while a script runs.
  package func restore(_ snapshot: SessionSnapshot) {
    let restored = snapshot.state
    state.withLock { $0 = restored }
  }

  /// Runs the top-level statements of `script` from the one at index `first` on.
  ///
  /// Cancelling the task stops the running command and every process it started within 200 ms; `run` then returns
  /// `.cancelled`, no `statementEnded` is told of the statement cut off, and what it had set remains.
  ///
  /// - Parameter input: the commands' standard input; empty by default.
  /// - Returns: the status of the last command, or of `exit`.
  package func run(
    _ script: Script, from first: Int = 0, input: (any ByteSource)? = nil, output: any OutputSink,
    isolation: isolated (any Actor)? = #isolation, events: (ShellEvent) async -> Void = { _ in }
  ) async -> ExitStatus {
    await turn.take()
    defer { turn.give() }
    let mailbox = Mailbox()
    let cancellation = Cancellation()
    let session = state
    let context = RunContext(
      commands: commands, processes: processes, files: files, sleep: sleep, mailbox: mailbox,
      cancellation: cancellation, commit: { state in session.withLock { $0 = state } })
    let started = startThread {
      let interpreter = Interpreter(context, state: session.withLock { $0 }, input: input)
      let status = interpreter.run(script, from: first)
      mailbox.post(.finished(status))
    }
    if !started { return ExitStatus(code: 126) }
    return await withTaskCancellationHandler {
      while true {
        for message in await mailbox.next() {
          switch message {
          case .output(let bytes, let stream): await output.write(bytes, to: stream)
          case .event(let event): await events(event)
          case .awaited(let event, let done):
            await events(event)
            done.update { $0 = true }
          case .finished(let status): return status
          }
        }
      }
    } onCancel: {
      cancellation.cancel()
    }
  }
}

/// What all threads of a run share.
struct RunContext: Sendable {
  let commands: any CommandHandler
  let processes: any ProcessPolicy
  let files: any FileAccess
  let sleep: @Sendable (Duration) async -> Void
  let mailbox: Mailbox
  let cancellation: Cancellation
  let commit: @Sendable (ShellState) -> Void
}

/// Lets one at a time through, in order.
private final class Turn: Sendable {
  private let state = Monitor<(isTaken: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state -> Bool in
        if state.isTaken {
          state.waiting.append(continuation)
          return false
        }
        state.isTaken = true
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  func give() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting.isEmpty {
        state.isTaken = false
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
