import Lessons

/// Markdown as lines of plain text, for the linear transcript: no colour, no columns, nothing that a screen
/// reader would stumble over.
struct PlainText {
  private(set) var lines: [String] = []

  init(_ blocks: [MarkdownBlock]) {
    add(blocks, indent: "")
  }

  private mutating func add(_ blocks: [MarkdownBlock], indent: String) {
    for block in blocks {
      switch block.kind {
      case .heading(_, let inline): lines += [indent + inline.plainText, ""]
      case .paragraph(let inline): lines += [indent + inline.plainText, ""]
      case .list(let list): add(list, indent: indent)
      case .code(let code): lines += code.text.splitLines().map { indent + "    " + $0 } + [""]
      case .quote(let inner): add(inner, indent: indent + "> ")
      case .callout(let callout):
        let title = callout.title.isEmpty ? callout.kind.rawValue.capitalizedFirst : callout.title.plainText
        lines.append(indent + title + ":")
        add(callout.content, indent: indent + "  ")
      case .table(let table): add(table, indent: indent)
      case .details(let summary, _, _): lines += [indent + "(folded: \(summary.plainText))", ""]
      case .rule: break
      case .footnote(let label, let inner):
        lines.append(indent + "Note \(label):")
        add(inner, indent: indent + "  ")
      }
    }
  }

  private mutating func add(_ list: MarkdownList, indent: String) {
    for (offset, item) in list.items.enumerated() {
      let mark = item.isChecked.map { $0 ? "[x]" : "[ ]" } ?? list.start.map { "\($0 + offset)." } ?? "-"
      let inner = PlainText(item.content).lines
      let text = inner.last == "" ? Array(inner.dropLast()) : inner
      lines.append(indent + mark + " " + (text.first ?? ""))
      lines += text.dropFirst().map { indent + "  " + $0 }
    }
    lines.append("")
  }

  private mutating func add(_ table: MarkdownTable, indent: String) {
    let header = table.header.map(\.plainText)
    for row in table.rows {
      let cells = row.enumerated().map { column, cell in
        let name = header.indices.contains(column) ? header[column] : ""
        return name.isEmpty ? cell.plainText : "\(name): \(cell.plainText)"
      }
      lines.append(indent + "- " + cells.joined(separator: "; "))
    }
    lines.append("")
  }
}

extension String {
  /// The lines, without the empty one after a last newline.
  func splitLines() -> [String] {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
