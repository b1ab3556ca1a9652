import ServiceModels
import Wire

extension KMSService {
  static let keyRules: [String: OperationRule] = [
    "CreateKey": OperationRule(
      { (input, _) in
        [
          AccessQuestion(
            "kms:CreateKey",
            context: [
              "kms:KeySpec": [input["KeySpec"]?.string ?? "SYMMETRIC_DEFAULT"],
              "kms:KeyUsage": [input["KeyUsage"]?.string ?? "ENCRYPT_DECRYPT"],
              "kms:BypassPolicyLockoutSafetyCheck": [
                input["BypassPolicyLockoutSafetyCheck"]?.bool == true ? "true" : "false"
              ],
            ]
          ).requesting(readTags(input))
        ]
      }, createKey),
    "DescribeKey": OperationRule(
      onKey("DescribeKey", aliases: true),
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region)
        return ["KeyMetadata": metadata(key, call)]
      }),
    "ListKeys": OperationRule(
      { (_, _) in [AccessQuestion("kms:ListKeys")] },
      { (input, call) throws(ServiceFault) in
        let ids = (call.seen.kms[call.region]?.keys.keys.sorted()) ?? []
        let page = try page(ids, input, most: 1000)
        return output(page, "Keys") {
          ["KeyId": .string($0), "KeyArn": .string(call.realm.keyARN($0, region: call.region))]
        }
      }),
    "EnableKey": OperationRule(
      onKey("EnableKey"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (key) throws(ServiceFault) in
          try requireNotPending(key, call)
          key.state = .enabled
        }
        return [:]
      }),
    "DisableKey": OperationRule(
      onKey("DisableKey"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (key) throws(ServiceFault) in
          try requireNotPending(key, call)
          key.state = .disabled
        }
        return [:]
      }),
    "UpdateKeyDescription": OperationRule(
      onKey("UpdateKeyDescription"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (key) throws(ServiceFault) in
          try requireNotPending(key, call)
          key.description = input.text("Description")
        }
        return [:]
      }),
    "TagResource": OperationRule(
      { (input, call) throws(ServiceFault) in
        try onKey("TagResource")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        let tags = try checkedTags(input)
        try change(input, call) { (key) throws(ServiceFault) in
          try requireNotPending(key, call)
          for tag in tags {
            key.tags.removeAll { $0.key == tag.key }
            key.tags.append(tag)
          }
          if key.tags.count > 50 { throw fault("TagException", "Too many tags") }
        }
        return [:]
      }),
    "UntagResource": OperationRule(
      onKey("UntagResource"),
      { (input, call) throws(ServiceFault) in
        let names = input.texts("TagKeys")
        try change(input, call) { (key) throws(ServiceFault) in
          try requireNotPending(key, call)
          key.tags.removeAll { names.contains($0.key) }
        }
        return [:]
      }),
    "ListResourceTags": OperationRule(
      onKey("ListResourceTags"),
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        return output(try page(key.tags, input, most: 50), "Tags") {
          ["TagKey": .string($0.key), "TagValue": .string($0.value)]
        }
      }),
  ]

  private static func createKey(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let spec = input["KeySpec"]?.string ?? input["CustomerMasterKeySpec"]?.string ?? "SYMMETRIC_DEFAULT"
    guard spec == "SYMMETRIC_DEFAULT", (input["KeyUsage"]?.string ?? "ENCRYPT_DECRYPT") == "ENCRYPT_DECRYPT",
      (input["Origin"]?.string ?? "AWS_KMS") == "AWS_KMS", input["MultiRegion"]?.bool != true
    else {
      throw fault(
        "UnsupportedOperationException",
        "The practice account makes symmetric, single-Region keys with key material of AWS KMS only.")
    }
    let tags = try checkedTags(input)
    let policy: String
    if let given = input["Policy"]?.string {
      try checkPolicy(given, input["BypassPolicyLockoutSafetyCheck"]?.bool == true, nil, call)
      policy = given
    } else {
      policy = defaultPolicy(call)
    }
    let key = KMSKey(
      id: call.state.generator.uuid(), created: call.now, description: input.text("Description"),
      policy: policy,
      tags: tags, materials: [call.realm.newMaterial()])
    call.state.kms[call.region, default: KMSRegion()].keys[key.id] = key
    return ["KeyMetadata": metadata(key, call)]
  }

  static func metadata(_ key: KMSKey, _ call: Call) -> Value {
    var fields: Fields = [
      "AWSAccountId": .string(call.accountID),
      "KeyId": .string(key.id),
      "Arn": .string(call.realm.keyARN(key.id, region: call.region)),
      "CreationDate": .timestamp(key.created),
      "Enabled": .bool(key.state == .enabled),
      "Description": .string(key.description),
      "KeyUsage": "ENCRYPT_DECRYPT",
      "KeyState": .string(key.state.rawValue),
    ]
    if let date = key.deletionDate { fields["DeletionDate"] = .timestamp(date) }
    fields["Origin"] = "AWS_KMS"
    fields["KeyManager"] = key.isManagedByAWS ? "AWS" : "CUSTOMER"
    fields["CustomerMasterKeySpec"] = "SYMMETRIC_DEFAULT"
    fields["KeySpec"] = "SYMMETRIC_DEFAULT"
    fields["EncryptionAlgorithms"] = ["SYMMETRIC_DEFAULT"]
    fields["MultiRegion"] = false
    fields["CurrentKeyMaterialId"] = .string(key.materialID)
    return .object(fields)
  }

  static func readTags(_ input: Value) -> [Tag] {
    input.items("Tags").map { Tag(key: $0.text("TagKey"), value: $0.text("TagValue")) }
  }

  private static func checkedTags(_ input: Value) throws(ServiceFault) -> [Tag] {
    let tags = readTags(input)
    if tags.contains(where: { $0.key.lowercased().hasPrefix("aws:") }) {
      throw fault("TagException", "Tags beginning with aws: are reserved")
    }
    if Set(tags.map(\.key)).count < tags.count { throw fault("TagException", "Duplicate tag keys") }
    if tags.count > 50 { throw fault("TagException", "Too many tags") }
    return tags
  }
}
