/// Puts blocks that stand beside each other in order, folding what lies between `<details>` and `</details>`.
///
/// In Markdown the two tags are separate HTML blocks with parsed blocks between them; GitHub folds them because the
/// browser sees one element. So a stack is kept, and an element nobody closed ends where its siblings end.
struct SiblingBuilder {
  private struct Frame {
    var blocks: [MarkdownBlock] = []
    var summary: [Inline] = []
    var isOpen = false
    var firstLine = 1
  }

  private var stack = [Frame()]
  private var footnotes = 0

  mutating func append(_ block: MarkdownBlock) { stack[stack.count - 1].blocks.append(block) }

  /// cmark orders the definitions as they are first referred to and numbers the references so.
  mutating func append(footnote content: [MarkdownBlock], lines: ClosedRange<Int>) {
    footnotes += 1
    append(MarkdownBlock(.footnote(label: String(footnotes), content), lines: lines))
  }

  mutating func append(html: String, lines: ClosedRange<Int>, reader: inout MarkdownReader) {
    var text = HTMLText()
    for piece in HTMLPiece.pieces(of: html) {
      let line = min(lines.lowerBound + piece.lineOffset, lines.upperBound)
      switch piece.kind {
      case .comment(let comment): reader.noteComment(comment, line: line)
      case .open("details", let attributes):
        flush(&text, before: line)
        // As deep as Markdown may nest; what is deeper stays where it is.
        if stack.count < MarkdownReader.deepest {
          stack.append(Frame(isOpen: attributes["open"] != nil, firstLine: line))
        }
      case .close("details"):
        flush(&text, before: line)
        if stack.count > 1 { close(atLine: line) }
      case .open("summary", _): flush(&text, before: line)
      case .close("summary"):
        if stack.count > 1 { stack[stack.count - 1].summary = text.takeInlines() }
      default: text.add(piece.kind, line: line)
      }
      for block in text.takeFinishedBlocks() { append(block) }
    }
    flush(&text, before: lines.upperBound)
  }

  mutating func finish() -> [MarkdownBlock] {
    while stack.count > 1 { close(atLine: stack.last?.blocks.last?.lines.upperBound ?? 1) }
    return stack[0].blocks
  }

  private mutating func flush(_ text: inout HTMLText, before line: Int) {
    for block in text.finish(line: line) { append(block) }
  }

  private mutating func close(atLine line: Int) {
    let frame = stack.removeLast()
    append(
      MarkdownBlock(
        .details(summary: frame.summary, callouts(in: frame.blocks), isOpen: frame.isOpen),
        lines: frame.firstLine...max(frame.firstLine, line)))
  }
}

/// The readable content of raw HTML: paragraphs, headings, images, preformatted text.
private struct HTMLText {
  private var inlines: [Inline] = []
  private var firstLine: Int?
  private var headingLevel: Int?
  private var preformatted: String?
  /// Inside an element whose content nobody reads.
  private var hiddenElement: String?
  private var finished: [MarkdownBlock] = []

  private static let headings = ["h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6]
  private static let separators: Set<String> = [
    "p", "div", "ul", "ol", "li", "table", "tr", "thead", "tbody", "section", "center", "blockquote", "hr",
    "dl", "dt",
    "dd",
  ]

  mutating func add(_ piece: HTMLPiece.Kind, line: Int) {
    if let hidden = hiddenElement {
      if piece == .close(hidden) { hiddenElement = nil }
      return
    }
    switch piece {
    case .text(let text):
      if preformatted != nil { preformatted?.append(text) } else { addWords(text, line: line) }
    case .open(let name, let attributes):
      if name == "script" || name == "style" {
        hiddenElement = name
      } else if name == "pre" {
        endParagraph(line: line)
        firstLine = line
        preformatted = ""
      } else if let level = Self.headings[name] {
        endParagraph(line: line)
        headingLevel = level
      } else if name == "br" {
        if preformatted != nil {
          preformatted?.append("\n")
        } else if !inlines.isEmpty {
          inlines.append(.lineBreak)
        }
      } else if name == "img" {
        firstLine = firstLine ?? line
        inlines.append(.image(alt: attributes["alt"] ?? "", url: attributes["src"] ?? ""))
      } else if name == "td" || name == "th" {
        if !inlines.isEmpty { inlines.appendJoining(.text("  ")) }
      } else if Self.separators.contains(name) {
        endParagraph(line: line)
        if name == "li" {
          firstLine = line
          inlines = [.text("• ")]
        }
      }
    case .close(let name):
      if name == "pre", let text = preformatted {
        preformatted = nil
        let start = firstLine ?? line
        let body = text.hasPrefix("\n") ? String(text.dropFirst()) : text
        let code = CodeBlock(
          info: FenceInfo(""), text: body.hasSuffix("\n") ? body : body + "\n",
          lines: start...max(start, line),
          firstTextLine: text.hasPrefix("\n") ? min(start + 1, max(start, line)) : start)
        finished.append(MarkdownBlock(.code(code), lines: code.lines))
        firstLine = nil
      } else if Self.headings[name] != nil || Self.separators.contains(name) {
        endParagraph(line: line)
      }
    case .comment, .declaration: break
    }
  }

  mutating func takeInlines() -> [Inline] {
    defer {
      inlines = []
      firstLine = nil
    }
    return inlines.trimmed
  }

  mutating func takeFinishedBlocks() -> [MarkdownBlock] {
    defer { finished = [] }
    return finished
  }

  mutating func finish(line: Int) -> [MarkdownBlock] {
    if preformatted != nil { add(.close("pre"), line: line) }
    endParagraph(line: line)
    return takeFinishedBlocks()
  }

  private mutating func addWords(_ text: String, line: Int) {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !words.isEmpty else {
      if !inlines.isEmpty { inlines.appendJoining(.text(" ")) }
      return
    }
    firstLine = firstLine ?? line
    let lead = text.first?.isWhitespace == true && !inlines.isEmpty ? " " : ""
    let trail = text.last?.isWhitespace == true ? " " : ""
    inlines.appendJoining(.text(lead + words + trail))
  }

  private mutating func endParagraph(line: Int) {
    let content = inlines.trimmed
    let start = firstLine ?? line
    if !content.isBlank {
      let kind: MarkdownBlock.Kind = headingLevel.map { .heading(level: $0, content) } ?? .paragraph(content)
      finished.append(MarkdownBlock(kind, lines: start...max(start, line)))
    }
    inlines = []
    firstLine = nil
    headingLevel = nil
  }
}
