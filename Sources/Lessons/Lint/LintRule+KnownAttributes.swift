extension LintRule {
  /// The attributes of a fence, and what each may be.
  private static let attributes: [String: (isValid: @Sendable (String) -> Bool, form: String)] = [
    "id": ({ !$0.isEmpty && $0 == Headings.slug($0) }, "lower-case letters, digits, - and _"),
    "name": ({ !$0.isEmpty }, "a word"),
    "timeout": ({ (duration($0) ?? 0) > 0 }, "a time such as 90, 90s or 5m"),
    "file": ({ isInside($0) }, "a relative path without .."),
    "optional": ({ ["", "true", "false"].contains($0) }, "true or false"),
    "run": ({ ["no", "false", "never", "yes", "true"].contains($0) }, "yes or no"),
    "expect": ({ ["failure", "success"].contains($0) }, "failure or success"),
    "expectError": ({ ["true", "false"].contains($0) }, "true or false"),
  ]

  /// An attribute nobody reads is a misspelt one.
  static let knownAttributes = LintRule(name: "known-attributes") { lesson, reporter in
    for section in lesson.sections {
      section.content.visit { block, _ in
        guard case .code(let code) = block.kind else { return }
        for (key, value) in code.attributes.sorted(by: { $0.key < $1.key }) {
          guard let attribute = attributes[key] else {
            reporter.report(
              .warning, "The attribute \"\(key)\" of this block means nothing to Cairn.",
              line: code.lines.lowerBound,
              hint: "Known are \(attributes.keys.sorted().joined(separator: ", ")).")
            continue
          }
          if !attribute.isValid(value) {
            reporter.report(
              .error, "The attribute \"\(key)\" cannot be \"\(value)\".", line: code.lines.lowerBound,
              hint: "It is \(attribute.form).")
          }
        }
      }
    }
  }

  private static func isInside(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.hasPrefix("~")
      && !path.split(separator: "/").contains("..")
  }
}
