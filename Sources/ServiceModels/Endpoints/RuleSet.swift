import OrderedJSON

/// A service's endpoint rules, evaluated in packed form.
struct RuleSet: Sendable {
  private let node: PackedNode
  private let partitions: Partitions

  /// Nested rules; the deepest of AWS's have about 20.
  private static let maximumDepth = 64
  /// Rules, calls and values looked at; S3's need some hundreds. Only a damaged file exceeds it.
  private static let maximumSteps = 100_000
  /// Bytes of a text that a template gives; URLs have some hundreds. Else conditions could double one 64 times.
  private static let maximumText = 16_384
  /// Elements of a literal list; AWS's rules have none of more than some.
  private static let maximumElements = 1000

  init(_ node: PackedNode, partitions: Partitions) {
    self.node = node
    self.partitions = partitions
  }

  /// What a rule found.
  struct Outcome: Hashable, Sendable {
    var url: String
    var properties: JSON
    var headers: [String: [String]]
  }

  struct Parameter: Sendable {
    var name: String
    var builtIn: String?
    var fallback: RuleValue
    var isRequired: Bool
  }

  /// The parameters that the rules take.
  var parameters: [Parameter] {
    guard let list = node["parameters"] else { return [] }
    return (0..<list.count).compactMap { position in
      guard let name = list.key(position), let entry = list[position] else { return nil }
      return Parameter(
        name: name, builtIn: entry["builtIn"]?.string,
        fallback: entry["default"].map { RuleSet.literal($0) } ?? .none,
        isRequired: entry["required"]?.bool ?? false)
    }
  }

  /// The endpoint for `given`.
  /// - Throws: the rules' own error, with their text, or that no rule fits.
  func evaluate(_ given: [String: RuleValue]) throws(EndpointError) -> Outcome {
    var scope: [String: RuleValue] = [:]
    for parameter in parameters {
      let value = given[parameter.name] ?? parameter.fallback
      if value == .none {
        guard !parameter.isRequired else {
          throw EndpointError("Cannot find value for required parameter \(parameter.name)")
        }
      } else {
        scope[parameter.name] = value
      }
    }
    var steps = 0
    if let rules = node["rules"], let found = try evaluate(rules: rules, scope, depth: 0, &steps) {
      return found
    }
    let shown = given.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }
    throw EndpointError("No endpoint found for parameters:\n\(shown.joined(separator: "\n"))")
  }

  private func evaluate(
    rules: PackedNode, _ scope: [String: RuleValue], depth: Int, _ steps: inout Int
  ) throws(EndpointError) -> Outcome? {
    guard depth < Self.maximumDepth else { throw EndpointError("The endpoint rules are nested too deeply.") }
    for position in 0..<rules.count {
      guard let rule = rules[position] else { continue }
      try RuleSet.count(&steps)
      var scope = scope
      guard try conditionsHold(rule, &scope, &steps) else { continue }
      switch rule["type"]?.string {
      case "tree":
        if let nested = rule["rules"],
          let found = try evaluate(rules: nested, scope, depth: depth + 1, &steps)
        {
          return found
        }
      case "endpoint":
        return try rule["endpoint"].map { node throws(EndpointError) in
          try outcome(node, scope, &steps)
        }
      case "error":
        let text = try rule["error"].map { node throws(EndpointError) in try value(node, &scope, 0, &steps) }
        throw EndpointError(text?.text ?? "The endpoint rules refuse these parameters.")
      default: throw EndpointError("The endpoint rules hold a rule of unknown type.")
      }
    }
    return nil
  }

  private func conditionsHold(
    _ rule: PackedNode, _ scope: inout [String: RuleValue], _ steps: inout Int
  ) throws(EndpointError) -> Bool {
    guard let conditions = rule["conditions"] else { return true }
    for position in 0..<conditions.count {
      guard let condition = conditions[position] else { continue }
      if try !call(condition, &scope, 0, &steps).holds { return false }
    }
    return true
  }

  private func call(
    _ node: PackedNode, _ scope: inout [String: RuleValue], _ depth: Int, _ steps: inout Int
  ) throws(EndpointError) -> RuleValue {
    try RuleSet.count(&steps)
    guard depth < Self.maximumDepth else { throw RuleSet.tooManySteps }
    guard let name = node["fn"]?.string, let argv = node["argv"] else {
      throw EndpointError("The endpoint rules hold a condition that calls nothing.")
    }
    var arguments: [RuleValue] = []
    for position in 0..<argv.count {
      if let argument = argv[position] { arguments.append(try value(argument, &scope, depth + 1, &steps)) }
    }
    let result = try RuleFunctions.call(name, arguments, partitions)
    if let assigned = node["assign"]?.string { scope[assigned] = result }
    return result
  }

  private static let tooManySteps = EndpointError("The endpoint rules take too many steps.")

  private static func count(_ steps: inout Int) throws(EndpointError) {
    steps += 1
    guard steps < maximumSteps else { throw tooManySteps }
  }

  private func value(
    _ node: PackedNode, _ scope: inout [String: RuleValue], _ depth: Int, _ steps: inout Int
  ) throws(EndpointError) -> RuleValue {
    try RuleSet.count(&steps)
    if node.isObject {
      if let name = node["ref"]?.string { return scope[name] ?? .none }
      return try call(node, &scope, depth, &steps)
    }
    if let text = node.string { return .string(try RuleSet.filled(text, scope)) }
    return RuleSet.literal(node)
  }

  private static func literal(_ node: PackedNode) -> RuleValue {
    if let text = node.string { return .string(text) }
    if let flag = node.bool { return .bool(flag) }
    if let number = node.int { return .int(number) }
    if node.isArray {
      return .array(
        (0..<min(node.count, maximumElements)).compactMap { node[$0]?.string.map { .string($0) } })
    }
    return .none
  }

  /// A template with its `{name}` and `{name#attribute}` filled in; `{{` and `}}` are braces.
  static func filled(_ text: String, _ scope: [String: RuleValue]) throws(EndpointError) -> String {
    guard text.utf8.contains(0x7B) || text.utf8.contains(0x7D) else { return text }
    var out = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      out += rest[..<mark]
      guard out.utf8.count <= maximumText else { throw tooLong }
      let next = rest.index(after: mark)
      if next < rest.endIndex, rest[next] == rest[mark] {
        out.append(rest[mark])
        rest = rest[rest.index(after: next)...]
      } else if rest[mark] == "{", let close = rest[next...].firstIndex(of: "}") {
        let path = rest[next..<close].split(separator: "#")
        var value = path.first.flatMap { scope[String($0)] } ?? .none
        for step in path.dropFirst() { value = value.attribute(String(step)) }
        out += value.text
        rest = rest[rest.index(after: close)...]
      } else {
        out.append(rest[mark])
        rest = rest[next...]
      }
    }
    out += rest
    guard out.utf8.count <= maximumText else { throw tooLong }
    return out
  }

  private static let tooLong = EndpointError("The endpoint rules make a text that is too long.")

  private func outcome(
    _ node: PackedNode, _ scope: [String: RuleValue], _ steps: inout Int
  ) throws(EndpointError) -> Outcome {
    var scope = scope
    guard let url = node["url"], case .string(let text) = try value(url, &scope, 0, &steps) else {
      throw EndpointError("The endpoint rules give no URL.")
    }
    var headers: [String: [String]] = [:]
    if let list = node["headers"] {
      for position in 0..<list.count {
        guard let name = list.key(position), let values = list[position] else { continue }
        var texts: [String] = []
        for index in 0..<values.count {
          if let item = values[index] { texts.append(try value(item, &scope, 0, &steps).text) }
        }
        headers[name] = texts
      }
    }
    let properties = node["properties"]?.json() ?? .object(JSONObject())
    return Outcome(url: text, properties: try filled(properties, scope), headers: headers)
  }

  private func filled(_ json: JSON, _ scope: [String: RuleValue]) throws(EndpointError) -> JSON {
    switch json {
    case .string(let text):
      return .string(try RuleSet.filled(text, scope))
    case .array(let elements):
      return .array(try elements.map { element throws(EndpointError) in try filled(element, scope) })
    case .object(let members):
      return .object(try members.mapValues { member throws(EndpointError) in try filled(member, scope) })
    default:
      return json
    }
  }
}
