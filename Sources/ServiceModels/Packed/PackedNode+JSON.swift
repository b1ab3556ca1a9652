import OrderedJSON

extension PackedNode {
  /// The whole value as JSON. Nesting deeper than 64 is cut off: no model has it, a damaged file may.
  func json(depth: Int = 64) -> JSON {
    guard depth > 0 else { return .null }
    if let string { return .string(string) }
    if let bool { return .bool(bool) }
    if let text = numberText { return JSONNumber(literal: text).map { .number($0) } ?? .null }
    if isArray { return .array((0..<count).compactMap { self[$0]?.json(depth: depth - 1) }) }
    guard isObject else { return .null }
    return .object(
      JSONObject(
        (0..<count).compactMap { position in
          guard let key = key(position), let value = self[position] else { return nil }
          return (key, value.json(depth: depth - 1))
        }))
  }
}
