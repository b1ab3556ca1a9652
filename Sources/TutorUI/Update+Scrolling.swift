import Cells
import Lessons

/// A row of the page by what it belongs to, so that it can be found again at another width.
struct LessonAnchor: Hashable, Sendable {
  /// The line of the file its block begins on.
  var line: Int
  /// How far into the block's rows, from 0 to 1.
  var fraction: Double
}

extension TutorState {
  /// The rows of the shown page, and how many of them are seen at once.
  var lessonRows: [LessonRow] {
    guard let layout = Layout(self) else { return [] }
    return LessonPage(self, width: layout.page.width).rows
  }

  var lessonHeight: Int { Layout(self)?.page.height ?? 0 }

  /// How many rows the thing that scrolls shows at once.
  var scrollPage: Int {
    guard let layout = Layout(self) else { return 1 }
    if let overlay = overlays.last {
      return OverlayBox(overlay, self, in: layout.overlayRoom(size)).textHeight
    }
    return focus == .lesson ? layout.page.height : layout.tape.height
  }

  /// Scrolls what has the keys: the top overlay, or the pane in focus.
  mutating func scroll(by rows: Int) {
    guard let layout = Layout(self) else { return }
    if let last = overlays.indices.last {
      let box = OverlayBox(overlays[last], self, in: layout.overlayRoom(size))
      overlays[last].scroll = min(
        max(0, overlays[last].scroll + rows), max(0, box.rows.count - box.textHeight))
      return
    }
    scroll(focus, by: rows)
  }

  mutating func scroll(_ pane: Pane, by rows: Int) {
    guard let layout = Layout(self) else { return }
    switch pane {
    case .lesson:
      lessonScroll += rows
      clampScroll()
    case .console:
      let tape = Tape(self, width: layout.tape.width, height: layout.tape.height)
      transcript.top = tape.top(movedBy: rows)
    }
  }

  mutating func clampScroll() {
    lessonScroll = min(max(0, lessonScroll), max(0, lessonRows.count - lessonHeight))
  }

  /// Where the page stands, independent of the width.
  var lessonAnchor: LessonAnchor? {
    let rows = lessonRows
    guard lessonScroll > 0, rows.indices.contains(lessonScroll) else { return nil }
    let line = rows[lessonScroll].line
    let first = rows.firstIndex { $0.line == line } ?? lessonScroll
    let count = max(1, rows.filter { $0.line == line }.count)
    return LessonAnchor(line: line, fraction: Double(lessonScroll - first) / Double(count))
  }

  func row(of anchor: LessonAnchor) -> Int {
    let rows = lessonRows
    guard let first = rows.firstIndex(where: { $0.line == anchor.line }) else { return 0 }
    let count = rows.filter { $0.line == anchor.line }.count
    return first + Int(anchor.fraction * Double(count))
  }

  /// Whether the block is on the page as it is folded now.
  func isVisible(_ id: BlockID) -> Bool { lessonRows.contains { $0.block == id } }

  /// Scrolls so that the block is seen, whole if it fits.
  mutating func reveal(block id: BlockID) { reveal { $0.block == id } }
  mutating func reveal(check id: CheckID) { reveal { $0.check == id } }

  /// Scrolls to what Enter does next, if the page has it.
  mutating func revealCurrent() {
    if let id = currentBlock { reveal(block: id) } else if let id = currentCheck { reveal(check: id) }
  }

  private mutating func reveal(_ isPart: (LessonRow) -> Bool) {
    let rows = lessonRows
    guard let first = rows.firstIndex(where: isPart), let last = rows.lastIndex(where: isPart) else { return }
    // From here on down all of it is seen, and from there on up; what is taller than the pane shows its head.
    let lowest = min(last - lessonHeight + 1, first)
    if last - first >= lessonHeight {
      lessonScroll = first
    } else if lessonScroll < lowest {
      lessonScroll = min(lowest + 1, first)
    } else if lessonScroll > first {
      lessonScroll = max(first - 1, lowest)
    }
    clampScroll()
  }

  /// Opens or closes the details that begin on this line, and brings what opens into view.
  mutating func toggle(details line: Int) {
    toggledDetails.formSymmetricDifference([line])
    let rows = lessonRows
    if let row = rows.firstIndex(where: { $0.details?.line == line }), row >= lessonScroll + lessonHeight - 2
    {
      lessonScroll = max(0, row - 2)
    }
    clampScroll()
  }
}
