import Cells
import Lessons

extension LessonPage {
  /// Adds a block of Markdown. Nesting beyond what fits is cut off, not followed.
  mutating func add(_ markdown: MarkdownBlock, depth: Int) {
    guard depth < 24 else { return prose(StyledText(symbols.ellipsis, Style(.muted))) }
    switch markdown.kind {
    case .heading(let level, let title):
      prose(inlines.text(title, Style(level <= 3 ? .subheading : .strong)))
    case .paragraph(let text): prose(inlines.text(text))
    case .list(let list): add(list, depth: depth)
    case .code(let code): card(code)
    case .quote(let inner):
      nest(StyledText(symbols.quote + " ", Style(.border))) { $0.add(inner, depth: depth + 1) }
    case .callout(let callout): add(callout, depth: depth)
    case .table(let table): add(table)
    case .details(let summary, let inner, let isOpen):
      fold(summary, inner, isOpen: isOpen, line: markdown.lines.lowerBound, depth: depth)
    case .rule:
      emit(StyledText(String(repeating: symbols.horizontal, count: min(proseRoom, 24)), Style(.border)))
    case .footnote(let label, let inner):
      let lead = StyledText("[\(label)] ", Style(.muted))
      nest(Prefix(first: lead, rest: StyledText(String(repeating: " ", count: lead.width)))) {
        $0.add(inner, depth: depth + 1)
      }
    }
  }

  /// Adds blocks with a blank row between them.
  mutating func add(_ blocks: [MarkdownBlock], depth: Int, isTight: Bool = false) {
    for (index, inner) in blocks.enumerated() {
      if index > 0, !(isTight && inner.isList) { gap() }
      add(inner, depth: depth)
    }
  }

  private mutating func add(_ list: MarkdownList, depth: Int) {
    let last = (list.start ?? 1) &+ max(0, list.items.count - 1)
    for (index, item) in list.items.enumerated() {
      if index > 0, !list.isTight { gap() }
      var mark: StyledText
      if let checked = item.isChecked {
        mark = StyledText((checked ? symbols.boxOn : symbols.boxOff) + " ", Style(checked ? .ok : .muted))
      } else if let start = list.start {
        let number = "\(start &+ index)."
        let columns = String(last).count + 2
        mark = StyledText(
          String(repeating: " ", count: max(0, columns - 1 - number.count)) + number + " ", Style(.muted))
      } else {
        mark = StyledText(symbols.bullets[min(depth, symbols.bullets.count - 1)] + " ", Style(.muted))
      }
      let rest = StyledText(String(repeating: " ", count: mark.width))
      nest(Prefix(first: mark, rest: rest)) { page in
        if item.content.isEmpty { page.emit(StyledText()) }
        page.add(item.content, depth: depth + 1, isTight: list.isTight)
      }
    }
  }

  private mutating func add(_ callout: Callout, depth: Int) {
    let (role, symbol): (Role, String) =
      switch callout.kind {
      case .note: (.note, symbols.callouts[0])
      case .tip: (.tip, symbols.callouts[1])
      case .important: (.important, symbols.callouts[2])
      case .warning: (.warning, symbols.callouts[3])
      case .caution: (.caution, symbols.callouts[4])
      }
    nest(StyledText(symbols.calloutBar + " ", Style(role))) { page in
      var title = StyledText(symbol + " ", Style(role, .bold))
      let given = page.inlines.text(callout.title, Style(role, .bold))
      title.append(
        given.isEmpty ? StyledText(callout.kind.rawValue.capitalizedWord, Style(role, .bold)) : given)
      page.prose(title)
      page.add(callout.content, depth: depth + 1)
    }
  }

  private mutating func fold(
    _ summary: [Inline], _ inner: [MarkdownBlock], isOpen: Bool, line: Int, depth: Int
  ) {
    let shows = state.toggledDetails.contains(line) != isOpen
    details = Details(line: line, isOpen: shows)
    let mark = StyledText((shows ? symbols.open : symbols.folded) + " ", Style(.subheading))
    let text = inlines.text(summary, Style(.strong))
    nest(Prefix(first: mark, rest: "  ")) {
      $0.prose(text.isEmpty ? StyledText("Details", Style(.strong)) : text)
    }
    details = nil
    guard shows else { return }
    nest(StyledText(symbols.bar + " ", Style(.border))) { page in
      page.add(inner, depth: depth + 1)
    }
  }
}

extension MarkdownBlock {
  fileprivate var isList: Bool { if case .list = kind { true } else { false } }
}

extension String {
  /// The first letter upper case.
  var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
