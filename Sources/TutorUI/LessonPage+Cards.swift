import Cells
import Lessons

extension LessonPage {
  /// A code block: its lines behind a bar whose look and last row tell how far it has come.
  mutating func card(_ code: CodeBlock) {
    let isLab = isRunnableHere(code)
    let blockState = state.state(ofBlock: code.id)
    let isCurrent = isLab && state.currentBlock == code.id
    block = code.id
    defer { block = nil }
    let barRole: Role =
      switch blockState {
      case _ where !isLab: .border
      case .running: .running
      case .failed: .error
      case .interrupted: .warning
      case .done where !isCurrent: .ok
      default: isCurrent ? .current : .border
      }
    let bar = isCurrent || blockState.isRunning ? symbols.thickBar : symbols.bar
    if code.role == .file, let file = code.file {
      emit(StyledText("\(symbols.bar) ", Style(.border)) + StyledText("file \(file)", Style(.muted)))
    }
    let lines = highlighted(code.shownText, language: code.language)
    var running: ClosedRange<Int>?
    if case .running(let now) = blockState { running = now }
    for (index, text) in lines.enumerated() {
      let runsNow = running?.contains(code.firstTextLine + index) == true
      let lead = StyledText((runsNow ? symbols.current : bar) + " ", Style(barRole))
      nest(Prefix(first: lead, rest: StyledText(bar + " ", Style(barRole)))) { page in
        page.codeLine(text)
      }
    }
    guard isLab else { return }
    let end = StyledText(bar + " ", Style(barRole))
    nest(Prefix(first: end, rest: end)) { page in
      for text in page.stateLine(code, blockState, isCurrent: isCurrent).wrapped(to: page.room) {
        page.emit(text)
      }
    }
  }

  private func isRunnableHere(_ code: CodeBlock) -> Bool {
    state.shownSection.map { section in state.runnableBlocks(in: section).contains { $0.id == code.id } }
      ?? false
  }

  /// A line of code; what does not fit goes on under it, indented and marked.
  private mutating func codeLine(_ text: StyledText) {
    guard text.width > room else { return emit(text) }
    let indent = min(room / 3, text.text.prefix { $0 == " " }.count)
    let lead = String(repeating: " ", count: indent)
    for (index, line) in text.wrapped(to: room, hanging: indent + 2).enumerated() {
      emit(index == 0 ? line : StyledText(lead) + StyledText(symbols.wrap + " ", Style(.muted)) + line)
    }
  }

  private func stateLine(_ code: CodeBlock, _ blockState: BlockState, isCurrent: Bool) -> StyledText {
    let keys = isCurrent && state.runningBlock == nil && !state.isTearingDown
    var text = StyledText()
    switch blockState {
    case .notRun:
      if let typing = state.demo?.typing, typing.block == code.id {
        text.append("\(symbols.current) typed on the console", Style(.current))
      } else if isCurrent {
        text.append("\(symbols.current) ", Style(.current))
        text.append(keys ? enterWord(code) : "next", Style(.current))
      } else {
        text.append("\(symbols.notYet) not run", Style(.muted))
      }
      if code.isOptional { text.append("  (optional)", Style(.muted)) }
    case .running: text.append("\(symbols.running) running \(symbols.ellipsis) x stops it", Style(.running))
    case .done:
      text.append("\(symbols.done) done", Style(.ok))
      if isCurrent { text.append("   r runs it again", Style(.muted)) }
    case .failed(let status, let reason):
      text.append("\(symbols.failed) failed", Style(.error))
      if let status { text.append(" with status \(status)", Style(.error)) }
      if !reason.isEmpty { text.append(": " + reason, Style(.error)) }
      if keys { text.append("   Enter runs it again", Style(.muted)) }
    case .interrupted:
      text.append("\(symbols.interrupted) stopped before its end", Style(.warning))
      if keys { text.append("   Enter runs it again", Style(.muted)) }
    }
    return text
  }

  private func enterWord(_ code: CodeBlock) -> String {
    if state.demo != nil { return "next" }
    return code.role == .file ? "Enter writes this file" : "Enter runs this"
  }

  /// A checkpoint: what is asked, and the account's answer in place.
  mutating func card(_ asked: Check) {
    check = asked.id
    defer { check = nil }
    let checkState = state.state(ofCheck: asked.id)
    let role: Role =
      switch checkState {
      case .notAsked: state.currentBlock == nil && state.currentCheck == asked.id ? .current : .border
      case .asking: .running
      case .waiting: .warning
      case .judged(let verdict): verdict.passed ? .ok : .error
      }
    nest(StyledText(symbols.thickBar + " ", Style(role))) { page in
      // A checkpoint that took its title from the page need not say it twice.
      let isNamed = !asked.title.isEmpty && asked.title != page.state.shownSection?.title
      page.prose(StyledText(isNamed ? asked.title : "Your account", Style(.strong)))
      page.answer(checkState, isNext: role == .current, asked)
    }
  }

  private mutating func answer(_ checkState: CheckState, isNext: Bool, _ asked: Check) {
    switch checkState {
    case .notAsked:
      let how = isNext && state.demo == nil ? "Enter asks your account" : "c asks your account"
      var text = StyledText(
        "\(isNext ? symbols.current : symbols.notYet) ", Style(isNext ? .current : .muted))
      text.append(state.demo == nil ? how : "not asked yet", Style(isNext ? .current : .muted))
      prose(text)
    case .asking:
      prose(StyledText("\(symbols.running) asking your account \(symbols.ellipsis)", Style(.running)))
    case .waiting(let since, let next):
      var text = StyledText("\(symbols.waiting) waiting", Style(.warning))
      if !since.isEmpty { text.append(" since \(since)", Style(.warning)) }
      if !next.isEmpty { text.append(", asks again \(next)", Style(.muted)) }
      prose(text)
      let pace = state.banner.mode == .practice ? " Practice time runs faster until then." : ""
      prose(StyledText("You can go on; the badge above tells when it is there." + pace, Style(.muted)))
    case .judged(let verdict): tell(verdict, asked)
    }
  }

  private mutating func tell(_ verdict: Verdict, _ asked: Check) {
    if verdict.passed {
      var text = StyledText("\(symbols.done) passed", Style(.ok))
      if !verdict.found.isEmpty { text.append(": " + verdict.found) }
      prose(text)
    } else {
      prose(StyledText("\(symbols.failed) not yet", Style(.error)))
      labelled("expected", verdict.expected, .plain)
      labelled("found", verdict.found, Style(.strong))
      labelled("hint", verdict.hint.isEmpty ? asked.hint : verdict.hint, .plain)
    }
    labelled("asked", verdict.asked, Style(.muted))
  }

  /// A label in a column of its own, and a text beside it.
  private mutating func labelled(_ label: String, _ text: String, _ style: Style) {
    guard !text.isEmpty else { return }
    let lead = StyledText("  " + label.padded(to: 10), Style(.muted))
    nest(Prefix(first: lead, rest: StyledText(String(repeating: " ", count: lead.width)))) { page in
      page.prose(StyledText(text, style))
    }
  }

  /// What Enter does on the teardown page, or what came of it.
  mutating func teardownNote() {
    let mark: (String, Role)
    let text: String
    switch state.teardown?.phase {
    case .finished(let summary):
      mark = state.isTornDown ? (symbols.done, .ok) : (symbols.failed, .error)
      text = summary
    case .applying:
      mark = (symbols.running, .running)
      text = "The teardown is at work. T shows how far it is."
    case .planning, .planned, nil:
      mark = (symbols.current, .current)
      text =
        "Enter shows what this run created and what is removed, in order. Nothing is removed before you agree. "
        + "The commands below are for reading: there is no need to run them."
    }
    nest(StyledText(symbols.thickBar + " ", Style(mark.1))) { page in
      let lead = StyledText(mark.0 + " ", Style(mark.1))
      page.nest(Prefix(first: lead, rest: "  ")) { $0.prose(StyledText(text)) }
    }
  }
}
