import ShellSyntax

/// The checks of a checkpoint that has no annotation: its last command, if that only reads, becomes the question, and
/// what its prose says of the answer and of waiting becomes the expectation and the patience.
enum InferredChecks {
  /// The beginnings of operation names that change nothing.
  private static let readingVerbs = [
    "get-", "list-", "describe-", "head-", "lookup-", "batch-get-", "search-", "scan", "query",
  ]

  /// How often to ask where prose says to wait.
  private static let interval = 30.0

  static func checks(of section: Section) -> [Check] {
    guard case .checkpoint = section.kind else { return [] }
    let prose = paragraphs(section.content)
    let patience = patience(in: prose.map(\.plainText).joined(separator: "\n"))
    let asking = section.blocks.filter(\.isRunnable).compactMap { block in
      lastReadingCommand(block.script).map { (block, $0) }
    }
    return asking.enumerated().map { index, found in
      let (block, command) = found
      var expectations = [
        Expectation(path: nil, comparison: .notEmpty, hint: "", line: block.lines.lowerBound)
      ]
      // With several commands nobody can tell which of them the prose is about.
      if asking.count == 1 {
        expectations += members(named: prose).map { $0.expectation(line: block.lines.upperBound) }
      }
      let suffix = index == 0 ? "" : "-\(index + 1)"
      return Check(
        id: "\(section.id)-check\(suffix)", title: section.title,
        queries: [
          CheckQuery(
            question: .command(command), expectations: expectations, captures: [], lines: block.lines)
        ],
        patience: patience, isInferred: true, lines: block.lines)
    }
  }

  /// The source of a script's last statement, if that is one `aws` command that only reads and prints JSON.
  static func lastReadingCommand(_ script: String) -> String? {
    guard let program = try? parse(script), let last = program.statements.last, last.rest.isEmpty,
      !last.isBackground, last.first.commands.count == 1, let command = last.first.commands.first,
      case .simple(let simple) = command.body, command.redirections.isEmpty, simple.assignments.isEmpty
    else { return nil }
    let words = simple.words.map { $0.constant ?? "" }
    guard words.count >= 3, words[0] == "aws", words[1] != "s3", !words[1].hasPrefix("-") else { return nil }
    guard readingVerbs.contains(where: words[2].hasPrefix) else { return nil }
    if let output = words.firstIndex(of: "--output"), output + 1 < words.count, words[output + 1] != "json" {
      return nil
    }
    return program.text(of: command.range)
  }

  /// A JSON member as prose quotes it: `"SSEAlgorithm": "aws:kms"`.
  private struct QuotedMember {
    var name: String
    /// Nil where the prose only hints at the value: `"KeyId": "..."`.
    var value: LessonValue?

    func expectation(line: Int) -> Expectation {
      Expectation(path: nil, comparison: .hasMember(name: name, value: value), hint: "", line: line)
    }
  }

  private static func members(named prose: [[Inline]]) -> [QuotedMember] {
    prose.flatMap(\.codeSpans).compactMap { span in
      guard span.hasPrefix("\""), span.contains(":"),
        let members = try? YAMLReader.read("{\(span)}", firstLine: 1).members, members.count == 1,
        let member = members.first, span.hasPrefix("\"\(member.key)\"")
      else { return nil }
      guard let text = member.value.scalar else { return QuotedMember(name: member.key, value: nil) }
      let isElided = text.contains("...") || text.contains("…") || text.contains("<") || text.contains("xxxx")
      return QuotedMember(name: member.key, value: isElided ? nil : member.value)
    }
  }

  /// "Wait 5-10 minutes", "this may take up to 2 hours": the longest time the prose speaks of beside such a word.
  static func patience(in prose: String) -> Patience? {
    let waiting = ["wait", "take", "takes", "within", "allow"]
    let units = ["second": 1.0, "sec": 1, "minute": 60, "min": 60, "hour": 3600]
    var longest: Double?
    for sentence in prose.lowercased().split(whereSeparator: { ".!?\n".contains($0) }) {
      let words = sentence.split { !($0.isLetter || $0.isNumber) }
      guard words.contains(where: { waiting.contains(String($0)) }) else { continue }
      for (number, unit) in zip(words, words.dropFirst()) {
        let singular = unit.hasSuffix("s") ? unit.dropLast() : unit
        guard let count = Double(number), count.isFinite, let factor = units[String(singular)] else {
          continue
        }
        longest = max(longest ?? 0, min(count * factor, 24 * 3600))
      }
    }
    return longest.flatMap { $0 > 0 ? Patience(every: min(interval, $0), duration: $0) : nil }
  }

  /// The paragraphs of the section, `<details>` left out: their prose is about another way.
  private static func paragraphs(_ content: [MarkdownBlock]) -> [[Inline]] {
    var found: [[Inline]] = []
    content.visit { block, inDetails in
      if !inDetails, case .paragraph(let inlines) = block.kind { found.append(inlines) }
    }
    return found
  }
}
