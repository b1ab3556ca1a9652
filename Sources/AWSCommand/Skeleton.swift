import OrderedJSON
import ServiceModels

/// `--generate-cli-skeleton input`: an input with every member, to be filled in.
enum Skeleton {
  static func text(_ shape: Shape?) -> String {
    guard let shape else { return "{}" }
    return value(shape, []).text(indent: 4)
  }

  private static func value(_ shape: Shape, _ stack: [String]) -> JSON {
    // A shape within itself stays empty.
    if stack.contains(shape.name) { return .object(JSONObject()) }
    let inner = stack + [shape.name]
    if shape.isDocument { return .object(JSONObject()) }
    switch shape.kind {
    case .structure: return .object(JSONObject(shape.members.map { ($0.name, value($0.shape, inner)) }))
    case .list: return .array(shape.element.map { [value($0.shape, inner)] } ?? [])
    case .map:
      guard let element = shape.value?.shape else { return .object(JSONObject()) }
      return .object(JSONObject([("KeyName", value(element, inner))]))
    case .string: return .string(shape.enumeration.first ?? "")
    case .integer, .long: return .int(0)
    case .float, .double: return .double(0)
    case .boolean: return .bool(true)
    case .timestamp: return .string("1970-01-01T00:00:00")
    case .blob: return .null
    }
  }
}
