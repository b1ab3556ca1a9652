/// A screen with a keyboard. One thread uses it; only `waker` may be used from others.
package protocol Terminal: AnyObject {
  /// The size at this moment.
  var size: Size { get }
  /// Shows a frame. A frame of another size than the terminal's is cut or padded.
  func present(_ frame: Frame)
  /// Forgets what is on the screen, so that the next `present` paints everything.
  func invalidate()
  /// Waits for input until the deadline (nil: for ever) or until somebody wakes the terminal; nil if nothing came.
  func nextInput(wakeAt deadline: ContinuousClock.Instant?) -> TerminalInput?
  /// What wakes `nextInput` from any thread.
  var waker: any TerminalWaker { get }
  /// Gives the terminal back as it was found, until `resume`.
  func suspend()
  /// Takes the terminal again after `suspend`.
  func resume()
  /// Gives the terminal back for good. Safe to call twice.
  func close()
}

/// Makes a waiting `nextInput` return. Cheap; safe from any thread.
package protocol TerminalWaker: Sendable {
  func wake()
}

extension Terminal {
  /// What is there now, without waiting.
  package func poll() -> TerminalInput? { nextInput(wakeAt: .now) }
}
