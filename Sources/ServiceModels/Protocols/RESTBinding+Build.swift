import Wire

/// How members of an input are spread over path, query and headers in the rest protocols.
struct RESTBinding {
  var path: String
  var query: String
  var headers: Headers

  /// Binds every member of `input` that has a location. `dropsBucket` leaves out S3's first label, which the
  /// endpoint already has.
  static func build(
    _ input: Value, _ shape: Shape?, _ template: URITemplate, dropsBucket: Bool
  ) throws(ProtocolError) -> RESTBinding {
    var labels: [String: (Member, Value)] = [:]
    var query: [(name: String, value: String?)] = template.query
    var headers = Headers()
    if let shape {
      let given = try givenMembers(input, shape)
      for (member, value) in given {
        try within(member.name) { () throws(ProtocolError) in
          switch member.location {
          case .uri: labels[member.locationName] = (member, value)
          case .header: if let text = try headerText(value, member) { headers.add(member.locationName, text) }
          case .headers:
            for field in value.object ?? Fields() {
              headers.add(member.locationName + field.name, field.value.string ?? "")
            }
          case .querystring: try add(value, member, to: &query)
          case .statusCode, nil: break
          }
        }
      }
    }
    return RESTBinding(
      path: try path(template, labels, dropsBucket: dropsBucket),
      query: query.map { name, value in
        percentEncoded(name) + (value.map { "=" + percentEncoded($0) } ?? "")
      }.joined(separator: "&"), headers: headers)
  }

  private static func add(
    _ value: Value, _ member: Member, to query: inout [(name: String, value: String?)]
  ) throws(ProtocolError) {
    switch (member.shape.kind, value) {
    case (.list, .list(let elements)):
      guard let element = member.shape.element else { return }
      for item in elements where item != .null {
        query.append((member.locationName, try scalarText(item, element, timestamps: .iso8601)))
      }
    case (.map, .object(let fields)):
      // A member with a name of its own wins over an entry of the map.
      let taken = Set(query.map(\.name))
      for field in fields where !taken.contains(field.name) {
        for item in field.value.list ?? [field.value] { query.append((field.name, item.string ?? "")) }
      }
    default: query.append((member.locationName, try scalarText(value, member, timestamps: .iso8601)))
    }
  }

  private static func path(
    _ template: URITemplate, _ labels: [String: (Member, Value)], dropsBucket: Bool
  ) throws(ProtocolError) -> String {
    var segments: [String] = []
    for (index, segment) in template.segments.enumerated() {
      switch segment {
      case .literal(let text): segments.append(text)
      case .label(let prefix, let name, let suffix):
        if dropsBucket, index == 0, name == "Bucket" { continue }
        segments.append(prefix + percentEncoded(try label(name, labels)) + suffix)
      case .greedy(let name): segments.append(percentEncoded(try label(name, labels), keepingSlash: true))
      }
    }
    return "/" + segments.joined(separator: "/")
  }

  private static func label(
    _ name: String, _ labels: [String: (Member, Value)]
  ) throws(ProtocolError) -> String {
    guard let (member, value) = labels[name] else {
      throw .unfit(path: name, detail: "is missing: it is part of the path")
    }
    let text = try scalarText(value, member, timestamps: .iso8601)
    guard !text.isEmpty else { throw .unfit(path: member.name, detail: "is empty: it is part of the path") }
    return text
  }
}
