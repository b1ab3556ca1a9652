import Wire

/// Who holds an access key, and what a request signed with it has to bring along.
struct KeyOwner {
  var principal: Principal
  var secret: String
  /// For temporary credentials: the token, and when they end on the account's own clock.
  var token: String?
  var expires: Timestamp?
}

extension Realm {
  /// The identity-based policies of a principal, a user's groups included.
  func identityPolicies(of principal: Principal) -> [NamedPolicy] {
    switch principal.kind {
    case .user, .federatedUser:
      guard let user = user(of: principal) else { return [] }
      let groups = current.iam.groups.values.filter { $0.members.contains(user.name) }
        .sorted { $0.name < $1.name }
      return named(inline: user.inline, attached: user.attached)
        + groups.flatMap { named(inline: $0.inline, attached: $0.attached) }
    case .role, .roleSession:
      guard let role = role(of: principal) else { return [] }
      return named(inline: role.inline, attached: role.attached)
    case .root, .service: return []
    }
  }

  /// The permissions boundary of a principal.
  func boundary(of principal: Principal) -> NamedPolicy? {
    let arn =
      switch principal.kind {
      case .user, .federatedUser: user(of: principal)?.boundary
      case .role, .roleSession: role(of: principal)?.boundary
      case .root, .service: String?.none
      }
    return arn.flatMap(managedPolicy)
  }

  /// The session policies of temporary credentials; empty if nothing narrows them.
  func sessionPolicies(of principal: Principal) -> [NamedPolicy] {
    guard let session = session(of: principal) else { return [] }
    guard let documents = session.policies else {
      // A federated user has no rights but those that are passed (IAM user guide, "GetFederationToken").
      return session.kind == .federated
        ? [NamedPolicy(name: "(none was passed)", document: PolicyDocument())] : []
    }
    return documents.map { NamedPolicy(name: "of session \(session.name)", document: document($0)) }
      + session.managed.compactMap(managedPolicy)
  }

  func session(of principal: Principal) -> STSSession? {
    principal.sessionKey.flatMap { current.sessions[$0] }
  }

  /// Tags of the user or role; a session's own tags replace those of the same key.
  func tags(of principal: Principal) -> [Tag] {
    let own =
      switch principal.kind {
      case .user, .federatedUser: user(of: principal)?.tags ?? []
      case .role, .roleSession: role(of: principal)?.tags ?? []
      case .root, .service: [Tag]()
      }
    let session = session(of: principal)?.tags ?? []
    return own.filter { tag in !session.contains { $0.key == tag.key } } + session
  }

  private func user(of principal: Principal) -> IAMUser? {
    if let session = session(of: principal) {
      return current.iam.users[session.issuer].flatMap { $0.id == session.issuerID ? $0 : nil }
    }
    return principal.arn.split(separator: "/").last.flatMap { current.iam.users[String($0)] }
  }

  private func role(of principal: Principal) -> IAMRole? {
    if let session = session(of: principal) {
      return current.iam.roles[session.issuer].flatMap { $0.id == session.issuerID ? $0 : nil }
    }
    let parts = principal.arn.split(separator: "/")
    let name = principal.kind == .roleSession ? parts.dropFirst().first : parts.last
    return name.flatMap { current.iam.roles[String($0)] }
  }

  func named(inline: [String: String], attached: [String]) -> [NamedPolicy] {
    let own = inline.sorted { $0.key < $1.key }.map {
      NamedPolicy(name: $0.key, document: document($0.value))
    }
    return own + attached.compactMap(managedPolicy)
  }

  /// A managed policy in its default version, AWS's or the customer's own.
  func managedPolicy(_ arn: String) -> NamedPolicy? {
    managedText(arn).map {
      NamedPolicy(name: String(arn.split(separator: "/").last ?? ""), document: document($0))
    }
  }

  /// The text of a managed policy's default version.
  func managedText(_ arn: String) -> String? {
    ManagedPolicies.byARN[arn]?.document ?? current.iam.policies[arn]?.document
  }

  /// Whether a policy may name this as its `Principal`: accounts, `*`, services, and the users and roles that
  /// exist (KMS and S3 refuse principals that do not) and have come round (`propagationDelay`).
  func exists(principal name: String, kind: String) -> Bool {
    if kind != "AWS" { return !name.isEmpty }
    if name == "*" { return true }
    if name.count == 12, name.allSatisfy(\.isNumber) { return true }
    // Unique ids: what AWS itself makes of the ARN of somebody who is gone.
    if ["AIDA", "AROA"].contains(where: name.hasPrefix), name.count == 21 { return true }
    let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" || parts[2] == "sts" else { return false }
    // Of other accounts nothing can be known here; AWS would look there.
    guard parts[4] == current.accountID else {
      return parts[4].count == 12 && parts[4].allSatisfy(\.isNumber)
    }
    if parts[5] == "root" { return true }
    let last = parts[5].split(separator: "/").last.map(String.init) ?? ""
    if parts[5].hasPrefix("role/") {
      guard let role = current.iam.roles[last] else { return false }
      return iamARN("role\(role.path)\(role.name)") == name && hasComeRound(role.created)
    }
    if parts[5].hasPrefix("user/") {
      guard let user = current.iam.users[last] else { return false }
      return iamARN("user\(user.path)\(user.name)") == name && hasComeRound(user.created)
    }
    return ["assumed-role/", "federated-user/"].contains { parts[5].hasPrefix($0) }
  }

  /// Whether what was made at `created` is known everywhere by now.
  func hasComeRound(_ created: Timestamp) -> Bool {
    let delay = current.settings.propagationDelay
    return delay <= 0 || created.adding(seconds: delay) <= now
  }

  /// The access key's owner, if the key is known and active.
  func owner(ofKey id: String) -> KeyOwner? {
    let account = current.accountID
    if let session = current.sessions[id] {
      return sessionPrincipal(session, key: id).map {
        KeyOwner(principal: $0, secret: session.secret, token: session.token, expires: session.expires)
      }
    }
    if let key = current.iam.rootKeys.first(where: { $0.id == id && $0.isActive }) {
      let root = Principal(kind: .root, arn: iamARN("root"), account: account, userID: account)
      return KeyOwner(principal: root, secret: key.secret)
    }
    for user in current.iam.users.values {
      guard let key = user.accessKeys.first(where: { $0.id == id && $0.isActive }) else { continue }
      let arn = iamARN("user\(user.path)\(user.name)")
      return KeyOwner(
        principal: Principal(kind: .user, arn: arn, account: account, userID: user.id), secret: key.secret)
    }
    return nil
  }

  private func sessionPrincipal(_ session: STSSession, key: String) -> Principal? {
    let account = current.accountID
    let sts = "arn:\(partition(of: current.homeRegion)):sts::\(account):"
    var principal: Principal
    switch session.kind {
    case .assumedRole:
      principal = Principal(
        kind: .roleSession, arn: "\(sts)assumed-role/\(session.issuer)/\(session.name)", account: account,
        userID: "\(session.issuerID):\(session.name)")
      let path = current.iam.roles[session.issuer]?.path ?? "/"
      principal.issuer = iamARN("role\(path)\(session.issuer)")
    case .federated:
      principal = Principal(
        kind: .federatedUser, arn: "\(sts)federated-user/\(session.name)", account: account,
        userID: "\(account):\(session.name)")
    case .user:
      // A user who is gone takes the sessions along.
      guard let user = current.iam.users[session.issuer], user.id == session.issuerID else { return nil }
      principal = Principal(
        kind: .user, arn: iamARN("user\(user.path)\(user.name)"), account: account, userID: user.id)
    }
    principal.sessionKey = key
    return principal
  }
}
