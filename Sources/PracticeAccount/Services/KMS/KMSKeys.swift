import ServiceModels
import Wire

/// Finding keys and asking their policies.
extension Realm {
  func keyARN(_ id: String, region: String) -> String { arn("kms", region: region, "key/\(id)") }
  func aliasARN(_ name: String, region: String) -> String { arn("kms", region: region, name) }

  /// The key a `KeyId` means: id, key ARN, alias name or alias ARN.
  ///
  /// - Throws: `NotFoundException` with KMS's own text.
  func key(_ text: String, region: String, aliases: Bool = true) throws(ServiceFault) -> KMSKey {
    var name = text
    if text.hasPrefix("arn:") {
      let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 6, parts[2] == "kms" else {
        throw fault("InvalidArnException", "Invalid arn \(text)")
      }
      guard parts[3] == region else { throw fault("NotFoundException", "Invalid arn \(parts[3])") }
      guard parts[4] == current.accountID else { throw notFound(text) }
      name = parts[5].hasPrefix("key/") ? String(parts[5].dropFirst(4)) : parts[5]
    }
    if name.hasPrefix("alias/") {
      guard aliases, let alias = current.kms[region]?.aliases[name] else {
        if !aliases { throw fault("NotFoundException", "Invalid keyId '\(text)'") }
        if let made = managedKey(named: name, region: region) { return made }
        throw fault("NotFoundException", "Alias \(aliasARN(name, region: region)) is not found.")
      }
      name = alias.target
    }
    if let key = current.kms[region]?.keys[name] { return key }
    guard isUUID(name) else { throw fault("NotFoundException", "Invalid keyId '\(name)'") }
    throw notFound(keyARN(name, region: region))
  }

  private func notFound(_ arn: String) -> ServiceFault {
    fault("NotFoundException", "Key '\(arn)' does not exist")
  }

  private func isUUID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }

  /// The key behind an `alias/aws/...` that its service has made already; nil for others.
  private func managedKey(named name: String, region: String) -> KMSKey? {
    guard name.hasPrefix("alias/aws/"), let alias = current.kms[region]?.aliases[name] else { return nil }
    return current.kms[region]?.keys[alias.target]
  }

  /// The key `aws/s3`, made at first use as AWS does. Its policy admits whoever comes through S3.
  func managedS3Key(region: String) -> KMSKey {
    let name = "alias/aws/s3"
    if let id = current.kms[region]?.aliases[name]?.target, let key = current.kms[region]?.keys[id] {
      return key
    }
    let id = state.generator.uuid()
    let root = iamARN("root")
    let policy = """
      {"Version":"2012-10-17","Id":"auto-s3-2","Statement":[{"Sid":"Allow access through S3 for all principals in \
      the account that are authorized to use S3","Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Encrypt",\
      "kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*","Condition":\
      {"StringEquals":{"kms:ViaService":"s3.\(region).amazonaws.com","kms:CallerAccount":"\(current.accountID)"}}},\
      {"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":{"AWS":"\(root)"},\
      "Action":["kms:Describe*","kms:Get*","kms:List*"],"Resource":"*"}]}
      """
    let time = now
    let key = KMSKey(
      id: id, created: time,
      description: "Default key that protects my S3 objects when no other key is defined",
      isManagedByAWS: true, policy: policy, materials: [newMaterial()], rotationPeriod: 365)
    state.kms[region, default: KMSRegion()].keys[id] = key
    state.kms[region, default: KMSRegion()].aliases[name] = KMSAlias(target: id, created: time, updated: time)
    return key
  }

  func policy(of key: KMSKey) -> NamedPolicy {
    NamedPolicy(name: "of key \(key.id)", document: document(key.policy))
  }

  /// May `principal` do `action` with the key? Key policy, identity policies and grants decide.
  func verdict(
    on key: KMSKey, _ action: String, for principal: Principal, region: String, via service: String? = nil,
    encryptionContext: [String: String] = [:], context extra: [String: [String]] = [:]
  ) -> Verdict {
    var context = extra
    context["kms:CallerAccount"] = [principal.account]
    if let service { context["kms:ViaService"] = ["\(service).\(region).amazonaws.com"] }
    for (name, value) in encryptionContext { context["kms:EncryptionContext:\(name)"] = [value] }
    if !encryptionContext.isEmpty { context["kms:EncryptionContextKeys"] = encryptionContext.keys.sorted() }
    var question = AccessQuestion(
      action, keyARN(key.id, region: region), policy: policy(of: key), context: context, tags: key.tags)
    question.grant = grant(key, action, principal, encryptionContext)
    return verdict(question, for: principal, region: region, via: service)
  }

  /// The grant that gives `principal` the right, in words; nil if none does.
  func grant(
    _ key: KMSKey, _ action: String, _ principal: Principal, _ encryptionContext: [String: String] = [:]
  ) -> String? {
    let operation = action.split(separator: ":").last.map(String.init) ?? action
    return key.grants.first { $0.admits(principal, operation, encryptionContext) }
      .map { "grant \($0.name ?? $0.id) allows \(action)" }
  }

  /// Fresh key material.
  func newMaterial(rotation: String? = nil, at time: Timestamp? = nil) -> KMSMaterial {
    let id = state.generator.hex(64)
    return KMSMaterial(
      id: id, secret: base64Encoded(state.generator.bytes(32)), rotated: time, rotation: rotation)
  }

  /// Whether the key's state lets it encrypt and decrypt.
  ///
  /// - Throws: `DisabledException` or `KMSInvalidStateException` (KMS developer guide, "Key states").
  func requireUsable(_ key: KMSKey, region: String) throws(ServiceFault) {
    let arn = keyARN(key.id, region: region)
    switch key.state {
    case .enabled: return
    case .disabled: throw fault("DisabledException", "\(arn) is disabled.")
    case .pendingDeletion: throw fault("KMSInvalidStateException", "\(arn) is pending deletion.")
    }
  }
}

extension KMSGrant {
  func admits(_ principal: Principal, _ operation: String, _ context: [String: String]) -> Bool {
    guard principal.names.contains(grantee) else { return false }
    // A grant's GenerateDataKey covers that operation alone; names are exact (KMS API, GrantOperation).
    guard operations.contains(operation) else { return false }
    if let contextEquals, contextEquals != context { return false }
    if let contextSubset, !contextSubset.allSatisfy({ context[$0.key] == $0.value }) { return false }
    return true
  }
}
