import Wire

/// The flat forms in which requests of the query and ec2 protocols go.
struct QueryForm: Sendable {
  /// Names and values in order, not encoded.
  private(set) var pairs: [(name: String, value: String)] = []
  /// The ec2 dialect: other names, lists always flat, empty lists absent.
  let isEC2: Bool

  init(isEC2: Bool) { self.isEC2 = isEC2 }

  mutating func add(_ name: String, _ value: String) { pairs.append((name, value)) }

  /// The form as a body.
  var encoded: [UInt8] {
    var out: [UInt8] = []
    for (name, value) in pairs {
      if !out.isEmpty { out.append(0x26) }
      QueryForm.encode(name, into: &out)
      out.append(0x3D)
      QueryForm.encode(value, into: &out)
    }
    return out
  }

  /// HTML's form encoding: unreserved characters stay, a space is a plus.
  private static func encode(_ text: String, into out: inout [UInt8]) {
    let hex: StaticString = "0123456789ABCDEF"
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
      case 0x20: out.append(0x2B)
      default: out += [0x25, hex.utf8Start[Int(byte >> 4)], hex.utf8Start[Int(byte & 15)]]
      }
    }
  }
}

extension QueryForm {
  /// Adds the members of a structure under `prefix`.
  mutating func build(structure value: Value, _ shape: Shape, prefix: String) throws(ProtocolError) {
    for (member, value) in try givenMembers(value, shape) {
      let name = self.name(of: member)
      do {
        try build(value, member, prefix: prefix.isEmpty ? name : "\(prefix).\(name)")
      } catch {
        try within(member.name) { () throws(ProtocolError) in throw error }
      }
    }
  }

  /// The name under which a member goes. ec2 has its own, else capitalises.
  func name(of member: Member) -> String {
    guard isEC2 else { return member.locationName }
    if let name = member.queryName { return name }
    let name = member.locationName
    guard let first = name.first else { return name }
    return first.uppercased() + name.dropFirst()
  }

  private mutating func build(_ value: Value, _ member: Member, prefix: String) throws(ProtocolError) {
    let shape = member.shape
    switch (shape.kind, value) {
    case (.structure, _): try build(structure: value, shape, prefix: prefix)
    case (.list, .list(let elements)):
      guard let element = shape.element else { return }
      if elements.isEmpty, !isEC2 { return add(prefix, "") }
      let stem = listStem(member, element, prefix)
      for (index, item) in elements.enumerated() { try build(item, element, prefix: "\(stem).\(index + 1)") }
    case (.map, .object(let fields)):
      guard let key = shape.key, let element = shape.value else { return }
      let stem = member.isFlattened || isEC2 ? prefix : "\(prefix).entry"
      for (index, field) in fields.enumerated() {
        add("\(stem).\(index + 1).\(key.locationName)", field.name)
        try build(field.value, element, prefix: "\(stem).\(index + 1).\(element.locationName)")
      }
    default: add(prefix, try scalarText(value, member, timestamps: .iso8601))
    }
  }

  /// What stands before the number of a list's element.
  func listStem(_ member: Member, _ element: Member, _ prefix: String) -> String {
    if isEC2 { return prefix }
    guard member.isFlattened else { return "\(prefix).\(element.locationName)" }
    guard !member.traits.isFlattenedByReference, let name = element.explicitLocationName else {
      return prefix
    }
    return prefix.lastIndex(of: ".").map { "\(prefix[..<$0]).\(name)" } ?? name
  }
}
