import CMarkdown
import Synchronization

/// cmark-gfm keeps the special characters of its extensions in global tables that every parse changes and changes
/// back, so two parses at once would see each other's. One at a time, then.
private let oneParseAtATime = Mutex<Void>(())

private let extensionsAreRegistered: Void = cmark_gfm_core_extensions_ensure_registered()

/// Turns Markdown into `MarkdownBlock`s, and collects the HTML comments on the way.
struct MarkdownReader {
  /// An HTML comment: what stands between `<!--` and `-->`, and the line of the file it begins on.
  struct Comment: Hashable {
    var text: String
    var line: Int
  }

  /// Nesting beyond this is read as plain text. No lab comes near; recursion stays bounded on hostile input.
  static let deepest = 48

  private(set) var comments: [Comment] = []
  private let lineCount: Int

  private init(lineCount: Int) { self.lineCount = lineCount }

  /// The blocks of `text`, which has `\n` line ends, and its comments by line. Positions count from line 1.
  static func read(_ text: String) -> (blocks: [MarkdownBlock], comments: [Comment]) {
    let utf8 = Array(text.utf8)
    var lineCount = utf8.count { $0 == 10 }
    if utf8.last != 10 { lineCount += 1 }
    var reader = MarkdownReader(lineCount: max(1, lineCount))
    let blocks = oneParseAtATime.withLock { _ in
      _ = extensionsAreRegistered
      // Only `~~two~~` strikes through: a single `~` is a home directory more often than not.
      let options = CMARK_OPT_FOOTNOTES | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE
      guard let parser = cmark_parser_new(CInt(options)) else { return [MarkdownBlock]() }
      defer { cmark_parser_free(parser) }
      for name in ["table", "strikethrough", "tasklist", "autolink"] {
        if let syntax = cmark_find_syntax_extension(name) {
          cmark_parser_attach_syntax_extension(parser, syntax)
        }
      }
      utf8.withUnsafeBytes { bytes in
        cmark_parser_feed(parser, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
      }
      guard let document = cmark_parser_finish(parser) else { return [] }
      defer { cmark_node_free(document) }
      return reader.blocks(in: document, depth: 0)
    }
    return (blocks, reader.comments.sorted { $0.line < $1.line })
  }

  mutating func noteComment(_ text: String, line: Int) {
    comments.append(Comment(text: text, line: min(max(1, line), lineCount)))
  }

  /// The lines of a node, put right where cmark leaves them at 0 or ends a list before it starts.
  private func lines(of node: OpaquePointer) -> ClosedRange<Int> {
    let start = min(max(1, Int(cmark_node_get_start_line(node))), lineCount)
    var end = Int(cmark_node_get_end_line(node))
    if cmark_node_get_end_column(node) == 0, end > start { end -= 1 }
    return start...min(max(start, end), lineCount)
  }

  // MARK: Blocks

  private mutating func blocks(in parent: OpaquePointer, depth: Int) -> [MarkdownBlock] {
    var siblings = SiblingBuilder()
    var child = cmark_node_first_child(parent)
    while let node = child {
      append(node, to: &siblings, depth: depth)
      child = cmark_node_next(node)
    }
    return callouts(in: siblings.finish())
  }

  private mutating func append(_ node: OpaquePointer, to siblings: inout SiblingBuilder, depth: Int) {
    let lines = lines(of: node)
    guard depth < Self.deepest else {
      let words = plainText(of: node)
      if !words.isEmpty { siblings.append(MarkdownBlock(.paragraph([.text(words)]), lines: lines)) }
      return
    }
    switch nodeType(node) {
    case "paragraph":
      let content = inlines(in: node, lines: lines, depth: 0)
      // A paragraph of nothing but comments shows nothing.
      if !content.isBlank { siblings.append(MarkdownBlock(.paragraph(content), lines: lines)) }
    case "heading":
      let level = min(max(1, Int(cmark_node_get_heading_level(node))), 6)
      let content = inlines(in: node, lines: lines, depth: 0)
      siblings.append(MarkdownBlock(.heading(level: level, content), lines: lines))
    case "thematic_break": siblings.append(MarkdownBlock(.rule, lines: lines))
    case "code_block": siblings.append(MarkdownBlock(.code(codeBlock(node, lines: lines)), lines: lines))
    case "block_quote":
      siblings.append(MarkdownBlock(.quote(blocks(in: node, depth: depth + 1)), lines: lines))
    case "list": siblings.append(MarkdownBlock(.list(list(node, depth: depth)), lines: lines))
    case "table": siblings.append(MarkdownBlock(.table(table(node, lines: lines)), lines: lines))
    case "html_block":
      // cmark ends an HTML block a line early when a line of its own ends it, as `</pre>` and `-->` do.
      let html = literal(of: node)
      let last = lines.lowerBound + html.utf8.count { $0 == 10 } - (html.utf8.last == 10 ? 1 : 0)
      siblings.append(
        html: html, lines: lines.lowerBound...min(max(last, lines.lowerBound), lineCount), reader: &self)
    case "footnote_definition":
      let content = blocks(in: node, depth: depth + 1)
      siblings.append(footnote: content, lines: lines)
    default:
      for block in blocks(in: node, depth: depth + 1) { siblings.append(block) }
    }
  }

  private mutating func list(_ node: OpaquePointer, depth: Int) -> MarkdownList {
    let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
    var list = MarkdownList(
      start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
      isTight: cmark_node_get_list_tight(node) != 0,
      items: [])
    var child = cmark_node_first_child(node)
    while let item = child {
      let isTask = nodeType(item) == "tasklist"
      list.items.append(
        MarkdownList.Item(
          isChecked: isTask ? cmark_gfm_extensions_get_tasklist_item_checked(item) : nil,
          content: blocks(in: item, depth: depth + 1)))
      child = cmark_node_next(item)
    }
    return list
  }

  private mutating func table(_ node: OpaquePointer, lines: ClosedRange<Int>) -> MarkdownTable {
    let columns = Int(cmark_gfm_extensions_get_table_columns(node))
    var table = MarkdownTable(alignments: [], header: [], rows: [])
    if let letters = cmark_gfm_extensions_get_table_alignments(node) {
      let byLetter: [Character: MarkdownTable.Alignment] = ["l": .left, "c": .center, "r": .right]
      for column in 0..<columns {
        table.alignments.append(byLetter[Character(Unicode.Scalar(letters[column]))] ?? .none)
      }
    }
    var child = cmark_node_first_child(node)
    while let row = child {
      var cells: [[Inline]] = []
      var cellNode = cmark_node_first_child(row)
      while let cell = cellNode {
        cells.append(inlines(in: cell, lines: lines, depth: 0))
        cellNode = cmark_node_next(cell)
      }
      if cmark_gfm_extensions_get_table_row_is_header(row) != 0 {
        table.header = cells
      } else {
        table.rows.append(cells)
      }
      child = cmark_node_next(row)
    }
    return table
  }

  private func codeBlock(_ node: OpaquePointer, lines: ClosedRange<Int>) -> CodeBlock {
    var length: CInt = 0
    var offset: CInt = 0
    var character: CChar = 0
    let isFenced = cmark_node_get_fenced(node, &length, &offset, &character) != 0
    let info = isFenced ? cmark_node_get_fence_info(node).map { String(cString: $0) } ?? "" : ""
    return CodeBlock(
      info: FenceInfo(info), text: literal(of: node), lines: lines,
      firstTextLine: min(lines.lowerBound + (isFenced ? 1 : 0), lines.upperBound))
  }

  // MARK: Inlines

  private mutating func inlines(in parent: OpaquePointer, lines: ClosedRange<Int>, depth: Int) -> [Inline] {
    var result: [Inline] = []
    var child = cmark_node_first_child(parent)
    while let node = child {
      if let inline = inline(node, lines: lines, depth: depth) { result.appendJoining(inline) }
      child = cmark_node_next(node)
    }
    return result
  }

  private mutating func inline(_ node: OpaquePointer, lines: ClosedRange<Int>, depth: Int) -> Inline? {
    guard depth < Self.deepest else { return .text(plainText(of: node)) }
    switch nodeType(node) {
    case "text": return .text(literal(of: node))
    case "softbreak": return .softBreak
    case "linebreak": return .lineBreak
    case "code": return .code(literal(of: node))
    case "emph": return .emphasis(inlines(in: node, lines: lines, depth: depth + 1))
    case "strong": return .strong(inlines(in: node, lines: lines, depth: depth + 1))
    case "strikethrough": return .strikethrough(inlines(in: node, lines: lines, depth: depth + 1))
    case "link":
      return .link(
        inlines(in: node, lines: lines, depth: depth + 1), url: string(cmark_node_get_url(node)),
        title: string(cmark_node_get_title(node)))
    case "image":
      let alt = inlines(in: node, lines: lines, depth: depth + 1).plainText
      return .image(alt: alt, url: string(cmark_node_get_url(node)))
    case "footnote_reference": return .footnoteReference(literal(of: node))
    case "html_inline": return inlineHTML(node, lines: lines)
    default:
      let inner = inlines(in: node, lines: lines, depth: depth + 1)
      return inner.isEmpty ? nil : .text(inner.plainText)
    }
  }

  private mutating func inlineHTML(_ node: OpaquePointer, lines: ClosedRange<Int>) -> Inline? {
    let at = Int(cmark_node_get_start_line(node))
    for piece in HTMLPiece.pieces(of: literal(of: node)) {
      switch piece.kind {
      case .comment(let text): noteComment(text, line: lines.contains(at) ? at : lines.lowerBound)
      case .open("br", _): return .lineBreak
      case .open("img", let attributes):
        return .image(alt: attributes["alt"] ?? "", url: attributes["src"] ?? "")
      case .open, .close, .text, .declaration: break
      }
    }
    return nil
  }
}

// MARK: - Reading cmark's nodes

private func nodeType(_ node: OpaquePointer) -> String {
  // cmark names these two "<unknown>".
  let type = cmark_node_get_type(node)
  if type == CMARK_NODE_FOOTNOTE_DEFINITION { return "footnote_definition" }
  if type == CMARK_NODE_FOOTNOTE_REFERENCE { return "footnote_reference" }
  return string(cmark_node_get_type_string(node))
}

private func string(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

private func literal(of node: OpaquePointer) -> String { string(cmark_node_get_literal(node)) }

/// All text under a node, without recursion.
private func plainText(of node: OpaquePointer) -> String {
  guard let iterator = cmark_iter_new(node) else { return "" }
  defer { cmark_iter_free(iterator) }
  var text = ""
  while true {
    let event = cmark_iter_next(iterator)
    if event == CMARK_EVENT_DONE || event == CMARK_EVENT_NONE { return text }
    guard event == CMARK_EVENT_ENTER, let current = cmark_iter_get_node(iterator) else { continue }
    switch nodeType(current) {
    case "text", "code", "code_block": text += literal(of: current)
    case "softbreak", "linebreak", "paragraph", "item": if !text.isEmpty, text.last != " " { text += " " }
    default: break
    }
  }
}
