extension LintRule {
  /// Steps are numbered 1, 2, 3: learners say "I am at step 4". A lab in parts may begin again at 1.
  static let stepsAreCounted = LintRule(name: "steps-are-counted") { lesson, reporter in
    var previous = 0
    for section in lesson.sections {
      guard case .step(let number) = section.kind else { continue }
      if number != previous + 1, number != 1, !(previous == 0 && number == 0) {
        reporter.report(
          .warning, "Step \(number) follows step \(previous).", line: section.lines.lowerBound,
          hint: "Number the steps in the order of their headings.")
      }
      previous = number
    }
  }
}
