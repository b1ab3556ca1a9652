extension Lesson {
  /// Reads a lesson from its text.
  ///
  /// - Parameter path: what the text is called in diagnostics, and what names a lesson without a title.
  /// - Throws: `.empty`, `.notMarkdown`.
  package static func parse(_ markdown: String, path: String) throws(LessonError) -> Lesson {
    let source = normalizedLineEnds(markdown)
    if source.utf8.contains(0) { throw .notMarkdown(path: path, what: "NUL bytes") }
    let start = source.drop(while: \.isWhitespace).prefix(16).lowercased()
    if start.isEmpty { throw .empty(path: path) }
    for (sign, what) in notMarkdown where start.hasPrefix(sign) { throw .notMarkdown(path: path, what: what) }

    var reporter = LessonReporter(path: path, source: source)
    let (front, body) = readFrontMatter(source, reporter: &reporter)
    let (blocks, comments) = MarkdownReader.read(body)
    let lineCount = max(1, reporter.lines.count)
    var sections = Sectioning.split(blocks, lineCount: lineCount)
    let annotations = comments.compactMap(Annotation.init)
    AnnotationWriter.apply(annotations, to: &sections, reporter: &reporter)

    let heading = sections.first { $0.level == 1 } ?? sections.first { $0.level > 0 }
    let fileName = path.split(separator: "/").last.map(String.init) ?? path
    let title = front.title ?? heading.map(\.title) ?? fileName
    if !sections.contains(where: { !$0.blocks.isEmpty || !$0.optionalBlocks.isEmpty }) {
      reporter.report(.warning, "No block of this lesson can be run.", hint: "Tag shell blocks with ```bash.")
    }
    return Lesson(
      id: front.id ?? Headings.slug(title), title: title, path: path, source: source,
      digest: fingerprint(source),
      frontMatter: front, sections: sections,
      diagnostics: reporter.diagnostics.sorted {
        ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0)
      })
  }

  /// How files begin that are text, and no Markdown.
  private static let notMarkdown = [
    ("<!doctype html", "an HTML page"), ("<html", "an HTML page"), ("%pdf-", "a PDF document"),
    ("{\\rtf", "an RTF document"), ("<?xml", "an XML document"),
  ]
}

/// Every line end as `\n`, without a byte order mark.
private func normalizedLineEnds(_ text: String) -> String {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count)
  var afterReturn = false
  for byte in text.utf8 {
    if byte == 13 {
      bytes.append(10)
    } else if byte != 10 || !afterReturn {
      bytes.append(byte)
    }
    afterReturn = byte == 13
  }
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
  return String(decoding: bytes, as: UTF8.self)
}

/// FNV-1a, 64 bits.
private func fingerprint(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

/// Collects what is to be said about a lesson, with the line it is about.
struct LessonReporter {
  var path: String
  var lines: [Substring]
  var diagnostics: [Diagnostic] = []

  init(path: String, source: String) {
    self.path = path
    lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
  }

  mutating func report(
    _ severity: Diagnostic.Severity, _ summary: String, detail: String = "", line: Int? = nil,
    column: Int? = nil,
    hint: String = ""
  ) {
    let excerpt = line.flatMap { lines.indices.contains($0 - 1) ? String(lines[$0 - 1]) : nil }
    diagnostics.append(
      Diagnostic(
        severity, summary, detail: detail, source: path, line: line, column: column, excerpt: excerpt,
        hint: hint))
  }
}
