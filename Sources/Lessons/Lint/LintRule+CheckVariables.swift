import ShellSyntax

extension LintRule {
  /// What every session has before the first block.
  private static let preset: Set<String> = ["AWS_REGION", "AWS_DEFAULT_REGION"]

  /// A check may ask with what a block has set or an earlier question of its own has captured.
  static let checksKnowTheirVariables = LintRule(name: "checks-know-their-variables") { lesson, reporter in
    var known = preset
    for block in lesson.runnableBlocks {
      if let script = try? parse(block.script) { known.formUnion(AssignedVariables.names(in: script)) }
    }
    for check in lesson.checks where !check.isInferred {
      var captured = known
      for query in check.queries {
        var names = query.expectations.flatMap(\.comparison.variables)
        if case .call(_, _, let input) = query.question { names = input.variables + names }
        for name in names where !captured.contains(name) {
          reporter.report(
            .error, "The check \"\(check.id)\" asks with ${\(name)}, which no block of this lesson sets.",
            line: query.lines.lowerBound,
            hint: "Set it in a block, or capture it with \"let\" in an earlier question.")
          captured.insert(name)
        }
        captured.formUnion(query.captures.map(\.name))
      }
    }
  }
}

extension Expectation.Comparison {
  fileprivate var variables: [String] {
    switch self {
    case .equals(let value), .notEquals(let value), .contains(let value): value.variables
    case .hasMember(_, let value): value?.variables ?? []
    case .matches(let pattern): LessonValue.string(pattern).variables
    case .exists, .notEmpty, .count: []
    }
  }
}
