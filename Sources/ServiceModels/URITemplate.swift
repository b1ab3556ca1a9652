import Wire

/// A modelled request URI: literal segments, `{labels}`, at most one greedy `{label+}`, and a fixed query.
struct URITemplate: Hashable, Sendable {
  enum Segment: Hashable, Sendable {
    case literal(String)
    /// Text before, the label's name, text after: `v1-{Name}.json` is one segment.
    case label(prefix: String, name: String, suffix: String)
    case greedy(String)
  }

  var segments: [Segment] = []
  /// The fixed query: `encryption` has the value nil, `list-type=2` the value `2`.
  var query: [(name: String, value: String?)] = []
  /// The path as given, without the query.
  let path: String

  init(_ uri: String) {
    let mark = uri.firstIndex(of: "?")
    path = mark.map { String(uri[..<$0]) } ?? uri
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      if let open = part.firstIndex(of: "{"), let close = part.firstIndex(of: "}"), open < close {
        let name = part[part.index(after: open)..<close]
        if name.hasSuffix("+") {
          segments.append(.greedy(String(name.dropLast())))
        } else {
          segments.append(
            .label(
              prefix: String(part[..<open]), name: String(name),
              suffix: String(part[part.index(after: close)...])))
        }
      } else {
        segments.append(.literal(String(part)))
      }
    }
    guard let mark else { return }
    for pair in uri[uri.index(after: mark)...].split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      query.append((String(sides[0]), sides.count > 1 ? String(sides[1]) : nil))
    }
  }

  static func == (a: URITemplate, b: URITemplate) -> Bool {
    a.path == b.path && a.query.elementsEqual(b.query) { $0.name == $1.name && $0.value == $1.value }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(query.count)
  }
}
