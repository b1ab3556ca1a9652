import ServiceModels
import Wire

extension IAMService {
  static let policyRules: [String: OperationRule] = [
    "PutRolePolicy": OperationRule(
      onRole("PutRolePolicy"),
      { (input, call) throws(ServiceFault) in
        try checkName(input.text("PolicyName"), "policyName", most: 128)
        _ = try role(input.text("RoleName"), call)
        try checkPolicy(input.text("PolicyDocument"), kind: .identity, limit: 10_240)
        try change(input, call) { $0.inline[input.text("PolicyName")] = input.text("PolicyDocument") }
        return [:]
      }),
    "GetRolePolicy": OperationRule(
      onRole("GetRolePolicy"),
      { (input, call) throws(ServiceFault) in
        let role = try role(input.text("RoleName"), call)
        guard let policy = role.inline[input.text("PolicyName")] else { throw noPolicy(input) }
        return [
          "RoleName": .string(role.name), "PolicyName": .string(input.text("PolicyName")),
          "PolicyDocument": .string(percentEncoded(policy)),
        ]
      }),
    "ListRolePolicies": OperationRule(
      onRole("ListRolePolicies"),
      { (input, call) throws(ServiceFault) in
        let names = try role(input.text("RoleName"), call).inline.keys.sorted()
        return try page(names, input, "PolicyNames", Value.string)
      }),
    "DeleteRolePolicy": OperationRule(
      onRole("DeleteRolePolicy"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (role) throws(ServiceFault) in
          guard role.inline.removeValue(forKey: input.text("PolicyName")) != nil else {
            throw noPolicy(input)
          }
        }
        return [:]
      }),
    "AttachRolePolicy": OperationRule(
      onRole("AttachRolePolicy"),
      { (input, call) throws(ServiceFault) in
        let arn = input.text("PolicyArn")
        guard ManagedPolicies.documents[arn] != nil else {
          throw fault("NoSuchEntity", "Policy \(arn) does not exist or is not attachable.", 404)
        }
        try change(input, call) { (role) throws(ServiceFault) in
          if !role.attached.contains(arn) { role.attached.append(arn) }
        }
        return [:]
      }),
    "DetachRolePolicy": OperationRule(
      onRole("DetachRolePolicy"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (role) throws(ServiceFault) in
          guard role.attached.contains(input.text("PolicyArn")) else {
            throw fault("NoSuchEntity", "Policy \(input.text("PolicyArn")) was not found.", 404)
          }
          role.attached.removeAll { $0 == input.text("PolicyArn") }
        }
        return [:]
      }),
    "ListAttachedRolePolicies": OperationRule(
      onRole("ListAttachedRolePolicies"),
      { (input, call) throws(ServiceFault) in
        try page(try role(input.text("RoleName"), call).attached, input, "AttachedPolicies") {
          ["PolicyName": .string(String($0.split(separator: "/").last ?? "")), "PolicyArn": .string($0)]
        }
      }),
  ]

  private static func noPolicy(_ input: Value) -> ServiceFault {
    fault("NoSuchEntity", "The role policy with name \(input.text("PolicyName")) cannot be found.", 404)
  }
}
