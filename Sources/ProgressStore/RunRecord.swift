/// Whether a run talks to the practice account or to AWS.
package enum RunMode: String, Sendable, Hashable, CaseIterable {
  case practice
  case live
}

/// Where a run stands.
package enum RunState: String, Sendable, Hashable, CaseIterable {
  /// Being worked on, or left to be resumed.
  case active
  /// Every step is done and every checkpoint green; resources may still exist.
  case finished
  /// A teardown has begun and not ended.
  case tearingDown = "tearing-down"
  /// The last teardown left nothing of the run's that can be removed.
  case tornDown = "torn-down"
}

/// What is known when a run begins.
package struct RunDraft: Sendable, Hashable {
  package var lessonPath: String
  /// The lesson's stable id; the run's id begins with it.
  package var lessonID: String
  package var lessonTitle: String
  /// Digest of the lesson's text, so that an edited lesson is noticed on resume.
  package var lessonDigest: String
  package var mode: RunMode
  /// The 12 digits of the account the run is bound to.
  package var account: String
  package var region: String
  package var identityARN: String
  /// Where the practice account of the run is kept; nil for a live run, or to be set later.
  package var practiceDirectory: String?

  package init(
    lessonPath: String, lessonID: String, lessonTitle: String = "", lessonDigest: String, mode: RunMode,
    account: String, region: String, identityARN: String, practiceDirectory: String? = nil
  ) {
    self.lessonPath = lessonPath
    self.lessonID = lessonID
    self.lessonTitle = lessonTitle
    self.lessonDigest = lessonDigest
    self.mode = mode
    self.account = account
    self.region = region
    self.identityARN = identityARN
    self.practiceDirectory = practiceDirectory
  }
}

/// One learner's walk through one lesson in one account and Region. Times are milliseconds since 1970.
package struct RunRecord: Sendable, Hashable, Identifiable {
  /// Short and readable: `secure-ai-training-data-7k2f`. Lower-case letters, digits and hyphens.
  package let id: String
  package var draft: RunDraft
  package var state: RunState
  /// The section the learner was last in.
  package var section: String?
  package var createdAt: Int64
  package var updatedAt: Int64
  package var endedAt: Int64?

  package var lessonPath: String { draft.lessonPath }
  package var lessonID: String { draft.lessonID }
  package var lessonTitle: String { draft.lessonTitle }
  package var lessonDigest: String { draft.lessonDigest }
  package var mode: RunMode { draft.mode }
  package var account: String { draft.account }
  package var region: String { draft.region }
  package var identityARN: String { draft.identityARN }
  package var practiceDirectory: String? { draft.practiceDirectory }
}
