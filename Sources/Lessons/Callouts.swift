// The syntaxes of a callout that labs use, all read into one `Callout`:
//   > [!NOTE]            GitHub's alert, and the same marker on a paragraph that lost its `>`
//   **Note**: words      a bold word at the start of a paragraph or a quote
//   !!! note "Title"     MkDocs
//   :::note[Title] :::   Docusaurus and Workshop Studio; `::::expand{header="..."}` folds
//   {{% notice note %}}  Hugo

/// What different tools call a kind of callout.
private let calloutNames: [String: Callout.Kind] = [
  "note": .note, "info": .note, "abstract": .note, "example": .note, "tip": .tip, "hint": .tip,
  "success": .tip,
  "important": .important, "attention": .important, "warning": .warning, "caution": .caution,
  "danger": .caution,
  "error": .caution, "alert": .warning,
]

/// `blocks` with every callout recognised. Works on siblings: a fence of colons has its content beside it.
func callouts(in blocks: [MarkdownBlock]) -> [MarkdownBlock] {
  var result: [MarkdownBlock] = []
  var rest = blocks[...]
  while let block = rest.popFirst() {
    switch block.kind {
    case .quote(let content):
      result.append(
        alert(content, lines: block.lines).map { MarkdownBlock(.callout($0), lines: block.lines) } ?? block)
    case .paragraph(let inlines):
      if let directive = Directive(inlines) {
        result.append(directive.block(startingAt: block, content: &rest))
      } else if let (kind, body) = marker(inlines) {
        var callout = Callout(kind: kind, title: [], content: [])
        var lines = block.lines
        if !body.isBlank {
          callout.content = [MarkdownBlock(.paragraph(body), lines: block.lines)]
        } else if let next = rest.first, case .paragraph = next.kind {
          // A bare marker that lost its `>` stands alone above what it marks.
          callout.content = [next]
          lines = lines.lowerBound...max(lines.upperBound, next.lines.upperBound)
          rest.removeFirst()
        }
        result.append(MarkdownBlock(.callout(callout), lines: lines))
      } else if let (kind, body) = boldLabel(inlines, needsColon: true) {
        let callout = Callout(
          kind: kind, title: [], content: [MarkdownBlock(.paragraph(body), lines: block.lines)])
        result.append(MarkdownBlock(.callout(callout), lines: block.lines))
      } else {
        result.append(block)
      }
    default: result.append(block)
    }
  }
  return result
}

/// The callout that a block quote is, if it is one.
private func alert(_ content: [MarkdownBlock], lines: ClosedRange<Int>) -> Callout? {
  guard let first = content.first else { return nil }
  // The quote's own paragraphs have been through `callouts(in:)` already.
  if case .callout(let callout) = first.kind, callout.title.isEmpty {
    return Callout(kind: callout.kind, title: [], content: callout.content + content.dropFirst())
  }
  guard case .paragraph(let inlines) = first.kind, let (kind, body) = boldLabel(inlines, needsColon: false)
  else {
    return nil
  }
  let lead = body.isBlank ? [] : [MarkdownBlock(.paragraph(body), lines: first.lines)]
  return Callout(kind: kind, title: [], content: lead + content.dropFirst())
}

/// `[!NOTE]` at the start of a paragraph, and what follows it.
private func marker(_ inlines: [Inline]) -> (Callout.Kind, [Inline])? {
  guard case .text(let text)? = inlines.first, text.hasPrefix("[!"), let close = text.firstIndex(of: "]")
  else {
    return nil
  }
  let name = text[text.index(text.startIndex, offsetBy: 2)..<close].lowercased()
  guard let kind = calloutNames[name] else { return nil }
  return (kind, ([.text(String(text[text.index(after: close)...]))] + inlines.dropFirst()).trimmed)
}

/// `**Note:** words` or `**Note**: words`, and the words.
private func boldLabel(_ inlines: [Inline], needsColon: Bool) -> (Callout.Kind, [Inline])? {
  guard case .strong(let inner)? = inlines.first else { return nil }
  var label = inner.plainText.lowercased()
  var hasColon = false
  if label.hasSuffix(":") {
    label.removeLast()
    hasColon = true
  }
  guard let kind = calloutNames[label.split(separator: " ").joined(separator: " ")] else { return nil }
  var body = Array(inlines.dropFirst())
  if !hasColon, case .text(let text)? = body.first {
    let trimmed = text.drop(while: \.isWhitespace)
    if trimmed.hasPrefix(":") {
      hasColon = true
      body[0] = .text(String(trimmed.dropFirst()))
    }
  }
  guard hasColon || !needsColon else { return nil }
  return (kind, body.trimmed)
}

/// An opening line of MkDocs, Docusaurus or Hugo.
private struct Directive {
  enum Form: Equatable {
    case kind(Callout.Kind)
    case expand
  }

  var form: Form
  var title: [Inline]
  /// The line that ends it; nil if the paragraph it stands in is all of it.
  var closer: String?
  /// What stands in the same paragraph below the opening line, without the closing line.
  var body: [Inline]
  var isClosed: Bool

  init?(_ inlines: [Inline]) {
    let lines = inlines.textLines
    guard let first = lines.first, case .text(let start)? = first.first else { return nil }
    let text = first.plainText
    let name: String
    if start.hasPrefix("!!! ") || start.hasPrefix("??? ") {
      name = text.dropFirst(4).prefix { $0.isLetter }.lowercased()
      title = Self.quoted(text).map { [.text($0)] } ?? []
      closer = nil
      isClosed = true
    } else if start.hasPrefix(":::") {
      let colons = start.prefix { $0 == ":" }
      let rest = text.dropFirst(colons.count).drop { $0 == " " }
      name = rest.prefix { $0.isLetter }.lowercased()
      title = Self.title(after: rest.dropFirst(name.count)).map { [.text($0)] } ?? []
      closer = String(colons)
      isClosed = false
    } else if start.hasPrefix("{{% notice ") || start.hasPrefix("{{% expand ") || start.hasPrefix("{{%expand")
    {
      let words = text.dropFirst(3).drop { $0 == " " }
      let isNotice = words.hasPrefix("notice")
      name = isNotice ? words.dropFirst(7).prefix { $0.isLetter }.lowercased() : "expand"
      title = Self.quoted(text).map { [.text($0)] } ?? []
      closer = isNotice ? "/notice" : "/expand"
      isClosed = false
    } else {
      return nil
    }
    if name == "expand" || name == "details" {
      form = .expand
    } else if let kind = calloutNames[name] {
      form = .kind(kind)
    } else {
      return nil
    }
    var bodyLines = Array(lines.dropFirst())
    if let closer, let last = bodyLines.last, Self.closes(last.plainText, closer) {
      bodyLines.removeLast()
      isClosed = true
    }
    body = Array(bodyLines.joined(separator: [.softBreak])).trimmed
  }

  /// The block this opens, taking its content from the siblings that follow until its closing line.
  func block(startingAt opening: MarkdownBlock, content rest: inout ArraySlice<MarkdownBlock>)
    -> MarkdownBlock
  {
    var content = body.isBlank ? [] : [MarkdownBlock(.paragraph(body), lines: opening.lines)]
    var lastLine = opening.lines.upperBound
    if !isClosed, let closer, let end = rest.firstIndex(where: { Self.ends($0, closer) }) {
      content += callouts(in: Array(rest[..<end]))
      lastLine = max(lastLine, rest[end].lines.upperBound)
      // The closing line may hang on the end of a paragraph.
      if case .paragraph(let inlines) = rest[end].kind {
        let lead = Array(inlines.textLines.dropLast().joined(separator: [.softBreak])).trimmed
        if !lead.isBlank { content.append(MarkdownBlock(.paragraph(lead), lines: rest[end].lines)) }
      }
      rest = rest[(end + 1)...]
    }
    let lines = opening.lines.lowerBound...lastLine
    switch form {
    case .kind(let kind):
      return MarkdownBlock(.callout(Callout(kind: kind, title: title, content: content)), lines: lines)
    case .expand: return MarkdownBlock(.details(summary: title, content, isOpen: false), lines: lines)
    }
  }

  private static func ends(_ block: MarkdownBlock, _ closer: String) -> Bool {
    guard case .paragraph(let inlines) = block.kind, let last = inlines.textLines.last else { return false }
    return closes(last.plainText, closer)
  }

  private static func closes(_ line: String, _ closer: String) -> Bool {
    let text = line.filter { !$0.isWhitespace }
    return closer.hasPrefix(":") ? text == closer : text == "{{%\(closer)%}}"
  }

  /// `[Title]`, `{header="Title"}` or the words after the name.
  private static func title(after rest: Substring) -> String? {
    if let title = quoted(String(rest)) { return title }
    if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
      return String(rest[rest.index(after: rest.startIndex)..<close])
    }
    if rest.hasPrefix("{") { return nil }
    let words = rest.split(separator: " ").joined(separator: " ")
    return words.isEmpty ? nil : words
  }

  /// The first text in double quotes, straight or typographic.
  private static func quoted(_ text: String) -> String? {
    guard let open = text.firstIndex(where: { "\"“".contains($0) }) else { return nil }
    let rest = text[text.index(after: open)...]
    guard let close = rest.firstIndex(where: { "\"”".contains($0) }), close > rest.startIndex else {
      return nil
    }
    return String(rest[..<close])
  }
}
