import Wire

/// Whether a run works on the embedded account or on a real one.
package enum AccountMode: String, Sendable, Hashable, Codable {
  case practice
  case live
}

/// How a run reaches its account.
package struct AccountAccess: Sendable {
  package var mode: AccountMode
  /// The variables `aws` resolves its endpoint, Region and credentials from, by the AWS CLI's precedence. The
  /// session's blocks see them too. They are never stored.
  package var environment: [String: String]

  package init(mode: AccountMode, environment: [String: String]) {
    self.mode = mode
    self.environment = environment
  }
}

/// The time of an account, and how to wait for it.
///
/// On a live account this is the wall clock. A practice account has a clock of its own, which waiting moves
/// forward, so that a ten-minute scan need not take ten minutes.
package protocol AccountClock: Sendable {
  /// The time in the account.
  var now: Timestamp { get }
  /// Returns when `seconds` have passed in the account.
  /// - Throws: `CancellationError`.
  func wait(seconds: Double) async throws
  /// What the account tells beyond its answers since it was last asked: why Macie skipped an object, for
  /// one. A live account tells nothing.
  func remarks() async -> [String]
}
