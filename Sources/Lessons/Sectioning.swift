/// Cuts the blocks of a lesson into sections at its headings.
enum Sectioning {
  /// Headings deeper than this begin no section of their own, unless they name a step or a checkpoint.
  private static let deepestReadingLevel = 3

  static func split(_ blocks: [MarkdownBlock], lineCount: Int) -> [Section] {
    var sections: [Section] = []
    var footnotes: [MarkdownBlock] = []
    for block in blocks {
      if case .footnote = block.kind {
        footnotes.append(block)
        continue
      }
      if case .heading(let level, let inlines) = block.kind {
        let title = inlines.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let kind = opens(title: title, level: level, after: sections.last) {
          sections.append(Section(title: title, level: level, kind: kind, heading: block))
          continue
        }
      }
      if sections.isEmpty { sections.append(Section(title: "", level: 0, kind: .reading, heading: nil)) }
      sections[sections.count - 1].content.append(block)
    }
    if sections.isEmpty { sections.append(Section(title: "", level: 0, kind: .reading, heading: nil)) }
    spread(&sections, over: lineCount)
    // A definition is shown where it stands, though cmark hands it over at the end.
    for footnote in footnotes {
      let at = sections.lastIndex { $0.lines.lowerBound <= footnote.lines.lowerBound } ?? 0
      sections[at].content.append(footnote)
    }
    number(&sections)
    return sections
  }

  /// The kind of the section that a heading opens; nil if it stays inside the one before.
  private static func opens(title: String, level: Int, after section: Section?) -> Section.Kind? {
    let kind = Headings.kind(of: title)
    if let section, level > section.level, section.level > 0 {
      switch section.kind {
      case .teardown, .troubleshooting, .stretch, .review, .checkpoint: return nil
      case .step:
        // A task may hold numbered steps of its own; only proof and clean-up stand apart.
        switch kind {
        case .checkpoint, .teardown: return kind
        default: return nil
        }
      case .reading: break
      }
    }
    return kind ?? (level <= deepestReadingLevel || section == nil ? .reading : nil)
  }

  /// Gives each section the lines from its heading to the next.
  private static func spread(_ sections: inout [Section], over lineCount: Int) {
    for index in sections.indices {
      let start = index == 0 ? 1 : sections[index].lines.lowerBound
      let next = index + 1 < sections.count ? sections[index + 1].lines.lowerBound - 1 : lineCount
      sections[index].lines = start...max(start, next)
    }
  }

  /// "Checkpoint: title" is numbered by its place.
  private static func number(_ sections: inout [Section]) {
    var checkpoints = 0
    for index in sections.indices {
      guard case .checkpoint(let number) = sections[index].kind else { continue }
      checkpoints += 1
      if number == 0 { sections[index].kind = .checkpoint(checkpoints) }
    }
  }
}

extension Section {
  fileprivate init(title: String, level: Int, kind: Kind, heading: MarkdownBlock?) {
    self.init(
      id: "", title: title, level: level, kind: kind, content: heading.map { [$0] } ?? [], blocks: [],
      optionalBlocks: [], checks: [], notes: [], hints: [], lines: heading?.lines ?? 1...1)
  }
}
