import Digests
import Wire

/// Users, roles and what hangs on them. IAM is global: one state for all Regions.
struct IAMState: Sendable, Codable, Equatable {
  var users: [String: IAMUser] = [:]
  var roles: [String: IAMRole] = [:]
  /// Deletions of service-linked roles, by task id.
  var deletions: [String: IAMRoleDeletion] = [:]
  var accountAliases: [String] = []

  /// A fresh account: one user, the learner, with administrator's rights and one access key.
  ///
  /// The secret is random, not drawn from the seed: nobody else on the machine shall guess it.
  init(accountID: String, now: Timestamp, generator: inout SeededGenerator) {
    let key = IAMAccessKey(
      id: "AKIA" + generator.base32(16), secret: base64Encoded(randomBytes(30)), created: now)
    users["learner"] = IAMUser(
      name: "learner", path: "/", id: "AIDA" + generator.base32(17), created: now,
      attached: ["arn:aws:iam::aws:policy/AdministratorAccess"], accessKeys: [key])
  }
}

struct IAMAccessKey: Sendable, Codable, Hashable {
  var id: String
  var secret: String
  var created: Timestamp
  var isActive = true
}

struct IAMUser: Sendable, Codable, Equatable {
  var name: String
  var path: String
  var id: String
  var created: Timestamp
  var tags: [Tag] = []
  var inline: [String: String] = [:]
  var attached: [String] = []
  var accessKeys: [IAMAccessKey] = []
}

struct IAMRole: Sendable, Codable, Equatable {
  var name: String
  var path: String
  var id: String
  var created: Timestamp
  /// The trust policy as it was given.
  var trust: String
  var description: String?
  var maxSessionDuration: Int64 = 3600
  var tags: [Tag] = []
  /// Policy documents as they were given, by name.
  var inline: [String: String] = [:]
  /// ARNs of managed policies, in the order they were attached.
  var attached: [String] = []
  /// The service a service-linked role belongs to: `macie.amazonaws.com`.
  var linkedService: String?
}

struct IAMRoleDeletion: Sendable, Codable, Equatable {
  var role: String
  var status: String
  var reason: String?
  var usage: [String] = []
}
