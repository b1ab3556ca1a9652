/// A value as an annotation or the front matter gives it: YAML 1.2's core types. Members keep their order.
package indirect enum LessonValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The number as written.
  case number(String)
  case string(String)
  case list([LessonValue])
  case map([Member])

  package struct Member: Hashable, Sendable {
    package var key: String
    package var value: LessonValue
    /// The line of the key in the lesson's file.
    package var line: Int

    package init(key: String, value: LessonValue, line: Int) {
      self.key = key
      self.value = value
      self.line = line
    }
  }
}

extension LessonValue {
  /// The text of a scalar as written; nil for null, lists and maps.
  package var scalar: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "true" : "false"
    case .null, .list, .map: nil
    }
  }

  package var members: [Member]? { if case .map(let members) = self { members } else { nil } }
  package var elements: [LessonValue]? { if case .list(let elements) = self { elements } else { nil } }

  package subscript(_ key: String) -> LessonValue? { members?.first { $0.key == key }?.value }

  /// The names in `${NAME}` inside its strings, in order, each once. (`$${` stands for a literal `${`.)
  package var variables: [String] {
    var names: [String] = []
    func visit(_ value: LessonValue) {
      switch value {
      case .string(let text):
        for case .variable(let name) in templateParts(text) where !names.contains(name) { names.append(name) }
      case .list(let elements): for element in elements { visit(element) }
      case .map(let members): for member in members { visit(member.value) }
      case .null, .bool, .number: break
      }
    }
    visit(self)
    return names
  }

  /// The value with every `${NAME}` replaced. A name without a value throws, so that a question is never asked with
  /// a hole in it.
  ///
  /// - Throws: `UnsetVariable` with the first name that `lookup` does not know.
  package func expanded(_ lookup: (String) -> String?) throws(UnsetVariable) -> LessonValue {
    switch self {
    case .null, .bool, .number: return self
    case .string(let text):
      var result = ""
      for part in templateParts(text) {
        switch part {
        case .literal(let literal): result += literal
        case .variable(let name):
          guard let value = lookup(name) else { throw UnsetVariable(name: name) }
          result += value
        }
      }
      return .string(result)
    case .list(let elements):
      var result: [LessonValue] = []
      for element in elements { result.append(try element.expanded(lookup)) }
      return .list(result)
    case .map(let members):
      var result: [Member] = []
      for member in members {
        result.append(Member(key: member.key, value: try member.value.expanded(lookup), line: member.line))
      }
      return .map(result)
    }
  }
}

/// A check names a variable that neither the session nor the check has set.
package struct UnsetVariable: Error, Hashable, Sendable {
  package var name: String

  package init(name: String) { self.name = name }
}

enum TemplatePart: Hashable {
  case literal(String)
  case variable(String)
}

/// Splits `a ${B} c`. Only `${NAME}` is special, so that JMESPath and JSON may hold a bare `$`; `$${` is `${`.
func templateParts(_ text: String) -> [TemplatePart] {
  var parts: [TemplatePart] = []
  var literal = ""
  var rest = Substring(text)
  while let dollar = rest.firstIndex(of: "$") {
    literal += rest[..<dollar]
    rest = rest[dollar...]
    if rest.hasPrefix("$${") {
      literal += "${"
      rest = rest.dropFirst(3)
    } else if rest.hasPrefix("${"), let close = rest.firstIndex(of: "}"),
      isVariableName(rest[rest.index(rest.startIndex, offsetBy: 2)..<close])
    {
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = ""
      parts.append(.variable(String(rest[rest.index(rest.startIndex, offsetBy: 2)..<close])))
      rest = rest[rest.index(after: close)...]
    } else {
      literal += "$"
      rest = rest.dropFirst()
    }
  }
  literal += rest
  if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
  return parts
}

/// A name by POSIX XBD 3.216: letters, digits and underscores of the portable set, no digit first.
func isVariableName(_ text: some StringProtocol) -> Bool {
  guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
  return text.utf8.allSatisfy {
    $0 == 95 || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
  }
}

/// Seconds from `90`, `90s`, `15m` or `1h`; nil for anything else, negative or not finite.
func duration(_ text: String) -> Double? {
  let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
  var digits = Substring(text)
  var unit = 1.0
  if let last = digits.last, let factor = units[last] {
    unit = factor
    digits = digits.dropLast()
  }
  guard let first = digits.first, first.isNumber, let number = Double(digits), number.isFinite else {
    return nil
  }
  return number * unit
}
