import ServiceModels
import Wire

extension KMSService {
  static let grantRules: [String: OperationRule] = [
    "CreateGrant": OperationRule(
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        let context: [String: [String]] = [
          "kms:GrantOperations": input.texts("Operations"),
          "kms:GranteePrincipal": [input.text("GranteePrincipal")],
          "kms:CallerAccount": [call.principal.account],
        ]
        return [question("CreateGrant", key, call, context: context)]
      }, createGrant),
    "ListGrants": OperationRule(
      onKey("ListGrants"),
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        let grants = key.grants.filter { grant in
          (input["GrantId"]?.string ?? grant.id) == grant.id
            && (input["GranteePrincipal"]?.string ?? grant.grantee) == grant.grantee
        }
        return output(try page(grants, input, most: 100), "Grants") { describe($0, key, call) }
      }),
    "RevokeGrant": OperationRule(
      onKey("RevokeGrant"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (key) throws(ServiceFault) in
          guard key.grants.contains(where: { $0.id == input.text("GrantId") }) else {
            throw fault("NotFoundException", "Grant ID \(input.text("GrantId")) not found")
          }
          key.grants.removeAll { $0.id == input.text("GrantId") }
        }
        return [:]
      }),
    "RetireGrant": OperationRule(
      { (input, call) throws(ServiceFault) in
        let (key, grant) = try retired(input, call)
        var question = question("RetireGrant", key, call)
        // The retiring principal may, and a grantee to whom the grant gives it (API, RetireGrant).
        if let retiring = grant.retiring, call.principal.names.contains(retiring) {
          question.grant = "grant \(grant.id) names \(retiring) as its retiring principal"
        } else if grant.admits(call.principal, "RetireGrant", [:]) {
          question.grant = "grant \(grant.id) allows kms:RetireGrant"
        }
        return [question]
      },
      { (input, call) throws(ServiceFault) in
        let (key, grant) = try retired(input, call)
        call.state.kms[call.region]?.keys[key.id]?.grants.removeAll { $0.id == grant.id }
        return [:]
      }),
    "ListRetirableGrants": OperationRule(
      { (_, _) in [AccessQuestion("kms:ListRetirableGrants")] },
      { (input, call) throws(ServiceFault) in
        let retiring = input.text("RetiringPrincipal")
        let keys = (call.seen.kms[call.region]?.keys ?? [:]).values.sorted { $0.id < $1.id }
        let found = keys.flatMap { key in key.grants.filter { $0.retiring == retiring }.map { (key, $0) } }
        return output(try page(found, input, most: 100), "Grants") { describe($0.1, $0.0, call) }
      }),
  ]

  /// The grant that a token, or a key and an id, mean.
  private static func retired(_ input: Value, _ call: Call) throws(ServiceFault) -> (KMSKey, KMSGrant) {
    if let token = input["GrantToken"]?.string {
      for key in (call.seen.kms[call.region]?.keys ?? [:]).values {
        if let grant = key.grants.first(where: { $0.token == token }) { return (key, grant) }
      }
      throw fault("InvalidGrantTokenException", "Invalid grant token")
    }
    guard let name = input["KeyId"]?.string, let id = input["GrantId"]?.string else {
      throw fault("ValidationException", "Either a grant token, or a key ID and a grant ID must be given.")
    }
    let key = try call.realm.key(name, region: call.region, aliases: false)
    guard let grant = key.grants.first(where: { $0.id == id }) else {
      throw fault("NotFoundException", "Grant ID \(id) not found")
    }
    return (key, grant)
  }

  private static let grantOperations: Set<String> = [
    "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom",
    "ReEncryptTo",
    "CreateGrant", "RetireGrant", "DescribeKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
  ]

  private static func createGrant(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var result: Fields = [:]
    try change(input, call) { (key) throws(ServiceFault) in
      try call.realm.requireUsable(key, region: call.region)
      let grantee = input.text("GranteePrincipal")
      guard call.realm.exists(principal: grantee, kind: "AWS"), grantee.hasPrefix("arn:") else {
        throw fault("InvalidArnException", "ARN does not refer to a valid principal: \(grantee)")
      }
      let operations = input.texts("Operations")
      if let unknown = operations.first(where: { !grantOperations.contains($0) }) {
        throw fault(
          "ValidationException", "Operation \(unknown) cannot be granted for a symmetric encryption key.")
      }
      func pairs(_ name: String) -> [String: String]? {
        input["Constraints"]?[name]?.object.map { fields in
          Dictionary(fields.map { ($0.name, $0.value.string ?? "") }) { a, _ in a }
        }
      }
      let grant = KMSGrant(
        id: call.state.generator.hex(64), token: call.state.generator.base64(120),
        name: input["Name"]?.string,
        grantee: grantee, retiring: input["RetiringPrincipal"]?.string, issuer: call.iamARN("root"),
        operations: operations, contextEquals: pairs("EncryptionContextEquals"),
        contextSubset: pairs("EncryptionContextSubset"), created: call.now)
      // The same name with the same parameters is the same grant: a retry makes no second one.
      let twin = key.grants.first {
        $0.name != nil && $0.name == grant.name && $0.grantee == grant.grantee
          && $0.operations == grant.operations
          && $0.contextEquals == grant.contextEquals && $0.contextSubset == grant.contextSubset
      }
      if twin == nil { key.grants.append(grant) }
      result = ["GrantToken": .string(grant.token), "GrantId": .string((twin ?? grant).id)]
    }
    return .object(result)
  }

  private static func describe(_ grant: KMSGrant, _ key: KMSKey, _ call: Call) -> Value {
    var fields: Fields = [
      "KeyId": .string(call.realm.keyARN(key.id, region: call.region)), "GrantId": .string(grant.id),
      "Name": .string(grant.name ?? ""), "CreationDate": .timestamp(grant.created),
      "GranteePrincipal": .string(grant.grantee),
    ]
    fields.add("RetiringPrincipal", grant.retiring.map(Value.string))
    fields["IssuingAccount"] = .string(grant.issuer)
    fields["Operations"] = .list(grant.operations.map(Value.string))
    var constraints: Fields = [:]
    for (name, pairs) in [
      ("EncryptionContextSubset", grant.contextSubset), ("EncryptionContextEquals", grant.contextEquals),
    ] {
      if let pairs {
        constraints[name] = .object(
          Fields(pairs.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))
      }
    }
    if !constraints.isEmpty { fields["Constraints"] = .object(constraints) }
    return .object(fields)
  }
}
