import Dispatch

/// A counting semaphore with a time limit.
struct Semaphore: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func signal() {
    semaphore.signal()
  }

  func wait(milliseconds: Int) {
    _ = semaphore.wait(timeout: .now() + .milliseconds(milliseconds))
  }
}
