import Glibc
import ShellSyntax

/// A command in the background.
struct Job: Sendable {
  let number: Int32
  let status: Monitor<Int32?>
}

extension Interpreter {
  /// Runs the stages of a pipeline at once, each in a subshell, each but the last on a thread of its own.
  func runStages(_ pipeline: Pipeline) throws {
    let count = pipeline.commands.count
    var waiting: [Monitor<Int32?>] = []
    var input: (any Descriptor)?
    for (number, command) in pipeline.commands.enumerated() {
      let stage = subshell()
      if let input { stage.descriptors[0] = input }
      input = nil
      if number == count - 1 {
        var last = try runStage(stage, command)
        stage.descriptors = [:]
        let others = waiting.map { $0.wait { $0 } }
        try checkCancellation()
        state.pipeStatus = others + [last]
        if state.options.contains(.pipefail), last == 0 { last = others.last { $0 != 0 } ?? 0 }
        state.lastStatus = last
        return
      }
      guard let ends = GNU.pipe() else {
        complain("cannot make a pipe: \(FileError.last.message)")
        throw Interrupt.discarded(1)
      }
      let output = FileDescriptor(LiveFile(ends.write), isPipe: true, isInput: false)
      input = FileDescriptor(LiveFile(ends.read), isPipe: true, isInput: true)
      stage.descriptors[1] = output
      if pipeline.joinsErrors[number] { stage.descriptors[2] = output }
      let status = Monitor<Int32?>(nil)
      waiting.append(status)
      if !start(stage, status, { try $0.run(command) }) {
        status.update { $0 = 126 }
      }
    }
  }

  private func runStage(_ stage: Interpreter, _ command: Command) throws -> Int32 {
    try stage.runContained { try $0.run(command) }
  }

  /// Runs `body` in `stage` on a new thread; the stage lets go of its descriptors before its status is told.
  private func start(
    _ stage: Interpreter, _ status: Monitor<Int32?>, _ body: @escaping @Sendable (Interpreter) throws -> Void
  ) -> Bool {
    let box = Handover(stage)
    return startThread {
      let stage = box.interpreter
      let code = (try? stage.runContained(body)) ?? ExitStatus.cancelled.code
      stage.descriptors = [:]
      status.update { $0 = code }
    }
  }

  /// Carries a subshell to the thread that will own it: nobody else keeps it, which the compiler cannot see.
  private struct Handover: @unchecked Sendable {
    let interpreter: Interpreter
    init(_ interpreter: Interpreter) { self.interpreter = interpreter }
  }

  // MARK: Background

  func startJob(_ statement: Statement) {
    var foreground = statement
    foreground.isBackground = false
    let inner = foreground
    let job = subshell()
    job.descriptors[0] = InputBuffer([])
    let status = Monitor<Int32?>(nil)
    let number = nextJob
    nextJob &+= 1
    state.lastBackground = number
    state.lastStatus = 0
    if start(job, status, { try $0.run(inner) }) {
      jobs.append(Job(number: number, status: status))
    } else {
      complain("cannot start a background command")
      state.lastStatus = 126
    }
  }

  /// Waits for a background command; nil where there is none of that number.
  func awaitJob(_ number: Int32) throws -> Int32? {
    guard let place = jobs.firstIndex(where: { $0.number == number }) else { return nil }
    let status = jobs[place].status.wait { $0 }
    try checkCancellation()
    return status
  }

  func awaitJobs() throws {
    for job in jobs { _ = job.status.wait { $0 } }
    jobs = []
    try checkCancellation()
  }

  /// After cancelling: background commands have been told to stop; waits until they have.
  func stopJobs() {
    for job in jobs { _ = job.status.wait(seconds: 0.2) { $0 } }
    jobs = []
  }
}
