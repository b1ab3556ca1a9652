extension LintRule {
  /// One title, and no level skipped: the outline is what a reader navigates by, and some read nothing else.
  static let headingLevels = LintRule(name: "heading-levels") { lesson, reporter in
    var previous = 0
    var hasTitle = false
    for section in lesson.sections {
      for block in section.content {
        guard case .heading(let level, let inlines) = block.kind else { continue }
        let line = block.lines.lowerBound
        if level == 1, hasTitle {
          reporter.report(
            .warning, "The lesson has a second title, \"\(inlines.plainText)\".", line: line,
            hint: "Use ## for its parts.")
        } else if level > previous + 1, previous > 0 {
          reporter.report(
            .warning, "A heading of level \(level) follows one of level \(previous).", line: line,
            hint: "Use \(String(repeating: "#", count: previous + 1)), or a heading between them.")
        }
        hasTitle = hasTitle || level == 1
        previous = level
      }
    }
  }
}
