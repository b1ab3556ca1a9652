import Cells
import Lessons

/// The state together with the rows of its page, laid out once: what keys, footer and drawing all ask about.
@dynamicMemberLookup package struct Scene: Sendable {
  package let state: TutorState
  /// The rows of the whole page, and how many of them are seen at once.
  let rows: [LessonRow]
  let height: Int

  package init(_ state: TutorState) {
    self.state = state
    let page = Layout(state)?.page
    rows = page.map { LessonPage(state, width: $0.width).rows } ?? []
    height = page?.height ?? 0
  }

  package subscript<Value>(dynamicMember path: KeyPath<TutorState, Value>) -> Value { state[keyPath: path] }

  /// Whether there is more of the page below.
  package var canScrollDown: Bool { state.lessonScroll + height < rows.count }

  /// The details `d` opens or closes: the first in view that is closed, so that `d` again opens the next; where all
  /// are open, the last. Where none is in view, the first of the page.
  var details: Details? {
    let seen = rows.dropFirst(max(0, state.lessonScroll)).prefix(height).compactMap(\.details)
    return seen.first { !$0.isOpen } ?? seen.last ?? rows.lazy.compactMap(\.details).first
  }

  /// Whether the end of the block is in view, or the view is full of it.
  func isInView(_ id: BlockID) -> Bool {
    guard let first = rows.firstIndex(where: { $0.block == id }),
      let last = rows.lastIndex(where: { $0.block == id })
    else { return true }
    if last < state.lessonScroll { return false }
    return last < state.lessonScroll + height || (last - first >= height && first <= state.lessonScroll)
  }

  /// What Enter does now.
  package var primaryAction: PrimaryAction {
    let current = state.currentBlock
    if let block = current, state.runningBlock == nil, !isInView(block) { return .show(block) }
    if let demo = state.demo {
      if let typing = demo.typing, !state.hasTyped(typing) { return .finishTyping }
      if let block = current, demo.typing?.block != block, state.state(ofBlock: block) == .notRun {
        return .type(block)
      }
    }
    if let block = current { return .run(block) }
    if let check = state.currentCheck { return .judge(check) }
    if state.shownSection?.kind == .teardown, !state.isTornDown { return .teardown }
    // A page is read to its end before it is turned.
    if canScrollDown { return .more }
    return state.section + 1 < state.lesson.sections.count ? .next : .nothing
  }
}
