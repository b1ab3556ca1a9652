import Wire

extension XMLBody {
  /// A structure from an element: members in model order, unknown elements left out.
  static func parse(
    structure element: XMLElement, _ shape: Shape, keep: (Member) -> Bool = { _ in true }
  ) throws(ProtocolError) -> Value {
    if shape.isUnion { if let unknown = try unknownTag(element, shape) { return unknown } }
    var fields: [Fields.Field] = []
    for member in shape.members where keep(member) {
      if member.isXMLAttribute {
        if let attribute = element.attributes.first(where: { $0.name == member.locationName }) {
          fields.append(Fields.Field(member.name, try scalar(attribute.value, member)))
        }
        continue
      }
      let found = element.all(elementName(of: member))
      guard let first = found.first else { continue }
      fields.append(
        Fields.Field(
          member.name,
          try within(member.name) { () throws(ProtocolError) in
            try member.isFlattened ? parse(flattened: found, member) : parse(first, member)
          }))
    }
    return .object(Fields(fields))
  }

  /// A value from its element.
  static func parse(_ element: XMLElement, _ member: Member) throws(ProtocolError) -> Value {
    let shape = member.shape
    switch shape.kind {
    case .structure: return try parse(structure: element, shape)
    case .list: return try parse(items: element.children, shape)
    case .map: return try parse(entries: element.children, shape)
    default: return try scalar(trimmed(element.text, shape.kind), member)
    }
  }

  private static func parse(flattened elements: [XMLElement], _ member: Member) throws(ProtocolError) -> Value
  {
    switch member.shape.kind {
    case .list: return try parse(items: elements, member.shape)
    case .map: return try parse(entries: elements, member.shape)
    default:
      return try elements.first.map { element throws(ProtocolError) in try parse(element, member) } ?? .null
    }
  }

  private static func parse(items: [XMLElement], _ shape: Shape) throws(ProtocolError) -> Value {
    guard let element = shape.element else { return .list([]) }
    var out: [Value] = []
    out.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      out.append(try within("[\(index)]") { () throws(ProtocolError) in try parse(item, element) })
    }
    return .list(out)
  }

  private static func parse(entries: [XMLElement], _ shape: Shape) throws(ProtocolError) -> Value {
    guard let key = shape.key, let value = shape.value else { return .object(Fields()) }
    var fields: [Fields.Field] = []
    var positions: [String: Int] = [:]
    for entry in entries {
      guard let name = entry[key.locationName], let content = entry[value.locationName] else {
        throw .unfit(path: "", detail: "has an entry without \(key.locationName) or \(value.locationName)")
      }
      let field = Fields.Field(
        name.text, try within(name.text) { () throws(ProtocolError) in try parse(content, value) })
      // The last entry of a name wins, in the place of the first.
      if let position = positions[field.name] {
        fields[position] = field
      } else {
        positions[field.name] = fields.count
        fields.append(field)
      }
    }
    return .object(Fields(fields))
  }

  /// The element that a member of a structure is in: a flattened list is known by the name of its elements.
  static func elementName(of member: Member) -> String {
    member.isFlattened && member.shape.kind == .list ? member.flattenedName : member.locationName
  }

  /// Numbers, booleans and times may stand on a line of their own; strings are taken as they are.
  private static func trimmed(_ text: String, _ kind: Kind) -> String {
    guard kind != .string, kind != .blob else { return text }
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
    return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }

  private static func unknownTag(_ element: XMLElement, _ shape: Shape) throws(ProtocolError) -> Value? {
    guard let tag = element.children.first?.name, element.children.allSatisfy({ $0.name == tag }) else {
      throw .malformed("\(shape.name) must have one and only one member set")
    }
    return shape.members.contains { elementName(of: $0) == tag }
      ? nil : ["SDK_UNKNOWN_MEMBER": ["name": .string(tag)]]
  }
}
