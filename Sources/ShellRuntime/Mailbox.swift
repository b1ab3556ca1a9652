/// What a run's threads tell the task that awaits it, in order.
final class Mailbox: Sendable {
  enum Message: Sendable {
    case output([UInt8], OutputStream)
    case event(ShellEvent)
    /// The thread that posted it waits for `done`.
    case awaited(ShellEvent, done: Monitor<Bool>)
    case finished(ExitStatus)
  }

  private struct State {
    var queue: [Message] = []
    var waiter: CheckedContinuation<Void, Never>?
    /// Bytes of output not yet taken.
    var weight = 0
  }

  /// Beyond so many bytes a writer waits for the receiver.
  private static let limit = 1 << 20

  private let state = Monitor(State())

  func post(_ message: Message) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.queue.append(message)
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  func post(_ bytes: [UInt8], to stream: OutputStream, _ cancellation: Cancellation) {
    while !cancellation.isCancelled {
      let hasRoom = state.wait(seconds: 0.05) { $0.weight < Self.limit ? true : nil } ?? false
      if hasRoom { break }
    }
    state.withLock { $0.weight += bytes.count }
    post(.output(bytes, stream))
  }

  /// Posts `event` and blocks until it has been received and handled.
  func postAndWait(_ event: ShellEvent) {
    let done = Monitor(false)
    post(.awaited(event, done: done))
    _ = done.wait { $0 ? true : nil }
  }

  /// The messages so far, at least one.
  func next() async -> [Message] {
    while true {
      let messages = state.update { state -> [Message] in
        defer {
          state.queue = []
          state.weight = 0
        }
        return state.queue
      }
      if !messages.isEmpty { return messages }
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state -> Bool in
          if !state.queue.isEmpty { return true }
          state.waiter = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    }
  }
}
