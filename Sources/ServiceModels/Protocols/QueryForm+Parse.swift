import Wire

/// A form as a tree: `Tags.member.1.Key` is four steps down.
struct QueryTree: Sendable {
  var value: String?
  var children: [String: QueryTree] = [:]

  /// Steps below the root; AWS's deepest inputs have about ten.
  static let maximumDepth = 48

  /// Reads a form body or query string.
  static func parse(_ form: String) throws(ProtocolError) -> QueryTree {
    var root = QueryTree()
    for pair in form.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = percentDecoded(sides[0], plusIsSpace: true)
      let value = sides.count > 1 ? percentDecoded(sides[1], plusIsSpace: true) : ""
      let path = name.split(separator: ".", maxSplits: maximumDepth, omittingEmptySubsequences: false)
      guard path.count <= maximumDepth else {
        throw .malformed("the parameter \(name.prefix(80))... is nested too deeply")
      }
      root.insert(path[...], value)
    }
    return root
  }

  private mutating func insert(_ path: ArraySlice<Substring>, _ value: String) {
    guard let step = path.first else {
      self.value = value
      return
    }
    children[String(step), default: QueryTree()].insert(path.dropFirst(), value)
  }

  /// The node at a dotted path.
  subscript(path: String) -> QueryTree? {
    var node = self
    for step in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard let next = node.children[String(step)] else { return nil }
      node = next
    }
    return node
  }

  /// Numbered children in numerical order.
  var numbered: [QueryTree] {
    children.compactMap { key, node in Int(key).map { ($0, node) } }.sorted { $0.0 < $1.0 }.map(\.1)
  }
}

extension QueryForm {
  /// A structure from the tree below its prefix.
  static func parse(_ tree: QueryTree, structure shape: Shape, isEC2: Bool) throws(ProtocolError) -> Value {
    let form = QueryForm(isEC2: isEC2)
    var fields: [Fields.Field] = []
    for member in shape.members {
      let value = try within(member.name) { () throws(ProtocolError) in
        try form.parse(tree, member, name: form.name(of: member))
      }
      if let value { fields.append(Fields.Field(member.name, value)) }
    }
    return .object(Fields(fields))
  }

  private func parse(_ parent: QueryTree, _ member: Member, name: String) throws(ProtocolError) -> Value? {
    let shape = member.shape
    switch shape.kind {
    case .structure:
      guard let node = parent[name], !node.children.isEmpty else { return nil }
      return try QueryForm.parse(node, structure: shape, isEC2: isEC2)
    case .list:
      guard let element = shape.element else { return nil }
      // An empty list of the query protocol is its name with nothing.
      let items = parent[listStem(member, element, name)]?.numbered ?? []
      if items.isEmpty { return !isEC2 && parent[name]?.value == "" ? .list([]) : nil }
      var out: [Value] = []
      for (index, item) in items.enumerated() {
        out.append(try within("[\(index)]") { () throws(ProtocolError) in try parse(item, element) ?? .null })
      }
      return .list(out)
    case .map:
      guard let key = shape.key, let element = shape.value,
        let node = parent[member.isFlattened || isEC2 ? name : "\(name).entry"]
      else { return nil }
      var fields = Fields()
      for entry in node.numbered {
        guard let entryKey = entry[key.locationName]?.value, let content = entry[element.locationName] else {
          throw .unfit(path: "", detail: "has an entry without key or value")
        }
        fields[entryKey] = try within(entryKey) { () throws(ProtocolError) in
          try parse(content, element) ?? .null
        }
      }
      return .object(fields)
    default: return try parent[name].flatMap { node throws(ProtocolError) in try parse(node, member) }
    }
  }

  /// An element, or the value of a map: what stands at the node itself.
  private func parse(_ node: QueryTree, _ member: Member) throws(ProtocolError) -> Value? {
    let shape = member.shape
    switch shape.kind {
    case .structure: return try QueryForm.parse(node, structure: shape, isEC2: isEC2)
    case .list, .map:
      // The node has no name of its own: give it one.
      return try parse(QueryTree(children: ["-": node]), member, name: "-")
    default: return try node.value.map { text throws(ProtocolError) in try scalar(text, member) }
    }
  }
}
