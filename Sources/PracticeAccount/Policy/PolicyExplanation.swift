/// What one policy said to a question, in words for a learner.
package struct PolicyFinding: Hashable, Sendable, Codable {
  package enum Outcome: String, Hashable, Sendable, Codable {
    case denies, allows
    /// No statement speaks of what was asked, or not quite.
    case silent
    /// There is no such policy, and there has to be one.
    case absent
  }

  /// "identity-based policy", "resource-based policy", "permissions boundary", ...
  package var kind: String
  /// The policy's name; empty if there is none.
  package var policy: String
  package var outcome: Outcome
  /// One sentence without its full stop: which statement, or what of the nearest one does not fit.
  package var words: String
}

extension PolicyEvaluator {
  /// What each policy said: the statement that decided, or the one that comes nearest and why it does not apply.
  package static func explain(_ request: PolicyRequest, _ policies: PolicySet) -> [PolicyFinding] {
    var findings: [PolicyFinding] = []
    let hasIdentity = request.principal.kind != .root && request.principal.kind != .service
    if hasIdentity {
      findings += policies.identity.map { finding("identity-based policy", $0, request) }
      if policies.identity.isEmpty {
        findings.append(
          PolicyFinding(
            kind: "identity-based policy", policy: "", outcome: .absent,
            words: "\(request.principal.arn) has no identity-based policy"))
      }
    }
    if let policy = policies.resource { findings.append(finding("resource-based policy", policy, request)) }
    if let policy = policies.boundary { findings.append(finding("permissions boundary", policy, request)) }
    findings += policies.sessions.map { finding("session policy", $0, request) }
    for policy in policies.serviceControl.joined() {
      findings.append(finding("service control policy", policy, request))
    }
    if let policy = policies.endpoint { findings.append(finding("VPC endpoint policy", policy, request)) }
    return findings
  }

  private static func finding(_ kind: String, _ policy: NamedPolicy, _ request: PolicyRequest)
    -> PolicyFinding
  {
    let trials = policy.document.statements.enumerated().map { index, statement in
      StatementTrial(statement, title(statement, index), policy.document, request)
    }
    if let trial = trials.first(where: { !$0.statement.allows && $0.applies }) {
      return PolicyFinding(
        kind: kind, policy: policy.name, outcome: .denies, words: "\(trial.title) denies \(request.action)")
    }
    let allowing = trials.filter(\.statement.allows)
    if let trial = allowing.first(where: \.applies) {
      return PolicyFinding(
        kind: kind, policy: policy.name, outcome: .allows, words: "\(trial.title) allows \(request.action)")
    }
    // The statement that comes nearest teaches most. The first of equals.
    let nearest = allowing.reversed().max { $0.passed < $1.passed }
    return PolicyFinding(
      kind: kind, policy: policy.name, outcome: .silent,
      words: nearest?.miss ?? "no statement allows \(request.action)")
  }
}

/// One statement tried on one question, element by element.
private struct StatementTrial {
  let statement: PolicyStatement
  let title: String
  /// How many elements fit, in the order action, resource, principal, conditions.
  private(set) var passed = 0
  /// What does not fit, in words; nil if the statement applies.
  private(set) var miss: String?

  var applies: Bool { miss == nil }

  init(_ statement: PolicyStatement, _ title: String, _ document: PolicyDocument, _ request: PolicyRequest) {
    self.statement = statement
    self.title = title
    let conditions = ConditionEvaluator(
      context: request.context, usesVariables: document.version == "2012-10-17")
    guard PolicyEvaluator.covers(statement.actions, request.action) else {
      miss = "no statement allows \(request.action)"
      return
    }
    passed = 1
    let verb = "\(title) \(statement.allows ? "allows" : "denies") \(request.action)"
    guard PolicyEvaluator.covers(statement.resources, request.resource, conditions) else {
      miss = "\(verb), but not on \(request.resource) (\(Self.named(statement.resources)))"
      return
    }
    passed = 2
    if statement.principals != nil, PrincipalMatch(statement.principals, request.principal) == .none {
      let names = statement.principals?.byKind.values.flatMap { $0 } ?? []
      miss =
        "\(verb), but not to \(request.principal.arn) (\(Self.listed(names.sorted(), statement.principals?.isNegated)))"
      return
    }
    passed = 3
    guard let failed = statement.conditions.first(where: { !conditions.holds($0) }) else { return }
    let given = request.context[failed.key.lowercased()]
    let found = given.map { "it is \(Self.list($0))" } ?? "the request does not have it"
    miss = "\(verb), but only if \(failed.key) \(failed.operatorName) \(Self.list(failed.values)); \(found)"
  }

  private static func named(_ patterns: PolicyStatement.Patterns?) -> String {
    listed(patterns?.patterns ?? [], patterns?.isNegated)
  }

  private static func listed(_ names: [String], _ isNegated: Bool?) -> String {
    (isNegated == true ? "it names all but " : "it names ") + list(names)
  }

  private static func list(_ texts: [String]) -> String {
    let shown = texts.prefix(3).joined(separator: ", ")
    return texts.count > 3 ? "\(shown) and \(texts.count - 3) more" : shown
  }
}
