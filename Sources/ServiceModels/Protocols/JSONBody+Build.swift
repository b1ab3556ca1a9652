import OrderedJSON
import Wire

/// Bodies of the json and rest-json protocols.
enum JSONBody {}

extension JSONBody {
  /// A structure as JSON; `keep` chooses the members that belong to the body.
  static func build(
    structure value: Value, _ shape: Shape, keep: (Member) -> Bool = { _ in true }
  ) throws(ProtocolError) -> JSON {
    if shape.isDocument { return value.plainJSON }
    var out = JSONObject()
    for (member, value) in try givenMembers(value, shape) where keep(member) {
      out[member.locationName] = try within(member.name) { () throws(ProtocolError) in
        try build(value, member)
      }
    }
    return .object(out)
  }

  /// Any value as JSON.
  static func build(_ value: Value, _ member: Member) throws(ProtocolError) -> JSON {
    let shape = member.shape
    switch shape.kind {
    case .structure: return try build(structure: value, shape)
    case .list:
      guard case .list(let elements) = value, let element = shape.element else { break }
      var out: [JSON] = []
      out.reserveCapacity(elements.count)
      for (index, item) in elements.enumerated() {
        if case .null = item {
          out.append(.null)
        } else {
          out.append(try within("[\(index)]") { () throws(ProtocolError) in try build(item, element) })
        }
      }
      return .array(out)
    case .map:
      guard case .object(let fields) = value, let element = shape.value else { break }
      var out = JSONObject()
      for field in fields {
        if case .null = field.value {
          out[field.name] = .null
        } else {
          out[field.name] = try within(field.name) { () throws(ProtocolError) in
            try build(field.value, element)
          }
        }
      }
      return .object(out)
    case .boolean: if case .bool(let flag) = value { return .bool(flag) }
    case .integer, .long: if let number = value.integer { return .number(JSONNumber(number)) }
    case .float, .double:
      if case .integer(let number) = value { return .number(JSONNumber(number)) }
      if let number = value.double {
        return specialNumberName(number).map { .string($0) } ?? .number(JSONNumber(number))
      }
    case .timestamp:
      guard case .timestamp(let time) = value else { break }
      let format = member.timestampFormat ?? .unixTimestamp
      let text = timestampText(time, format)
      return format == .unixTimestamp
        ? JSONNumber(literal: text).map { .number($0) } ?? .string(text) : .string(text)
    case .string, .blob: return .string(try scalarText(value, member, timestamps: .unixTimestamp))
    }
    throw .unfit(path: "", detail: "is \(value.kindName) where \(shape.kind.rawValue) is expected")
  }
}
