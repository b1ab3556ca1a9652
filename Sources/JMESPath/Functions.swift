import OrderedJSON

/// Every function of jmespath.py 1.0.1 by its name.
let functions: [String: Function] = [
  "abs": Function(parameters: [["number"]]) { _, a throws(JMESPathError) in
    guard let number = a[0].json.number else { return .null }
    if number.isInteger, let value = number.int, value != .min { return .number(JSONNumber(abs(value))) }
    return .double(number.double.magnitude)
  },
  "avg": Function(parameters: [["array-number"]]) { _, a throws(JMESPathError) in
    a[0].list.isEmpty ? .null : .double((sum(a[0].list).double ?? 0) / Double(a[0].list.count))
  },
  "ceil": Function(parameters: [["number"]]) { evaluator, a throws(JMESPathError) in
    try evaluator.rounded(a[0].json, .up)
  },
  "contains": Function(parameters: [["array", "string"], []]) { evaluator, a throws(JMESPathError) in
    guard let subject = a[0].json.string else {
      return .bool(a[0].list.contains { isEqualInPython($0, a[1].json) })
    }
    guard let search = a[1].json.string else {
      throw evaluator.error(
        .type,
        "'in <string>' requires string as left operand, not \(pythonTypeName(a[1].json))")
    }
    return .bool(contains(Array(subject.utf8), Array(search.utf8)))
  },
  "ends_with": Function(parameters: [["string"], ["string"]]) { _, a throws(JMESPathError) in
    .bool(a[0].string.utf8.reversed().starts(with: a[1].string.utf8.reversed()))
  },
  "floor": Function(parameters: [["number"]]) { evaluator, a throws(JMESPathError) in
    try evaluator.rounded(a[0].json, .down)
  },
  "join": Function(parameters: [["string"], ["array-string"]]) { _, a throws(JMESPathError) in
    .string(a[1].list.map { $0.string ?? "" }.joined(separator: a[0].string))
  },
  "keys": Function(parameters: [["object"]]) { _, a throws(JMESPathError) in
    .array((a[0].json.object?.keys ?? []).map { .string($0) })
  },
  "length": Function(parameters: [["string", "array", "object"]]) { _, a throws(JMESPathError) in
    switch a[0].json {
    case .string(let text): .int(text.unicodeScalars.count)
    case .object(let members): .int(members.count)
    default: .int(a[0].list.count)
    }
  },
  "map": Function(parameters: [["expref"], ["array"]]) { evaluator, a throws(JMESPathError) in
    var results: [JSON] = []
    for element in a[1].list { results.append(try evaluator.value(a[0].node, element)) }
    return .array(results)
  },
  "max": Function(parameters: [["array-number", "array-string"]]) { _, a throws(JMESPathError) in
    a[0].list.reduce(nil) { best, next in best.map { isLess($0, next) ? next : $0 } ?? next } ?? .null
  },
  "max_by": Function(parameters: [["array"], ["expref"]]) { evaluator, a throws(JMESPathError) in
    let keys = try evaluator.keys(a[1].node, a[0].list, ["number", "string"], "max_by")
    return keys.indices.reduce(nil) { best, next in
      best.map { isLess(keys[$0], keys[next]) ? next : $0 } ?? next
    }.map { a[0].list[$0] } ?? .null
  },
  "merge": Function(parameters: [["object"]], isVariadic: true) { evaluator, a throws(JMESPathError) in
    var merged = JSONObject()
    for argument in a {
      // The library checks the first argument alone; what is wrong with others Python finds itself.
      guard let members = argument.json.object else {
        switch argument.json {
        case .array, .string:
          throw evaluator.typeError("merge", argument.pythonText, ["object"], argument.typeName)
        default: throw evaluator.error(.type, "'\(pythonTypeName(argument.json))' object is not iterable")
        }
      }
      for (key, value) in members { merged[key] = value }
    }
    return .object(merged)
  },
  "min": Function(parameters: [["array-number", "array-string"]]) { _, a throws(JMESPathError) in
    a[0].list.reduce(nil) { best, next in best.map { isLess(next, $0) ? next : $0 } ?? next } ?? .null
  },
  "min_by": Function(parameters: [["array"], ["expref"]]) { evaluator, a throws(JMESPathError) in
    let keys = try evaluator.keys(a[1].node, a[0].list, ["number", "string"], "min_by")
    return keys.indices.reduce(nil) { best, next in
      best.map { isLess(keys[next], keys[$0]) ? next : $0 } ?? next
    }.map { a[0].list[$0] } ?? .null
  },
  "not_null": Function(parameters: [[]], isVariadic: true) { _, a throws(JMESPathError) in
    a.first { !$0.json.isNull }?.json ?? .null
  },
  "reverse": Function(parameters: [["array", "string"]]) { _, a throws(JMESPathError) in
    guard let text = a[0].json.string else { return .array(a[0].list.reversed()) }
    return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
  },
  "sort": Function(parameters: [["array-string", "array-number"]]) { _, a throws(JMESPathError) in
    .array(sorted(a[0].list, by: a[0].list))
  },
  "sort_by": Function(parameters: [["array"], ["expref"]]) { evaluator, a throws(JMESPathError) in
    guard let first = a[0].list.first else { return a[0].json }
    let type = jmespathType(try evaluator.value(a[1].node, first))
    guard type == "number" || type == "string" else {
      throw evaluator.typeError("sort_by", pythonText(first), ["string", "number"], type)
    }
    return .array(sorted(a[0].list, by: try evaluator.keys(a[1].node, a[0].list, [type], "sort_by")))
  },
  "starts_with": Function(parameters: [["string"], ["string"]]) { _, a throws(JMESPathError) in
    .bool(a[0].string.utf8.starts(with: a[1].string.utf8))
  },
  "sum": Function(parameters: [["array-number"]]) { _, a throws(JMESPathError) in sum(a[0].list) },
  "to_array": Function(parameters: [[]]) { _, a throws(JMESPathError) in
    a[0].json.array == nil ? .array([a[0].json]) : a[0].json
  },
  "to_number": Function(parameters: [[]]) { _, a throws(JMESPathError) in
    switch a[0].json {
    case .number: a[0].json
    case .string(let text): number(text)
    default: .null
    }
  },
  "to_string": Function(parameters: [[]]) { _, a throws(JMESPathError) in
    .string(a[0].json.string ?? a[0].json.text(ensureASCII: true))
  },
  "type": Function(parameters: [[]]) { _, a throws(JMESPathError) in
    if case .value(let value) = a[0] { .string(jmespathType(value)) } else { .null }
  },
  "values": Function(parameters: [["object"]]) { _, a throws(JMESPathError) in
    .array(a[0].json.object?.values ?? [])
  },
]

/// The sum of numbers: an integer if all are, else a float, as in Python.
private func sum(_ numbers: [JSON]) -> JSON {
  var whole: Int64? = 0
  var float = 0.0
  for number in numbers.compactMap(\.number) {
    float += number.double
    guard let sum = whole, number.isInteger, let value = number.int else {
      whole = nil
      continue
    }
    let (next, overflow) = sum.addingReportingOverflow(value)
    whole = overflow ? nil : next
  }
  return whole.map { .number(JSONNumber($0)) } ?? .double(float)
}

/// `elements` ordered by `keys`, those of equal keys left as they stand.
private func sorted(_ elements: [JSON], by keys: [JSON]) -> [JSON] {
  elements.indices.sorted { a, b in
    isLess(keys[a], keys[b]) || (a < b && !isLess(keys[b], keys[a]))
  }.map { elements[$0] }
}

private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
  guard text.count >= part.count else { return false }
  return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
}

/// A string as Python's `int`, else as its `float` reads it; null if neither can.
private func number(_ text: String) -> JSON {
  let trimmed = text.unicodeScalars.drop { $0.properties.isWhitespace }
  guard let last = trimmed.lastIndex(where: { !$0.properties.isWhitespace }) else { return .null }
  var body = Array(String(String.UnicodeScalarView(trimmed[...last])).utf8)
  let isNegative = body.first == 0x2D
  if isNegative || body.first == 0x2B { body.removeFirst() }
  func isDigit(_ i: Int) -> Bool { body.indices.contains(i) && (0x30...0x39).contains(body[i]) }
  // An underscore may stand between two digits.
  guard body.indices.allSatisfy({ body[$0] != 0x5F || (isDigit($0 - 1) && isDigit($0 + 1)) }) else {
    return .null
  }
  body.removeAll { $0 == 0x5F }
  guard !body.isEmpty else { return .null }
  let sign = isNegative ? "-" : ""
  if body.indices.allSatisfy(isDigit) {
    let digits = String(decoding: body.drop { $0 == 0x30 }, as: UTF8.self)
    return JSONNumber(literal: digits.isEmpty ? "0" : sign + digits).map { .number($0) } ?? .null
  }
  let word = String(decoding: body, as: UTF8.self)
  switch word.lowercased() {
  case "nan": return .double(.nan)
  case "inf", "infinity": return .double(isNegative ? -.infinity : .infinity)
  default: break
  }
  guard body.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
    let value = Double(sign + (word.hasPrefix(".") ? "0" : "") + word.replacingPointAtEnd)
  else { return .null }
  return .double(value)
}

extension String {
  /// `5.` and `5.e3` with the digit that Swift's `Double` wants.
  fileprivate var replacingPointAtEnd: String {
    var out = ""
    var previous: Character?
    for character in self {
      if previous == ".", !character.isNumber { out.append("0") }
      out.append(character)
      previous = character
    }
    return previous == "." ? out + "0" : out
  }
}
