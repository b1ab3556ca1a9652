/// One block of Markdown, and the lines of the file it came from (counted from 1).
package struct MarkdownBlock: Hashable, Sendable {
  package indirect enum Kind: Hashable, Sendable {
    case heading(level: Int, [Inline])
    case paragraph([Inline])
    case list(MarkdownList)
    case code(CodeBlock)
    case quote([MarkdownBlock])
    case callout(Callout)
    case table(MarkdownTable)
    /// `<details>`: shown folded, unless `isOpen`.
    case details(summary: [Inline], [MarkdownBlock], isOpen: Bool)
    case rule
    case footnote(label: String, [MarkdownBlock])
  }

  package var kind: Kind
  package var lines: ClosedRange<Int>

  package init(_ kind: Kind, lines: ClosedRange<Int>) {
    self.kind = kind
    self.lines = lines
  }
}

/// A bullet, ordered or task list.
package struct MarkdownList: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    /// Whether the box of a task is ticked; nil for an item that is no task.
    package var isChecked: Bool?
    package var content: [MarkdownBlock]
  }

  /// The number of the first item of an ordered list; nil for bullets.
  package var start: Int?
  /// Whether items stand without blank lines between them.
  package var isTight: Bool
  package var items: [Item]
}

/// A table of the GitHub extension: one header row, any number of body rows, all of the same width.
package struct MarkdownTable: Hashable, Sendable {
  package enum Alignment: String, Hashable, Sendable { case none, left, center, right }

  package var alignments: [Alignment]
  package var header: [[Inline]]
  package var rows: [[[Inline]]]
}

/// A remark set apart from the text, whatever syntax the author used for it.
package struct Callout: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable { case note, tip, important, warning, caution }

  package var kind: Kind
  /// A title the author gave it; empty means the kind's own name.
  package var title: [Inline]
  package var content: [MarkdownBlock]
}

extension Sequence<MarkdownBlock> {
  /// Every block and every block inside it, in document order, each with whether a `<details>` encloses it.
  package func visit(inDetails: Bool = false, _ body: (_ block: MarkdownBlock, _ inDetails: Bool) -> Void) {
    for block in self {
      body(block, inDetails)
      switch block.kind {
      case .quote(let inner), .footnote(_, let inner): inner.visit(inDetails: inDetails, body)
      case .callout(let callout): callout.content.visit(inDetails: inDetails, body)
      case .details(_, let inner, _): inner.visit(inDetails: true, body)
      case .list(let list): for item in list.items { item.content.visit(inDetails: inDetails, body) }
      case .heading, .paragraph, .code, .table, .rule: break
      }
    }
  }
}
