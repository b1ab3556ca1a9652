import ServiceModels

/// Gives shorthand's strings the types that the shape wants; what does not fit is left for validation to name.
enum ShorthandModel {
  static func fitted(_ value: Value, _ shape: Shape, depth: Int = 0) throws(CommandFailure) -> Value {
    guard depth < ShorthandParser.maximumDepth else { return value }
    if shape.isDocument {
      throw .parameter(
        "Shorthand syntax does not support document types. Use JSON input for top-level argument.")
    }
    switch (shape.kind, value) {
    case (.structure, .object(let fields)):
      var result = fields
      for member in shape.members {
        guard let given = fields[member.name] else { continue }
        result[member.name] = try fitted(given, member.shape, depth: depth + 1)
      }
      return .object(result)
    case (.map, .object(let fields)):
      guard let element = shape.value?.shape else { return value }
      var result = Fields()
      for field in fields { result[field.name] = try fitted(field.value, element, depth: depth + 1) }
      return .object(result)
    case (.list, .list(let values)):
      guard let element = shape.element?.shape else { return value }
      var result: [Value] = []
      for item in values { result.append(try fitted(item, element, depth: depth + 1)) }
      return .list(result)
    case (.list, _):
      // `foo=bar` where foo is a list: one element, left as it is.
      return .list([value])
    case (.integer, .string(let text)), (.long, .string(let text)): return .integer(try integer(text))
    case (.float, .string(let text)), (.double, .string(let text)): return .double(try number(text))
    case (.boolean, .string(let text)):
      switch text.lowercased() {
      case "true": return .bool(true)
      case "false": return .bool(false)
      default: return value
      }
    default: return value
    }
  }
}
