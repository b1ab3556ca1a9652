import AWSClient
import Lessons
import ProgressStore
import ShellRuntime
import ShellSyntax
import Wire

/// Makes each statement of a running block durable before the next one begins.
///
/// A statement's end, the session after it, the variables it set and what it printed are one transaction. Where a
/// call to AWS failed and the statement with it, the block stops there: going on as bash would, with an empty
/// variable, is how labs delete the wrong thing.
actor StatementLog {
  private let section: String
  private let block: CodeBlock
  private let script: Script
  private let execution: Int64
  private let store: ProgressStore
  private let handler: AWSHandler
  private let recorder: BlockRecorder
  private let crash: CrashPoints
  private let secrets: Secrets
  private let tell: LabEvents
  private var session: SessionSnapshot
  private var task: Task<ExitStatus, Never>?
  private var last = ExitStatus.success
  private var stoppedAt: ExitStatus?
  private var problem: StoreError?

  init(
    section: String, block: CodeBlock, script: Script, execution: Int64, store: ProgressStore,
    handler: AWSHandler,
    recorder: BlockRecorder,
    crash: CrashPoints, secrets: Secrets, session: SessionSnapshot, tell: @escaping LabEvents
  ) {
    self.section = section
    self.block = block
    self.script = script
    self.execution = execution
    self.store = store
    self.handler = handler
    self.recorder = recorder
    self.crash = crash
    self.secrets = secrets
    self.session = session
    self.tell = tell
  }

  /// The task that runs the block, for this log to stop.
  func stops(_ task: Task<ExitStatus, Never>) {
    self.task = task
    if stoppedAt != nil || problem != nil { task.cancel() }
  }

  func note(_ event: ShellEvent) async {
    switch event {
    case .statementStarted(let index, _, _):
      handler.begin(GateContext(section: section, block: block.id, execution: execution, statement: index))
      await recorder.note(event)
    case .statementEnded(let index, let status, let snapshot):
      await ended(index, status, snapshot)
    case .commandStarted, .commandEnded, .variableSet: break
    }
  }

  private func ended(_ index: Int, _ status: ExitStatus, _ snapshot: SessionSnapshot) async {
    await recorder.flush()
    last = status
    let changes = changed(from: session, to: snapshot, statement: index)
    session = snapshot
    let transcript = await recorder.takeTranscript(at: now, hiding: secrets)
    let stops = Task.isCancelled || (!status.isSuccess && handler.callFailed && !block.expectsFailure)
    // A statement that failed is not passed unless a later one ends: running the block again repeats the last.
    let next = stops || !status.isSuccess ? index : index + 1
    do {
      try store.commitStatement(
        execution, next: next, passed: script.digest(upTo: next), snapshot: snapshot.text(hiding: secrets),
        variables: changes, transcript: transcript, at: now)
    } catch {
      problem = error
      task?.cancel()
      return
    }
    crash.point()
    for change in changes {
      await tell(.variableSet(name: change.name, value: change.value, block: block.id))
    }
    if stops {
      stoppedAt = status
      task?.cancel()
    }
  }

  /// The block is over: notes how, and tells.
  func end(status: ExitStatus, cancelled: Bool) async throws(StoreError) -> BlockEnd {
    if let problem { throw problem }
    await recorder.flush()
    let transcript = await recorder.takeTranscript(at: now, hiding: secrets)
    let code = (stoppedAt ?? status).code
    let end: BlockEnd =
      if cancelled {
        BlockEnd(.cancelled, status: code)
      } else if stoppedAt != nil || (code != 0 && !block.expectsFailure) {
        BlockEnd(.failed, status: code)
      } else {
        BlockEnd(.done, status: code)
      }
    try store.endExecution(
      execution, status: end.state == .done ? .done : .failed, exitStatus: code, transcript: transcript,
      at: now)
    return end
  }

  private func changed(from old: SessionSnapshot, to new: SessionSnapshot, statement: Int) -> [VariableRecord]
  {
    let before = old.values
    return new.values.filter { before[$0.key] != $0.value && !isShellsOwn($0.key) }
      .sorted { $0.key < $1.key }
      .map {
        VariableRecord(
          name: $0.key, value: secrets.hidden($0.value), block: block.id, statement: statement, setAt: now)
      }
  }

  private var now: Int64 { ClientSeams.systemClock().milliseconds }
}

/// Variables the shell keeps for itself, which are of no interest to a learner.
private func isShellsOwn(_ name: String) -> Bool {
  ["_", "PWD", "OLDPWD", "PIPESTATUS", "LINENO", "RANDOM", "SECONDS", "SHLVL", "OPTIND", "REPLY"].contains(
    name)
}
