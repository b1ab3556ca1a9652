import ServiceModels
import Wire

/// What policies would say: the same evaluator that decides real calls, on a question that is made up.
///
/// Source: IAM API reference, SimulatePrincipalPolicy, SimulateCustomPolicy, GetContextKeysForPrincipalPolicy.
extension IAMService {
  /// A policy with where it comes from.
  private struct Source {
    var id: String
    var type = "IAM Policy"
    var text: String
    var document: PolicyDocument

    init(_ id: String, _ text: String, type: String = "IAM Policy") {
      self.id = id
      self.type = type
      self.text = text
      document = PolicyDocument(text: text) ?? PolicyDocument()
    }

    var named: NamedPolicy { NamedPolicy(name: id, document: document) }
  }

  private struct Question {
    var caller: Principal
    var identity: [Source]
    var boundary: [Source]
    var resource: Source?
    var owner: String
    var context: [String: [String]]
  }

  static let simulationRules: [String: OperationRule] = [
    "SimulatePrincipalPolicy": OperationRule(
      { (input, _) in [AccessQuestion("iam:SimulatePrincipalPolicy", input.text("PolicySourceArn"))] },
      { (input, call) throws(ServiceFault) in
        let arn = input.text("PolicySourceArn")
        let (principal, identity, boundary) = try sources(of: arn, call)
        var question = try question(input, caller: principal, call)
        question.identity = identity + question.identity
        if question.boundary.isEmpty, let boundary { question.boundary = [boundary] }
        return try simulate(question, input)
      }),
    "SimulateCustomPolicy": OperationRule(
      { (_, _) in [AccessQuestion("iam:SimulateCustomPolicy")] },
      { (input, call) throws(ServiceFault) in
        if input["ResourcePolicy"] != nil, input["CallerArn"] == nil {
          throw fault("InvalidInput", "A CallerArn is required when a ResourcePolicy is given.")
        }
        // Nobody in particular asks: somebody of this account.
        let anyone = Principal(
          kind: .user, arn: call.iamARN("user/simulated"), account: call.accountID, userID: "AIDASIMULATED")
        return try simulate(try question(input, caller: anyone, call), input)
      }),
    "GetContextKeysForPrincipalPolicy": OperationRule(
      { (input, _) in [AccessQuestion("iam:GetContextKeysForPrincipalPolicy", input.text("PolicySourceArn"))]
      },
      { (input, call) throws(ServiceFault) in
        let (_, identity, _) = try sources(of: input.text("PolicySourceArn"), call)
        return keys(of: identity + (try given(input, "PolicyInputList")))
      }),
    "GetContextKeysForCustomPolicy": OperationRule(
      { (_, _) in [AccessQuestion("iam:GetContextKeysForCustomPolicy")] },
      { (input, _) throws(ServiceFault) in keys(of: try given(input, "PolicyInputList")) }),
  ]

  private static func keys(of sources: [Source]) -> Value {
    let keys = sources.reduce(into: Set<String>()) { $0.formUnion($1.document.contextKeys) }
    return ["ContextKeyNames": .list(keys.sorted().map(Value.string))]
  }

  // MARK: gathering

  private static func given(_ input: Value, _ member: String) throws(ServiceFault) -> [Source] {
    var sources: [Source] = []
    for (i, text) in input.texts(member).enumerated() {
      if let problem = PolicyValidation(text, kind: .identity).problem {
        throw fault("InvalidInput", "Invalid Input: \(member).\(i + 1): \(problem)")
      }
      sources.append(Source("\(member).\(i + 1)", text))
    }
    return sources
  }

  /// The policies of a user, group or role, and the boundary.
  private static func sources(of arn: String, _ call: Call) throws(ServiceFault) -> (
    Principal, [Source], Source?
  ) {
    let name = arn.split(separator: "/").last.map(String.init) ?? ""
    let iam = call.seen.iam
    func held<Holder: PolicyHolder>(_ holder: Holder) -> [Source] {
      holder.inline.sorted { $0.key < $1.key }.map { Source($0.key, $0.value) }
        + holder.attached.compactMap { arn in
          call.realm.managedText(arn).map { Source(policyName(arn), $0) }
        }
    }
    func isIt<Holder: PolicyHolder>(_ holder: Holder) -> Bool {
      call.iamARN("\(Holder.title.lowercased())\(holder.path)\(holder.name)") == arn
    }
    func boundary(_ arn: String?) -> Source? {
      arn.flatMap { arn in call.realm.managedText(arn).map { Source(policyName(arn), $0) } }
    }
    if let user = iam.users[name], isIt(user) {
      let groups = iam.groups.values.filter { $0.members.contains(name) }.sorted { $0.name < $1.name }
      let principal = Principal(kind: .user, arn: arn, account: call.accountID, userID: user.id)
      return (principal, held(user) + groups.flatMap(held), boundary(user.boundary))
    }
    if let role = iam.roles[name], isIt(role) {
      let principal = Principal(kind: .role, arn: arn, account: call.accountID, userID: role.id)
      return (principal, held(role), boundary(role.boundary))
    }
    if let group = iam.groups[name], isIt(group) {
      // A group asks for nothing itself; its member would.
      let principal = Principal(
        kind: .user, arn: call.iamARN("user/simulated"), account: call.accountID, userID: "AIDASIMULATED")
      return (principal, held(group), nil)
    }
    throw missing("The entity \(arn) cannot be found.")
  }

  private static func question(_ input: Value, caller: Principal, _ call: Call) throws(ServiceFault)
    -> Question
  {
    var caller = caller
    if let arn = input["CallerArn"]?.string {
      guard arn.hasPrefix("arn:"), arn.contains(":user/") else {
        throw fault(
          "InvalidInput", "Invalid Entity Arn: \(arn) does not clearly define entity type and name.")
      }
      let name = arn.split(separator: "/").last.map(String.init) ?? ""
      caller = Principal(arn)
      caller.userID = call.seen.iam.users[name]?.id ?? ""
    }
    var resource: Source?
    if let text = input["ResourcePolicy"]?.string {
      guard let document = PolicyDocument(text: text), !document.statements.isEmpty else {
        throw fault("InvalidInput", "Invalid Input: ResourcePolicy: Syntax errors in policy.")
      }
      resource = Source("ResourcePolicy", text, type: "Resource Policy")
    }
    var context = call.realm.principalContext(caller)
    context["aws:CurrentTime"] = [call.now.iso8601]
    context["aws:EpochTime"] = [String(call.now.milliseconds / 1000)]
    for entry in input.items("ContextEntries") {
      let name = entry.text("ContextKeyName")
      // A key of any spelling takes the other's place.
      for known in context.keys where known.lowercased() == name.lowercased() { context[known] = nil }
      context[name] = entry.texts("ContextKeyValues")
    }
    if let option = input["ResourceHandlingOption"]?.string, option != "EC2-VPC-InstanceStore" {
      throw fault(
        "InvalidInput", "The practice account does not simulate the resource handling option \(option).")
    }
    let owner = input["ResourceOwner"]?.string.map { text in
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      return parts.count > 4 ? String(parts[4]) : text
    }
    return Question(
      caller: caller, identity: try given(input, "PolicyInputList"),
      boundary: try given(input, "PermissionsBoundaryPolicyInputList"), resource: resource,
      owner: owner ?? caller.account, context: context)
  }

  // MARK: asking

  private static func simulate(_ question: Question, _ input: Value) throws(ServiceFault) -> Value {
    let actions = input.texts("ActionNames")
    for action in actions {
      let parts = action.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts.contains(where: \.isEmpty), !action.contains("*") else {
        throw fault("InvalidInput", "Invalid Input: ActionNames: \(action) is not an action.")
      }
    }
    let resources = input.texts("ResourceArns")
    for resource in resources where resource != "*" && !resource.hasPrefix("arn:") {
      throw fault("InvalidInput", "Invalid Input: ResourceArns: \(resource) is not an ARN.")
    }
    let pairs = actions.flatMap { action in (resources.isEmpty ? ["*"] : resources).map { (action, $0) } }
    return try page(pairs, input, "EvaluationResults") { evaluate(question, $0.0, $0.1) }
  }

  private static func evaluate(_ question: Question, _ action: String, _ resource: String) -> Value {
    let request = PolicyRequest(
      principal: question.caller, action: action, resource: resource, resourceAccount: question.owner,
      context: question.context)
    // The evaluator has one boundary; several in a simulation count as one text.
    let boundary =
      question.boundary.isEmpty
      ? nil
      : NamedPolicy(
        name: "boundary",
        document: PolicyDocument(statements: question.boundary.flatMap(\.document.statements)))
    let verdict = PolicyEvaluator.evaluate(
      request,
      PolicySet(
        identity: question.identity.map(\.named), resource: question.resource?.named, boundary: boundary))
    let all = question.identity + (question.resource.map { [$0] } ?? [])
    let matched =
      verdict.decision == .implicitDeny
      ? [] : (all + question.boundary).flatMap { matches(in: $0, request, allows: verdict.isAllowed) }
    let known = Set(question.context.keys.map { $0.lowercased() })
    let missing = (all + question.boundary).reduce(into: Set<String>()) {
      $0.formUnion($1.document.contextKeys)
    }
    .filter { !known.contains($0.lowercased()) }.sorted()
    var fields: Fields = [
      "EvalActionName": .string(action), "EvalResourceName": .string(resource),
      "EvalDecision": .string(verdict.decision.rawValue), "MatchedStatements": .list(matched),
      "MissingContextValues": .list(missing.map(Value.string)),
    ]
    if let boundary {
      let document = boundary.document
      let isLetThrough =
        !PolicyEvaluator.matching(document, request, allows: true).isEmpty
        && PolicyEvaluator.matching(document, request, allows: false).isEmpty
      fields["PermissionsBoundaryDecisionDetail"] = ["AllowedByPermissionsBoundary": .bool(isLetThrough)]
    }
    return .object(fields)
  }

  private static func matches(in source: Source, _ request: PolicyRequest, allows: Bool) -> [Value] {
    let positions = StatementPositions(source.text).ranges
    return PolicyEvaluator.matching(source.document, request, allows: allows).map { i in
      var fields: Fields = ["SourcePolicyId": .string(source.id), "SourcePolicyType": .string(source.type)]
      if positions.indices.contains(i) {
        fields["StartPosition"] = position(positions[i].start)
        fields["EndPosition"] = position(positions[i].end)
      }
      return .object(fields)
    }
  }

  private static func position(_ position: StatementPositions.Position) -> Value {
    ["Line": .integer(Int64(position.line)), "Column": .integer(Int64(position.column))]
  }
}
