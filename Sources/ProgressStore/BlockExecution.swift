/// How one execution of a block stands.
package enum ExecutionStatus: String, Sendable, Hashable, CaseIterable {
  case running
  /// Ended with status 0.
  case done
  /// Ended with another status, or was stopped by the learner.
  case failed
  /// The process died while it ran; it can be resumed at its next statement.
  case interrupted
}

/// One execution of one block of a run. A block that is run again gets a new execution; one that was
/// interrupted is resumed as the same, so that the ledger recognises calls it has already made.
package struct BlockExecution: Sendable, Hashable, Identifiable {
  package let id: Int64
  package var run: String
  package var section: String
  /// The block's stable id within the lesson.
  package var block: String
  /// 1 for the first execution of the block in this run.
  package var ordinal: Int
  package var status: ExecutionStatus
  package var exitStatus: Int32?
  /// Index of the first statement that has not ended.
  package var nextStatement: Int
  /// Digest of the statements before that one, as they were when they ran; empty before the first.
  package var passed: String
  package var startedAt: Int64
  package var endedAt: Int64?
}

/// A shell variable and who set it.
package struct VariableRecord: Sendable, Hashable {
  package var name: String
  package var value: String
  /// The block and statement that set it last; nil if it was there from the start.
  package var block: String?
  package var statement: Int?
  package var setAt: Int64

  package init(name: String, value: String, block: String?, statement: Int?, setAt: Int64) {
    self.name = name
    self.value = value
    self.block = block
    self.statement = statement
    self.setAt = setAt
  }
}
