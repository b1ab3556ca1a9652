import OrderedJSON
import ServiceModels

/// `--generate-cli-skeleton`: an input with every member, to be filled in, or an answer that nobody gave.
enum Skeleton {
  static func text(_ shape: Shape?) -> String {
    guard let shape else { return "{}" }
    return value(shape, []).plainJSON.text(indent: 4)
  }

  /// A made-up answer: texts are the names of their members.
  static func output(_ shape: Shape?) -> Value {
    shape.map { value($0, [], name: "") } ?? .object(Fields())
  }

  /// - Parameter name: what texts say; nil for a text to fill in.
  private static func value(_ shape: Shape, _ stack: [String], name: String? = nil) -> Value {
    // A shape within itself stays empty.
    if stack.contains(shape.name) { return .object(Fields()) }
    let inner = stack + [shape.name]
    if shape.isDocument { return .object(Fields()) }
    switch shape.kind {
    case .structure:
      return .object(
        Fields(
          shape.members.map { member in
            .init(member.name, value(member.shape, inner, name: name == nil ? nil : member.name))
          }))
    case .list:
      guard let element = shape.element?.shape else { return .list([]) }
      return .list([value(element, inner, name: name == nil ? nil : element.name)])
    case .map:
      guard let element = shape.value?.shape else { return .object(Fields()) }
      return .object(["KeyName": value(element, inner, name: name == nil ? nil : "")])
    case .string: return .string(name ?? shape.enumeration.first ?? "")
    case .integer, .long: return 0
    case .float, .double: return .double(0)
    case .boolean: return true
    case .timestamp: return .string("1970-01-01T00:00:00")
    case .blob: return .null
    }
  }
}
