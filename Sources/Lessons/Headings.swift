/// What a heading makes of its section. One table, read from the top; the first line that fits decides.
enum Headings {
  /// Nil for a heading that only begins a reading section.
  static func kind(of title: String) -> Section.Kind? {
    let text = normalized(title)
    let step = number(after: ["step", "task"], in: text)
    if isTeardown(text, isNumbered: step != nil) { return .teardown }
    if let step { return .step(step) }
    if let checkpoint = number(after: ["checkpoint"], in: text) { return .checkpoint(checkpoint) }
    if text.hasPrefix("checkpoint:") || text == "checkpoint" { return .checkpoint(0) }
    for (words, kind) in openings
    where words.contains(where: { text == $0 || text.hasPrefix($0 + " ") || text.hasPrefix($0 + ":") }) {
      return kind
    }
    return nil
  }

  private static let openings: [([String], Section.Kind)] = [
    (
      ["troubleshooting", "troubleshoot", "common errors", "common issues", "common problems"],
      .troubleshooting
    ),
    (
      [
        "stretch challenge", "stretch goal", "stretch goals", "stretch", "challenge:", "bonus",
        "extra credit",
      ], .stretch
    ),
    (["optional challenge", "bonus challenge", "going further"], .stretch),
    (["concept review", "knowledge check", "review questions", "quiz", "check your understanding"], .review),
    (["test your knowledge", "lab review"], .review),
  ]

  /// "Clean up", "Clean-Up / Teardown", "Step 9: Delete all resources"; not "Step 4: Delete an item".
  private static func isTeardown(_ text: String, isNumbered: Bool) -> Bool {
    let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let joined = words.joined(separator: " ")
    for phrase in ["clean up", "cleanup", "cleaning up", "tear down", "teardown", "tearing down"]
    where joined == phrase || joined.hasPrefix(phrase + " ") || joined.hasSuffix(" " + phrase)
      || joined.contains(" " + phrase + " ")
    { return true }
    guard let verb = words.first(where: { ["destroy", "delete", "remove"].contains($0) }) else {
      return false
    }
    if verb == "destroy", !isNumbered { return joined.hasPrefix("destroy") }
    let rest = joined.components(after: verb)
    return [
      "resources", "all resources", "all the resources", "the resources", "your resources", "everything",
      "aws resources", "lab resources", "the lab", "the stack", "the stacks",
    ].contains { rest == $0 || rest.hasPrefix($0 + " ") }
  }

  /// The number in "Step 3: ...", "Task 3", "Step 3a"; nil if the title does not begin so.
  private static func number(after names: [String], in text: String) -> Int? {
    for name in names where text.hasPrefix(name + " ") {
      let digits = text.dropFirst(name.count + 1).drop { $0 == "#" || $0 == " " }.prefix {
        $0.isASCII && $0.isNumber
      }
      if let number = Int(digits) { return number }
    }
    return nil
  }

  /// Lower case, single blanks, without what labs put before the words: emoji, "1. ", "2.3) ".
  private static func normalized(_ title: String) -> String {
    var text = Substring(title.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " "))
    text = text.drop { !$0.isLetter && !$0.isNumber }
    let numbering = text.prefix { $0.isNumber || ".)-".contains($0) }
    if let last = numbering.last, ".)-".contains(last) {
      text = text.dropFirst(numbering.count).drop { !$0.isLetter && !$0.isNumber }
    } else if numbering.allSatisfy(\.isNumber), !numbering.isEmpty {
      text = text.dropFirst(numbering.count).drop { !$0.isLetter }
    }
    return String(text)
  }

  /// The anchor GitHub gives a heading: lower case, blanks as `-`, no punctuation but `-` and `_`.
  static func slug(_ title: String) -> String {
    var slug = ""
    for character in title.lowercased() {
      if character.isLetter || character.isNumber || character == "-" || character == "_" {
        slug.append(character)
      } else if character == " " {
        slug.append("-")
      }
    }
    return slug.isEmpty ? "section" : slug
  }
}

extension String {
  /// What follows the first occurrence of a word, without the blank.
  fileprivate func components(after word: String) -> String {
    let words = split(separator: " ")
    guard let at = words.firstIndex(where: { $0 == word }) else { return "" }
    return words[(at + 1)...].joined(separator: " ")
  }
}
