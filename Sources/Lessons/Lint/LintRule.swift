/// One thing an author may have got wrong. A rule looks at a whole lesson and reports what it finds by line.
struct LintRule: Sendable {
  /// What a row of the rule's tests calls it.
  var name: String
  var check: @Sendable (_ lesson: Lesson, _ reporter: inout LessonReporter) -> Void

  static let all: [LintRule] = [
    .shellParses, .knownAttributes, .checksKnowTheirVariables, .headingLevels, .stepsAreCounted,
  ]
}

extension Lesson {
  /// Everything there is to say about the lesson, by line: what the loader found, and what the rules find.
  package func lint() -> [Diagnostic] {
    var reporter = LessonReporter(path: path, source: source)
    for rule in LintRule.all { rule.check(self, &reporter) }
    return (diagnostics + reporter.diagnostics).sorted {
      ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0)
    }
  }
}
