/// The glyphs of the furniture, in Unicode or in ASCII.
package struct Symbols: Hashable, Sendable {
  package var done, current, failed, waiting, notYet, interrupted, running, started, read, checkpoint: String
  package var bullets: [String]
  package var bar, thickBar, calloutBar, horizontal, vertical, teeDown, teeUp, cross: String
  package var corners: [String]
  package var teeRight: String
  package var wrap, ellipsis, folded, open, prompt, boxOn, boxOff, remark, note, error, arrow, dash,
    middot: String
  package var scrollThumb, up, down: String
  package var callouts: [String]
  package var quote, cairn, caret: String

  package static let unicode = Symbols(
    done: "✓", current: "▸", failed: "✗", waiting: "◷", notYet: "·", interrupted: "‖", running: "●",
    started: "◐",
    read: "✓", checkpoint: "◇", bullets: ["•", "◦", "▪"], bar: "│", thickBar: "▌", calloutBar: "┃",
    horizontal: "─",
    vertical: "│",
    teeDown: "┬",
    teeUp: "┴", cross: "┼", corners: ["╭", "╮", "╰", "╯"], teeRight: "├", wrap: "↪", ellipsis: "…",
    folded: "▸", open: "▾",
    prompt: "$", boxOn: "☑", boxOff: "☐", remark: "◆", note: "›", error: "!", arrow: "→", dash: "—",
    middot: "·",
    scrollThumb: "┃", up: "↑", down: "↓", callouts: ["ℹ", "✦", "◆", "▲", "■"], quote: "▏", cairn: "▲",
    caret: "▏")

  package static let ascii = Symbols(
    done: "+", current: ">", failed: "x", waiting: "~", notYet: ".", interrupted: "=", running: "*",
    started: "o",
    read: "+", checkpoint: "?", bullets: ["*", "-", "+"], bar: "|", thickBar: "#", calloutBar: ":",
    horizontal: "-",
    vertical: "|",
    teeDown: "+",
    teeUp: "+", cross: "+", corners: ["+", "+", "+", "+"], teeRight: "+", wrap: "\\", ellipsis: "...",
    folded: ">",
    open: "v",
    prompt: "$", boxOn: "[x]", boxOff: "[ ]", remark: "*", note: ">", error: "!", arrow: "->", dash: "-",
    middot: "-", scrollThumb: "#", up: "^", down: "v", callouts: ["i", "*", "!", "!", "!"], quote: "|",
    cairn: "^",
    caret: "_")
}

extension TutorState {
  /// The glyphs to draw with.
  package var symbols: Symbols { usesASCII ? .ascii : .unicode }
}

extension Symbols {
  /// The glyph of a section's state.
  func symbol(_ state: SectionState) -> String {
    switch state {
    case .notYet: notYet
    case .started: started
    case .running: running
    case .waiting: waiting
    case .failed: failed
    case .interrupted: interrupted
    case .done: done
    case .read: read
    }
  }
}
