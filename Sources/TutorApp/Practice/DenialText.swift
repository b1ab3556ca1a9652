import OrderedJSON
import PracticeAccount

/// Why a right was refused, in words for the learner.
package enum DenialText {
  /// The most lines that are told beside a block's output.
  static let mostLines = 6

  /// What the policies said, for the console, beside the remark that names the deciding statement: which policies allow
  /// in vain, or which do not allow and what of their nearest statement does not fit. A line each.
  static func short(_ denial: Denial) -> [String] {
    guard denial.isExplicit else {
      return denial.findings.filter { $0.outcome != .allows }.prefix(3)
        .map { "why: " + line($0.kind, $0.policy, $0.outcome.rawValue, $0.words) }
    }
    let allowing = denial.findings.filter { $0.outcome == .allows }.map { "\($0.kind) \($0.policy)" }
    if allowing.isEmpty { return [] }
    return [
      "why: an explicit deny wins, although it is allowed by the " + allowing.joined(separator: ", the ")
    ]
  }

  /// All of it, of a denial as `AccountOrder.denials` gives it.
  package static func full(_ denial: JSON) -> String {
    func text(_ name: String) -> String { denial[name]?.string ?? "" }
    let isExplicit = denial["explicit"]?.bool == true
    let policies = denial["policies"]?.array ?? []
    var lines = [
      "#\(denial["number"]?.int ?? 0)  \(text("time"))  \(text("region"))",
      text("message"),
    ]
    if !text("service").isEmpty { lines.append("  \(text("service")) asked with the caller's rights") }
    lines.append("  \(isExplicit ? "a statement denies it" : "nothing allows it"): \(text("reason"))")
    for policy in policies {
      lines.append(
        "  "
          + line(
            policy["kind"]?.string ?? "", policy["policy"]?.string ?? "", policy["outcome"]?.string ?? "",
            policy["words"]?.string ?? ""))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ kind: String, _ policy: String, _ outcome: String, _ words: String) -> String {
    let mark =
      switch outcome {
      case "denies": "denies"
      case "allows": "allows"
      case "absent": "is missing"
      default: "is silent"
      }
    return "\(kind)\(policy.isEmpty ? "" : " \(policy)") \(mark): \(words)"
  }
}
