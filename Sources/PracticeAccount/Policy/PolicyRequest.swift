/// Who asks, as policies see it.
package struct Principal: Hashable, Sendable, Codable {
  package enum Kind: String, Hashable, Sendable, Codable {
    case user, root, roleSession, role, service, federatedUser
  }

  package var kind: Kind
  /// `arn:aws:iam::A:user/x`, `arn:aws:sts::A:assumed-role/R/S`, `arn:aws:iam::A:role/R`, or a service's name.
  package var arn: String
  package var account: String
  /// `AIDA...`, `AROA...:session`, or the account for its root.
  package var userID: String
  /// The ARN of a session's role, where it is known: a session's own ARN has lost the role's path.
  package var issuer: String?
  /// The access key of temporary credentials, by which the account finds the session.
  package var sessionKey: String?

  package init(kind: Kind, arn: String, account: String, userID: String = "") {
    self.kind = kind
    self.arn = arn
    self.account = account
    self.userID = userID
  }

  /// A principal from its ARN alone, or from a service's name (`ec2.amazonaws.com`).
  package init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "arn" else {
      self.init(kind: .service, arn: text, account: "")
      return
    }
    let kind: Kind =
      if parts[5] == "root" {
        .root
      } else if parts[5].hasPrefix("assumed-role/") {
        .roleSession
      } else if parts[5].hasPrefix("role/") {
        .role
      } else if parts[5].hasPrefix("federated-user/") {
        .federatedUser
      } else {
        .user
      }
    self.init(kind: kind, arn: text, account: parts[4])
  }

  /// The ARNs a policy may name this principal by: its own, and a session's role.
  ///
  /// Without `issuer` only roles without a path can be derived from a session's ARN.
  package var names: [String] {
    guard kind == .roleSession else { return [arn] }
    return [arn] + (roleARN.map { [$0] } ?? [])
  }

  /// `arn:aws:iam::A:role/R` of a session `arn:aws:sts::A:assumed-role/R/S`.
  package var roleARN: String? {
    guard kind == .roleSession else { return nil }
    if let issuer { return issuer }
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    let path = arn.split(separator: "/")
    guard parts.count > 1, path.count >= 2 else { return nil }
    return "arn:\(parts[1]):iam::\(account):role/\(path[1])"
  }
}

/// The question put to the policies.
package struct PolicyRequest: Hashable, Sendable {
  package var principal: Principal
  /// `s3:GetObject`
  package var action: String
  /// An ARN, or `*` for actions without a resource.
  package var resource: String
  /// The account that owns the resource.
  package var resourceAccount: String
  /// Condition keys, lower case, with their values.
  package var context: [String: [String]]

  package init(
    principal: Principal, action: String, resource: String, resourceAccount: String,
    context: [String: [String]]
  ) {
    self.principal = principal
    self.action = action
    self.resource = resource
    self.resourceAccount = resourceAccount
    self.context = [:]
    for (key, values) in context { self.context[key.lowercased()] = values }
  }

  var service: String {
    action.split(separator: ":").first.map { $0.lowercased() } ?? ""
  }
}

/// Every policy that has a say.
package struct PolicySet: Hashable, Sendable {
  package var identity: [NamedPolicy]
  package var resource: NamedPolicy?
  package var boundary: NamedPolicy?
  /// Session policies: one of them must allow, if there are any.
  package var sessions: [NamedPolicy]
  /// Service control policies, level by level from the organisation's root; each level must allow.
  package var serviceControl: [[NamedPolicy]]
  package var endpoint: NamedPolicy?

  package init(
    identity: [NamedPolicy] = [], resource: NamedPolicy? = nil, boundary: NamedPolicy? = nil,
    session: NamedPolicy? = nil, sessions: [NamedPolicy] = [], serviceControl: [[NamedPolicy]] = [],
    endpoint: NamedPolicy? = nil
  ) {
    self.identity = identity
    self.resource = resource
    self.boundary = boundary
    self.sessions = session.map { [$0] + sessions } ?? sessions
    self.serviceControl = serviceControl
    self.endpoint = endpoint
  }
}

/// The answer, with the statement that decided or the one that is missing.
package struct Verdict: Hashable, Sendable {
  /// The words of SimulatePrincipalPolicy's `EvalDecision`.
  package enum Decision: String, Hashable, Sendable {
    case allowed, explicitDeny, implicitDeny
  }

  package var decision: Decision
  /// For the learner: which statement of which policy decided, or what is missing where.
  package var reason: String
  /// AWS's own ending of an access denied message: `because no identity-based policy allows the x action`.
  package var awsReason: String

  package var isAllowed: Bool { decision == .allowed }
}
