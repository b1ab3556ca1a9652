extension PolicyDocument {
  /// The condition keys that the policy asks for, in conditions and in variables.
  var contextKeys: Set<String> {
    var keys: Set<String> = []
    for statement in statements {
      for condition in statement.conditions {
        keys.insert(condition.key)
        for value in condition.values { keys.formUnion(Self.variables(value)) }
      }
      for resource in statement.resources?.patterns ?? [] { keys.formUnion(Self.variables(resource)) }
    }
    return keys
  }

  /// The names in `${name}` and `${name, 'default'}`.
  private static func variables(_ text: String) -> [String] {
    var names: [String] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "$") {
      rest = rest[rest.index(after: start)...]
      guard rest.first == "{", let end = rest.firstIndex(of: "}") else { continue }
      let name = rest[rest.index(after: rest.startIndex)..<end].prefix { $0 != "," }
      if !["*", "?", "$"].contains(String(name)) { names.append(String(name)) }
      rest = rest[end...]
    }
    return names
  }
}
