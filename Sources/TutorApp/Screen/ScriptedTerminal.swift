import Cells
import Synchronization

/// A terminal without a terminal: plays keys, each when the work of the one before is done, and keeps frames.
package final class ScriptedTerminal: Terminal {
  /// What is played.
  package enum Step: Sendable, Hashable {
    case input(TerminalInput)
    /// Keep the frame that is shown now.
    case frame
  }

  package private(set) var size: Size
  /// The frames kept by `.frame` steps.
  package private(set) var frames: [Frame] = []
  private var shown: Frame?
  /// Whether input was given that no frame shows yet.
  private var isStale = true
  private var steps: ArraySlice<Step>
  private let busy: Busy
  private let signal = Wakeup()

  package init(size: Size, steps: [Step], busy: Busy) {
    self.size = size
    self.steps = steps[...]
    self.busy = busy
  }

  package var waker: any TerminalWaker { signal }

  package func present(_ frame: Frame) {
    shown = frame
    isStale = false
  }

  package func invalidate() {}
  package func suspend() {}
  package func resume() {}
  package func close() {}

  package func nextInput(wakeAt deadline: ContinuousClock.Instant?) -> TerminalInput? {
    while true {
      if signal.take() { return nil }
      if busy.isIdle {
        // Work that ended posted its events before it gave its token back; they come first.
        if signal.take() { return nil }
        guard let step = steps.first else { return .hungUp }
        // A frame is kept of what came of the input before it: the loop draws first.
        if step == .frame, isStale { return nil }
        steps.removeFirst()
        switch step {
        case .input(let input):
          if case .resized(let size) = input { self.size = size }
          isStale = true
          return input
        case .frame:
          if let shown { frames.append(shown) }
        }
      } else if let deadline, ContinuousClock.now >= deadline {
        return nil
      } else {
        signal.wait()
      }
    }
  }
}

/// Wakes one waiting thread.
private final class Wakeup: TerminalWaker {
  private let isSet = Mutex(false)
  private let semaphore = Semaphore()

  func wake() {
    isSet.withLock { $0 = true }
    semaphore.signal()
  }

  func take() -> Bool {
    isSet.withLock { set in
      defer { set = false }
      return set
    }
  }

  /// Returns when somebody woke, or after 10 ms: giving back a token wakes nobody.
  func wait() {
    semaphore.wait(milliseconds: 10)
  }
}
