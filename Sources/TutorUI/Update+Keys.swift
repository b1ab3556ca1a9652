import Cells
import Lessons

extension TutorState {
  /// Answers a key with the row of the table, or says why it cannot.
  mutating func press(_ key: Key) -> [TutorEffect] {
    status = ""
    guard Layout(self) != nil else {
      return key == .character("q") || key == .control("c") ? [.saveProgress(position), .quit] : []
    }
    // Ctrl-C stops what runs, whatever lies over it.
    if key == .control("c"), runningBlock != nil { return perform(.cancel) }
    if showsNotes, key == .escape {
      overlays.removeLast()
      return []
    }
    if demo != nil, key == .space || key == Key(.pageDown), let command = onward {
      let row = Keymap.rows(in: keyContext).first { $0.command == command }
      if let reason = row?.whyDisabled(Scene(self)) {
        status = reason
        return []
      }
      return perform(command)
    }
    guard let row = Keymap.row(for: key, in: keyContext) else {
      // Ctrl-C always means something.
      if key == .control("c") { return perform(.decline) }
      return []
    }
    // Ctrl-C with nothing to stop asks for the way out.
    if row.command == .cancel, key == .control("c"), runningBlock == nil { return perform(.quit) }
    if let reason = row.whyDisabled(Scene(self)) {
      status = reason
      return []
    }
    return perform(row.command)
  }

  /// What the one key of a demonstration does with an overlay that is read to its end: a presenter's clicker has no
  /// Enter. On a live account nothing is removed by it.
  private var onward: Command? {
    guard let overlay = overlays.last, !showsNotes, let layout = Layout(self) else { return nil }
    let box = OverlayBox(overlay, self, in: layout.overlayRoom(size))
    guard overlay.scroll + box.textHeight >= box.rows.count else { return nil }
    switch overlay {
    case .teardown:
      let removes = teardown?.phase == .planned && teardown?.hasWork == true
      return removes && banner.mode == .live ? nil : .confirm
    case .help, .message, .variables: return .close
    case .notes, .confirm: return nil
    }
  }

  mutating func perform(_ command: Command) -> [TutorEffect] {
    switch command {
    case .primary: return performPrimary()
    case .next: return turn(by: 1)
    case .previous: return turn(by: -1)
    case .scrollDown: scroll(by: 1)
    case .scrollUp: scroll(by: -1)
    case .pageDown: scroll(by: max(1, scrollPage - 2))
    case .pageUp: scroll(by: -max(1, scrollPage - 2))
    case .toTop: scroll(by: -1_000_000)
    case .toBottom: scroll(by: 1_000_000)
    case .switchFocus:
      let anchor = lessonAnchor
      focus = focus == .lesson ? .console : .lesson
      if let anchor { lessonScroll = row(of: anchor) }
      clampScroll()
    case .judge: return judgeNow()
    case .toggleDetails:
      if let details = Scene(self).details { toggle(details: details.line) }
    case .nextBlock: mark(by: 1)
    case .previousBlock: mark(by: -1)
    case .redo: return redo()
    case .cancel: return runningBlock == nil ? [] : [.cancelRun]
    case .undo: askToUndo()
    case .skipWait:
      status = "Ten minutes of the account pass at once."
      return [.skipWait]
    case .variables: overlays.append(.variables(scroll: 0))
    case .notes: if showsNotes { overlays.removeLast() } else { overlays.append(.notes(scroll: 0)) }
    case .help: overlays.append(.help(scroll: 0))
    case .teardown: return openTeardown()
    case .quit: return askToQuit()
    case .redraw: return [.redraw]
    case .close: _ = overlays.popLast()
    case .confirm: return confirm()
    case .decline: _ = overlays.popLast()
    }
    return []
  }

  private mutating func performPrimary() -> [TutorEffect] {
    switch primaryAction {
    case .run(let id):
      reveal(block: id)
      return [.runBlock(id)]
    case .show(let id):
      reveal(block: id)
      return []
    case .judge(let id):
      checks[id] = .asking
      reveal(check: id)
      return [.judge(id)]
    case .teardown: return openTeardown()
    case .more:
      scroll(.lesson, by: max(1, lessonHeight - 2))
      return []
    case .next: return turn(by: 1)
    case .type(let id):
      demo?.typing = Demo.Typing(block: id, characters: 0)
      transcript.top = nil
      reveal(block: id)
      return [.typeBlock(id)]
    case .finishTyping:
      guard let typing = demo?.typing else { return [] }
      demo?.typing?.characters = lesson.block(typing.block)?.shownText.count ?? 0
      return [.stopTyping]
    case .nothing: return []
    }
  }

  /// Turns the page, past headings that have nothing under them.
  private mutating func turn(by step: Int) -> [TutorEffect] {
    var index = section + step
    while lesson.sections.indices.contains(index + step), lesson.sections[index].isHeadingOnly {
      index += step
    }
    guard lesson.sections.indices.contains(index) else { return [] }
    let typing = demo?.typing
    go(to: index)
    var effects: [TutorEffect] = []
    if typing != nil, demo?.typing == nil { effects.append(.stopTyping) }
    return effects + [.saveProgress(position)]
  }

  private mutating func judgeNow() -> [TutorEffect] {
    guard let here = shownSection?.checks else { return [] }
    let open = here.filter { !state(ofCheck: $0.id).hasPassed }
    let asked = open.isEmpty ? here : open
    for check in asked { checks[check.id] = .asking }
    if let first = asked.first { reveal(check: first.id) }
    return asked.map { .judge($0.id) }
  }

  private mutating func redo() -> [TutorEffect] {
    guard let id = blockToRedo else { return [] }
    guard state(ofBlock: id) == .done else { return [.runBlock(id)] }
    overlays.append(
      .confirm(
        Confirmation(
          .runAgain(id), title: "Run this block again?",
          text: [
            "It has run to its end already. What it makes now comes on top of what it made before; the teardown "
              + "knows both."
          ],
          yes: "run it again")))
    return []
  }

  private mutating func askToUndo() {
    guard let undoable else { return }
    overlays.append(
      .confirm(
        Confirmation(
          .undo(undoable), title: "Undo the block \(undoable)?",
          text: [
            "The practice account, the variables and the files of the run become what they were before it ran. What "
              + "came after it, checks included, is undone with it."
          ],
          yes: "undo it")))
  }

  private mutating func openTeardown() -> [TutorEffect] {
    overlays.removeAll()
    overlays.append(.teardown(scroll: 0))
    // A teardown at work is looked at, not planned again.
    if isTearingDown { return [] }
    teardown = TeardownView(phase: .planning, items: [])
    return [.planTeardown]
  }

  private mutating func askToQuit() -> [TutorEffect] {
    var text: [String] = []
    if runningBlock != nil {
      text.append("A block is running; leaving stops it. It can be run again after resume.")
    }
    if teardown?.phase == .applying {
      text.append("The teardown is at work; leaving stops it where it is. It can be taken up again.")
    }
    if !outstanding.isEmpty {
      let count =
        outstanding.count == 1 ? "One resource still exists" : "\(outstanding.count) resources still exist"
      text.append(
        banner.mode == .live
          ? "\(count) in account \(banner.account), and may cost money until it is taken down:"
          : "\(count) in the practice account:")
      text += outstanding.prefix(6).map {
        // Of what is to be said on its cost, the first clause.
        let note = $0.note.prefix { $0 != ";" }
        return "  \(symbols.bullets[0]) \($0.name)" + (note.isEmpty ? "" : " (\(note))")
      }
      if outstanding.count > 6 { text.append("    and \(outstanding.count - 6) more") }
    }
    guard !text.isEmpty else { return [.saveProgress(position), .quit] }
    text.append("Your place is saved; cairn resume goes on from here.")
    overlays.append(
      .confirm(Confirmation(.quit, title: "Leave the lesson?", text: text, yes: "save and quit")))
    return []
  }

  private mutating func confirm() -> [TutorEffect] {
    if let question {
      overlays.removeLast()
      switch question.action {
      case .quit: return (runningBlock == nil ? [] : [.cancelRun]) + [.saveProgress(position), .quit]
      case .workLive(let id):
        hasAgreed = true
        return [.agree] + (runningBlock == nil ? [.runBlock(id)] : [])
      case .undo: return runningBlock == nil ? [.undo] : []
      case .runAgain(let id): return runningBlock == nil ? [.runBlock(id)] : []
      }
    }
    guard case .teardown = overlays.last else { return [] }
    if teardown?.phase == .planned, teardown?.hasWork == true {
      teardown?.phase = .applying
      return [.applyTeardown]
    }
    overlays.removeLast()
    return []
  }

  /// Moves the mark over the blocks of the page.
  private mutating func mark(by step: Int) {
    guard let section = shownSection else { return }
    let all = runnableBlocks(in: section).filter { isVisible($0.id) }
    guard !all.isEmpty else { return }
    let now = all.firstIndex { $0.id == currentBlock }
    let next = now.map { ($0 + step + all.count) % all.count } ?? (step > 0 ? 0 : all.count - 1)
    selectedBlock = all[next].id
    reveal(block: all[next].id)
  }
}
