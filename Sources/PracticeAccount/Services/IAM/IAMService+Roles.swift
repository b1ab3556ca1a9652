import ServiceModels
import Wire

extension IAMService {
  static let roleRules: [String: OperationRule] = [
    "CreateRole": OperationRule(
      { (input, call) throws(ServiceFault) in
        try onRole("CreateRole")(input, call).map { $0.requesting(readTags(input)) }
      }, createRole),
    "GetRole": OperationRule(
      onRole("GetRole"),
      { (input, call) throws(ServiceFault) in ["Role": describe(try role(input.text("RoleName"), call), call)]
      }),
    "ListRoles": OperationRule(
      { (_, call) in [AccessQuestion("iam:ListRoles", call.iamARN("role/"))] },
      { (input, call) throws(ServiceFault) in
        let prefix = try path(input, orPrefix: "PathPrefix")
        let roles = call.seen.iam.roles.values.filter { $0.path.hasPrefix(prefix) }.sorted {
          $0.name < $1.name
        }
        return try page(roles, input, "Roles") {
          var value = describe($0, call, full: false).object ?? [:]
          value["MaxSessionDuration"] = .integer($0.maxSessionDuration)
          return .object(value)
        }
      }),
    "DeleteRole": OperationRule(
      onRole("DeleteRole"),
      { (input, call) throws(ServiceFault) in
        try change(IAMRole.self, input, call) { (role) throws(ServiceFault) in
          if call.seen.iam.instanceProfiles.values.contains(where: { $0.role == role.name }) {
            throw conflict("Cannot delete entity, must remove roles from instance profile first.")
          }
          if !role.attached.isEmpty {
            throw conflict("Cannot delete entity, must detach all policies first.")
          }
          if !role.inline.isEmpty { throw conflict("Cannot delete entity, must delete policies first.") }
        }
        call.state.iam.roles[input.text("RoleName")] = nil
        return [:]
      }),
    "UpdateRole": OperationRule(
      onRole("UpdateRole"),
      { (input, call) throws(ServiceFault) in
        try change(IAMRole.self, input, call) { (role) throws(ServiceFault) in
          if let text = input["Description"]?.string { role.description = text }
          if input["MaxSessionDuration"] != nil { role.maxSessionDuration = try maxSessionDuration(input) }
        }
        return [:]
      }),
    "UpdateRoleDescription": OperationRule(
      onRole("UpdateRoleDescription"),
      { (input, call) throws(ServiceFault) in
        try change(IAMRole.self, input, call) { $0.description = input.text("Description") }
        return ["Role": describe(try role(input.text("RoleName"), call), call)]
      }),
    "UpdateAssumeRolePolicy": OperationRule(
      onRole("UpdateAssumeRolePolicy"),
      { (input, call) throws(ServiceFault) in
        _ = try role(input.text("RoleName"), call)
        try checkTrust(input.text("PolicyDocument"), call)
        try change(IAMRole.self, input, call) { $0.trust = input.text("PolicyDocument") }
        return [:]
      }),
  ]

  private static func createRole(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let name = input.text("RoleName")
    try checkName(name, "roleName", most: 64)
    let path = try path(input)
    if isTaken(name, among: call.seen.iam.roles.keys) {
      throw fault("EntityAlreadyExists", "Role with name \(name) already exists.", 409)
    }
    try checkQuota(call.seen.iam.roles.count, IAMQuota.roles, "RolesPerAccount")
    try checkTrust(input.text("AssumeRolePolicyDocument"), call)
    let role = IAMRole(
      name: name, path: path, id: "AROA" + call.state.generator.base32(17), created: call.now.wholeSeconds,
      trust: input.text("AssumeRolePolicyDocument"), description: input["Description"]?.string,
      maxSessionDuration: try maxSessionDuration(input), tags: try newTags(input),
      boundary: try boundary(input, call))
    call.state.iam.roles[name] = role
    var fields: Fields = describe(role, call, full: false).object ?? [:]
    fields.add("PermissionsBoundary", boundaryValue(role.boundary))
    if !role.tags.isEmpty { fields["Tags"] = tagList(role.tags) }
    return ["Role": .object(fields)]
  }

  private static func maxSessionDuration(_ input: Value) throws(ServiceFault) -> Int64 {
    let seconds = input["MaxSessionDuration"]?.integer ?? 3600
    for (isWrong, words) in [
      (seconds < 3600, "greater than or equal to 3600"), (seconds > 43_200, "less than or equal to 43200"),
    ] where isWrong {
      throw fault(
        "ValidationError",
        "1 validation error detected: Value '\(seconds)' at 'maxSessionDuration' failed to satisfy constraint: "
          + "Member must have value \(words)")
    }
    return seconds
  }

  static func describe(_ role: IAMRole, _ call: Call, full: Bool = true) -> Value {
    var fields = head(role, call)
    fields["AssumeRolePolicyDocument"] = .string(percentEncoded(role.trust))
    fields.add("Description", role.description.map(Value.string))
    if full {
      fields["MaxSessionDuration"] = .integer(role.maxSessionDuration)
      fields.add("PermissionsBoundary", boundaryValue(role.boundary))
      if !role.tags.isEmpty { fields["Tags"] = tagList(role.tags) }
      fields["RoleLastUsed"] = .object(lastUsed(role, call))
    }
    return .object(fields)
  }

  /// When a session of the role was last used, and in which Region.
  private static func lastUsed(_ role: IAMRole, _ call: Call) -> Fields {
    let uses = call.seen.sessions.filter { $0.row.issuerID == role.id }
      .compactMap { call.realm.lastUse(ofKey: $0.key) }
    guard let use = uses.max(by: { $0.time < $1.time }) else { return [:] }
    return ["LastUsedDate": .timestamp(use.time.wholeSeconds), "Region": .string(use.region)]
  }

  /// A trust policy must be well-formed, and the principals of this account that it names must exist.
  static func checkTrust(_ text: String, _ call: Call) throws(ServiceFault) {
    try checkPolicy(text, kind: .trust)
    if size(text) > IAMQuota.trustPolicySize {
      throw fault("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: \(IAMQuota.trustPolicySize)", 409)
    }
    for statement in call.realm.document(text).statements {
      for (kind, names) in statement.principals?.byKind ?? [:] {
        for name in names where !call.realm.exists(principal: name, kind: kind) {
          throw fault(
            "MalformedPolicyDocument", "Invalid principal in policy: \"\(kind.uppercased())\":\"\(name)\"")
        }
      }
    }
  }
}

extension Timestamp {
  /// Without milliseconds: what IAM, S3 and Macie keep.
  var wholeSeconds: Timestamp { Timestamp(milliseconds: milliseconds - milliseconds % 1000) }
}
