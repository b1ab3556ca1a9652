import ServiceModels
import Wire

/// Key Management Service: keys, aliases, policies, grants and tags, with the key state table of the
/// developer guide ("Key states of KMS keys"). Sources: KMS API reference, developer guide.
enum KMSService {
  static let service = PracticeService(
    name: "kms",
    rules: [keyRules, aliasRules, policyRules, grantRules, deletionRules, rotationRules, cryptographyRules]
      .reduce(into: [:]) { all, some in all.merge(some) { a, _ in a } },
    denial: denial)

  @Sendable static func denial(_ question: AccessQuestion, _ verdict: Verdict, _ principal: Principal)
    -> ServiceFault
  {
    fault("AccessDeniedException", denialText(question, verdict, principal))
  }

  /// A right on the key that `KeyId` means.
  static func onKey(_ operation: String, aliases: Bool = false) -> OperationRule.Questions {
    { (input: Value, call: Call) throws(ServiceFault) -> [AccessQuestion] in
      let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: aliases)
      var context: [String: [String]] = ["kms:CallerAccount": [call.principal.account]]
      if input.text("KeyId").hasPrefix("alias/") { context["kms:RequestAlias"] = [input.text("KeyId")] }
      return [question(operation, key, call, context: context)]
    }
  }

  static func question(
    _ operation: String, _ key: KMSKey, _ call: Call, context: [String: [String]] = [:]
  ) -> AccessQuestion {
    var question = AccessQuestion(
      "kms:\(operation)", call.realm.keyARN(key.id, region: call.region), policy: call.realm.policy(of: key),
      context: context, tags: key.tags)
    // What a grant may give beside cryptography (KMS API, GrantOperation).
    if ["DescribeKey", "CreateGrant"].contains(operation) {
      question.grant = call.realm.grant(key, question.action, call.principal)
    }
    return question
  }

  /// Changes the key that `KeyId` means.
  static func change(
    _ input: Value, _ call: Call, _ change: (inout KMSKey) throws(ServiceFault) -> Void
  ) throws(ServiceFault) {
    var key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
    if key.isManagedByAWS {
      throw fault(
        "AccessDeniedException",
        "\(call.realm.keyARN(key.id, region: call.region)) is managed by AWS and cannot be changed.")
    }
    try change(&key)
    call.state.kms[call.region]?.keys[key.id] = key
  }

  /// Refuses a key that waits for its deletion.
  static func requireNotPending(_ key: KMSKey, _ call: Call) throws(ServiceFault) {
    if key.state == .pendingDeletion {
      throw fault(
        "KMSInvalidStateException", "\(call.realm.keyARN(key.id, region: call.region)) is pending deletion.")
    }
  }

  static func page<Item>(_ all: [Item], _ input: Value, most: Int) throws(ServiceFault) -> Page<Item> {
    guard let page = Page(all, limit: input["Limit"]?.integer, token: input["Marker"]?.string, most: most)
    else {
      throw fault("InvalidMarkerException", "The marker is not valid.")
    }
    return page
  }

  static func output<Item>(_ page: Page<Item>, _ name: String, _ value: (Item) -> Value) -> Value {
    var fields: Fields = [name: .list(page.items.map(value)), "Truncated": .bool(page.next != nil)]
    fields.add("NextMarker", page.next.map(Value.string))
    return .object(fields)
  }
}
