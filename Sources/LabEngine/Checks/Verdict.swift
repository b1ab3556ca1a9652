/// What the account answered to a check.
package struct Verdict: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case passed
    /// The account answered, and not as it should.
    case failed
    /// Not as it should yet; there is patience left.
    case waiting
    /// The question could not be put: a variable is not set, the call was refused.
    case unanswered
  }

  package var state: State
  /// What had to hold, in words; empty if everything held.
  package var expected: String
  /// What the account says instead.
  package var found: String
  /// What to do about it.
  package var hint: String
  /// The calls that were made, as `service Operation`.
  package var asked: [String]

  package init(
    _ state: State, expected: String = "", found: String = "", hint: String = "", asked: [String] = []
  ) {
    self.state = state
    self.expected = expected
    self.found = found
    self.hint = hint
    self.asked = asked
  }

  package var passed: Bool { state == .passed }
}
