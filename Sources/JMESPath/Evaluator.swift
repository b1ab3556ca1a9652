import OrderedJSON

/// Evaluates a tree, with the rules of jmespath.py's `visitor.py`.
struct Evaluator {
  /// The expression, for errors.
  let text: String

  func value(_ node: Node, _ current: JSON) throws(JMESPathError) -> JSON {
    switch node.kind {
    case .current: return current
    case .literal(let value): return value
    case .field(let name): return current[name] ?? .null
    case .index(let index): return element(index, of: current)
    case .slice(let start, let stop, let step): return try slice(current, start, stop, step)
    case .chain(_, let children):
      var result = current
      for child in children { result = try value(child, result) }
      return result
    case .projection(let left, let right):
      guard let base = try value(left, current).array else { return .null }
      return try project(right, base)
    case .valueProjection(let left, let right):
      guard let base = try value(left, current).object else { return .null }
      return try project(right, base.values)
    case .filterProjection(let left, let right, let condition):
      guard let base = try value(left, current).array else { return .null }
      var kept: [JSON] = []
      for element in base where try value(condition, element).isTrue { kept.append(element) }
      return try project(right, kept)
    case .flatten(let left):
      guard let base = try value(left, current).array else { return .null }
      var merged: [JSON] = []
      for element in base {
        if let inner = element.array { merged += inner } else { merged.append(element) }
      }
      return .array(merged)
    case .comparison(let kind, let left, let right):
      return try compare(kind, try value(left, current), try value(right, current))
    case .or(let left, let right):
      let first = try value(left, current)
      return first.isTrue ? first : try value(right, current)
    case .and(let left, let right):
      let first = try value(left, current)
      return first.isTrue ? try value(right, current) : first
    case .not(let inner): return .bool(!(try value(inner, current).isTrue))
    case .multiSelectList(let children):
      if current.isNull { return .null }
      var elements: [JSON] = []
      for child in children { elements.append(try value(child, current)) }
      return .array(elements)
    case .multiSelectHash(let pairs):
      if current.isNull { return .null }
      var members = JSONObject()
      for (key, child) in pairs { members[key] = try value(child, current) }
      return .object(members)
    case .function(let name, let arguments): return try call(name, arguments, current)
    case .expressionReference:
      // A reference is an argument of a function and no JSON; Python's encoder says so.
      throw error(.type, "Object of type _Expression is not JSON serializable")
    }
  }

  private func project(_ right: Node, _ elements: [JSON]) throws(JMESPathError) -> JSON {
    var collected: [JSON] = []
    for element in elements {
      let result = try value(right, element)
      if !result.isNull { collected.append(result) }
    }
    return .array(collected)
  }

  private func element(_ index: Int, of list: JSON) -> JSON {
    guard let elements = list.array else { return .null }
    let position = index < 0 ? elements.count + index : index
    return elements.indices.contains(position) ? elements[position] : .null
  }

  /// Python's slices: bounds out of range are moved in, negative ones count from the end.
  private func slice(_ list: JSON, _ start: Int?, _ stop: Int?, _ step: Int?) throws(JMESPathError) -> JSON {
    guard let elements = list.array else { return .null }
    let step = step ?? 1
    guard step != 0 else { throw error(.value, "slice step cannot be zero") }
    let count = elements.count
    let range = step < 0 ? -1...count - 1 : 0...count
    func bound(_ value: Int) -> Int {
      min(max(value < 0 ? value + count : value, range.lowerBound), range.upperBound)
    }
    let first = start.map(bound) ?? (step < 0 ? range.upperBound : range.lowerBound)
    let end = stop.map(bound) ?? (step < 0 ? range.lowerBound : range.upperBound)
    var picked: [JSON] = []
    var i = first
    while step < 0 ? i > end : i < end {
      picked.append(elements[i])
      let (next, overflow) = i.addingReportingOverflow(step)
      if overflow { break }
      i = next
    }
    return .array(picked)
  }

  private func compare(_ kind: Token.Kind, _ a: JSON, _ b: JSON) throws(JMESPathError) -> JSON {
    switch kind {
    case .eq: return .bool(isEqual(a, b))
    case .ne: return .bool(!isEqual(a, b))
    default: break
    }
    switch (a, b) {
    case (.number, .number), (.string, .string):
      switch kind {
      case .lt: return .bool(isLess(a, b))
      case .gt: return .bool(isLess(b, a))
      case .lte: return .bool(isLess(a, b) || a == b)
      default: return .bool(isLess(b, a) || a == b)
      }
    case (.number, .string), (.string, .number): throw notOrdered(comparisonSign[kind] ?? "<", a, b)
    default: return .null
    }
  }

  /// Python's own error where a number meets a string.
  func notOrdered(_ sign: String, _ a: JSON, _ b: JSON) -> JMESPathError {
    error(
      .type,
      "'\(sign)' not supported between instances of '\(pythonTypeName(a))' and '\(pythonTypeName(b))'")
  }

  func error(_ kind: JMESPathError.Kind, _ message: String) -> JMESPathError {
    JMESPathError(kind: kind, message: message, expression: text)
  }
}

private let comparisonSign: [Token.Kind: String] = [.lt: "<", .lte: "<=", .gt: ">", .gte: ">="]

extension JSON {
  /// Everything is true but null, false, and empty strings, lists and objects; zero is true.
  var isTrue: Bool {
    switch self {
    case .null, .bool(false): false
    case .string(let text): !text.isEmpty
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    default: true
    }
  }
}

/// `==` of the language: booleans are no numbers, but inside lists and objects Python's rule shows through.
private func isEqual(_ a: JSON, _ b: JSON) -> Bool {
  switch (a, b) {
  case (.bool, .number), (.number, .bool): false
  default: isEqualInPython(a, b)
  }
}

/// Python's `==`, to which true is 1 and false is 0.
func isEqualInPython(_ a: JSON, _ b: JSON) -> Bool {
  switch (a, b) {
  case (.bool(let flag), .number(let number)), (.number(let number), .bool(let flag)):
    number.int == (flag ? 1 : 0)
  case (.array(let a), .array(let b)):
    a.count == b.count && zip(a, b).allSatisfy(isEqualInPython)
  case (.object(let a), .object(let b)):
    a.count == b.count && a.allSatisfy { key, value in b[key].map { isEqualInPython(value, $0) } ?? false }
  default: a == b
  }
}

/// The order of two numbers by value, or of two strings by code point; false for anything else.
func isLess(_ a: JSON, _ b: JSON) -> Bool {
  switch (a, b) {
  case (.number(let a), .number(let b)):
    if let left = a.int, let right = b.int { return left < right }
    return a.double < b.double
  case (.string(let a), .string(let b)):
    return a.utf8.lexicographicallyPrecedes(b.utf8)
  default: return false
  }
}
