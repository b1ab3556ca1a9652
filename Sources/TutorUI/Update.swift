import Cells
import Lessons

/// Takes an event into the state and says what is to be done. Total: any event in any state.
package func update(_ state: inout TutorState, on event: TutorEvent) -> [TutorEffect] {
  let effects = take(event, into: &state)
  return state.askingFirst(effects)
}

private func take(_ event: TutorEvent, into state: inout TutorState) -> [TutorEffect] {
  switch event {
  case .key(let key): return state.press(key)
  case .mouse(let mouse): return state.use(mouse)
  case .pasted: return []
  case .resized(let size): state.resize(to: size)
  case .hungUp: return [.saveProgress(state.position), .quit]
  case .blockStarted, .statementStarted, .blockPrinted, .blockExited: state.takeBlockNews(event)
  case .checkStarted(let id): state.checks[id] = .asking
  case .checkAbandoned(let id): state.checks[id] = .notAsked
  case .checkWaiting(let id, let since, let next):
    let isNew = !state.state(ofCheck: id).isWaiting
    state.checks[id] = .waiting(since: since, next: next)
    if isNew { state.reveal(check: id) }
  case .checkJudged(let id, let verdict): state.judge(id, verdict)
  case .remark(let text): state.transcript.append(.remark, text)
  case .noted(let text): state.transcript.append(.note, text)
  case .teardownPlanned(let view): state.teardown = view
  case .teardownAdvanced(let item, let itemState):
    guard let index = state.teardown?.items.firstIndex(where: { $0.id == item }) else { break }
    state.teardown?.items[index].state = itemState
  case .teardownFinished(let summary):
    state.teardown?.phase = .finished(summary)
    state.transcript.append(.note, summary)
  case .variablesChanged(let rows): state.variables = rows
  case .outstandingChanged(let resources): state.outstanding = resources
  case .bannerChanged(let banner): state.banner = banner
  case .clockTicked(let label): state.banner.clock = label
  case .message(let message):
    // A plan that could not be made is not waited for.
    if message.severity == .error, state.teardown?.phase == .planning {
      state.teardown = nil
      state.overlays.removeAll { if case .teardown = $0 { true } else { false } }
    }
    state.overlays.append(.message(message, scroll: 0))
  case .progressRestored(let progress): state.restore(progress)
  case .undoableChanged(let block): state.undoable = block
  case .undone(let block, let progress):
    // What the teardown removed may be there again.
    if case .finished = state.teardown?.phase { state.teardown = nil }
    let visited = state.visited
    state.restore(progress)
    state.visited.formUnion(visited)
    if let place = state.lesson.sections.firstIndex(where: { section in
      state.runnableBlocks(in: section).contains { $0.id == block }
    }) {
      state.go(to: place)
    }
    state.revealCurrent()
    state.status = "Undone: \(block). Account, variables and files are as before it."
  case .demoTyped(let block, let characters):
    guard let typing = state.demo?.typing, typing.block == block else { break }
    // News of a keystroke may come after the key that showed the rest.
    state.demo?.typing?.characters = max(typing.characters, characters)
  }
  return []
}

extension TutorState {
  /// On a live account no block runs, by whatever way, before the learner has seen which account it is and agreed.
  fileprivate mutating func askingFirst(_ effects: [TutorEffect]) -> [TutorEffect] {
    guard banner.mode == .live, !hasAgreed else { return effects }
    return effects.filter { effect in
      guard case .runBlock(let id) = effect else { return true }
      var text = [
        "This is your own AWS account.", "account: \(banner.account)", "identity: \(banner.identity)",
        "Region: \(banner.region)", "What the lesson puts up there may cost money until it is taken down.",
      ]
      if let cost = lesson.frontMatter.cost { text.append("The lesson says what it costs: \(cost)") }
      overlays.append(
        .confirm(Confirmation(.workLive(id), title: "Work on this account?", text: text, yes: "work on it")))
      return false
    }
  }

  fileprivate mutating func takeBlockNews(_ event: TutorEvent) {
    switch event {
    case .blockStarted(let id):
      blocks[id] = .running(lines: nil)
      // What runs now may create again: an earlier teardown no longer says that nothing is left.
      if case .finished = teardown?.phase { teardown = nil }
      status = ""
      transcript.top = nil
      transcript.separate()
      if demo?.typing?.block == id, let block = lesson.block(id) {
        transcript.append(.command, block.shownText)
        demo?.typing = nil
        demo?.echoed = id
      }
    case .statementStarted(let id, let lines, let text):
      blocks[id] = .running(lines: lines)
      if demo?.echoed != id { transcript.append(.command, text) }
    case .blockPrinted(_, let output, let text):
      transcript.print(output == .standardOutput ? .output : .error, text)
    case .blockExited(let id, let outcome):
      exit(id, outcome)
    default: break
    }
  }

  private mutating func exit(_ id: BlockID, _ outcome: BlockOutcome) {
    if demo?.echoed == id { demo?.echoed = nil }
    switch outcome {
    case .done:
      blocks[id] = .done
      if selectedBlock == id { selectedBlock = nil }
      transcript.append(.done, "done")
    case .failed(let code):
      blocks[id] = .failed(status: code, reason: "")
      transcript.append(.failed, "ended with status \(code)")
    case .refused(let reason):
      blocks[id] = .failed(status: nil, reason: reason)
      transcript.append(.failed, reason)
    case .interrupted:
      blocks[id] = .interrupted
      transcript.append(.failed, "stopped")
    }
    revealCurrent()
  }

  fileprivate mutating func judge(_ id: CheckID, _ verdict: Verdict) {
    let wasWaiting = state(ofCheck: id).isWaiting
    checks[id] = .judged(verdict)
    let title = lesson.checks.first { $0.id == id }?.title ?? id
    transcript.append(
      verdict.passed ? .done : .failed, (verdict.passed ? "passed: " : "not passed: ") + title)
    let isHere = shownSection?.checks.contains { $0.id == id } ?? false
    if wasWaiting, !isHere { status = (verdict.passed ? "Passed: " : "Not passed: ") + title }
    if isHere { reveal(check: id) }
  }

  fileprivate mutating func restore(_ progress: RestoredProgress) {
    blocks = progress.blocks.mapValues { $0.isRunning ? .interrupted : $0 }
    checks = progress.checks.mapValues { $0 == .asking ? .notAsked : $0 }
    transcript = Transcript(progress.transcript)
    guard let position = progress.position else { return }
    let place = lesson.sections.firstIndex { $0.id == position.section } ?? 0
    // Who has come this far has read what is before it.
    visited = position.visited.union(lesson.sections.prefix(place).map(\.id))
    go(to: place)
  }

  /// Keeps the place: the row at the top of the page stays at the top, whatever the width makes of it.
  fileprivate mutating func resize(to newSize: Size) {
    let anchor = lessonAnchor
    size = newSize
    if let anchor { lessonScroll = row(of: anchor) }
    if let top = transcript.top { transcript.top = Transcript.Place(line: top.line, row: 0) }
    clampScroll()
  }

  /// Shows a section from its top.
  mutating func go(to index: Int) {
    guard lesson.sections.indices.contains(index) else { return }
    section = index
    visited.insert(lesson.sections[index].id)
    lessonScroll = 0
    selectedBlock = nil
    focus = .lesson
    if let typing = demo?.typing,
      shownSection.map({ runnableBlocks(in: $0) })?.contains(where: { $0.id == typing.block }) != true
    {
      demo?.typing = nil
    }
  }
}
