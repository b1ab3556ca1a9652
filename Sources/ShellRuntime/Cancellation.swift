import Glibc

/// Tells the threads of one run that it is over: a flag to look at, a descriptor to poll, handlers to be called.
final class Cancellation: Sendable {
  private struct State {
    var isCancelled = false
    var handlers: [Int: @Sendable () -> Void] = [:]
    var next = 0
  }

  private let state = Monitor(State())
  private let pipe = GNU.pipe()

  deinit {
    if let pipe {
      close(pipe.read)
      close(pipe.write)
    }
  }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Readable once the run is cancelled; -1, which poll ignores, where there is no descriptor for it.
  var descriptor: CInt { pipe?.read ?? -1 }

  func cancel() {
    let handlers = state.update { state -> [@Sendable () -> Void] in
      if state.isCancelled { return [] }
      state.isCancelled = true
      defer { state.handlers = [:] }
      return Array(state.handlers.values)
    }
    if let pipe {
      var byte: UInt8 = 1
      _ = write(pipe.write, &byte, 1)
    }
    for handler in handlers { handler() }
  }

  /// Calls `handler` upon cancelling, at once where that has happened. It must not block.
  func register(_ handler: @escaping @Sendable () -> Void) -> Int {
    let token = state.withLock { state -> Int? in
      if state.isCancelled { return nil }
      state.next += 1
      state.handlers[state.next] = handler
      return state.next
    }
    guard let token else {
      handler()
      return 0
    }
    return token
  }

  func unregister(_ token: Int) { state.withLock { _ = $0.handlers.removeValue(forKey: token) } }

  /// Blocks until `descriptor` is ready for `events`; false where the run was cancelled meanwhile.
  func wait(for descriptor: CInt, _ events: CInt) -> Bool {
    var polls = [
      pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0),
      pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let count = poll(&polls, 2, -1)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return !isCancelled }
      if polls[1].revents != 0 { return false }
      return true
    }
  }
}
