/// AWS's evaluation logic (IAM user guide, "Policy evaluation logic").
///
/// 1. An explicit deny in any policy wins.
/// 2. Endpoint policy and every level of service control policies must allow.
/// 3. Across accounts both sides must allow. In one account either the identity side (fenced by boundary and
///    session policy) or the resource side suffices; a key policy and a trust policy must always take part,
///    whereby naming the account's root hands the decision to identity policies.
package enum PolicyEvaluator {
  /// Actions that need no permission at all and cannot be denied.
  private static let free: Set<String> = ["sts:getcalleridentity"]

  package static func evaluate(_ request: PolicyRequest, _ policies: PolicySet) -> Verdict {
    if free.contains(request.action.lowercased()) {
      return Verdict(decision: .allowed, reason: "\(request.action) needs no permission", awsReason: "")
    }
    let kinds: [(title: String, awsTitle: String, policies: [NamedPolicy])] = [
      ("identity-based policy", "an identity-based policy", policies.identity),
      ("resource-based policy", "a resource-based policy", policies.resource.map { [$0] } ?? []),
      ("permissions boundary", "a permissions boundary", policies.boundary.map { [$0] } ?? []),
      ("session policy", "a session policy", policies.sessions),
      ("service control policy", "a service control policy", policies.serviceControl.flatMap { $0 }),
      ("VPC endpoint policy", "a VPC endpoint policy", policies.endpoint.map { [$0] } ?? []),
    ]
    for kind in kinds {
      for policy in kind.policies {
        if let statement = first(in: policy, request, allows: false, isFenced: policies.boundary != nil) {
          return Verdict(
            decision: .explicitDeny,
            reason: "\(statement) of the \(kind.title) \(policy.name) denies \(request.action)",
            awsReason: "with an explicit deny in \(kind.awsTitle)")
        }
      }
    }
    if let fence = fenced(request, policies) { return fence }

    let resource = policies.resource.flatMap { grant(in: $0, request) }
    if request.principal.kind == .service {
      // A service acting for itself has no identity policies; the resource's policy alone decides.
      return resource.map { allowed($0.words) }
        ?? missing(request, "resource-based policy", policies.resource)
    }
    let identity = identityGrant(request, policies)
    let isForeign = request.principal.account != request.resourceAccount
    if isForeign {
      guard let resource else { return missing(request, "resource-based policy", policies.resource) }
      return identity.verdict.isAllowed ? allowed(resource.words) : identity.verdict
    }
    // A role named by its ARN stays within its boundary and session policies; who is named as user or session does
    // not (IAM user guide, "Permissions boundaries for IAM entities").
    if let resource, resource.isDirect {
      return resource.isRole ? identity.fence ?? allowed(resource.words) : allowed(resource.words)
    }
    let mustTakePart = policies.resource != nil && ["kms", "sts"].contains(request.service)
    if mustTakePart, resource == nil { return missing(request, "resource-based policy", policies.resource) }
    return identity.verdict
  }

  /// Endpoint policy and service control policies: silence there is a denial.
  private static func fenced(_ request: PolicyRequest, _ policies: PolicySet) -> Verdict? {
    if let endpoint = policies.endpoint, first(in: endpoint, request, allows: true) == nil {
      return missing(request, "VPC endpoint policy", endpoint)
    }
    for level in policies.serviceControl
    where !level.contains(where: { first(in: $0, request, allows: true) != nil }) {
      return missing(request, "service control policy", nil)
    }
    return nil
  }

  /// What the identity side says, and which fence around it (boundary, session policies) does not let through.
  private static func identityGrant(_ request: PolicyRequest, _ policies: PolicySet) -> (
    verdict: Verdict, fence: Verdict?
  ) {
    if request.principal.kind == .root { return (allowed("the account's root user has every right"), nil) }
    var fence: Verdict?
    if !policies.sessions.isEmpty,
      !policies.sessions.contains(where: { first(in: $0, request, allows: true) != nil })
    {
      fence = missing(request, "session policy", policies.sessions.count == 1 ? policies.sessions.first : nil)
    }
    if let boundary = policies.boundary, first(in: boundary, request, allows: true) == nil {
      fence = missing(request, "permissions boundary", boundary)
    }
    for policy in policies.identity {
      if let statement = first(in: policy, request, allows: true) {
        let words = "\(statement) of the identity-based policy \(policy.name) allows \(request.action)"
        return (fence ?? allowed(words), fence)
      }
    }
    return (missing(request, "identity-based policy", nil), fence)
  }

  /// What a resource's policy grants. `isDirect` if it names the principal itself (or everyone), not only
  /// its account; `isRole` if it does so by a session's role alone.
  private static func grant(in policy: NamedPolicy, _ request: PolicyRequest) -> (
    isDirect: Bool, isRole: Bool, words: String
  )? {
    var best: (match: PrincipalMatch, words: String)?
    for (i, statement) in policy.document.statements.enumerated()
    where statement.allows && applies(statement, policy.document, request) {
      let match = PrincipalMatch(statement.principals, request.principal)
      guard match != .none, match.rank > best?.match.rank ?? 0 else { continue }
      best = (
        match, "\(title(statement, i)) of the resource-based policy \(policy.name) allows \(request.action)"
      )
    }
    return best.map { ($0.match != .account, $0.match == .role, $0.words) }
  }

  /// The first statement of the effect asked for that applies, as words.
  private static func first(
    in policy: NamedPolicy, _ request: PolicyRequest, allows: Bool, isFenced: Bool = false
  ) -> String? {
    matching(policy.document, request, allows: allows, isFenced: isFenced).first.map {
      title(policy.document.statements[$0], $0)
    }
  }

  /// The places of the statements of the effect asked for that apply.
  ///
  /// `isFenced`: the principal has a permissions boundary. A deny to all but it meets it all the same (IAM user guide,
  /// "NotPrincipal").
  static func matching(
    _ document: PolicyDocument, _ request: PolicyRequest, allows: Bool, isFenced: Bool = false
  ) -> LazyFilterSequence<Range<Int>> {
    document.statements.indices.lazy.filter { i in
      let statement = document.statements[i]
      guard statement.allows == allows, applies(statement, document, request),
        let principals = statement.principals
      else { return statement.allows == allows && applies(statement, document, request) }
      if isFenced, !allows, principals.isNegated { return true }
      return PrincipalMatch(principals, request.principal) != .none
    }
  }

  static func title(_ statement: PolicyStatement, _ index: Int) -> String {
    statement.sid.map { "statement \($0)" } ?? "statement \(index + 1)"
  }

  /// Action, resource and conditions.
  private static func applies(
    _ statement: PolicyStatement, _ document: PolicyDocument, _ request: PolicyRequest
  ) -> Bool {
    let conditions = ConditionEvaluator(
      context: request.context, usesVariables: document.version == "2012-10-17")
    return covers(statement.actions, request.action)
      && covers(statement.resources, request.resource, conditions)
      && statement.conditions.allSatisfy(conditions.holds)
  }

  /// Whether an `Action` or `NotAction` covers an action.
  static func covers(_ actions: PolicyStatement.Patterns?, _ action: String) -> Bool {
    guard let actions else { return false }
    return actions.patterns.contains { glob($0, action, foldCase: true) } != actions.isNegated
  }

  /// Whether a `Resource` or `NotResource` covers a resource; a statement without either covers all.
  static func covers(
    _ resources: PolicyStatement.Patterns?, _ resource: String, _ conditions: ConditionEvaluator
  ) -> Bool {
    guard let resources else { return true }
    let isNamed = resources.patterns.contains { pattern in
      guard let pieces = compiled(pattern, variable: conditions.variable) else { return false }
      return matches(pieces, resource)
    }
    return isNamed != resources.isNegated
  }

  private static func allowed(_ words: String) -> Verdict {
    Verdict(decision: .allowed, reason: words, awsReason: "")
  }

  private static func missing(_ request: PolicyRequest, _ kind: String, _ policy: NamedPolicy?) -> Verdict {
    let place = policy.map { "the \(kind) \($0.name) has no statement" } ?? "no \(kind) has a statement"
    return Verdict(
      decision: .implicitDeny,
      reason: "\(place) that allows \(request.principal.arn) \(request.action) on \(request.resource)",
      awsReason: "because no \(kind) allows the \(request.action) action")
  }
}

/// How a statement's `Principal` names somebody.
enum PrincipalMatch {
  case none
  /// By its account: `arn:aws:iam::A:root` or `A`. The account may pass the right on by identity policies.
  case account
  /// By the role of a session, or as a role.
  case role
  /// By its own name or `*`.
  case direct

  /// The higher the more it says.
  var rank: Int {
    switch self {
    case .none: 0
    case .account: 1
    case .role: 2
    case .direct: 3
    }
  }

  init(_ principals: PolicyStatement.Principals?, _ principal: Principal) {
    guard let principals else {
      self = .direct
      return
    }
    var best = PrincipalMatch.none
    let kind = principal.kind == .service ? "Service" : "AWS"
    for name in (principals.byKind[kind] ?? [])
      + (principals.byKind["AWS"]?.contains("*") == true ? ["*"] : [])
    {
      let isRole = principal.kind == .role || name != principal.arn
      var found = PrincipalMatch.none
      if name == "*" || !principal.userID.isEmpty && principal.userID == name {
        found = .direct
      } else if principal.names.contains(name)
        || name.hasPrefix("AROA") && principal.userID.hasPrefix(name + ":")
      {
        found = isRole ? .role : .direct
      } else if principal.kind != .service,
        name == principal.account || name.hasSuffix("::\(principal.account):root")
      {
        found = principal.kind == .root ? .direct : .account
      }
      if found.rank > best.rank { best = found }
    }
    if principals.isNegated {
      self = best == .none ? .direct : .none
    } else {
      self = best
    }
  }
}
