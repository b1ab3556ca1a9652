/// The id of a code block, unique in the lesson.
package typealias BlockID = String
/// The id of a check, unique in the lesson.
package typealias CheckID = String

/// How far a code block has come.
package enum BlockState: Hashable, Sendable {
  case notRun
  /// Running; `lines` of the lesson's file are the statement that runs now.
  case running(lines: ClosedRange<Int>?)
  case done
  /// It ended with a status other than 0, or could not run: the sentence says which.
  case failed(status: Int?, reason: String)
  /// It was stopped before its end.
  case interrupted

  package var isRunning: Bool { if case .running = self { true } else { false } }
  package var hasFailed: Bool { if case .failed = self { true } else { false } }
}

/// How a block ended.
package enum BlockOutcome: Hashable, Sendable {
  case done
  case failed(status: Int)
  /// It could not run at all (unsupported syntax, refused command): why, in a sentence.
  case refused(String)
  case interrupted
}

/// How far a check has come.
package enum CheckState: Hashable, Sendable {
  case notAsked
  /// The account is being asked now.
  case asking
  /// Not yet what it should be; it is asked again in the background. Both texts are for the reader.
  case waiting(since: String, next: String)
  case judged(Verdict)

  package var hasPassed: Bool { if case .judged(let verdict) = self { verdict.passed } else { false } }
  package var isWaiting: Bool { if case .waiting = self { true } else { false } }
}

/// What the account's answer means for a check.
package struct Verdict: Hashable, Sendable {
  package var passed: Bool
  /// What should have been, and what was; empty where there is nothing to say.
  package var expected: String
  package var found: String
  /// What to do next; empty if it passed.
  package var hint: String
  /// What was asked, e.g. `s3 GetBucketEncryption`; empty if of no interest.
  package var asked: String

  package init(passed: Bool, expected: String = "", found: String = "", hint: String = "", asked: String = "")
  {
    self.passed = passed
    self.expected = expected
    self.found = found
    self.hint = hint
    self.asked = asked
  }
}

/// How a section of the lesson stands, in the step rail.
package enum SectionState: Hashable, Sendable, CaseIterable {
  case notYet, started, running, waiting, failed, interrupted, done, read
}

/// Where the learner is: what is saved and restored.
package struct Position: Hashable, Sendable {
  /// The section's id; one that no longer exists is the first section.
  package var section: String
  /// The sections that were shown.
  package var visited: Set<String>

  package init(section: String, visited: Set<String> = []) {
    self.section = section
    self.visited = visited
  }
}

/// All that a run brings back when it is resumed.
package struct RestoredProgress: Equatable, Sendable {
  package var position: Position?
  package var blocks: [BlockID: BlockState]
  package var checks: [CheckID: CheckState]
  package var transcript: [TranscriptLine]

  package init(
    position: Position? = nil, blocks: [BlockID: BlockState] = [:], checks: [CheckID: CheckState] = [:],
    transcript: [TranscriptLine] = []
  ) {
    self.position = position
    self.blocks = blocks
    self.checks = checks
    self.transcript = transcript
  }
}
