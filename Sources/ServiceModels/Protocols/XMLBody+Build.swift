import Wire

/// Bodies of the rest-xml protocol, and responses of query and ec2.
enum XMLBody {}

extension XMLBody {
  /// A structure's members as attributes of the element to be opened and as its content.
  static func build(
    structure value: Value, _ shape: Shape, name: String, namespace: XMLNamespace?,
    into writer: inout XMLWriter,
    keep: (Member) -> Bool = { _ in true }
  ) throws(ProtocolError) {
    let given = try givenMembers(value, shape).filter { keep($0.member) }
    var attributes: [(name: String, value: String)] = []
    for (member, value) in given where member.isXMLAttribute {
      let prefix = member.locationName.split(separator: ":").first.map(String.init) ?? ""
      if let declared = shape.traits.xmlNamespace ?? namespace, declared.prefix == nil, prefix == "xsi" {
        attributes.append(("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"))
      }
      attributes.append(
        (
          member.locationName,
          try within(member.name) { () throws(ProtocolError) in
            try scalarText(value, member, timestamps: .iso8601)
          }
        ))
    }
    try writer.element(name, namespace: namespace, attributes: attributes) { writer throws(ProtocolError) in
      for (member, value) in given where !member.isXMLAttribute {
        try within(member.name) { () throws(ProtocolError) in
          try build(value, member, name: member.locationName, into: &writer)
        }
      }
    }
  }

  /// A value as an element called `name`; flattened lists and maps as several.
  static func build(
    _ value: Value, _ member: Member, name: String, into writer: inout XMLWriter
  ) throws(ProtocolError) {
    let shape = member.shape
    switch (shape.kind, value) {
    case (.structure, _):
      try build(structure: value, shape, name: name, namespace: member.xmlNamespace, into: &writer)
    case (.list, .list(let elements)):
      guard let element = shape.element else { return }
      if member.isFlattened {
        let itemName = member.flattenedName
        for (index, item) in elements.enumerated() {
          try within("[\(index)]") { () throws(ProtocolError) in
            try build(item, element, name: itemName, into: &writer)
          }
        }
      } else {
        try writer.element(name, namespace: member.xmlNamespace) { writer throws(ProtocolError) in
          for (index, item) in elements.enumerated() {
            try within("[\(index)]") { () throws(ProtocolError) in
              try build(item, element, name: element.locationName, into: &writer)
            }
          }
        }
      }
    case (.map, .object(let fields)):
      if member.isFlattened {
        for field in fields {
          try build(entry: field, shape, name: name, namespace: member.xmlNamespace, into: &writer)
        }
      } else {
        try writer.element(name, namespace: member.xmlNamespace) { writer throws(ProtocolError) in
          for field in fields { try build(entry: field, shape, name: "entry", namespace: nil, into: &writer) }
        }
      }
    default:
      writer.element(
        name, namespace: member.xmlNamespace, text: try scalarText(value, member, timestamps: .iso8601))
    }
  }

  private static func build(
    entry field: Fields.Field, _ shape: Shape, name: String, namespace: XMLNamespace?,
    into writer: inout XMLWriter
  ) throws(ProtocolError) {
    guard let key = shape.key, let value = shape.value else { return }
    try writer.element(name, namespace: namespace) { writer throws(ProtocolError) in
      try build(.string(field.name), key, name: key.locationName, into: &writer)
      try within(field.name) { () throws(ProtocolError) in
        try build(field.value, value, name: value.locationName, into: &writer)
      }
    }
  }
}
