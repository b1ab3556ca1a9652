extension Realm {
  /// The identity-based policies of a principal.
  func identityPolicies(of principal: Principal) -> [NamedPolicy] {
    switch principal.kind {
    case .user:
      guard let user = principal.arn.split(separator: "/").last.flatMap({ current.iam.users[String($0)] })
      else { return [] }
      return named(inline: user.inline, attached: user.attached)
    case .role, .roleSession:
      guard let role = role(of: principal) else { return [] }
      return named(inline: role.inline, attached: role.attached)
    case .root, .service: return []
    }
  }

  func tags(of principal: Principal) -> [Tag] {
    switch principal.kind {
    case .user: principal.arn.split(separator: "/").last.flatMap { current.iam.users[String($0)] }?.tags ?? []
    case .role, .roleSession: role(of: principal)?.tags ?? []
    case .root, .service: []
    }
  }

  private func role(of principal: Principal) -> IAMRole? {
    let parts = principal.arn.split(separator: "/")
    let name = principal.kind == .roleSession ? parts.dropFirst().first : parts.last
    return name.flatMap { current.iam.roles[String($0)] }
  }

  private func named(inline: [String: String], attached: [String]) -> [NamedPolicy] {
    let own = inline.sorted { $0.key < $1.key }.map {
      NamedPolicy(name: $0.key, document: document($0.value))
    }
    let managed = attached.compactMap { arn in
      ManagedPolicies.documents[arn].map {
        NamedPolicy(name: String(arn.split(separator: "/").last ?? ""), document: document($0))
      }
    }
    return own + managed
  }

  /// Whether a policy may name this as its `Principal`: accounts, `*`, services, and the users and roles that
  /// exist (KMS and S3 refuse principals that do not).
  func exists(principal name: String, kind: String) -> Bool {
    if kind != "AWS" { return !name.isEmpty }
    if name == "*" { return true }
    if name.count == 12, name.allSatisfy(\.isNumber) { return true }
    let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" || parts[2] == "sts" else { return false }
    // Of other accounts nothing can be known here; AWS would look there.
    guard parts[4] == current.accountID else {
      return parts[4].count == 12 && parts[4].allSatisfy(\.isNumber)
    }
    if parts[5] == "root" { return true }
    if parts[5].hasPrefix("role/") {
      return current.iam.roles.values.contains { iamARN("role\($0.path)\($0.name)") == name }
    }
    if parts[5].hasPrefix("user/") {
      return current.iam.users.values.contains { iamARN("user\($0.path)\($0.name)") == name }
    }
    return parts[5].hasPrefix("assumed-role/")
  }

  /// The access key's owner, if the key is known and active.
  func owner(ofKey id: String) -> (principal: Principal, secret: String)? {
    for user in current.iam.users.values {
      guard let key = user.accessKeys.first(where: { $0.id == id && $0.isActive }) else { continue }
      let arn = iamARN("user\(user.path)\(user.name)")
      return (Principal(kind: .user, arn: arn, account: current.accountID, userID: user.id), key.secret)
    }
    return nil
  }
}
