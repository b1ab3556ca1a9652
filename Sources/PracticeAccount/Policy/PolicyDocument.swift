import OrderedJSON

/// A policy as the evaluator reads it. Syntax errors are `PolicyValidation`'s business; here anything that
/// cannot be read matches nothing (IAM user guide, "JSON policy element reference").
package struct PolicyDocument: Hashable, Sendable {
  package var version: String
  package var statements: [PolicyStatement]

  package init(version: String = "2012-10-17", statements: [PolicyStatement] = []) {
    self.version = version
    self.statements = statements
  }

  /// Reads a policy. `Statement` may be one object or a list.
  package init(json: JSON) {
    version = json["Version"]?.string ?? "2008-10-17"
    let listed = json["Statement"]
    let all: [JSON] = listed?.array ?? (listed.map { [$0] } ?? [])
    statements = all.map { PolicyStatement(json: $0) }
  }

  /// Reads a policy's text; nil if it is no JSON object.
  package init?(text: String) {
    guard let json = try? JSON.parse(text), json.object != nil else { return nil }
    self.init(json: json)
  }
}

/// One statement: effect, who, what, on what, when.
package struct PolicyStatement: Hashable, Sendable {
  /// A list and whether it is the `Not...` form.
  package struct Patterns: Hashable, Sendable {
    package var patterns: [String]
    package var isNegated: Bool
  }

  /// `Principal` by kind: `AWS`, `Service`, `Federated`, `CanonicalUser`. `"*"` is `["AWS": ["*"]]`.
  package struct Principals: Hashable, Sendable {
    package var byKind: [String: [String]]
    package var isNegated: Bool
  }

  /// `{operator: {key: [values]}}`, one row each.
  package struct Condition: Hashable, Sendable {
    package var operatorName: String
    package var key: String
    package var values: [String]
  }

  package var sid: String?
  package var allows: Bool
  package var principals: Principals?
  package var actions: Patterns?
  /// Nil in trust policies, which speak of the role they are attached to.
  package var resources: Patterns?
  package var conditions: [Condition]

  package init(json: JSON) {
    sid = json["Sid"]?.string
    allows = json["Effect"]?.string == "Allow"
    principals =
      Self.principals(json["Principal"], negated: false)
      ?? Self.principals(json["NotPrincipal"], negated: true)
    actions = Self.patterns(json["Action"], negated: false) ?? Self.patterns(json["NotAction"], negated: true)
    resources =
      Self.patterns(json["Resource"], negated: false) ?? Self.patterns(json["NotResource"], negated: true)
    conditions = []
    for (operatorName, keys) in json["Condition"]?.object ?? JSONObject() {
      for (key, values) in keys.object ?? JSONObject() {
        conditions.append(Condition(operatorName: operatorName, key: key, values: Self.texts(values)))
      }
    }
  }

  private static func patterns(_ json: JSON?, negated: Bool) -> Patterns? {
    json.map { Patterns(patterns: texts($0), isNegated: negated) }
  }

  private static func principals(_ json: JSON?, negated: Bool) -> Principals? {
    guard let json else { return nil }
    if let text = json.string { return Principals(byKind: ["AWS": [text]], isNegated: negated) }
    var byKind: [String: [String]] = [:]
    for (kind, names) in json.object ?? JSONObject() { byKind[kind] = texts(names) }
    return Principals(byKind: byKind, isNegated: negated)
  }

  /// A scalar or a list of scalars, as texts.
  static func texts(_ json: JSON) -> [String] {
    switch json {
    case .string(let text): [text]
    case .bool(let flag): [flag ? "true" : "false"]
    case .number: [json.text()]
    case .array(let items): items.flatMap { item in item.array == nil ? texts(item) : [] }
    case .null, .object: []
    }
  }
}

/// A policy with the name a learner knows it by.
package struct NamedPolicy: Hashable, Sendable {
  package var name: String
  package var document: PolicyDocument

  package init(name: String, document: PolicyDocument) {
    self.name = name
    self.document = document
  }
}
