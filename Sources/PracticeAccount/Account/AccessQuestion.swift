import ServiceModels
import Wire

/// One right that is asked for.
struct AccessQuestion: Sendable {
  var action: String
  var resource: String
  /// The policy on the resource, if it has one.
  var policy: NamedPolicy?
  /// The policy of the VPC endpoint that the request came by, if it came by one.
  var endpoint: NamedPolicy?
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

extension AccessQuestion {
  /// Adds `aws:TagKeys` of tags that are to go.
  func untagging(_ keys: [String]) -> AccessQuestion {
    var copy = self
    if !keys.isEmpty { copy.context["aws:TagKeys"] = keys }
    return copy
  }
}

extension Realm {
  /// What the account's policies say to `principal`.
  func verdict(
    _ question: AccessQuestion, for principal: Principal, region: String, via service: String? = nil
  ) -> Verdict {
    let request = PolicyRequest(
      principal: principal, action: question.action, resource: question.resource,
      resourceAccount: current.accountID,
      context: context(of: question, for: principal, region: region, via: service))
    let policies = policies(for: principal, on: question)
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
          reason: verdict.reason, findings: PolicyEvaluator.explain(request, policies),
          awsReason: verdict.awsReason))
    }
    return verdict
  }

  /// Every policy that has a say in a question.
  func policies(for principal: Principal, on question: AccessQuestion) -> PolicySet {
    PolicySet(
      identity: identityPolicies(of: principal), resource: question.policy, boundary: boundary(of: principal),
      sessions: sessionPolicies(of: principal), serviceControl: serviceControlPolicies(for: principal),
      endpoint: question.endpoint)
  }

  /// The condition keys of a request: the question's own, and the global ones (IAM user guide, "AWS global condition
  /// context keys").
  func context(
    of question: AccessQuestion, for principal: Principal, region: String, via service: String?
  ) -> [String: [String]] {
    var context = question.context
    for (key, values) in principalContext(principal) { context[key] = values }
    context["aws:CurrentTime"] = [now.iso8601]
    context["aws:EpochTime"] = [String(now.milliseconds / 1000)]
    context["aws:RequestedRegion"] = [region]
    // The practice endpoint is plain HTTP on loopback; towards policies it stands for AWS's TLS endpoint, so
    // that a lesson's "deny insecure transport" treats both alike.
    context["aws:SecureTransport"] = ["true"]
    if let service {
      let name = service.contains(".") ? service : "\(service).amazonaws.com"
      context["aws:CalledVia"] = [name]
      context["aws:CalledViaFirst"] = [name]
      context["aws:CalledViaLast"] = [name]
    } else if question.endpoint == nil {
      // What comes by a VPC endpoint has `aws:VpcSourceIp` instead.
      context["aws:SourceIp"] = ["127.0.0.1"]
    }
    context["aws:ViaAWSService"] = [service == nil ? "false" : "true"]
    context["aws:ResourceAccount"] = [current.accountID]
    for tag in question.tags { context["aws:ResourceTag/\(tag.key)"] = [tag.value] }
    return context
  }

  /// What the keys say about who asks.
  func principalContext(_ principal: Principal) -> [String: [String]] {
    var context: [String: [String]] = [:]
    context["aws:PrincipalIsAWSService"] = [principal.kind == .service ? "true" : "false"]
    if principal.kind == .service { context["aws:PrincipalServiceName"] = [principal.arn] }
    if !principal.account.isEmpty { context["aws:PrincipalAccount"] = [principal.account] }
    context["aws:PrincipalArn"] = [principal.roleARN ?? principal.arn]
    context["aws:PrincipalType"] = [principalType(principal)]
    context["aws:userid"] = [principal.userID]
    if principal.kind == .user, let name = principal.arn.split(separator: "/").last {
      context["aws:username"] = [String(name)]
    }
    for tag in tags(of: principal) { context["aws:PrincipalTag/\(tag.key)"] = [tag.value] }
    if let session = session(of: principal) {
      // Keys that last have neither; nobody here has an MFA device.
      context["aws:TokenIssueTime"] = [session.issued.wholeSeconds.iso8601]
      context["aws:MultiFactorAuthPresent"] = ["false"]
      if let identity = session.sourceIdentity { context["aws:SourceIdentity"] = [identity] }
    }
    return context
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
    case .federatedUser: "FederatedUser"
    }
  }
}

extension Call {
  /// Asks; a denial leaves a remark that names the deciding or missing statement.
  func verdict(_ question: AccessQuestion) -> Verdict {
    var question = question
    if let agent = request.headers["User-Agent"] { question.context["aws:UserAgent"] = [agent] }
    if let referer = request.headers["Referer"] { question.context["aws:Referer"] = [referer] }
    if let endpoint { question = question.by(endpoint, in: realm) }
    return realm.verdict(question, for: principal, region: region)
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
