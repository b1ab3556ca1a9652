import Wire

extension RESTBinding {
  /// The members of an input that stand in path, query and headers of `request`.
  static func parse(
    _ request: HTTPRequest, path: String, _ shape: Shape, _ template: URITemplate
  ) throws(ProtocolError) -> [String: Value] {
    guard let labels = template.labels(of: path) else {
      throw .malformed("the path \(path) does not fit \(template.path)")
    }
    let query = QueryString(request.query)
    let named = Set(
      shape.members.compactMap {
        $0.location == .querystring && $0.shape.kind != .map ? $0.locationName : nil
      }
        + template.query.map(\.name))
    var values: [String: Value] = [:]
    for member in shape.members {
      let value = try within(member.name) { () throws(ProtocolError) -> Value? in
        switch member.location {
        case .uri:
          try labels[member.locationName].map { text throws(ProtocolError) in try scalar(text, member) }
        case .querystring: try RESTBinding.value(of: query, member, named: named)
        case .header:
          try request.headers[member.locationName].map { text throws(ProtocolError) in
            try headerValue(text, member)
          }
        case .headers: prefixed(request.headers, member)
        case .statusCode, nil: nil
        }
      }
      if let value { values[member.name] = value }
    }
    return values
  }

  /// The members of an output or error that stand in status and headers of `response`. A header that cannot be
  /// read is left out: S3 hands back whatever a client once stored as `Expires`.
  static func parse(_ response: HTTPResponse, _ shape: Shape) -> [String: Value] {
    var values: [String: Value] = [:]
    for member in shape.members {
      switch member.location {
      case .statusCode: values[member.name] = .integer(Int64(response.status))
      case .header:
        if let text = response.headers[member.locationName], let value = try? headerValue(text, member) {
          values[member.name] = value
        }
      case .headers: values[member.name] = prefixed(response.headers, member) ?? .object(Fields())
      default: break
      }
    }
    return values
  }

  /// The headers that begin with the member's name; nil if there are none.
  private static func prefixed(_ headers: Headers, _ member: Member) -> Value? {
    let prefix = member.explicitLocationName?.lowercased() ?? ""
    var fields = Fields()
    for header in headers where header.name.lowercased().hasPrefix(prefix) {
      fields[String(header.name.dropFirst(prefix.count))] = .string(header.value)
    }
    return fields.isEmpty ? nil : .object(fields)
  }

  private static func value(
    of query: QueryString, _ member: Member, named: Set<String>
  ) throws(ProtocolError) -> Value? {
    switch member.shape.kind {
    case .list:
      guard let element = member.shape.element else { return nil }
      var out: [Value] = []
      for text in query.values(member.locationName) { out.append(try scalar(text, element)) }
      return out.isEmpty ? nil : .list(out)
    case .map:
      var fields = Fields()
      for (name, value) in query.pairs where !named.contains(name) {
        if member.shape.value?.shape.kind == .list {
          fields[name] = .list((fields[name]?.list ?? []) + [.string(value ?? "")])
        } else {
          fields[name] = .string(value ?? "")
        }
      }
      return fields.isEmpty ? nil : .object(fields)
    default:
      return try query[member.locationName].map { text throws(ProtocolError) in try scalar(text, member) }
    }
  }
}

/// A query string taken apart and decoded.
struct QueryString: Sendable {
  var pairs: [(name: String, value: String?)] = []

  init(_ query: String) {
    for pair in query.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      pairs.append((percentDecoded(sides[0]), sides.count > 1 ? percentDecoded(sides[1]) : nil))
    }
  }

  /// The first value under `name`; empty if it is there without one.
  subscript(name: String) -> String? {
    pairs.first { $0.name == name }.map { $0.value ?? "" }
  }

  func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map { $0.value ?? "" } }
}

extension URITemplate {
  /// What the labels stand for in `path`, decoded; nil if the path does not fit.
  func labels(of path: String) -> [String: String]? {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    // "/bucket/" is "/bucket".
    if parts.count == segments.count + 1, parts.last == "", !segments.isEmpty { parts = parts.dropLast() }
    var found: [String: String] = [:]
    var rest = parts
    for (index, segment) in segments.enumerated() {
      guard let part = rest.first else { return nil }
      switch segment {
      case .literal(let text):
        guard percentDecoded(part) == text else { return nil }
        rest = rest.dropFirst()
      case .label(let prefix, let name, let suffix):
        guard part.count > prefix.count + suffix.count, part.hasPrefix(prefix), part.hasSuffix(suffix) else {
          return nil
        }
        found[name] = percentDecoded(part.dropFirst(prefix.count).dropLast(suffix.count))
        rest = rest.dropFirst()
      case .greedy(let name):
        let following = segments.count - index - 1
        guard rest.count > following else { return nil }
        let text = rest.dropLast(following).joined(separator: "/")
        guard !text.isEmpty else { return nil }
        found[name] = percentDecoded(text)
        rest = rest.suffix(following)
      }
    }
    return rest.isEmpty ? found : nil
  }
}
