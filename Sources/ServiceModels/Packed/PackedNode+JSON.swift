import OrderedJSON

extension PackedNode {
  /// The whole value as JSON. Nesting deeper than 64 and values beyond `limit` are cut off: no model has them, a damaged
  /// file may.
  func json(limit: Int = 100_000) -> JSON {
    var budget = limit
    return json(depth: 64, &budget)
  }

  private func json(depth: Int, _ budget: inout Int) -> JSON {
    budget -= 1
    guard depth > 0, budget > 0 else { return .null }
    if let string { return .string(string) }
    if let bool { return .bool(bool) }
    if let text = numberText { return JSONNumber(literal: text).map { .number($0) } ?? .null }
    var elements: [JSON] = []
    if isArray {
      for position in 0..<count {
        if let value = self[position] { elements.append(value.json(depth: depth - 1, &budget)) }
        if budget <= 0 { break }
      }
      return .array(elements)
    }
    guard isObject else { return .null }
    var members = JSONObject()
    for position in 0..<count {
      if let key = key(position), let value = self[position] {
        members[key] = value.json(depth: depth - 1, &budget)
      }
      if budget <= 0 { break }
    }
    return .object(members)
  }
}
