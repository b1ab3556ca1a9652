import Cells
import Lessons

/// A row of the lesson pane, and what it belongs to.
struct LessonRow: Hashable, Sendable {
  var text: StyledText
  /// The line of the file on which its outermost block begins.
  var line: Int
  var block: BlockID?
  var check: CheckID?
  /// The details whose summary this is.
  var details: Details?
}

/// Something that opens and closes.
struct Details: Hashable, Sendable {
  /// The line of the file it begins on.
  var line: Int
  var isOpen: Bool
}

/// The shown section as rows of a given width.
struct LessonPage {
  /// What stands at the left of the rows inside a block: once, and then again and again.
  struct Prefix {
    var first: StyledText
    var rest: StyledText
  }

  /// Lines of prose are no longer than this, however wide the screen: longer ones are hard to read.
  static let measure = 84

  let state: TutorState
  let width: Int
  private(set) var rows: [LessonRow] = []
  var inlines: InlineText
  var prefixes: [Prefix] = []
  var line = 1
  var block: BlockID?
  var check: CheckID?
  var details: Details?

  var symbols: Symbols { state.symbols }

  init(_ state: TutorState, width: Int) {
    self.state = state
    self.width = max(8, width)
    inlines = InlineText(symbols: state.symbols)
    guard let section = state.shownSection else { return }
    build(section)
  }

  /// The columns left for text beside the prefixes.
  var room: Int { max(4, width - prefixes.reduce(0) { $0 + $1.rest.width }) }
  /// The same for prose.
  var proseRoom: Int { min(room, Self.measure) }

  private mutating func build(_ section: Section) {
    var checks = section.checks[...]
    for (index, markdown) in section.content.enumerated() {
      line = markdown.lines.lowerBound
      if index == 0, case .heading(_, let title) = markdown.kind {
        pageHeading(title, of: section)
        if section.kind == .teardown {
          gap()
          teardownNote()
        }
      } else {
        gap()
        add(markdown, depth: 0)
      }
      let next =
        section.content.indices.contains(index + 1) ? section.content[index + 1].lines.lowerBound : Int.max
      while let first = checks.first, first.lines.lowerBound < next {
        gap()
        card(first)
        checks = checks.dropFirst()
      }
    }
    for check in checks {
      gap()
      card(check)
    }
    listLinks()
    while let last = rows.last, last.text.isEmpty { rows.removeLast() }
    if let first = rows.first { rows.insert(LessonRow(text: StyledText(), line: first.line), at: 0) }
  }

  /// The heading of the page, with a line under it; on the first page also what the lesson takes.
  private mutating func pageHeading(_ title: [Inline], of section: Section) {
    prose(inlines.text(title, Style(.heading)))
    emit(StyledText(String(repeating: symbols.horizontal, count: min(room, Self.measure)), Style(.border)))
    guard section.id == state.lesson.sections.first?.id else { return }
    let matter = state.lesson.frontMatter
    var facts: [String] = []
    if let minutes = matter.minutes { facts.append("\(minutes) minutes") }
    if let cost = matter.cost, !cost.isEmpty { facts.append(cost) }
    if let region = matter.region, !region.isEmpty { facts.append(region) }
    if !matter.services.isEmpty { facts.append(matter.services.joined(separator: " ")) }
    guard !facts.isEmpty else { return }
    prose(StyledText(facts.joined(separator: "  \(symbols.middot)  "), Style(.muted)))
  }

  private mutating func listLinks() {
    guard !inlines.links.isEmpty else { return }
    gap()
    for (index, url) in inlines.links.enumerated() {
      let mark = "[\(index + 1)] "
      let lead = StyledText(mark, Style(.muted))
      nest(Prefix(first: lead, rest: StyledText(String(repeating: " ", count: lead.width)))) { page in
        page.prose(StyledText(url, Style(.muted)))
      }
    }
  }

  // MARK: Rows

  /// Adds a row behind the prefixes.
  mutating func emit(_ text: StyledText) {
    var row = StyledText()
    for index in prefixes.indices {
      row.append(prefixes[index].first)
      prefixes[index].first = prefixes[index].rest
    }
    row.append(text)
    rows.append(LessonRow(text: row, line: line, block: block, check: check, details: details))
  }

  /// Adds text in lines of prose.
  mutating func prose(_ text: StyledText) {
    for line in text.wrapped(to: proseRoom) { emit(line) }
  }

  /// A blank row between two things, unless there is one or nothing is above.
  mutating func gap() {
    guard let last = rows.last, !last.text.isBlank else { return }
    let trimmed = prefixes.map(\.rest)
    var row = StyledText()
    for part in trimmed { row.append(part) }
    rows.append(LessonRow(text: row.isBlank ? StyledText() : row, line: line, block: block, check: check))
  }

  /// Builds rows behind one more prefix.
  mutating func nest(_ prefix: Prefix, _ body: (inout LessonPage) -> Void) {
    prefixes.append(prefix)
    body(&self)
    prefixes.removeLast()
  }

  /// Builds rows behind one mark repeated on every row.
  mutating func nest(_ mark: StyledText, _ body: (inout LessonPage) -> Void) {
    nest(Prefix(first: mark, rest: mark), body)
  }
}

extension StyledText {
  /// Whether nothing but blanks is in it.
  var isBlank: Bool { runs.allSatisfy { $0.text.allSatisfy { $0 == " " } } }
}
