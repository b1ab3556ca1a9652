import Cells
import Lessons

/// The step list: all pages of the lesson and how they stand.
struct Rail {
  struct Row: Hashable, Sendable {
    /// The section a click goes to.
    var section: Int?
    var text: StyledText
    var isCurrent: Bool
  }

  /// The rows of the column, no more than its height.
  let rows: [Row]

  init(_ state: TutorState, in area: Rect) {
    for lines in [3, 2] {
      let wide = Rail.rows(state, width: area.width, lines: lines)
      if wide.count <= area.height {
        rows = wide
        return
      }
    }
    let narrow = Rail.rows(state, width: area.width, lines: 1)
    let current = narrow.firstIndex(where: \.isCurrent) ?? 0
    let first = min(max(0, current - area.height / 2), max(0, narrow.count - area.height))
    rows = Array(narrow.dropFirst(first).prefix(area.height))
  }

  private static func rows(_ state: TutorState, width: Int, lines: Int) -> [Row] {
    var rows: [Row] = []
    for (index, section) in state.lesson.sections.enumerated() {
      let isCurrent = index == state.section
      let title = section.railTitle(in: state.lesson)
      if section.isHeadingOnly {
        rows.append(
          Row(
            section: nil, text: StyledText(" " + title.truncated(to: width - 2), Style(.muted)),
            isCurrent: isCurrent))
        continue
      }
      let sectionState = state.state(of: section)
      var lead = StyledText(isCurrent ? state.symbols.current : " ", Style(.current))
      lead.append(glyph(section, sectionState, state) + " ", Style(sectionState.role))
      let style =
        isCurrent
        ? Style(.current) : sectionState == .notYet || sectionState == .read ? Style(.muted) : .plain
      var pieces = StyledText(title, style).wrapped(to: max(1, width - lead.width - 1))
      if pieces.count > lines {
        let rest = title.dropFirst(pieces.prefix(lines - 1).map(\.text).joined(separator: " ").count)
          .drop { $0 == " " }
        pieces = Array(pieces.prefix(lines - 1))
        pieces.append(
          StyledText(String(rest), style)
            .truncated(to: max(1, width - lead.width - 1), ellipsis: state.symbols.ellipsis))
      }
      // A checkpoint that stands open says so in words, where words have room.
      if lines > 1, !section.checks.isEmpty, let word = sectionState.word {
        pieces.append(StyledText(word, Style(sectionState.role)))
      }
      for (number, piece) in pieces.enumerated() {
        let left = number == 0 ? lead : StyledText(String(repeating: " ", count: lead.width))
        rows.append(Row(section: index, text: left + piece, isCurrent: isCurrent))
      }
    }
    return rows
  }

  /// A section's state as a glyph: a checkpoint still to come has one of its own, and the page one is reading is not
  /// ticked off yet.
  private static func glyph(_ section: Section, _ sectionState: SectionState, _ state: TutorState) -> String {
    switch sectionState {
    case .notYet where !section.checks.isEmpty: state.symbols.checkpoint
    case .read where section.id == state.shownSection?.id: " "
    default: state.symbols.symbol(sectionState)
    }
  }

  /// The list as one line: a glyph for every page with something to do, and the name of the shown one.
  static func line(_ state: TutorState, width: Int) -> StyledText {
    var text = StyledText(" ")
    for (index, section) in state.lesson.sections.enumerated()
    where section.isOnPath || section.kind == .teardown || index == state.section {
      let sectionState = state.state(of: section)
      if index == state.section {
        text.append(state.symbols.current, Style(.current))
        if section.isOnPath { text.append(glyph(section, sectionState, state), Style(sectionState.role)) }
      } else {
        text.append(glyph(section, sectionState, state), Style(sectionState.role))
      }
      text.append(" ")
    }
    text.append(" ")
    if let section = state.shownSection {
      text.append(section.place(in: state.lesson), Style(.strong))
      text.append("  \(state.section + 1)/\(state.lesson.sections.count)", Style(.muted))
    }
    return text.truncated(to: width - 1, ellipsis: state.symbols.ellipsis)
  }
}

extension SectionState {
  /// What a checkpoint in this state is said to be; nil where the glyph says it all.
  fileprivate var word: String? {
    switch self {
    case .waiting: "waiting"
    case .failed: "not yet passed"
    default: nil
    }
  }

  /// The role of the state's glyph.
  var role: Role {
    switch self {
    case .notYet, .read: .muted
    case .started, .running: .running
    case .waiting, .interrupted: .warning
    case .failed: .error
    case .done: .ok
    }
  }
}

extension Section {
  /// Whether there is nothing on the page but its heading: a heading over other sections.
  var isHeadingOnly: Bool {
    content.count <= 1 && checks.isEmpty && kind == .reading && level > 0 && content.allSatisfy(\.isHeading)
  }

  /// The title without the words that say its kind: `1  Create a key`.
  func railTitle(in lesson: Lesson) -> String {
    switch kind {
    case .step(let number): "\(number)  " + title.withoutKind("step")
    case .checkpoint: title
    default: pageTitle(in: lesson)
    }
  }

  /// The title; the lesson's own, which the banner shows, is called what it is.
  private func pageTitle(in lesson: Lesson) -> String {
    title.isEmpty || (title == lesson.title && level <= 1) ? "Introduction" : title
  }

  /// Where in the lesson this is: `Step 2 of 5`, or the title.
  func place(in lesson: Lesson) -> String {
    switch kind {
    case .step(let number): "Step \(number) of \(lesson.steps.count)"
    case .checkpoint(let number): "Checkpoint \(number) of \(lesson.checkpoints.count)"
    default: pageTitle(in: lesson)
    }
  }
}

extension MarkdownBlock {
  fileprivate var isHeading: Bool { if case .heading = kind { true } else { false } }
}

extension String {
  /// `Step 3: Title`, `Step 3 - Title` without what comes before the title.
  fileprivate func withoutKind(_ word: String) -> String {
    guard lowercased().hasPrefix(word) else { return self }
    var rest = dropFirst(word.count).drop { $0 == " " }
    let digits = rest.prefix { $0.isNumber }
    guard !digits.isEmpty else { return self }
    rest = rest.dropFirst(digits.count).drop { " :.-–—".contains($0) }
    return rest.isEmpty ? self : String(rest)
  }
}
