import ServiceModels
import Wire

extension IAMService {
  static let accountRules: [String: OperationRule] = [
    "GetUser": OperationRule(
      { (input, call) in
        let name = input["UserName"]?.string ?? ownName(call) ?? ""
        return [AccessQuestion("iam:GetUser", call.iamARN("user/\(name)"))]
      },
      { (input, call) throws(ServiceFault) in
        let name = input["UserName"]?.string ?? ownName(call) ?? ""
        guard let user = call.seen.iam.users[name] else {
          throw fault("NoSuchEntity", "The user with name \(name) cannot be found.", 404)
        }
        var fields: Fields = [
          "Path": .string(user.path), "UserName": .string(user.name), "UserId": .string(user.id),
          "Arn": .string(call.iamARN("user\(user.path)\(user.name)")),
          "CreateDate": .timestamp(user.created.wholeSeconds),
        ]
        if !user.tags.isEmpty { fields["Tags"] = tagList(user.tags) }
        return ["User": .object(fields)]
      }),
    "ListAttachedUserPolicies": OperationRule(
      { (input, call) in
        [AccessQuestion("iam:ListAttachedUserPolicies", call.iamARN("user/\(input.text("UserName"))"))]
      },
      { (input, call) throws(ServiceFault) in
        guard let user = call.seen.iam.users[input.text("UserName")] else {
          throw fault("NoSuchEntity", "The user with name \(input.text("UserName")) cannot be found.", 404)
        }
        return try page(user.attached, input, "AttachedPolicies") {
          ["PolicyName": .string(String($0.split(separator: "/").last ?? "")), "PolicyArn": .string($0)]
        }
      }),
    "ListAccountAliases": OperationRule(
      { (_, _) in [AccessQuestion("iam:ListAccountAliases")] },
      { (input, call) throws(ServiceFault) in
        try page(call.seen.iam.accountAliases, input, "AccountAliases", Value.string)
      }),
  ]

  /// The user who asks, by default the one that is asked about.
  private static func ownName(_ call: Call) -> String? {
    call.principal.kind == .user ? call.principal.arn.split(separator: "/").last.map(String.init) : nil
  }
}
