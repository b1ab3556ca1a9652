import Lessons

// A lesson as lines a person can check: what each section is, what runs, what is asked, what the reader sees.

extension Lesson {
  /// The plan: sections with their blocks, checks, notes and hints, without the text.
  func outline(excerpts: Bool = true) -> String {
    var lines = ["lesson \(id)", "title \(title)"]
    if let region = frontMatter.region { lines.append("region \(region)") }
    if let minutes = frontMatter.minutes { lines.append("minutes \(minutes)") }
    if let cost = frontMatter.cost { lines.append("cost \(cost)") }
    if !frontMatter.services.isEmpty {
      lines.append("services \(frontMatter.services.joined(separator: " "))")
    }
    for need in frontMatter.requires { lines.append("requires \(need)") }
    for section in sections {
      lines.append("")
      lines.append("\(section.lines.text) \(section.kind) #\(section.id) \"\(section.title)\"")
      for block in section.blocks { lines += block.outline("run", excerpts) }
      for block in section.optionalBlocks { lines += block.outline("may run", excerpts) }
      for check in section.checks { lines += check.outline }
      for note in section.notes {
        lines.append("  note \(note.lines.text) before \(note.beforeBlock ?? "-"): \(note.text.firstLine)")
      }
      for hint in section.hints { lines.append("  hint: \(hint.firstLine)") }
    }
    if !diagnostics.isEmpty { lines += ["", "diagnostics"] + diagnostics.map { $0.rendered() } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The text: every block of every section.
  func structure() -> String {
    sections.flatMap { section in
      ["\(section.lines.text) \(section.kind) #\(section.id)"]
        + section.content.flatMap { $0.dump(indent: "  ") }
    }.joined(separator: "\n") + "\n"
  }
}

extension CodeBlock {
  func outline(_ verb: String, _ excerpts: Bool) -> [String] {
    let verb = role == .file ? "write \(file ?? "")" : verb
    var extras = attributes.filter { !["id", "file"].contains($0.key) }.map { "\($0.key)=\($0.value)" }
      .sorted()
    if !language.isEmpty { extras.insert(language, at: 0) }
    let program = role == .file ? text : script
    let head = "  \(verb) \(lines.text) #\(id) \(extras.joined(separator: " "))"
    return [head] + (excerpts ? program.split(separator: "\n").map { "    | \($0)" } : [])
  }
}

extension Check {
  var outline: [String] {
    var lines = ["  check \(self.lines.text) #\(id) \"\(title)\"\(isInferred ? " (inferred)" : "")"]
    if let patience { lines.append("    wait every \(patience.every) s for \(patience.duration) s") }
    if !hint.isEmpty { lines.append("    hint \(hint)") }
    for query in queries {
      switch query.question {
      case .call(let service, let operation, let input):
        lines.append("    ask \(service) \(operation) \(input.text)")
      case .command(let command): lines.append("    ask `\(command)`")
      }
      for capture in query.captures { lines.append("      let \(capture.name) = \(capture.path)") }
      for expectation in query.expectations {
        let hint = expectation.hint.isEmpty ? "" : " (hint: \(expectation.hint))"
        lines.append("      expect \(expectation.path ?? "the answer") \(expectation.comparison.text)\(hint)")
      }
    }
    return lines
  }
}

extension Expectation.Comparison {
  var text: String {
    switch self {
    case .equals(let value): "equals \(value.text)"
    case .notEquals(let value): "notEquals \(value.text)"
    case .contains(let value): "contains \(value.text)"
    case .exists(let wanted): "exists \(wanted)"
    case .notEmpty: "notEmpty"
    case .count(let count): "count \(count)"
    case .matches(let pattern): "matches /\(pattern)/"
    case .hasMember(let name, let value): "hasMember \(name)\(value.map { ": \($0.text)" } ?? "")"
    }
  }
}

extension LessonValue {
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let text): text
    case .string(let text): "\"\(text)\""
    case .list(let elements): "[\(elements.map(\.text).joined(separator: ", "))]"
    case .map(let members): "{\(members.map { "\($0.key): \($0.value.text)" }.joined(separator: ", "))}"
    }
  }
}

extension MarkdownBlock {
  func dump(indent: String) -> [String] {
    let head = indent + lines.text + " "
    let deeper = indent + "  "
    switch kind {
    case .heading(let level, let inlines): return [head + "h\(level) \(inlines.marked)"]
    case .paragraph(let inlines): return [head + "p \(inlines.marked)"]
    case .rule: return [head + "rule"]
    case .code(let code):
      let name = code.language.isEmpty ? "" : " " + code.language
      return [head + "code #\(code.id)\(name) \(code.role)\(code.isOptional ? " optional" : "")"]
        + code.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
          deeper + "|" + $0
        }
    case .quote(let content): return [head + "quote"] + content.flatMap { $0.dump(indent: deeper) }
    case .callout(let callout):
      let title = callout.title.isEmpty ? "" : " \"\(callout.title.marked)\""
      return [head + "callout \(callout.kind)\(title)"] + callout.content.flatMap { $0.dump(indent: deeper) }
    case .details(let summary, let content, let isOpen):
      return [head + "details\(isOpen ? " open" : "") \"\(summary.marked)\""]
        + content.flatMap { $0.dump(indent: deeper) }
    case .footnote(let label, let content):
      return [head + "footnote \(label)"] + content.flatMap { $0.dump(indent: deeper) }
    case .list(let list):
      let start = list.start.map { "ordered from \($0)" } ?? "bullets"
      return [head + "list \(start)\(list.isTight ? "" : " loose")"]
        + list.items.flatMap { item in
          [deeper + "item\(item.isChecked.map { $0 ? " [x]" : " [ ]" } ?? "")"]
            + item.content.flatMap { $0.dump(indent: deeper + "  ") }
        }
    case .table(let table):
      return [head + "table \(table.alignments.map(\.rawValue).joined(separator: " "))"]
        + ([table.header] + table.rows).map { deeper + "| " + $0.map(\.marked).joined(separator: " | ") }
    }
  }
}

extension [Inline] {
  /// The inlines with marks that show what each is.
  var marked: String {
    map { inline in
      switch inline {
      case .text(let text): text
      case .code(let text): "`\(text)`"
      case .emphasis(let inner): "_\(inner.marked)_"
      case .strong(let inner): "*\(inner.marked)*"
      case .strikethrough(let inner): "~\(inner.marked)~"
      case .link(let inner, let url, let title):
        "[\(inner.marked)](\(url)\(title.isEmpty ? "" : " \"\(title)\""))"
      case .image(let alt, let url): "![\(alt)](\(url))"
      case .softBreak: "⏎"
      case .lineBreak: "⏎⏎"
      case .footnoteReference(let label): "[^\(label)]"
      }
    }.joined()
  }
}

extension ClosedRange<Int> {
  var text: String { "\(lowerBound)-\(upperBound)" }
}

extension String {
  var firstLine: String { String(prefix { $0 != "\n" }) }
}
