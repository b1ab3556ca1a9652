import Digests
import ServiceModels
import Wire

extension IAMService {
  static let keyRules: [String: OperationRule] = [
    "CreateAccessKey": OperationRule(
      on(IAMUser.self, "CreateAccessKey"),
      { (input, call) throws(ServiceFault) in
        // The secret is random, not drawn from the seed: nobody else on the machine shall guess it.
        let key = IAMAccessKey(
          id: "AKIA" + call.state.generator.base32(16), secret: base64Encoded(randomBytes(30)),
          created: call.now.wholeSeconds)
        var name = ""
        try change(IAMUser.self, input, call) { (user) throws(ServiceFault) in
          try checkQuota(user.accessKeys.count, IAMQuota.accessKeysPerUser, "AccessKeysPerUser")
          name = user.name
          user.accessKeys.append(key)
        }
        return [
          "AccessKey": [
            "UserName": .string(name), "AccessKeyId": .string(key.id), "Status": "Active",
            "SecretAccessKey": .string(key.secret), "CreateDate": .timestamp(key.created),
          ]
        ]
      }),
    "ListAccessKeys": OperationRule(
      on(IAMUser.self, "ListAccessKeys"),
      { (input, call) throws(ServiceFault) in
        let user = try find(IAMUser.self, try name(of: IAMUser.self, input, call), call)
        return try page(user.accessKeys, input, "AccessKeyMetadata") {
          [
            "UserName": .string(user.name), "AccessKeyId": .string($0.id),
            "Status": $0.isActive ? "Active" : "Inactive", "CreateDate": .timestamp($0.created.wholeSeconds),
          ]
        }
      }),
    "UpdateAccessKey": OperationRule(
      on(IAMUser.self, "UpdateAccessKey"),
      { (input, call) throws(ServiceFault) in
        let status = input.text("Status")
        guard status == "Active" || status == "Inactive" else {
          throw fault(
            "ValidationError",
            "1 validation error detected: Value '\(status)' at 'status' failed to satisfy constraint: Member must "
              + "satisfy enum value set: [Active, Inactive]")
        }
        try changeKey(input, call) { keys, index in keys[index].isActive = status == "Active" }
        return [:]
      }),
    "DeleteAccessKey": OperationRule(
      on(IAMUser.self, "DeleteAccessKey"),
      { (input, call) throws(ServiceFault) in
        try changeKey(input, call) { keys, index in keys.remove(at: index) }
        call.state.keyUses[input.text("AccessKeyId")] = nil
        return [:]
      }),
    "GetAccessKeyLastUsed": OperationRule(
      { (input, call) in
        let user = holder(of: input.text("AccessKeyId"), call)
        return [
          AccessQuestion(
            "iam:GetAccessKeyLastUsed", user.map { call.iamARN("user\($0.path)\($0.name)") } ?? "*")
        ]
      },
      { (input, call) throws(ServiceFault) in
        let id = input.text("AccessKeyId")
        guard let user = holder(of: id, call) else {
          throw fault(
            "AccessDenied",
            "User: \(call.principal.arn) is not authorized to perform: iam:GetAccessKeyLastUsed on resource: "
              + "access key \(id)", 403)
        }
        var last: Fields = ["ServiceName": "N/A", "Region": "N/A"]
        if let use = call.realm.lastUse(ofKey: id) {
          last = [
            "LastUsedDate": .timestamp(use.time.wholeSeconds), "ServiceName": .string(use.service),
            "Region": .string(use.region),
          ]
        }
        return ["UserName": .string(user.name), "AccessKeyLastUsed": .object(last)]
      }),
    "GetLoginProfile": OperationRule(
      on(IAMUser.self, "GetLoginProfile"),
      { (input, call) throws(ServiceFault) in throw try noLoginProfile(input, call) }),
    "DeleteLoginProfile": OperationRule(
      on(IAMUser.self, "DeleteLoginProfile"),
      { (input, call) throws(ServiceFault) in throw try noLoginProfile(input, call) }),
    "CreateLoginProfile": OperationRule(
      on(IAMUser.self, "CreateLoginProfile"),
      { (input, call) throws(ServiceFault) in
        _ = try find(IAMUser.self, try name(of: IAMUser.self, input, call), call)
        throw fault(
          "NotSupportedService",
          "The practice account has no console to sign in to, and so no passwords. Use access keys.", 404)
      }),
  ]

  /// Nobody has a password here, and IAM has words for that.
  private static func noLoginProfile(_ input: Value, _ call: Call) throws(ServiceFault) -> ServiceFault {
    let user = try find(IAMUser.self, try name(of: IAMUser.self, input, call), call)
    return missing("Login Profile for User \(user.name) cannot be found.")
  }

  static func holder(of key: String, _ call: Call) -> IAMUser? {
    call.seen.iam.users.values.first { $0.accessKeys.contains { $0.id == key } }
  }

  private static func changeKey(
    _ input: Value, _ call: Call, _ change: (inout [IAMAccessKey], Int) -> Void
  ) throws(ServiceFault) {
    let id = input.text("AccessKeyId")
    try self.change(IAMUser.self, input, call) { (user) throws(ServiceFault) in
      guard let index = user.accessKeys.firstIndex(where: { $0.id == id }) else {
        throw missing("The Access Key with id \(id) cannot be found.")
      }
      change(&user.accessKeys, index)
    }
  }
}
