import ServiceModels
import Wire

extension KMSService {
  /// Aliases that AWS lists in every account, most of them without a key until their service first needs one.
  static let predefinedAliases = [
    "alias/aws/dynamodb", "alias/aws/ebs", "alias/aws/elasticfilesystem", "alias/aws/es", "alias/aws/glue",
    "alias/aws/kinesisvideo", "alias/aws/rds", "alias/aws/redshift", "alias/aws/s3", "alias/aws/ssm",
    "alias/aws/xray",
  ]

  static let aliasRules: [String: OperationRule] = [
    "CreateAlias": OperationRule(
      { (input, call) throws(ServiceFault) in
        try checkName(input.text("AliasName"))
        let key = try call.realm.key(input.text("TargetKeyId"), region: call.region, aliases: false)
        return [aliasQuestion("CreateAlias", input, call), question("CreateAlias", key, call)]
      },
      { (input, call) throws(ServiceFault) in
        let name = input.text("AliasName")
        let key = try call.realm.key(input.text("TargetKeyId"), region: call.region, aliases: false)
        try requireNotPending(key, call)
        if call.seen.kms[call.region]?.aliases[name] != nil {
          throw fault(
            "AlreadyExistsException",
            "An alias with the name \(call.realm.aliasARN(name, region: call.region)) already exists")
        }
        // Made first: an assignment through `?` holds the state while its right side is computed.
        let alias = KMSAlias(target: key.id, created: call.now, updated: call.now)
        call.state.kms[call.region]?.aliases[name] = alias
        return [:]
      }),
    "UpdateAlias": OperationRule(
      { (input, call) throws(ServiceFault) in
        try checkName(input.text("AliasName"))
        let target = try call.realm.key(input.text("TargetKeyId"), region: call.region, aliases: false)
        let old = try call.realm.key(input.text("AliasName"), region: call.region)
        return [
          aliasQuestion("UpdateAlias", input, call), question("UpdateAlias", old, call),
          question("UpdateAlias", target, call),
        ]
      },
      { (input, call) throws(ServiceFault) in
        let target = try call.realm.key(input.text("TargetKeyId"), region: call.region, aliases: false)
        try requireNotPending(target, call)
        let now = call.now
        call.state.kms[call.region]?.aliases[input.text("AliasName")]?.target = target.id
        call.state.kms[call.region]?.aliases[input.text("AliasName")]?.updated = now
        return [:]
      }),
    "DeleteAlias": OperationRule(
      { (input, call) throws(ServiceFault) in
        try checkName(input.text("AliasName"))
        let key = try call.realm.key(input.text("AliasName"), region: call.region)
        return [aliasQuestion("DeleteAlias", input, call), question("DeleteAlias", key, call)]
      },
      { (input, call) throws(ServiceFault) in
        call.state.kms[call.region]?.aliases[input.text("AliasName")] = nil
        return [:]
      }),
    "ListAliases": OperationRule(
      { (_, _) in [AccessQuestion("kms:ListAliases")] },
      { (input, call) throws(ServiceFault) in
        let aliases = call.seen.kms[call.region]?.aliases ?? [:]
        var names = Set(aliases.keys)
        if let wanted = input["KeyId"]?.string {
          let key = try call.realm.key(wanted, region: call.region, aliases: false)
          names = names.filter { aliases[$0]?.target == key.id }
        } else {
          names.formUnion(predefinedAliases)
        }
        return output(try page(names.sorted(), input, most: 100), "Aliases") { name in
          var fields: Fields = [
            "AliasName": .string(name), "AliasArn": .string(call.realm.aliasARN(name, region: call.region)),
          ]
          if let alias = aliases[name] {
            fields["TargetKeyId"] = .string(alias.target)
            fields["CreationDate"] = .timestamp(alias.created)
            fields["LastUpdatedDate"] = .timestamp(alias.updated)
          }
          return .object(fields)
        }
      }),
  ]

  private static func aliasQuestion(_ operation: String, _ input: Value, _ call: Call) -> AccessQuestion {
    AccessQuestion("kms:\(operation)", call.realm.aliasARN(input.text("AliasName"), region: call.region))
  }

  private static func checkName(_ name: String) throws(ServiceFault) {
    guard name.hasPrefix("alias/") else {
      throw fault(
        "ValidationException",
        "Alias must start with the prefix \"alias/\". Please see "
          + "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html")
    }
    if name.hasPrefix("alias/aws/") { throw fault("NotAuthorizedException", "") }
    let rest = name.dropFirst(6)
    let isValid = rest.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || [0x2F, 0x5F, 0x2D].contains(byte)
    }
    guard isValid, !rest.isEmpty, name.utf8.count <= 256 else {
      throw fault("InvalidAliasNameException", "\(name) is not a valid alias name.")
    }
  }
}
