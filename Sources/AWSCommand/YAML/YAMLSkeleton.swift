import ServiceModels

/// `--generate-cli-skeleton yaml-input`: an input to be filled in, with what the model says of each member behind it.
///
/// The AWS CLI also repeats the first sentence of each member's documentation; the packed models hold none.
enum YAMLSkeleton {
  static func text(_ shape: Shape?) -> String {
    guard let shape, !shape.members.isEmpty else { return "{}\n" }
    return structure(shape, []).map { $0 + "\n" }.joined()
  }

  private enum Node {
    /// Stands behind its key.
    case scalar(String)
    /// Lines of its own; those of a list are not indented under their key.
    case block([String], isList: Bool)
  }

  private static func node(_ shape: Shape, _ stack: [String]) -> Node {
    if stack.contains(shape.name) || shape.isDocument { return .scalar("{}") }
    let inner = stack + [shape.name]
    switch shape.kind {
    case .structure:
      return shape.members.isEmpty ? .scalar("{}") : .block(structure(shape, stack), isList: false)
    case .list:
      guard let element = shape.element?.shape else { return .scalar("[]") }
      return .block(item(node(element, inner)), isList: true)
    case .map:
      guard let element = shape.value?.shape else { return .scalar("{}") }
      return .block(entry("KeyName", node(element, inner), comment: ""), isList: false)
    case .string: return .scalar(quoted(shape.enumeration.first ?? ""))
    case .integer, .long: return .scalar("0")
    case .float, .double: return .scalar("0.0")
    case .boolean: return .scalar("true")
    case .timestamp: return .scalar("1970-01-01 00:00:00")
    case .blob: return .scalar("!!binary ''")
    }
  }

  private static func structure(_ shape: Shape, _ stack: [String]) -> [String] {
    shape.members.flatMap { member in
      var facts: [String] = member.isRequired ? ["[REQUIRED]"] : []
      let choices = member.shape.enumeration
      if !choices.isEmpty { facts.append("Valid values are: \(choices.joined(separator: ", ")).") }
      let comment = facts.isEmpty ? "" : "  # " + facts.joined(separator: " ")
      return entry(quoted(member.name), node(member.shape, stack + [shape.name]), comment: comment)
    }
  }

  private static func entry(_ key: String, _ value: Node, comment: String) -> [String] {
    switch value {
    case .scalar(let text): ["\(key): \(text)\(comment)"]
    case .block(let lines, let isList): ["\(key):\(comment)"] + (isList ? lines : lines.map { "  " + $0 })
    }
  }

  private static func item(_ value: Node) -> [String] {
    switch value {
    case .scalar(let text): return ["- \(text)"]
    case .block(let lines, _):
      return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
    }
  }

  /// A word as it is; anything else in quotes.
  private static func quoted(_ text: String) -> String {
    let isWord = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x2B: true
      default: false
      }
    }
    let starts = text.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } ?? false
    if isWord, starts, YAMLScalar.isText(text) { return text }
    return "'" + text.replacing("'", with: "''") + "'"
  }
}
