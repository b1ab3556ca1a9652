/// Writes into the sections what the comments and the fences say, and gives everything its id.
enum AnnotationWriter {
  static func apply(_ annotations: [Annotation], to sections: inout [Section], reporter: inout LessonReporter)
  {
    func section(of annotation: Annotation) -> Int {
      sections.lastIndex { $0.lines.lowerBound <= annotation.lines.lowerBound } ?? 0
    }
    for annotation in annotations where annotation.keyword == .section {
      name(&sections[section(of: annotation)], annotation, reporter: &reporter)
    }
    identify(&sections, reporter: &reporter)
    var blockIDs = IDPool()
    for index in sections.indices { collectBlocks(&sections[index], ids: &blockIDs, reporter: &reporter) }
    var checkIDs = IDPool()
    for annotation in annotations {
      let index = section(of: annotation)
      switch annotation.keyword {
      case .check: addCheck(annotation, to: &sections[index], ids: &checkIDs, reporter: &reporter)
      case .note:
        let following = (sections[index].blocks + sections[index].optionalBlocks)
          .filter { $0.lines.lowerBound > annotation.lines.upperBound }
          .min { $0.lines.lowerBound < $1.lines.lowerBound }
        sections[index].notes.append(
          SpeakerNote(text: annotation.text, lines: annotation.lines, beforeBlock: following?.id))
      case .hint: sections[index].hints.append(annotation.text)
      case .section: break
      }
    }
    for index in sections.indices where sections[index].checks.isEmpty {
      for var check in InferredChecks.checks(of: sections[index]) {
        check.id = checkIDs.unique(check.id)
        sections[index].checks.append(check)
      }
    }
  }

  // MARK: Sections

  private static let kinds: [String: Section.Kind] = [
    "reading": .reading, "step": .step(0), "checkpoint": .checkpoint(0), "teardown": .teardown,
    "troubleshooting": .troubleshooting, "stretch": .stretch, "review": .review,
  ]

  private static func name(_ section: inout Section, _ annotation: Annotation, reporter: inout LessonReporter)
  {
    guard let members = yaml(of: annotation, reporter: &reporter)?.members else {
      reporter.report(
        .error, "A section annotation is a mapping.", line: annotation.lines.lowerBound,
        hint: "Write it as <!-- section: {id: create-key} -->.")
      return
    }
    for member in members {
      switch (member.key, member.value.scalar) {
      case ("id", let id?): section.id = Headings.slug(id)
      case ("kind", let kind?) where kinds[kind] != nil: section.kind = kinds[kind] ?? .reading
      case ("kind", _):
        reporter.report(
          .error, "There is no such kind of section.", line: member.line,
          hint: "Kinds are \(kinds.keys.sorted().joined(separator: ", ")).")
      default:
        reporter.report(
          .warning, "\"\(member.key)\" means nothing for a section.", line: member.line,
          hint: "Known are id and kind.")
      }
    }
  }

  /// Unique ids, and numbers for the steps and checkpoints an annotation made.
  private static func identify(_ sections: inout [Section], reporter: inout LessonReporter) {
    var ids = IDPool()
    // Given ids first: a slug must never push one aside.
    for index in sections.indices where !sections[index].id.isEmpty {
      let given = sections[index].id
      sections[index].id = ids.unique(given)
      if sections[index].id != given {
        reporter.report(
          .error, "Two sections have the id \"\(given)\".", line: sections[index].lines.lowerBound,
          hint: "Progress is kept by id: give each its own.")
      }
    }
    var steps = 0
    var checkpoints = 0
    for index in sections.indices {
      if sections[index].id.isEmpty {
        sections[index].id = ids.unique(
          sections[index].title.isEmpty ? "start" : Headings.slug(sections[index].title))
      }
      switch sections[index].kind {
      case .step(let number):
        steps += 1
        if number == 0, !sections[index].title.lowercased().hasPrefix("step 0") {
          sections[index].kind = .step(steps)
        }
      case .checkpoint(let number):
        checkpoints += 1
        if number == 0 { sections[index].kind = .checkpoint(checkpoints) }
      default: break
      }
    }
  }

  // MARK: Blocks

  private static func collectBlocks(
    _ section: inout Section, ids: inout IDPool, reporter: inout LessonReporter
  ) {
    let beyondPath = [.stretch, .troubleshooting, .review].contains(section.kind)
    var actions = 0
    var texts = 0
    var path: [CodeBlock] = []
    var optional: [CodeBlock] = []
    section.content = section.content.mappingCode { block, inDetails in
      var block = block
      if block.role == .text { texts += 1 } else { actions += 1 }
      let given = block.id
      let proposed = block.role == .text ? "\(section.id)-text-\(texts)" : "\(section.id)-\(actions)"
      block.id = ids.unique(given.isEmpty ? proposed : given)
      if !given.isEmpty, block.id != given {
        reporter.report(
          .error, "Two code blocks have the id \"\(given)\".", line: block.lines.lowerBound,
          hint: "Progress is kept by id: give each its own.")
      }
      if inDetails || beyondPath { block.isOptional = true }
      if block.role != .text {
        if block.isOptional { optional.append(block) } else { path.append(block) }
      }
      return block
    }
    section.blocks = path
    section.optionalBlocks = optional
  }

  // MARK: Checks

  private static func addCheck(
    _ annotation: Annotation, to section: inout Section, ids: inout IDPool, reporter: inout LessonReporter
  ) {
    guard let value = yaml(of: annotation, reporter: &reporter) else { return }
    let problems = ProblemList()
    let check = Check(annotation: value, lines: annotation.lines, problems: problems)
    for (message, line) in problems.items {
      reporter.report(
        .error, message, line: line, hint: "docs/LESSON-FORMAT.md shows every key of a check.")
    }
    guard var check else { return }
    let given = check.id
    check.id = ids.unique(given.isEmpty ? "\(section.id)-check" : given)
    if !given.isEmpty, check.id != given {
      reporter.report(
        .error, "Two checks have the id \"\(given)\".", line: check.lines.lowerBound,
        hint: "Give each its own.")
    }
    if check.title.isEmpty { check.title = section.title }
    section.checks.append(check)
  }

  private static func yaml(of annotation: Annotation, reporter: inout LessonReporter) -> LessonValue? {
    do {
      return try annotation.yaml()
    } catch {
      reporter.report(
        .error, "The \(annotation.keyword.rawValue) is no YAML: \(error.message).", line: error.line,
        column: error.column, hint: "Put values with special characters, such as \"${NAME}\", in quotes.")
      return nil
    }
  }
}

/// Hands out ids, each once. The second `x` becomes `x-1`, as GitHub numbers its anchors.
private struct IDPool {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]

  mutating func unique(_ wanted: String) -> String {
    if taken.insert(wanted).inserted { return wanted }
    var number = next[wanted] ?? 1
    while !taken.insert("\(wanted)-\(number)").inserted { number += 1 }
    next[wanted] = number + 1
    return "\(wanted)-\(number)"
  }
}

extension [MarkdownBlock] {
  /// The blocks with every code block, at any depth and in document order, put through `transform`.
  func mappingCode(inDetails: Bool = false, _ transform: (CodeBlock, Bool) -> CodeBlock) -> [MarkdownBlock] {
    map { block in
      var block = block
      switch block.kind {
      case .code(let code): block.kind = .code(transform(code, inDetails))
      case .quote(let inner): block.kind = .quote(inner.mappingCode(inDetails: inDetails, transform))
      case .footnote(let label, let inner):
        block.kind = .footnote(label: label, inner.mappingCode(inDetails: inDetails, transform))
      case .details(let summary, let inner, let isOpen):
        block.kind = .details(summary: summary, inner.mappingCode(inDetails: true, transform), isOpen: isOpen)
      case .callout(var callout):
        callout.content = callout.content.mappingCode(inDetails: inDetails, transform)
        block.kind = .callout(callout)
      case .list(var list):
        list.items = list.items.map { item in
          MarkdownList.Item(
            isChecked: item.isChecked, content: item.content.mappingCode(inDetails: inDetails, transform))
        }
        block.kind = .list(list)
      case .heading, .paragraph, .table, .rule: break
      }
      return block
    }
  }
}
