import Digests
import ServiceModels
import Wire

extension STSService {
  static let sessionRules: [String: OperationRule] = [
    "AssumeRole": OperationRule(assumeRoleQuestions, assumeRole),
    "GetSessionToken": OperationRule(
      // A user may always ask for it (STS API: no permission is needed).
      { (_, _) in [] },
      { (input, call) throws(ServiceFault) in
        if call.principal.sessionKey != nil {
          throw fault("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        }
        try refuseMFA(input)
        let seconds = try duration(
          input, default: 43_200, most: call.principal.kind == .root ? 3600 : 129_600)
        guard call.principal.kind == .user else {
          throw fault(
            "AccessDenied",
            "The practice account gives session tokens to users only, not to \(call.principal.arn).",
            403)
        }
        let session = newSession(
          .user, call, seconds: seconds, issuer: lastPart(call.principal.arn), id: call.principal.userID,
          name: "")
        return ["Credentials": credentials(call.realm.open(session), session)]
      }),
    "GetFederationToken": OperationRule(
      { (input, call) in
        let arn = call.arn("sts", "").split(separator: ":", omittingEmptySubsequences: false)
        let resource = "arn:\(arn[1]):sts::\(call.accountID):federated-user/\(input.text("Name"))"
        let tags = IAMService.readTags(input)
        return [AccessQuestion("sts:GetFederationToken", resource).requesting(tags)]
          + (tags.isEmpty ? [] : [AccessQuestion("sts:TagSession", resource).requesting(tags)])
      },
      { (input, call) throws(ServiceFault) in
        guard call.principal.sessionKey == nil, call.principal.kind == .user else {
          throw fault("AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
        }
        let name = input.text("Name")
        try checkName(name, "name", most: 32)
        let seconds = try duration(input, default: 43_200, most: 129_600)
        let (documents, managed, packed) = try sessionPolicies(input, call)
        var session = newSession(
          .federated, call, seconds: seconds, issuer: lastPart(call.principal.arn), id: call.principal.userID,
          name: name)
        session.policies = documents
        session.managed = managed
        session.tags = try IAMService.newTags(input)
        let id = call.realm.open(session)
        let partition = partition(of: call.seen.homeRegion)
        var fields: Fields = [
          "Credentials": credentials(id, session),
          "FederatedUser": [
            "FederatedUserId": .string("\(call.accountID):\(name)"),
            "Arn": .string("arn:\(partition):sts::\(call.accountID):federated-user/\(name)"),
          ],
        ]
        fields.add("PackedPolicySize", packed.map(Value.integer))
        return .object(fields)
      }),
  ]

  private static func lastPart(_ arn: String) -> String { String(arn.split(separator: "/").last ?? "") }

  private static func newSession(
    _ kind: STSSession.Kind, _ call: Call, seconds: Int64, issuer: String, id: String, name: String
  ) -> STSSession {
    STSSession(
      kind: kind, secret: base64Encoded(randomBytes(30)), token: base64Encoded(randomBytes(192)),
      issued: call.now, expires: call.now.adding(seconds: Double(seconds)), issuer: issuer, issuerID: id,
      name: name)
  }

  /// Nobody has an MFA device here, so that no code of one can be right.
  private static func refuseMFA(_ input: Value) throws(ServiceFault) {
    if input["SerialNumber"] != nil || input["TokenCode"] != nil {
      throw fault(
        "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", 403)
    }
  }

  // MARK: AssumeRole

  /// The role that an ARN names; nil if there is none of that ARN here.
  private static func role(_ arn: String, _ call: Call) -> IAMRole? {
    guard let role = call.seen.iam.roles[lastPart(arn)],
      call.iamARN("role\(role.path)\(role.name)") == arn, call.realm.hasComeRound(role.created)
    else { return nil }
    return role
  }

  @Sendable private static func assumeRoleQuestions(_ input: Value, _ call: Call) throws(ServiceFault)
    -> [AccessQuestion]
  {
    let arn = input.text("RoleArn")
    try checkRoleARN(arn)
    if call.principal.kind == .root {
      throw fault("AccessDenied", "Roles may not be assumed by root accounts.", 403)
    }
    guard let role = role(arn, call) else {
      // Who may not know is told the same as who may not do.
      call.realm.remark(
        "sts", arn,
        "AssumeRole was denied: there is no such role, or it was made less than "
          + "\(Int(call.seen.settings.propagationDelay)) seconds ago.")
      throw fault(
        "AccessDenied",
        "User: \(call.principal.arn) is not authorized to perform: sts:AssumeRole on resource: \(arn)", 403)
    }
    let trust = NamedPolicy(name: "(trust policy of \(role.name))", document: call.realm.document(role.trust))
    var context: [String: [String]] = ["sts:RoleSessionName": [input.text("RoleSessionName")]]
    if let id = input["ExternalId"]?.string { context["sts:ExternalId"] = [id] }
    if let identity = input["SourceIdentity"]?.string { context["sts:SourceIdentity"] = [identity] }
    let transitive = input.texts("TransitiveTagKeys")
    if !transitive.isEmpty { context["sts:TransitiveTagKeys"] = transitive }
    let tags = IAMService.readTags(input)
    func ask(_ action: String) -> AccessQuestion {
      AccessQuestion(action, arn, policy: trust, context: context, tags: role.tags).requesting(tags)
    }
    var questions = [ask("sts:AssumeRole")]
    if !tags.isEmpty { questions.append(ask("sts:TagSession")) }
    let inherited = call.realm.session(of: call.principal)?.sourceIdentity
    if input["SourceIdentity"] != nil || inherited != nil { questions.append(ask("sts:SetSourceIdentity")) }
    return questions
  }

  @Sendable private static func assumeRole(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let arn = input.text("RoleArn")
    let name = input.text("RoleSessionName")
    try checkName(name, "roleSessionName")
    try refuseMFA(input)
    if !input.items("ProvidedContexts").isEmpty {
      throw fault("ValidationError", "The practice account takes no provided contexts.")
    }
    guard let role = role(arn, call) else { throw fault("AccessDenied", "Access denied", 403) }
    let caller = call.realm.session(of: call.principal)
    let seconds = try duration(input, default: 3600, most: 43_200)
    if caller?.kind == .assumedRole, seconds > 3600 {
      throw fault(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
    }
    if seconds > role.maxSessionDuration {
      throw fault(
        "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    }
    let (documents, managed, packed) = try sessionPolicies(input, call)
    var session = newSession(.assumedRole, call, seconds: seconds, issuer: role.name, id: role.id, name: name)
    session.policies = documents
    session.managed = managed
    session.tags = try IAMService.newTags(input)
    session.transitive = input.texts("TransitiveTagKeys")
    for key in session.transitive where !session.tags.contains(where: { $0.key == key }) {
      throw fault(
        "InvalidParameterValue",
        "The specified transitive tag key must be included in the requested tags.")
    }
    if let caller { try inherit(from: caller, &session, input) }
    let identity = input["SourceIdentity"]?.string
    if let identity { try checkName(identity, "sourceIdentity") }
    session.sourceIdentity = caller?.sourceIdentity ?? identity

    let id = call.realm.open(session)
    var fields: Fields = [
      "Credentials": credentials(id, session),
      "AssumedRoleUser": [
        "AssumedRoleId": .string("\(role.id):\(name)"),
        "Arn": .string(
          "arn:\(partition(of: call.seen.homeRegion)):sts::\(call.accountID):assumed-role/\(role.name)/\(name)"
        ),
      ],
    ]
    fields.add("PackedPolicySize", packed.map(Value.integer))
    fields.add("SourceIdentity", session.sourceIdentity.map(Value.string))
    return .object(fields)
  }

  /// What a chained session takes over: transitive tags, and the source identity, which cannot change.
  private static func inherit(
    from caller: STSSession, _ session: inout STSSession, _ input: Value
  ) throws(ServiceFault) {
    for key in caller.transitive {
      guard let tag = caller.tags.first(where: { $0.key == key }) else { continue }
      if session.tags.contains(where: { $0.key.lowercased() == key.lowercased() }) {
        throw fault(
          "InvalidParameterValue",
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
            + "from the calling session.")
      }
      session.tags.append(tag)
      session.transitive.append(key)
    }
    if let old = caller.sourceIdentity, let new = input["SourceIdentity"]?.string, old != new {
      throw fault(
        "AccessDenied", "The source identity of a chained session is \(old) and cannot be changed.", 403)
    }
  }

  static func checkRoleARN(_ arn: String) throws(ServiceFault) {
    if arn.utf8.count < 20 {
      throw invalid(arn, "roleArn", "Member must have length greater than or equal to 20")
    }
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/") else {
      throw fault("ValidationError", "\(arn) is invalid")
    }
  }
}
