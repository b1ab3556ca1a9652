import OrderedJSON
import ServiceModels
import Wire

extension KMSService {
  static let policyRules: [String: OperationRule] = [
    "GetKeyPolicy": OperationRule(
      onKey("GetKeyPolicy"),
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        try checkPolicyName(input)
        return ["Policy": .string(key.policy), "PolicyName": "default"]
      }),
    "PutKeyPolicy": OperationRule(
      onKey("PutKeyPolicy"),
      { (input, call) throws(ServiceFault) in
        try checkPolicyName(input)
        let policy = input.text("Policy")
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        try checkPolicy(policy, input["BypassPolicyLockoutSafetyCheck"]?.bool == true, key, call)
        try change(input, call) { $0.policy = policy }
        return [:]
      }),
    "ListKeyPolicies": OperationRule(
      onKey("ListKeyPolicies"),
      { (_, _) in ["PolicyNames": ["default"], "Truncated": false] }),
  ]

  /// What `CreateKey` gives without a `Policy`: the account, and so its IAM policies, may do everything.
  static func defaultPolicy(_ call: Call) -> String {
    let policy: JSON = [
      "Version": "2012-10-17", "Id": "key-default-1",
      "Statement": [
        [
          "Sid": "Enable IAM User Permissions", "Effect": "Allow",
          "Principal": ["AWS": .string(call.iamARN("root"))], "Action": "kms:*", "Resource": "*",
        ]
      ],
    ]
    return policy.text(indent: 2)
  }

  private static func checkPolicyName(_ input: Value) throws(ServiceFault) {
    if let name = input["PolicyName"]?.string, name != "default" {
      throw fault("NotFoundException", "No such policy exists")
    }
  }

  /// The checks of CreateKey and PutKeyPolicy: it is a policy, its principals exist, and whoever puts it can
  /// still change it afterwards (unless the caller waives this last one).
  static func checkPolicy(_ text: String, _ waivesLockout: Bool, _ key: KMSKey?, _ call: Call)
    throws(ServiceFault)
  {
    if text.utf8.count > 32_768 {
      throw fault("LimitExceededException", "The key policy is larger than 32768 bytes.")
    }
    if let problem = PolicyValidation(text, kind: .key).problem {
      throw fault("MalformedPolicyDocumentException", problem)
    }
    let document = call.realm.document(text)
    for statement in document.statements {
      for (kind, names) in statement.principals?.byKind ?? [:] {
        for name in names where !call.realm.exists(principal: name, kind: kind) {
          throw fault(
            "MalformedPolicyDocumentException",
            "Policy contains a statement with one or more invalid principals.")
        }
      }
    }
    guard !waivesLockout else { return }
    let question = AccessQuestion(
      "kms:PutKeyPolicy", call.realm.keyARN(key?.id ?? "*", region: call.region),
      policy: NamedPolicy(name: "new", document: document),
      context: ["kms:CallerAccount": [call.principal.account]],
      tags: key?.tags ?? [])
    if !call.verdict(question).isAllowed {
      throw fault(
        "MalformedPolicyDocumentException",
        "The new key policy will not allow you to update the key policy in the future.")
    }
  }
}
