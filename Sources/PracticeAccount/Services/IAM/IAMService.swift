import ServiceModels
import Wire

/// Identity and Access Management, the part around roles. Sources: IAM API reference (errors and texts), user
/// guide (names, limits). Codes on the wire lack the models' `Exception` suffix.
enum IAMService {
  static let service = PracticeService(
    name: "iam",
    rules: roleRules.merging(policyRules) { a, _ in a }.merging(linkedRoleRules) { a, _ in a }
      .merging(accountRules) { a, _ in a },
    denial: { question, verdict, principal in
      fault("AccessDenied", denialText(question, verdict, principal), 403)
    })

  /// A right on the role that `RoleName` names, there or not.
  static func onRole(_ operation: String) -> OperationRule.Questions {
    { (input: Value, call: Call) throws(ServiceFault) -> [AccessQuestion] in
      let name = input.text("RoleName")
      let role = call.seen.iam.roles[name]
      let path = role?.path ?? input["Path"]?.string ?? "/"
      return [AccessQuestion("iam:\(operation)", call.iamARN("role\(path)\(name)"), tags: role?.tags ?? [])]
    }
  }

  static func role(_ name: String, _ call: Call) throws(ServiceFault) -> IAMRole {
    guard let role = call.seen.iam.roles[name] else {
      throw fault("NoSuchEntity", "The role with name \(name) cannot be found.", 404)
    }
    return role
  }

  /// Changes a role, unless it belongs to a service.
  static func change(
    _ input: Value, _ call: Call, _ change: (inout IAMRole) throws(ServiceFault) -> Void
  ) throws(ServiceFault) {
    var role = try role(input.text("RoleName"), call)
    if role.linkedService != nil {
      throw fault(
        "UnmodifiableEntity",
        "Cannot perform the operation on the protected role '\(role.name)' - this role is only modifiable by AWS",
        400)
    }
    try change(&role)
    call.state.iam.roles[role.name] = role
  }

  static func describe(_ role: IAMRole, _ call: Call, full: Bool = true) -> Value {
    var fields: Fields = [
      "Path": .string(role.path), "RoleName": .string(role.name), "RoleId": .string(role.id),
      "Arn": .string(call.iamARN("role\(role.path)\(role.name)")), "CreateDate": .timestamp(role.created),
      "AssumeRolePolicyDocument": .string(percentEncoded(role.trust)),
    ]
    fields.add("Description", role.description.map(Value.string))
    if full {
      fields["MaxSessionDuration"] = .integer(role.maxSessionDuration)
      if !role.tags.isEmpty { fields["Tags"] = tagList(role.tags) }
      fields["RoleLastUsed"] = [:]
    }
    return .object(fields)
  }

  static func tagList(_ tags: [Tag]) -> Value {
    .list(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })
  }

  static func readTags(_ input: Value) -> [Tag] {
    input.items("Tags").map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
  }

  static func page<Item>(
    _ all: [Item], _ input: Value, _ name: String, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    guard let page = Page(all, limit: input["MaxItems"]?.integer, token: input["Marker"]?.string, most: 1000)
    else {
      throw fault("ValidationError", "Invalid Marker.")
    }
    var fields: Fields = [name: .list(page.items.map(value)), "IsTruncated": .bool(page.next != nil)]
    fields.add("Marker", page.next.map(Value.string))
    return .object(fields)
  }

  static func checkPolicy(_ text: String, kind: PolicyValidation.Kind, limit: Int) throws(ServiceFault) {
    if let problem = PolicyValidation(text, kind: kind).problem {
      throw fault("MalformedPolicyDocument", problem)
    }
    // White space does not count (IAM quotas).
    let size = text.utf8.reduce(0) { $0 + ([0x20, 0x09, 0x0A, 0x0D].contains($1) ? 0 : 1) }
    if size > limit {
      throw fault("LimitExceeded", "Maximum policy size of \(limit) bytes exceeded", 409)
    }
  }

  static func checkName(_ name: String, _ member: String, most: Int) throws(ServiceFault) {
    let isValid = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || Array("_+=,.@-".utf8).contains(byte)
    }
    if !isValid {
      throw fault(
        "ValidationError",
        "The specified value for \(member) is invalid. It must contain only alphanumeric characters "
          + "and/or the following: +=,.@_-")
    }
    if name.isEmpty || name.utf8.count > most {
      throw fault(
        "ValidationError",
        "1 validation error detected: Value '\(name)' at '\(member)' failed to satisfy constraint: Member must have "
          + "length \(name.isEmpty ? "greater than or equal to 1" : "less than or equal to \(most)")")
    }
  }
}
