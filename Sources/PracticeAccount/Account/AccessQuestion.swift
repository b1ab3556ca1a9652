import ServiceModels
import Wire

/// One right that is asked for.
struct AccessQuestion: Sendable {
  var action: String
  var resource: String
  /// The policy on the resource, if it has one.
  var policy: NamedPolicy?
  /// Condition keys beyond the global ones.
  var context: [String: [String]]
  /// For `aws:ResourceTag/...`.
  var tags: [Tag]
  /// What gives the right where no policy speaks of it (a KMS grant), in words.
  var grant: String?

  init(
    _ action: String, _ resource: String = "*", policy: NamedPolicy? = nil, context: [String: [String]] = [:],
    tags: [Tag] = []
  ) {
    self.action = action
    self.resource = resource
    self.policy = policy
    self.context = context
    self.tags = tags
  }

  /// Adds `aws:RequestTag/...` and `aws:TagKeys`.
  func requesting(_ tags: [Tag]) -> AccessQuestion {
    var copy = self
    guard !tags.isEmpty else { return copy }
    for tag in tags { copy.context["aws:RequestTag/\(tag.key)"] = [tag.value] }
    copy.context["aws:TagKeys"] = tags.map(\.key)
    return copy
  }
}

extension Realm {
  /// What the account's policies say to `principal`.
  func verdict(
    _ question: AccessQuestion, for principal: Principal, region: String, via service: String? = nil
  ) -> Verdict {
    var context = question.context
    context["aws:PrincipalArn"] = [principal.roleARN ?? principal.arn]
    context["aws:PrincipalAccount"] = [principal.account]
    context["aws:PrincipalType"] = [principalType(principal)]
    context["aws:userid"] = [principal.userID]
    if principal.kind == .user, let name = principal.arn.split(separator: "/").last {
      context["aws:username"] = [String(name)]
    }
    context["aws:CurrentTime"] = [now.iso8601]
    context["aws:EpochTime"] = [String(now.milliseconds / 1000)]
    context["aws:RequestedRegion"] = [region]
    // The practice endpoint is plain HTTP on loopback; towards policies it stands for AWS's TLS endpoint, so
    // that a lesson's "deny insecure transport" treats both alike.
    context["aws:SecureTransport"] = ["true"]
    if service == nil { context["aws:SourceIp"] = ["127.0.0.1"] }
    context["aws:ViaAWSService"] = [service == nil ? "false" : "true"]
    context["aws:ResourceAccount"] = [current.accountID]
    for tag in question.tags { context["aws:ResourceTag/\(tag.key)"] = [tag.value] }
    for tag in tags(of: principal) { context["aws:PrincipalTag/\(tag.key)"] = [tag.value] }
    let request = PolicyRequest(
      principal: principal, action: question.action, resource: question.resource,
      resourceAccount: current.accountID, context: context)
    let policies = PolicySet(
      identity: identityPolicies(of: principal), resource: question.policy,
      serviceControl: serviceControlPolicies(for: principal))
    let verdict = PolicyEvaluator.evaluate(request, policies)
    if verdict.decision == .implicitDeny, let grant = question.grant {
      return Verdict(decision: .allowed, reason: grant, awsReason: "")
    }
    if !verdict.isAllowed, !current.settings.enforcesAuthorization {
      return Verdict(decision: .allowed, reason: "this account does not enforce authorization", awsReason: "")
    }
    if !verdict.isAllowed {
      note(
        Denial(
          time: now, principal: principal.arn, action: question.action, resource: question.resource,
          service: service, region: region, isExplicit: verdict.decision == .explicitDeny,
          reason: verdict.reason, findings: PolicyEvaluator.explain(request, policies)))
    }
    return verdict
  }

  /// An organisation's policies bind every principal of a member account but service-linked roles (Organizations user
  /// guide, "Service control policies").
  private func serviceControlPolicies(for principal: Principal) -> [[NamedPolicy]] {
    if principal.kind == .service || principal.arn.contains(":role/aws-service-role/") { return [] }
    return current.settings.serviceControlPolicies.map { level in
      level.enumerated().map { NamedPolicy(name: "scp-\($0 + 1)", document: document($1)) }
    }
  }

  private func principalType(_ principal: Principal) -> String {
    switch principal.kind {
    case .root: "Account"
    case .user: "User"
    case .role, .roleSession: "AssumedRole"
    case .service: "Service"
    }
  }
}

extension Call {
  /// Asks; a denial leaves a remark that names the deciding or missing statement.
  func verdict(_ question: AccessQuestion) -> Verdict {
    realm.verdict(question, for: principal, region: region)
  }
}

/// AWS's sentence: `User: ARN is not authorized to perform: X on resource: Y because ..`.
func denialText(_ question: AccessQuestion, _ verdict: Verdict, _ principal: Principal, quoted: Bool = false)
  -> String
{
  let place =
    question.resource == "*"
    ? "" : " on resource: " + (quoted ? "\"\(question.resource)\"" : question.resource)
  return
    "User: \(principal.arn) is not authorized to perform: \(question.action)\(place) \(verdict.awsReason)"
}
