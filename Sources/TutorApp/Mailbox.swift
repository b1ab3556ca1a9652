import Synchronization

/// Where work beside the screen leaves its events; the loop takes them all at once.
///
/// `post` may be called from any thread; it wakes the loop through `wake`, which must be safe to call from
/// any thread as well.
package final class Mailbox<Message: Sendable>: Sendable {
  private let waiting = Mutex<[Message]>([])
  private let wake: @Sendable () -> Void

  package init(wake: @escaping @Sendable () -> Void) {
    self.wake = wake
  }

  package func post(_ message: Message) {
    waiting.withLock { $0.append(message) }
    wake()
  }

  /// Everything posted since the last call, in order.
  package func take() -> [Message] {
    waiting.withLock { messages in
      defer { messages.removeAll() }
      return messages
    }
  }
}
