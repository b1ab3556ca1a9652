import OrderedJSON
import Wire

extension JSONBody {
  /// The JSON of a body; no bytes are an empty object.
  static func parse(_ bytes: [UInt8]) throws(ProtocolError) -> JSON {
    if bytes.isEmpty { return .object(JSONObject()) }
    do {
      return try JSON.parse(bytes: bytes)
    } catch {
      throw .malformed("\(error)")
    }
  }

  /// A structure from JSON: members in model order, null and unknown ones left out.
  static func parse(
    structure json: JSON, _ shape: Shape, style: Style, keep: (Member) -> Bool = { _ in true }
  ) throws(ProtocolError) -> Value {
    if shape.isDocument { return Value(document: json) }
    guard let object = json.object else {
      throw .unfit(path: "", detail: "is \(json.kindName) where structure is expected")
    }
    if shape.isUnion { if let unknown = try unknownTag(object, shape) { return unknown } }
    var fields: [Fields.Field] = []
    for member in shape.members where keep(member) {
      guard let value = object[member.locationName], value != .null else { continue }
      fields.append(
        Fields.Field(
          member.name,
          try within(member.name) { () throws(ProtocolError) in try parse(value, member, style: style) }))
    }
    return .object(Fields(fields))
  }

  /// Whose JSON it is. Numbers of float and double shapes: `json` keeps whole ones whole, rest-json makes them doubles.
  /// Answers are read as botocore reads them: where a string is modelled, whatever JSON came is taken.
  enum Style {
    case jsonAnswer, restAnswer, jsonRequest, restRequest

    var keepsNumbers: Bool { self == .jsonAnswer || self == .jsonRequest }
    var isLenient: Bool { self == .jsonAnswer || self == .restAnswer }
  }

  /// A value from JSON.
  static func parse(_ json: JSON, _ member: Member, style: Style) throws(ProtocolError) -> Value {
    let shape = member.shape
    switch (shape.kind, json) {
    case (.structure, _): return try parse(structure: json, shape, style: style)
    case (.list, .array(let elements)):
      guard let element = shape.element else { break }
      var out: [Value] = []
      out.reserveCapacity(elements.count)
      for (index, item) in elements.enumerated() {
        out.append(
          item == .null
            ? .null
            : try within("[\(index)]") { () throws(ProtocolError) in
              try parse(item, element, style: style)
            })
      }
      return .list(out)
    case (.map, .object(let members)):
      guard let element = shape.value else { break }
      var fields: [Fields.Field] = []
      for (key, item) in members {
        fields.append(
          Fields.Field(
            key,
            item == .null
              ? .null
              : try within(key) { () throws(ProtocolError) in try parse(item, element, style: style) }))
      }
      return .object(Fields(fields))
    case (.boolean, .bool(let flag)): return .bool(flag)
    case (.integer, .number(let number)), (.long, .number(let number)):
      if let whole = number.int ?? Int64(exactly: number.double) { return .integer(whole) }
    case (.float, .number(let number)), (.double, .number(let number)):
      if style.keepsNumbers, number.isInteger, let whole = number.int { return .integer(whole) }
      return .double(number.double)
    case (.timestamp, .number(let number)): return .timestamp(Timestamp(seconds: number.double))
    case (_, .string(let text)) where shape.kind != .list && shape.kind != .map:
      return try scalar(text, member)
    case (.string, .number(let number)): return .string(number.literal)
    case (.string, _) where style.isLenient: return Value(document: json)
    default: break
    }
    throw .unfit(path: "", detail: "is \(json.kindName) where \(shape.kind.rawValue) is expected")
  }

  /// A union must have one member set. One that the model does not know is kept by name, as botocore keeps it.
  private static func unknownTag(_ object: JSONObject, _ shape: Shape) throws(ProtocolError) -> Value? {
    let set = object.filter { $0.key != "__type" && $0.value != .null }.map(\.key)
    guard let tag = set.first, set.count == 1 else {
      throw .malformed("\(shape.name) must have one and only one member set")
    }
    return shape.members.contains { $0.locationName == tag }
      ? nil : ["SDK_UNKNOWN_MEMBER": ["name": .string(tag)]]
  }
}

extension JSON {
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "list"
    case .object: "structure"
    }
  }
}
