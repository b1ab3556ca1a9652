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
  /// How it can be taken back; nil: it cannot.
  package var rewind: (any AccountRewind)?

  package init(mode: AccountMode, environment: [String: String], rewind: (any AccountRewind)? = nil) {
    self.mode = mode
    self.environment = environment
    self.rewind = rewind
  }
}

/// An account that can be taken back to what it was: a practice account.
package protocol AccountRewind: Sendable {
  /// Keeps the account as it is now. Durable when it returns.
  func keep(as name: String) throws(RewindError)
  /// Takes it back to what was kept, which stays. Durable when it returns; done twice is done once.
  func takeBack(to name: String) throws(RewindError)
  /// Forgets what was kept; nothing happens if there is none.
  func forget(_ name: String)
  /// All names.
  var kept: [String] { get }
}

/// An account cannot be kept or taken back.
package struct RewindError: Error, Hashable, Sendable {
  package var message: String

  package init(_ message: String) {
    self.message = message
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
  /// Ends the waits that are under way, where time can be hurried; elsewhere nothing happens.
  func skip()
}

extension AccountClock {
  package func skip() {}
}
