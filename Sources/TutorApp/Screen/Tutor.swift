import Cells
import Foundation
import LabEngine
import Lessons
import TutorUI

/// The loop of the screen: input and news in, effects out, a frame for each batch.
@MainActor package final class Tutor {
  private let terminal: any Terminal
  private let performer: Performer
  private let mailbox: Mailbox<TutorEvent>
  private let idle: IdleReport
  private var state: TutorState
  private var isOver = false

  /// - Parameter demo: characters typed in a second if the lesson is played for an audience.
  package init(
    _ opened: OpenRun, on terminal: any Terminal, busy: Busy = Busy(), usesASCII: Bool = false,
    demo: Double? = nil,
    environment: [String: String] = [:]
  ) {
    self.terminal = terminal
    let waker = terminal.waker
    mailbox = Mailbox { waker.wake() }
    performer = Performer(opened, mailbox: mailbox, busy: busy, typing: demo.map { TypingRhythm(speed: $0) })
    idle = IdleReport(path: environment["CAIRN_IDLE_FILE"], busy: busy)
    var banner = Banner(opened.session)
    // What a policy would refuse, this account allows: nobody should take that for AWS's answer.
    if opened.practice?.enforcesAuthorization == false { banner.identity += ", policies off" }
    state = TutorState(
      lesson: opened.session.lesson, banner: banner, size: terminal.size, isDemo: demo != nil)
    state.usesASCII = usesASCII
  }

  /// Works through the lesson until the learner leaves. The exit status: 0.
  package func run() async -> Int32 {
    await performer.restore()
    while !isOver {
      handle(mailbox.take())
      terminal.present(render(state))
      idle.note()
      guard let input = terminal.nextInput(wakeAt: performer.nextTick) else {
        performer.tick()
        continue
      }
      handle(input)
      // A paste or a turned wheel is many inputs and one frame.
      var more = 0
      while !isOver, more < 64, let next = terminal.poll() {
        handle(next)
        more += 1
      }
    }
    await performer.close()
    return 0
  }

  private func handle(_ input: TerminalInput) {
    idle.count()
    switch input {
    case .key(let key): apply(.key(key))
    case .paste(let text): apply(.pasted(text))
    case .mouse(let mouse): apply(.mouse(mouse))
    case .resized(let size): apply(.resized(size))
    case .resumed:
      terminal.invalidate()
      apply(.resized(terminal.size))
    case .hungUp: apply(.hungUp)
    }
  }

  private func handle(_ events: [TutorEvent]) {
    for event in events { apply(event) }
  }

  private func apply(_ event: TutorEvent) {
    for effect in update(&state, on: event) {
      switch effect {
      case .quit: isOver = true
      case .redraw: terminal.invalidate()
      default: performer.perform(effect)
      }
    }
  }
}

/// Tells a test when the program has nothing left to do, through a file it names: how many inputs were handled, and
/// whether work is under way. A test waits for that, never for a time.
@MainActor private final class IdleReport {
  private let path: String?
  private let busy: Busy
  private var inputs = 0
  private var written = ""

  init(path: String?, busy: Busy) {
    self.path = path
    self.busy = busy
  }

  func count() {
    inputs += 1
  }

  func note() {
    guard let path else { return }
    let line = "\(inputs) \(busy.isIdle ? "idle" : "busy")\n"
    guard line != written else { return }
    written = line
    try? Data(line.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
