import Glibc
import Synchronization

/// Adaptive mode's limit on what a client sends (botocore `retries/adaptive.py`, `bucket.py`, `throttling.py`): from
/// the first throttling on, a token bucket whose rate falls to 0.7 of what was sent and climbs back along a cubic.
///
/// Times are seconds of the client's clock.
final class SendingRate: Sendable {
  private struct State {
    var isLimited = false
    // The bucket. Its level may fall below zero: who takes then waits for his token.
    var fillRate = 0.5
    var capacity = 1.0
    var level = 0.0
    var filledAt: Double?
    // What was sent, smoothed over half seconds.
    var measured = 0.0
    var count = 0.0
    var slot: Double?
    // The cubic.
    var best = 0.0
    var zeroPoint = 0.0
    var failedAt: Double?

    mutating func refill(_ now: Double) {
      if let filledAt { level = min(capacity, level + max(0, now - filledAt) * fillRate) }
      filledAt = now
    }

    mutating func setRate(_ rate: Double, _ now: Double) {
      refill(now)
      fillRate = max(rate, 0.5)
      capacity = max(rate, 1)
      level = min(level, capacity)
    }

    mutating func measure(_ now: Double) {
      let half = floor(now * 2) / 2
      let last = slot ?? floor(now)
      slot = last
      count += 1
      guard half > last else { return }
      measured = count / (half - last) * 0.8 + measured * 0.2
      count = 0
      slot = half
    }

    mutating func failed(at rate: Double, _ now: Double) -> Double {
      best = rate
      zeroPoint = cbrt(rate * (1 - 0.7) / 0.4)
      failedAt = now
      return rate * 0.7
    }

    mutating func succeeded(_ now: Double) -> Double {
      let start = failedAt ?? now
      failedAt = start
      return 0.4 * pow(now - start - zeroPoint, 3) + best
    }
  }

  private let state = Mutex(State())

  /// Tokens a second; nil as long as nothing was throttled.
  var limit: Double? { state.withLock { $0.isLimited ? $0.fillRate : nil } }

  /// Takes a token for one request; seconds to wait before it may be sent.
  func take(at now: Double) -> Double {
    state.withLock { state in
      guard state.isLimited else { return 0 }
      state.refill(now)
      state.level -= 1
      return state.level >= 0 ? 0 : -state.level / state.fillRate
    }
  }

  /// Learns from an answer.
  func learn(isThrottled: Bool, at now: Double) {
    state.withLock { state in
      state.measure(now)
      let rate: Double
      if isThrottled {
        rate = state.failed(
          at: state.isLimited ? min(state.measured, state.fillRate) : state.measured, now)
        state.isLimited = true
      } else {
        rate = state.succeeded(now)
      }
      state.setRate(min(rate, 2 * state.measured), now)
    }
  }
}
