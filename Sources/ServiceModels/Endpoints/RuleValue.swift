/// What endpoint rules compute with.
enum RuleValue: Hashable, Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case string(String)
  case array([RuleValue])
  case record([String: RuleValue])

  /// A condition holds unless it gives nothing or false.
  var holds: Bool {
    switch self {
    case .none, .bool(false): false
    default: true
    }
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  var int: Int? { if case .int(let number) = self { number } else { nil } }

  /// As it stands in a template.
  var text: String {
    switch self {
    case .none: ""
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .string(let text): text
    case .array, .record: ""
    }
  }

  /// The attribute at a path: `name`, `name[0]`, `[0]`, joined by dots.
  func attribute(_ path: String) -> RuleValue {
    var value = self
    for part in path.split(separator: ".") {
      var name = part
      var index: Int?
      if let open = part.firstIndex(of: "["), part.hasSuffix("]") {
        name = part[..<open]
        index = Int(part[part.index(after: open)...].dropLast())
        if index == nil { return .none }
      }
      if !name.isEmpty {
        guard case .record(let members) = value, let member = members[String(name)] else { return .none }
        value = member
      }
      if let index {
        guard case .array(let elements) = value, elements.indices.contains(index) else { return .none }
        value = elements[index]
      }
    }
    return value
  }
}
