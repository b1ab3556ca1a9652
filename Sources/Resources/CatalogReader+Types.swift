import OrderedJSON

extension CatalogEntry {
  /// One type and everything that operations do to it.
  func type() throws(CatalogError) -> (ResourceType, [OperationEffect]) {
    try check(
      "type", "kind", "service", "title", "key", "scope", "parent", "rank", "creates", "deletes", "revives",
      "sets",
      "unsets", "alters", "read", "probes", "guarded", "find", "remove", "removeUnset", "covers", "action",
      "patience", "remains", "cost")
    let name = try string("type")
    let service = try optionalString("service") ?? service
    guard let kind = ResourceType.Kind(rawValue: try optionalString("kind") ?? "thing") else {
      throw error("thing or setting is expected", at: "kind")
    }
    guard let scope = ResourceType.Scope(rawValue: try optionalString("scope") ?? "region") else {
      throw error("region or global is expected", at: "scope")
    }
    guard let rank = try number("rank").flatMap({ Int(exactly: $0) }) else {
      throw error("a whole number is missing", at: "rank")
    }
    let type = ResourceType(
      name: name, kind: kind, service: service, scope: scope, title: try string("title"),
      key: try strings("key"), parent: try entry("parent")?.parent(), rank: rank,
      read: try entry("read")?.question(), probes: try flag("probes"), isGuarded: try flag("guarded"),
      finding: try entry("find")?.finding(), removal: try steps("remove"),
      removalOfUnset: try steps("removeUnset"), covers: try strings("covers"),
      action: try optionalString("action") ?? "delete", patience: try entry("patience")?.patience() ?? .brief,
      remains: try optionalString("remains"), cost: try entry("cost")?.cost())
    if type.key.isEmpty { throw error("at least one part is needed", at: "key") }
    var effects: [OperationEffect] = []
    for verb in OperationEffect.Verb.allCases {
      for entry in try entries(verb.rawValue) { effects.append(try entry.effect(verb, type: name)) }
    }
    return (type, effects)
  }

  private func parent() throws(CatalogError) -> ResourceType.Parent {
    try check("type", "key")
    return .init(type: try string("type"), key: try strings("key"))
  }

  private func patience() throws(CatalogError) -> ResourceType.Patience {
    try check("every", "for")
    guard let every = try number("every"), let total = try number("for"), every > 0 else {
      throw error("every and for are needed, in seconds")
    }
    return .init(every: every, total: total)
  }

  private func cost() throws(CatalogError) -> Cost {
    try check("dollars", "unit", "per", "stops", "unknown")
    return Cost(
      dollars: try number("dollars") ?? 0, unit: try string("unit"), per: try optionalString("per") ?? "",
      stops: try string("stops"), unknown: try optionalString("unknown") ?? "")
  }

  private func question() throws(CatalogError) -> AccountQuestion {
    try check(
      "service", "operation", "input", "absent", "foreign", "present", "over", "pending", "pendingUntil",
      "created",
      "earlier")
    return AccountQuestion(
      service: try optionalString("service") ?? service, operation: try string("operation"),
      input: try template("input"), absent: try patterns("absent"), foreign: try patterns("foreign"),
      present: try optionalExpression("present"), over: try optionalExpression("over"),
      pending: try optionalExpression("pending"), pendingUntil: try optionalString("pendingUntil"),
      created: try optionalString("created"), earlier: try optionalExpression("earlier"))
  }

  private func finding() throws(CatalogError) -> Finding {
    try check(
      "service", "operation", "input", "items", "next", "details", "matches", "proof", "created", "parts",
      "settles")
    var details: [Finding.Detail] = []
    for detail in try entries("details") {
      try detail.check("name", "service", "operation", "input")
      details.append(
        .init(
          name: try detail.string("name"), service: try detail.optionalString("service") ?? service,
          operation: try detail.string("operation"), input: try detail.template("input")))
    }
    var next: (member: String, path: Expression)?
    if let entry = entry("next") {
      try entry.check("member", "path")
      next = (try entry.string("member"), try entry.expression("path"))
    }
    return Finding(
      service: try optionalString("service") ?? service, operation: try string("operation"),
      input: try template("input"), items: try expression("items"), next: next, details: details,
      matches: try expression("matches"), proof: try optionalExpression("proof"),
      created: try optionalExpression("created"), parts: try expressions("parts"),
      settles: try number("settles") ?? 0)
  }

  private func steps(_ name: String) throws(CatalogError) -> [RemovalStep] {
    var steps: [RemovalStep] = []
    for entry in try entries(name) { steps.append(try entry.step()) }
    return steps
  }

  private func step() throws(CatalogError) -> RemovalStep {
    try check(
      "service", "call", "wait", "input", "if", "each", "gone", "again", "failures", "until", "failed",
      "reason")
    let action: RemovalStep.Action
    let operation: String
    if json["wait"] != nil {
      operation = try string("wait")
      action = .wait(
        until: try expression("until"), failed: try optionalExpression("failed"),
        reason: try optionalExpression("reason"))
    } else {
      operation = try string("call")
      action = .call
    }
    return RemovalStep(
      action: action, service: try optionalString("service") ?? service, operation: operation,
      input: try template("input"), condition: try entry("if")?.condition(), each: try entry("each")?.each(),
      gone: try patterns("gone"), again: try patterns("again"), failures: try entry("failures")?.failures())
  }

  private func condition() throws(CatalogError) -> RemovalStep.Condition {
    try check("service", "operation", "input", "absent", "holds")
    return .init(
      service: try optionalString("service") ?? service, operation: try string("operation"),
      input: try template("input"), absent: try patterns("absent"), holds: try expression("holds"))
  }

  private func each() throws(CatalogError) -> RemovalStep.Each {
    try check("service", "operation", "input", "absent", "items", "atOnce", "title")
    return .init(
      service: try optionalString("service") ?? service, operation: try string("operation"),
      input: try template("input"), absent: try patterns("absent"), items: try expression("items"),
      atOnce: try number("atOnce").flatMap { Int(exactly: $0) } ?? 1, title: try string("title"))
  }

  private func failures() throws(CatalogError) -> RemovalStep.Failures {
    try check("items", "code", "message")
    return .init(
      items: try expression("items"), code: try expression("code"), message: try expression("message"))
  }

  private func effect(_ verb: OperationEffect.Verb, type: String) throws(CatalogError) -> OperationEffect {
    try check(
      "service", "operation", "parts", "items", "except", "proves", "exists", "tags", "token", "answer",
      "repeatable",
      "sideEffect", "until")
    return OperationEffect(
      verb: verb, service: try optionalString("service") ?? service, operation: try string("operation"),
      type: type,
      parts: try expressions("parts"), items: try optionalExpression("items"),
      except: try optionalExpression("except"), provesCreation: try flag("proves"),
      exists: try patterns("exists"), tags: try entry("tags")?.tags(),
      tokenMember: try optionalString("token"),
      answer: try answer(), isRepeatable: try flag("repeatable"), isSideEffect: try flag("sideEffect"),
      until: try optionalString("until"))
  }

  private func tags() throws(CatalogError) -> OperationEffect.Tags {
    try check("member", "key", "value", "resourceType")
    return .init(
      member: try string("member"), key: try optionalString("key") ?? "",
      value: try optionalString("value") ?? "",
      resourceType: try optionalString("resourceType"))
  }

  private func answer() throws(CatalogError) -> [OperationEffect.Answer] {
    guard let found = entry("answer") else { return [] }
    guard let members = found.json.object else { throw found.error("an object is expected") }
    var list: [OperationEffect.Answer] = []
    for key in members.keys {
      guard let member = found.entry(key), let text = member.json.string else {
        throw found.error("a text is expected", at: key)
      }
      if text.hasPrefix("="), case .expression(let expression) = try member.template() {
        list.append(.expression(member: key, expression))
      } else {
        list.append(.path(member: key, path: text))
      }
    }
    return list
  }
}

extension ResourceType.Patience {
  /// For what happens at once: half a minute, asked every second.
  static let brief = ResourceType.Patience(every: 1, total: 30)
}
