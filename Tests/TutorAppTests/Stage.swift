import Cells
import Foundation
import LabEngine
import Lessons
import Testing
import TutorUI

@testable import TutorApp

/// The screen of a run, without a terminal.
@MainActor struct Stage {
  let opened: OpenRun
  var usesASCII = false
  var demo: Double?

  /// Plays a script of keys (`ScriptedTerminal.Step.parse`) to its end; the frames it kept.
  func play(_ script: String, _ size: Size) async throws -> [Frame] {
    let busy = Busy()
    let terminal = ScriptedTerminal(
      size: size, steps: try ScriptedTerminal.Step.parse(script).get(), busy: busy)
    let tutor = Tutor(opened, on: terminal, busy: busy, usesASCII: usesASCII, demo: demo)
    #expect(await tutor.run() == 0)
    return terminal.frames
  }

  /// Plays steps that wait for what they want to see.
  func watch(_ steps: [Watcher.Step], _ size: Size) async throws -> [Frame] {
    let terminal = Watcher(size: size, steps: steps)
    #expect(await Tutor(opened, on: terminal, usesASCII: usesASCII, demo: demo).run() == 0)
    if let missed = terminal.missed { Issue.record("never saw \(missed)") }
    return terminal.frames
  }
}

/// A terminal whose learner looks at the screen: each step waits until the frame holds a text. For what happens
/// while work is under way, which `ScriptedTerminal` waits out.
@MainActor final class Watcher: @preconcurrency Terminal {
  struct Step {
    var text: String
    var input: TerminalInput?

    /// When `text` is on the screen: keep the frame, and give the input.
    static func when(_ text: String, _ input: TerminalInput? = nil) -> Step { Step(text: text, input: input) }
  }

  private(set) var size: Size
  private(set) var frames: [Frame] = []
  /// The text that never came.
  private(set) var missed: String?
  private var shown: Frame?
  private var steps: ArraySlice<Step>
  /// When the last step was taken.
  private var since = ContinuousClock.now
  private let signal = Signal()

  init(size: Size, steps: [Step]) {
    self.size = size
    self.steps = steps[...]
  }

  var waker: any TerminalWaker { signal }

  func present(_ frame: Frame) { shown = frame }
  func invalidate() {}
  func suspend() {}
  func resume() {}
  func close() {}

  func nextInput(wakeAt deadline: ContinuousClock.Instant?) -> TerminalInput? {
    guard let step = steps.first else { return .hungUp }
    if let shown, shown.text.contains(step.text) {
      steps.removeFirst()
      since = .now
      frames.append(shown)
      // The next frame shows what came of it.
      self.shown = nil
      if case .resized(let size) = step.input { self.size = size }
      return step.input
    }
    // A text that does not come within half a minute never will: the test fails and says which.
    if since.duration(to: .now) > .seconds(5) {
      missed = step.text + " in\n" + (shown?.text ?? "")
      return .hungUp
    }
    if deadline.map({ $0 > .now }) ?? true { signal.wait() }
    return nil
  }

  private final class Signal: TerminalWaker {
    private let semaphore = DispatchSemaphore(value: 0)

    func wake() { semaphore.signal() }

    /// Returns when somebody wakes, or after a second.
    func wait() { _ = semaphore.wait(timeout: .now() + .seconds(1)) }
  }
}
