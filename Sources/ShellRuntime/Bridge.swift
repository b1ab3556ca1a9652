/// Between the interpreter's threads, which block, and Swift's tasks, which must not.
enum Bridge {
  /// Runs async work from an interpreter's thread and waits for it. Cancelling the run cancels the work, which is left
  /// behind after `grace` seconds; nil then.
  static func run<T: Sendable>(
    _ cancellation: Cancellation, grace: Double, _ work: @escaping @Sendable () async -> T
  ) -> T? {
    let result = Monitor<(value: T?, isCancelled: Bool)>((nil, false))
    let task = Task {
      let value = await work()
      result.update { $0.value = value }
    }
    let token = cancellation.register {
      task.cancel()
      result.update { $0.isCancelled = true }
    }
    defer { cancellation.unregister(token) }
    let early = result.wait { state -> T?? in
      if let value = state.value { return .some(value) }
      return state.isCancelled ? .some(nil) : nil
    }
    if let early { return early }
    return result.wait(seconds: grace) { $0.value }
  }

  /// Runs blocking work from a task on a thread of its own.
  static func onThread<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
      if !startThread({ continuation.resume(returning: work()) }) { continuation.resume(returning: work()) }
    }
  }
}
