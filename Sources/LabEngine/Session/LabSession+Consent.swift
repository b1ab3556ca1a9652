import Lessons
import ProgressStore
import Synchronization

extension LabSession {
  /// Whether blocks may run: on a live account only after the learner has agreed, in this process, to work on it.
  package nonisolated var isAgreed: Bool { consent.withLock { $0 } }

  /// The learner has seen which account this is and agreed to work on it.
  package nonisolated func agree() {
    consent.withLock { $0 = true }
  }

  /// What the learner should know before anything is written to a live account: a line each.
  package nonisolated var consentQuestion: [String] {
    var lines = [
      "This is your own AWS account.", "  account:  \(run.account)", "  identity: \(identity.arn)",
      "  Region:   \(run.region)",
      "What the lesson puts up there may cost money until it is taken down.",
    ]
    if let cost = lesson.frontMatter.cost { lines.append("The lesson says what it costs: \(cost)") }
    return lines
  }
}
