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
        let prefix = input["PathPrefix"]?.string ?? "/"
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
        try change(input, call) { (role) throws(ServiceFault) in
          if !role.attached.isEmpty {
            throw fault("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409)
          }
          if !role.inline.isEmpty {
            throw fault("DeleteConflict", "Cannot delete entity, must delete policies first.", 409)
          }
        }
        call.state.iam.roles[input.text("RoleName")] = nil
        return [:]
      }),
    "UpdateAssumeRolePolicy": OperationRule(
      onRole("UpdateAssumeRolePolicy"),
      { (input, call) throws(ServiceFault) in
        _ = try role(input.text("RoleName"), call)
        try checkTrust(input.text("PolicyDocument"), call)
        try change(input, call) { $0.trust = input.text("PolicyDocument") }
        return [:]
      }),
    "TagRole": OperationRule(
      { (input, call) throws(ServiceFault) in
        try onRole("TagRole")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (role) throws(ServiceFault) in
          for tag in readTags(input) {
            role.tags.removeAll { $0.key == tag.key }
            role.tags.append(tag)
          }
        }
        return [:]
      }),
    "UntagRole": OperationRule(
      onRole("UntagRole"),
      { (input, call) throws(ServiceFault) in
        let names = input.texts("TagKeys")
        try change(input, call) { (role) throws(ServiceFault) in
          role.tags.removeAll { names.contains($0.key) }
        }
        return [:]
      }),
    "ListRoleTags": OperationRule(
      onRole("ListRoleTags"),
      { (input, call) throws(ServiceFault) in
        try page(try role(input.text("RoleName"), call).tags, input, "Tags") {
          ["Key": .string($0.key), "Value": .string($0.value)]
        }
      }),
    "ListInstanceProfilesForRole": OperationRule(
      onRole("ListInstanceProfilesForRole"),
      { (input, call) throws(ServiceFault) in
        // No operation here makes an instance profile, so that a role has none.
        _ = try role(input.text("RoleName"), call)
        return ["InstanceProfiles": [], "IsTruncated": false]
      }),
  ]

  private static func createRole(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let name = input.text("RoleName")
    try checkName(name, "roleName", most: 64)
    let path = input["Path"]?.string ?? "/"
    guard path.hasPrefix("/"), path.hasSuffix("/") else {
      throw fault(
        "ValidationError",
        "The specified value for path is invalid. It must begin and end with / and contain only "
          + "alphanumeric characters and/or / characters.")
    }
    if call.seen.iam.roles[name] != nil {
      throw fault("EntityAlreadyExists", "Role with name \(name) already exists.", 409)
    }
    try checkTrust(input.text("AssumeRolePolicyDocument"), call)
    let role = IAMRole(
      name: name, path: path, id: "AROA" + call.state.generator.base32(17), created: call.now.wholeSeconds,
      trust: input.text("AssumeRolePolicyDocument"), description: input["Description"]?.string,
      maxSessionDuration: input["MaxSessionDuration"]?.integer ?? 3600, tags: readTags(input))
    call.state.iam.roles[name] = role
    var fields: Fields = describe(role, call, full: false).object ?? [:]
    if !role.tags.isEmpty { fields["Tags"] = tagList(role.tags) }
    return ["Role": .object(fields)]
  }

  /// A trust policy must be well-formed, and the principals of this account that it names must exist.
  static func checkTrust(_ text: String, _ call: Call) throws(ServiceFault) {
    try checkPolicy(text, kind: .trust, limit: 2048)
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
