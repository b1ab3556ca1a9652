import Lessons
import Wire

/// What happens in a run, in the order it happens.
package enum LabEvent: Sendable {
  case blockStarted(block: String)
  /// A statement begins; `lines` are lines of the lesson's file.
  case statementStarted(block: String, text: String, lines: ClosedRange<Int>)
  case printed(block: String, text: String, isError: Bool)
  case variableSet(name: String, value: String, block: String)
  case blockEnded(block: String, BlockEnd)
  case checkWaiting(check: String, Verdict, since: Timestamp, until: Timestamp)
  case checkJudged(check: String, Verdict)
  /// What the account tells beyond its answers.
  case remark(String)
  case diagnostic(Diagnostic)
}

/// Receives events; the run waits for it, so that nothing is told out of order.
package typealias LabEvents = @Sendable (LabEvent) async -> Void

/// How a block ended.
package struct BlockEnd: Sendable, Hashable {
  package enum State: String, Sendable, Hashable {
    case done
    /// It stopped at a statement, which running the block again repeats.
    case failed
    /// The learner stopped it.
    case cancelled
  }

  package var state: State
  /// The shell's exit status.
  package var status: Int32

  package init(_ state: State, status: Int32) {
    self.state = state
    self.status = status
  }
}
