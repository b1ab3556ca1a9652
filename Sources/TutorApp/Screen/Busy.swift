import Synchronization

/// How much work is under way beside the loop.
///
/// A token is taken before the work is spawned, so there is no moment at which work is on its way and nobody knows.
/// Whoever plays keys (a script, a test) waits until there are no tokens, never for a time.
package final class Busy: Sendable {
  private let count = Mutex(0)

  package init() {}

  package var isIdle: Bool { count.withLock { $0 == 0 } }

  func token() -> Token {
    count.withLock { $0 += 1 }
    return Token(self)
  }

  /// Given back at its first `end`; later ones do nothing.
  final class Token: Sendable {
    private let owner: Busy
    private let isHeld = Mutex(true)

    init(_ owner: Busy) {
      self.owner = owner
    }

    func end() {
      let wasHeld = isHeld.withLock { held in
        defer { held = false }
        return held
      }
      if wasHeld { owner.count.withLock { $0 -= 1 } }
    }
  }
}
