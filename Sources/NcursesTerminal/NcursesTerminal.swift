// NcursesTerminal: the last mile. Shows frames with ncursesw, reads keys, and gives the terminal back as it was
// found, whatever happens.
//
// It refuses: to know what is shown, to be used from two threads (only `waker` may be), to open twice.
//
// Decisions:
// - `nextInput` waits in poll(2) on the terminal and a pipe; ncurses is only asked for what is already there.
// - SIGWINCH, SIGCONT and requests to end arrive as inputs; Ctrl-Z is handled here and comes out as `.resumed`.
// - A glyph whose width the C library does not agree with is replaced, so that columns hold on any libc.
// - In a locale that is not UTF-8, what is not ASCII is shown as `?`; `prefersASCII` tells the screen to avoid it.

import CNcurses
import Cells
import Glibc

/// Why the screen could not be opened; `message` says what to do.
package enum NcursesTerminalError: Error, Hashable, Sendable {
  case noTerminal
  case noTerm
  case unknownTerm(String)
  case dumbTerm(String)
  case noDatabase
  case system(Int32)
  case alreadyOpen

  /// What is wrong and what to do, for the reader.
  package var message: String {
    switch self {
    case .noTerminal:
      "There is no terminal here: standard input or output is a file or a pipe. Use --plain for a linear transcript."
    case .noTerm:
      "TERM is not set, so the terminal's abilities are unknown. Set it (for example TERM=xterm-256color) or use --plain."
    case .unknownTerm(let name):
      "TERM is “\(name)”, which this machine does not know. Set TERM to a known name (xterm-256color, screen, linux), "
        + "install the package ncurses-term, or use --plain."
    case .dumbTerm(let name):
      "TERM is “\(name)”, a terminal that cannot move its cursor. Use --plain, or a full terminal."
    case .noDatabase:
      "There is no terminfo database on this machine. Install the package ncurses-base, or use --plain."
    case .system(let code):
      "The terminal could not be opened: \(String(cString: strerror(code)))."
    case .alreadyOpen:
      "The terminal is already open in this process."
    }
  }
}

/// What a terminal is opened with.
package struct NcursesOptions: Sendable {
  /// Whether colours may be used; by default unless NO_COLOR is set and not empty (no-color.org).
  package var usesColour: Bool
  /// Whether the background is dark; nil if unknown. By default from COLORFGBG (`ink;ground`), which rxvt, Konsole
  /// and others set: grounds 0 to 6 and 8 are dark.
  package var isDark: Bool?
  /// The file standard error is appended to while the screen is up; nil leaves it on the screen.
  package var errorLog: String?

  package init(usesColour: Bool? = nil, errorLog: String? = nil) {
    self.usesColour = usesColour ?? (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    self.errorLog = errorLog
    let ground = getenv("COLORFGBG").flatMap {
      String(cString: $0).split(separator: ";").last.flatMap { Int($0) }
    }
    isDark = ground.map { (0...6).contains($0) || $0 == 8 }
  }
}

/// The terminal of this process, drawn with ncurses.
package final class NcursesTerminal: Terminal {
  private struct PipeWaker: TerminalWaker {
    func wake() { ct_wake() }
  }

  /// How many colours are in use: 0 without colour.
  package let colours: Int
  /// Whether the locale says that the terminal shows no UTF-8.
  package let prefersASCII: Bool
  private let theme: Theme
  private var shown: Frame?
  private var hasEnded = false
  private var isOpen = true
  private var isSuspended = false

  /// Takes the terminal.
  ///
  /// - Throws: `NcursesTerminalError`; the terminal is then as it was.
  package init(_ options: NcursesOptions = NcursesOptions()) throws(NcursesTerminalError) {
    guard ct_width() == 0 else { throw .alreadyOpen }
    let term = getenv("TERM").map { String(cString: $0) } ?? ""
    switch Int(ct_open(options.usesColour ? 1 : 0, options.errorLog)) {
    case Int(CT_OK): break
    case Int(CT_NO_TERMINAL): throw .noTerminal
    case Int(CT_NO_TERM): throw .noTerm
    case Int(CT_UNKNOWN_TERM): throw .unknownTerm(term)
    case Int(CT_DUMB_TERM): throw .dumbTerm(term)
    case Int(CT_NO_DATABASE): throw .noDatabase
    default: throw .system(errno)
    }
    colours = Int(ct_colours())
    theme = Theme.forColours(colours, isDark: options.isDark)
    prefersASCII = Int(ct_encoding()) == Int(CT_NOT_UTF8)
  }

  deinit { close() }

  package var waker: any TerminalWaker { PipeWaker() }

  package var size: Size { Size(width: Int(ct_width()), height: Int(ct_height())) }

  package func present(_ frame: Frame) {
    guard isOpen, !isSuspended else { return }
    let area = Rect(size).intersection(frame.surface.bounds)
    let before = shown?.size == frame.size ? shown?.surface : nil
    if before == nil { ct_clear() }
    for y in 0..<area.height {
      draw(frame.surface.row(y), before: before?.row(y), y: y, width: area.width, theme: theme)
    }
    if let cursor = frame.cursor, area.contains(cursor) {
      ct_cursor(Int32(clamping: cursor.y), Int32(clamping: cursor.x), 1)
    } else {
      ct_cursor(0, 0, 0)
    }
    ct_flush()
    shown = frame
  }

  package func invalidate() {
    shown = nil
  }

  package func suspend() {
    guard isOpen, !isSuspended else { return }
    isSuspended = true
    ct_suspend()
  }

  package func resume() {
    guard isOpen, isSuspended else { return }
    isSuspended = false
    ct_resume()
    invalidate()
  }

  package func close() {
    guard isOpen else { return }
    isOpen = false
    ct_close()
  }

  package func nextInput(wakeAt deadline: ContinuousClock.Instant?) -> TerminalInput? {
    guard isOpen else { return .hungUp }
    while true {
      if let input = pending() { return input }
      // The pipe may have been emptied together with a key that was answered first.
      if ct_was_woken() != 0 { return nil }
      var wait: Int32 = -1
      if let deadline {
        let left = deadline - .now
        if left <= .zero { wait = 0 } else { wait = milliseconds(left) }
      }
      let isAlive = ct_wait(wait) != 0
      if let input = pending() { return input }
      if !isAlive { return .hungUp }
      if let deadline, ContinuousClock.now >= deadline { return nil }
    }
  }

  /// Rounded up, so that a wait does not end just before its deadline.
  private func milliseconds(_ duration: Duration) -> Int32 {
    let parts = duration.components
    if parts.seconds > 1_000_000 { return 1_000_000_000 }
    return Int32(clamping: parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1)
  }

  private func pending() -> TerminalInput? {
    let signals = Int(ct_take_signals())
    if signals & Int(CT_HUNG_UP) != 0, !hasEnded {
      hasEnded = true
      return .hungUp
    }
    if signals & Int(CT_CONTINUED) != 0 {
      invalidate()
      return .resumed
    }
    if signals & Int(CT_RESIZED) != 0 {
      invalidate()
      return .resized(size)
    }
    guard !isSuspended else { return nil }
    while true {
      let event = ct_next()
      if event.kind == Int32(CT_NONE) { return nil }
      if isStop(event) {
        ct_stop()
        invalidate()
        return .resumed
      }
      if let input = input(event) { return input }
    }
  }

  private func isStop(_ event: ct_event) -> Bool {
    event.kind == Int32(CT_CHARACTER) && event.code == 26
  }
}
