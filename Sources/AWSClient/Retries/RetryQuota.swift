import Synchronization

/// The retry quota of standard mode: 500 tokens a client; each retry takes some, successes give back.
final class RetryQuota: Sendable {
  private let tokens: Mutex<Int>
  private let capacity: Int

  init(capacity: Int = 500) {
    self.capacity = capacity
    tokens = Mutex(capacity)
  }

  var left: Int { tokens.withLock { $0 } }

  /// Takes the price of one retry; false if there is not enough left.
  func take(_ price: Int) -> Bool {
    tokens.withLock { left in
      guard left >= price else { return false }
      left -= price
      return true
    }
  }

  /// Gives back after a success: the last retry's price, or 1.
  func giveBack(_ price: Int) {
    tokens.withLock { $0 = min(capacity, $0 + max(price, 1)) }
  }
}

/// The difference between the services' clock and ours, learnt from a refused request.
final class ClockSkew: Sendable {
  private let seconds = Mutex(0.0)

  var offset: Double { seconds.withLock { $0 } }
  func learn(_ value: Double) { seconds.withLock { $0 = value } }
}
