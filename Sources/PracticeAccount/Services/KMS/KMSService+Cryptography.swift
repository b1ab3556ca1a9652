import Digests
import ServiceModels
import Wire

/// Encrypting and decrypting with a key's material: AES-256-GCM, the encryption context bound to the text.
///
/// Source: KMS API reference, Encrypt, Decrypt, ReEncrypt, GenerateDataKey, GenerateRandom; developer guide,
/// "Encryption context".
extension KMSService {
  static let cryptographyRules: [String: OperationRule] = [
    "Encrypt": OperationRule(
      { (input, call) throws(ServiceFault) in
        [try question("Encrypt", usableKey(input.text("KeyId"), call), context(input), call)]
      },
      { (input, call) throws(ServiceFault) in
        let key = try usableKey(input.text("KeyId"), call)
        let text = input["Plaintext"]?.blob ?? []
        guard (1...4096).contains(text.count) else { throw wrongLength("plaintext", text.count, 4096) }
        try checkRun(input)
        return [
          "CiphertextBlob": .blob(try sealed(text, key, context(input), call)),
          "KeyId": .string(call.realm.keyARN(key.id, region: call.region)),
          "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        ]
      }),
    "Decrypt": OperationRule(
      { (input, call) throws(ServiceFault) in
        [try question("Decrypt", keyToOpen(input, "CiphertextBlob", "KeyId", call).key, context(input), call)]
      },
      { (input, call) throws(ServiceFault) in
        let (key, ciphertext) = try keyToOpen(input, "CiphertextBlob", "KeyId", call)
        try checkRun(input)
        return [
          "KeyId": .string(call.realm.keyARN(key.id, region: call.region)),
          "Plaintext": .blob(try opened(ciphertext, key, context(input))),
          "EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "KeyMaterialId": .string(ciphertext.materialID),
        ]
      }),
    "ReEncrypt": OperationRule(
      { (input, call) throws(ServiceFault) in
        let from = try keyToOpen(input, "CiphertextBlob", "SourceKeyId", call).key
        let to = try usableKey(input.text("DestinationKeyId"), call)
        return [
          question("ReEncryptFrom", from, context(input, "SourceEncryptionContext"), call),
          question("ReEncryptTo", to, context(input, "DestinationEncryptionContext"), call),
        ]
      },
      { (input, call) throws(ServiceFault) in
        let (from, ciphertext) = try keyToOpen(input, "CiphertextBlob", "SourceKeyId", call)
        let to = try usableKey(input.text("DestinationKeyId"), call)
        try checkRun(input)
        let text = try opened(ciphertext, from, context(input, "SourceEncryptionContext"))
        return [
          "CiphertextBlob": .blob(try sealed(text, to, context(input, "DestinationEncryptionContext"), call)),
          "SourceKeyId": .string(call.realm.keyARN(from.id, region: call.region)),
          "KeyId": .string(call.realm.keyARN(to.id, region: call.region)),
          "SourceEncryptionAlgorithm": "SYMMETRIC_DEFAULT",
          "DestinationEncryptionAlgorithm": "SYMMETRIC_DEFAULT",
          "SourceKeyMaterialId": .string(ciphertext.materialID),
          "DestinationKeyMaterialId": .string(to.materialID),
        ]
      }),
    "GenerateDataKey": dataKeyRule("GenerateDataKey", showsPlaintext: true),
    "GenerateDataKeyWithoutPlaintext": dataKeyRule("GenerateDataKeyWithoutPlaintext", showsPlaintext: false),
    "GenerateRandom": OperationRule(
      { (_, _) in [AccessQuestion("kms:GenerateRandom")] },
      { (input, call) throws(ServiceFault) in
        let count = input["NumberOfBytes"]?.integer ?? 0
        guard (1...1024).contains(count) else { throw wrongNumber(count) }
        return ["Plaintext": .blob(call.state.generator.bytes(Int(count)))]
      }),
  ]

  private static func dataKeyRule(_ operation: String, showsPlaintext: Bool) -> OperationRule {
    OperationRule(
      { (input, call) throws(ServiceFault) in
        [try question(operation, usableKey(input.text("KeyId"), call), context(input), call)]
      },
      { (input, call) throws(ServiceFault) in
        let key = try usableKey(input.text("KeyId"), call)
        let count: Int64
        switch (input["KeySpec"]?.string, input["NumberOfBytes"]?.integer) {
        case ("AES_256", nil): count = 32
        case ("AES_128", nil): count = 16
        case (nil, let number?): count = number
        default:
          throw fault("ValidationException", "Please specify either number of bytes or key spec.")
        }
        guard (1...1024).contains(count) else { throw wrongNumber(count) }
        try checkRun(input)
        let text = call.state.generator.bytes(Int(count))
        var fields: Fields = ["CiphertextBlob": .blob(try sealed(text, key, context(input), call))]
        if showsPlaintext { fields["Plaintext"] = .blob(text) }
        fields["KeyId"] = .string(call.realm.keyARN(key.id, region: call.region))
        fields["KeyMaterialId"] = .string(key.materialID)
        return .object(fields)
      })
  }

  // MARK: keys

  /// A key by id, ARN or alias that may encrypt now.
  private static func usableKey(_ text: String, _ call: Call) throws(ServiceFault) -> KMSKey {
    let key = try call.realm.key(text, region: call.region)
    try call.realm.requireUsable(key, region: call.region)
    return key
  }

  /// The key a ciphertext was made with, which has to be the one that is named, if one is.
  private static func keyToOpen(
    _ input: Value, _ blob: String, _ name: String, _ call: Call
  ) throws(ServiceFault) -> (key: KMSKey, ciphertext: Ciphertext) {
    let bytes = input[blob]?.blob ?? []
    guard (1...6144).contains(bytes.count) else { throw wrongLength("ciphertextBlob", bytes.count, 6144) }
    let named = try input[name]?.string.map { (text) throws(ServiceFault) in try usableKey(text, call) }
    guard let ciphertext = Ciphertext(bytes), let key = call.seen.kms[call.region]?.keys[ciphertext.keyID]
    else {
      throw fault("InvalidCiphertextException", "")
    }
    if let named, named.id != key.id {
      throw fault(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.")
    }
    try call.realm.requireUsable(key, region: call.region)
    return (key, ciphertext)
  }

  private static func question(
    _ operation: String, _ key: KMSKey, _ context: [String: String], _ call: Call
  ) -> AccessQuestion {
    var question = question(
      operation, key, call,
      context: [
        "kms:CallerAccount": [call.principal.account], "kms:EncryptionAlgorithm": ["SYMMETRIC_DEFAULT"],
      ])
    for (name, value) in context { question.context["kms:EncryptionContext:\(name)"] = [value] }
    if !context.isEmpty { question.context["kms:EncryptionContextKeys"] = context.keys.sorted() }
    question.grant = call.realm.grant(key, question.action, call.principal, context)
    return question
  }

  // MARK: texts

  private static func context(_ input: Value, _ name: String = "EncryptionContext") -> [String: String] {
    Dictionary((input[name]?.object ?? [:]).map { ($0.name, $0.value.string ?? "") }) { a, _ in a }
  }

  private static func sealed(
    _ text: [UInt8], _ key: KMSKey, _ context: [String: String], _ call: Call
  ) throws(ServiceFault) -> [UInt8] {
    let nonce = call.state.generator.bytes(12)
    guard let ciphertext = Ciphertext(text, under: key, context: context, nonce: nonce) else {
      throw fault("KMSInternalException", "The practice account could not encrypt.", 500)
    }
    return ciphertext.blob
  }

  private static func opened(
    _ ciphertext: Ciphertext, _ key: KMSKey, _ context: [String: String]
  ) throws(ServiceFault) -> [UInt8] {
    guard let text = ciphertext.opened(with: key, context: context) else {
      throw fault("InvalidCiphertextException", "")
    }
    return text
  }

  /// `DryRun`: everything was right, and nothing is done.
  private static func checkRun(_ input: Value) throws(ServiceFault) {
    if input["DryRun"]?.bool == true {
      throw fault(
        "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", 412)
    }
  }

  private static func wrongLength(_ member: String, _ count: Int, _ most: Int) -> ServiceFault {
    let bound = count == 0 ? "greater than or equal to 1" : "less than or equal to \(most)"
    return fault(
      "ValidationException",
      "1 validation error detected: Value at '\(member)' failed to satisfy constraint: Member must have length \(bound)"
    )
  }

  private static func wrongNumber(_ count: Int64) -> ServiceFault {
    let bound = count < 1 ? "greater than or equal to 1" : "less than or equal to 1024"
    return fault(
      "ValidationException",
      "1 validation error detected: Value '\(count)' at 'numberOfBytes' failed to satisfy constraint: Member must have value \(bound)"
    )
  }
}
