import Cells
import Lessons

extension TutorState {
  /// The wheel scrolls what is under it; a click chooses a page, a block, details or a pane.
  mutating func use(_ mouse: Mouse) -> [TutorEffect] {
    guard let layout = Layout(self) else { return [] }
    let step = mouse.action == .wheelUp ? -3 : 3
    if !overlays.isEmpty {
      if mouse.action != .click { scroll(by: step) }
      return []
    }
    guard mouse.action == .click else {
      if layout.console.contains(mouse.at) {
        scroll(.console, by: step)
      } else if layout.lesson.contains(mouse.at) {
        scroll(.lesson, by: step)
      }
      return []
    }
    status = ""
    if layout.isRailColumn, layout.list.contains(mouse.at) {
      let rows = Rail(self, in: layout.list).rows
      let row = mouse.at.y - layout.list.minY
      guard rows.indices.contains(row), let index = rows[row].section, index != section else { return [] }
      go(to: index)
      return [.saveProgress(position)]
    }
    if layout.console.contains(mouse.at) { focus = .console }
    if layout.lesson.contains(mouse.at) {
      focus = .lesson
      let rows = lessonRows
      let index = lessonScroll + mouse.at.y - layout.page.minY
      guard mouse.at.y >= layout.page.minY, rows.indices.contains(index) else { return [] }
      if let details = rows[index].details {
        toggle(details: details.line)
      } else if let block = rows[index].block, let section = shownSection,
        runnableBlocks(in: section).contains(where: { $0.id == block })
      {
        selectedBlock = block
      }
    }
    return []
  }
}
