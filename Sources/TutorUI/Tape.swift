import Cells
import Lessons

/// The console's rows at one size: only what is in view is wrapped, however long the transcript.
struct Tape {
  private let state: TutorState
  private let width: Int
  private let height: Int

  init(_ state: TutorState, width: Int, height: Int) {
    self.state = state
    self.width = max(4, width)
    self.height = max(1, height)
  }

  private var lines: [TranscriptLine] { state.transcript.lines }

  /// The rows in view, top first.
  var rows: [StyledText] {
    var rows: [StyledText] = []
    var place = top
    while rows.count < height, place.line < lines.count {
      rows += wrapped(place.line).dropFirst(place.row)
      place = Transcript.Place(line: place.line + 1, row: 0)
    }
    return Array(rows.prefix(height))
  }

  /// Where the view begins.
  var top: Transcript.Place {
    let end = last
    guard let top = state.transcript.top, top < end else { return end }
    let row = lines.indices.contains(top.line) ? min(top.row, wrapped(top.line).count - 1) : 0
    return Transcript.Place(line: max(0, top.line), row: max(0, row))
  }

  /// Whether something is above or below the view.
  var isAtTop: Bool { top <= Transcript.Place(line: 0, row: 0) }
  var isAtEnd: Bool { top >= last }

  /// The view moved by rows; nil when it is at the end and follows it.
  func top(movedBy rows: Int) -> Transcript.Place? {
    // So far means all the way; nothing need be wrapped for it.
    if rows < -100_000 { return Transcript.Place(line: 0, row: 0) }
    if rows > 100_000 { return nil }
    var place = top
    var left = rows
    while left < 0 {
      if place.row >= -left {
        place.row += left
        left = 0
      } else if place.line > 0 {
        left += place.row + 1
        place.line -= 1
        place.row = wrapped(place.line).count - 1
      } else {
        place.row = 0
        left = 0
      }
    }
    let end = last
    while left > 0, place < end {
      let below = wrapped(place.line).count - 1 - place.row
      if below >= left {
        place.row += left
        left = 0
      } else {
        left -= below + 1
        place = Transcript.Place(line: place.line + 1, row: 0)
      }
    }
    return place < end ? place : nil
  }

  /// The view that shows the end.
  private var last: Transcript.Place {
    var left = height - reserved
    var line = lines.count
    while line > 0, left > 0 {
      line -= 1
      let count = wrapped(line).count
      if count >= left { return Transcript.Place(line: line, row: count - left) }
      left -= count
    }
    return Transcript.Place(line: line, row: 0)
  }

  /// The rows the typed command of a demonstration takes.
  private var reserved: Int { min(height, typed.count) }

  /// The command that a demonstration is typing, in rows; the last ends where the cursor is.
  var typed: [StyledText] {
    guard let typing = state.demo?.typing, let block = state.lesson.block(typing.block) else { return [] }
    let shown = String(block.shownText.prefix(typing.characters))
    var rows: [StyledText] = []
    for (index, text) in highlighted(shown, language: "bash").enumerated() {
      rows += wrap(text, lead: StyledText(index == 0 ? "\(state.symbols.prompt) " : "  ", Style(.prompt)))
    }
    return rows
  }

  private func wrapped(_ index: Int) -> [StyledText] {
    guard lines.indices.contains(index) else { return [StyledText()] }
    let line = lines[index]
    let symbols = state.symbols
    switch line.kind {
    case .command:
      return wrap(command(line.text), lead: StyledText("\(symbols.prompt) ", Style(.prompt)))
    case .continuation: return wrap(command(line.text), lead: "  ")
    case .output: return StyledText(line.text).wrapped(to: width, .anywhere)
    case .error:
      return line.text.isEmpty
        ? [StyledText()]
        : tell(line.text, lead: StyledText("\(symbols.error) ", Style(.errorText)), Style(.errorText))
    case .done: return tell(line.text, lead: StyledText("\(symbols.done) ", Style(.ok)), Style(.muted))
    case .failed: return tell(line.text, lead: StyledText("\(symbols.failed) ", Style(.error)), Style(.error))
    case .note: return tell(line.text, lead: StyledText("\(symbols.note) ", Style(.muted)), Style(.muted))
    case .remark: return tell(line.text, lead: StyledText("\(symbols.remark) ", Style(.info)), Style(.info))
    }
  }

  private func command(_ text: String) -> StyledText {
    highlighted(text, language: "bash").first ?? StyledText()
  }

  private func wrap(_ text: StyledText, lead: StyledText) -> [StyledText] {
    let indent = StyledText(String(repeating: " ", count: lead.width))
    return text.wrapped(to: width - lead.width).enumerated().map {
      ($0.offset == 0 ? lead : indent) + $0.element
    }
  }

  private func tell(_ text: String, lead: StyledText, _ style: Style) -> [StyledText] {
    let indent = StyledText(String(repeating: " ", count: lead.width))
    return StyledText(text, style).wrapped(to: width - lead.width).enumerated()
      .map { ($0.offset == 0 ? lead : indent) + $0.element }
  }
}
