import Cells

/// Where everything is, from the size alone; where panes share the height, also from what is looked at: the pane in
/// focus, and whether the console has anything to show.
package struct Layout: Hashable, Sendable {
  /// The smallest screen that is drawn.
  package static let smallest = Size(width: 60, height: 16)

  package var banner: Rect
  /// The step list: a column where there is room, else one line.
  package var rail: Rect
  package var isRailColumn: Bool
  package var lesson: Rect
  package var console: Rect
  /// The line between lesson and console, with the console's title: a row or a column.
  package var divider: Rect
  package var footer: Rect
  /// Whether lesson and console stand side by side.
  package var isSideBySide: Bool

  /// The layout; nil for a screen that is too small.
  package init?(_ state: TutorState) {
    let size = state.size
    guard size.width >= Self.smallest.width, size.height >= Self.smallest.height else { return nil }
    banner = Rect(x: 0, y: 0, width: size.width, height: 1)
    footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
    let top = 2
    let height = size.height - 1 - top
    // Commands and what they print are written for 80 columns: side by side, both panes must come near to that.
    isSideBySide = size.width >= 150
    isRailColumn = size.width >= 110 && state.demo == nil
    let railWidth = isRailColumn ? min(34, max(24, size.width / 5)) : 0
    let left = isRailColumn ? railWidth + 1 : 0
    rail =
      isRailColumn
      ? Rect(x: 0, y: top, width: railWidth, height: height)
      : Rect(x: 0, y: 1, width: size.width, height: 1)
    if isSideBySide {
      let share = size.width - left - 1
      // The lesson is read, the console is looked at: the lesson gets the larger part, but not more than it can use.
      let lessonWidth = min(100, state.demo == nil ? share * 55 / 100 : share / 2)
      lesson = Rect(x: left, y: top, width: lessonWidth, height: height)
      divider = Rect(x: lesson.maxX, y: top, width: 1, height: height)
      console = Rect(x: divider.maxX, y: top, width: size.width - divider.maxX, height: height)
    } else {
      let share = height - 1
      let consoleHeight =
        switch state.focus {
        case .console: share * 2 / 3
        // Until something has run, the pages are there to be read.
        case .lesson where state.transcript.lines.isEmpty && state.demo?.typing == nil: 1
        case .lesson: max(4, state.demo == nil ? share / 3 : share * 2 / 5)
        }
      let width = size.width - left
      lesson = Rect(x: left, y: top, width: width, height: share - consoleHeight)
      divider = Rect(x: left, y: lesson.maxY, width: width, height: 1)
      console = Rect(x: left, y: divider.maxY, width: width, height: consoleHeight)
    }
  }

  /// The part of the step column that the list is written in.
  package var list: Rect { rail.inset(left: 1, top: 1) }

  /// The part of the lesson pane that text is written in: a margin on both sides, and the scroll mark on the right.
  /// The margin at the top is the page's own, and goes when it is scrolled.
  package var page: Rect { lesson.inset(left: 2, right: 2) }

  /// The part of the console that text is written in.
  package var tape: Rect {
    isSideBySide ? console.inset(left: 1, top: 1, right: 1) : console.inset(left: 1, right: 1)
  }

  /// The room an overlay may take.
  package func overlayRoom(_ size: Size) -> Rect {
    Rect(x: 0, y: 1, width: size.width, height: size.height - 2).inset(left: 2, top: 1, right: 2, bottom: 1)
  }
}
