import Wire

/// Real time: the seam that signatures are judged by and that the account's own clock runs on. The machine's
/// clock stands behind it where the account is served.
package protocol PracticeClock: Sendable {
  var now: Timestamp { get }
}

/// The account's own clock: real time plus an offset that the learner may enlarge (skipping a wait) and that
/// is part of the account's state. Whatever falls due on the way happens, in order.
package struct VirtualClock: Sendable {
  let account: PracticeAccount

  package var now: Timestamp { account.virtualNow }

  /// Moves the clock forward; it never goes back (a negative number does nothing). Durable when it returns.
  ///
  /// - Throws: `StoreError` if the new time cannot be saved; the clock then stays where it was.
  package func advance(seconds: Double) throws(StoreError) {
    try account.advance(seconds: seconds)
  }
}
