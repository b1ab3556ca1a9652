/// What a transcript entry shows.
package enum TranscriptKind: String, Sendable, Hashable, CaseIterable {
  /// A command as it was run.
  case command
  case standardOutput = "stdout"
  case standardError = "stderr"
  /// A word of Cairn's own.
  case notice
  /// A checkpoint's verdict.
  case check
  /// A line of the teardown's report.
  case teardown
}

/// One piece of what the learner has seen, in the order it was shown.
package struct TranscriptEntry: Sendable, Hashable {
  /// The order of entries; 0 until the entry is stored.
  package var id: Int64
  package var kind: TranscriptKind
  /// The block it belongs to, if any.
  package var block: String?
  package var text: String
  package var at: Int64

  package init(id: Int64 = 0, kind: TranscriptKind, block: String? = nil, text: String, at: Int64) {
    self.id = id
    self.kind = kind
    self.block = block
    self.text = text
    self.at = at
  }
}

/// What asking a checkpoint's question came to.
package enum CheckVerdict: String, Sendable, Hashable, CaseIterable {
  case passed
  case failed
  /// Not yet as expected, and its patience has not run out.
  case waiting
  /// The question could not be asked.
  case error
}

/// The last verdict of one check.
package struct CheckRecord: Sendable, Hashable {
  package var id: String
  package var verdict: CheckVerdict
  /// What was expected and what was found, in words.
  package var expected: String
  package var found: String
  package var hint: String?
  package var at: Int64
  /// When the check began to wait; nil if it is not waiting.
  package var waitingSince: Int64?

  package init(
    id: String, verdict: CheckVerdict, expected: String, found: String, hint: String? = nil, at: Int64,
    waitingSince: Int64? = nil
  ) {
    self.id = id
    self.verdict = verdict
    self.expected = expected
    self.found = found
    self.hint = hint
    self.at = at
    self.waitingSince = waitingSince
  }
}
