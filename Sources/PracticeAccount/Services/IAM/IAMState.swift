import Digests
import Wire

/// Users, groups, roles, policies and what hangs on them. IAM is global: one state for all Regions.
struct IAMState: Sendable, Codable, Equatable {
  var users: [String: IAMUser] = [:]
  var groups: [String: IAMGroup] = [:]
  var roles: [String: IAMRole] = [:]
  /// The customer's managed policies, by ARN.
  var policies: [String: IAMManagedPolicy] = [:]
  var instanceProfiles: [String: IAMInstanceProfile] = [:]
  /// Deletions of service-linked roles, by task id.
  var deletions: [String: IAMRoleDeletion] = [:]
  var accountAliases: [String] = []
  var passwordPolicy: StoredValue?
  /// Keys of the account's root user. No operation makes one; a scenario may.
  var rootKeys: [IAMAccessKey] = []

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

/// Where a key was last seen. IAM forgets nothing of it but keeps one use only.
struct IAMKeyUse: Sendable, Codable, Hashable {
  var time: Timestamp
  var region: String
  var service: String
}

/// Whoever policies can be given to: users, groups and roles.
protocol PolicyHolder: Sendable, Codable, Equatable {
  /// `User`, `Group`, `Role`: the word in operations, members and (in lower case) texts.
  static var title: String { get }
  static var table: any WritableKeyPath<IAMState, [String: Self]> & Sendable { get }
  /// How many bytes all inline policies together may have (IAM user guide, "IAM and AWS STS quotas").
  static var inlineLimit: Int { get }

  var name: String { get set }
  var path: String { get set }
  var id: String { get set }
  var created: Timestamp { get set }
  /// Policy documents as they were given, by name.
  var inline: [String: String] { get set }
  /// ARNs of managed policies, in the order they were attached.
  var attached: [String] { get set }
  var tags: [Tag] { get set }
  /// The ARN of the permissions boundary; groups have none.
  var boundary: String? { get set }
  /// The service whose role this is; nobody else may change it.
  var linkedService: String? { get }
}

struct IAMUser: PolicyHolder {
  static var title: String { "User" }
  static var table: any WritableKeyPath<IAMState, [String: IAMUser]> & Sendable { \.users }
  static var inlineLimit: Int { 2048 }

  var name: String
  var path: String
  var id: String
  var created: Timestamp
  var tags: [Tag] = []
  var inline: [String: String] = [:]
  var attached: [String] = []
  var accessKeys: [IAMAccessKey] = []
  var boundary: String?

  var linkedService: String? { nil }
}

struct IAMGroup: PolicyHolder {
  static var title: String { "Group" }
  static var table: any WritableKeyPath<IAMState, [String: IAMGroup]> & Sendable { \.groups }
  static var inlineLimit: Int { 5120 }

  var name: String
  var path: String
  var id: String
  var created: Timestamp
  /// Names of users, in the order they were added.
  var members: [String] = []
  var inline: [String: String] = [:]
  var attached: [String] = []

  // Groups have neither tags nor a boundary.
  var tags: [Tag] {
    get { [] }
    set { _ = newValue }
  }
  var boundary: String? {
    get { nil }
    set { _ = newValue }
  }
  var linkedService: String? { nil }
}

struct IAMRole: PolicyHolder {
  static var title: String { "Role" }
  static var table: any WritableKeyPath<IAMState, [String: IAMRole]> & Sendable { \.roles }
  static var inlineLimit: Int { 10_240 }

  var name: String
  var path: String
  var id: String
  var created: Timestamp
  /// The trust policy as it was given.
  var trust: String
  var description: String?
  var maxSessionDuration: Int64 = 3600
  var tags: [Tag] = []
  var inline: [String: String] = [:]
  var attached: [String] = []
  /// The service a service-linked role belongs to: `macie.amazonaws.com`.
  var linkedService: String?
  var boundary: String?
}

/// A managed policy of the customer.
struct IAMManagedPolicy: Sendable, Codable, Equatable {
  struct Version: Sendable, Codable, Equatable {
    var id: String
    var document: String
    var created: Timestamp
  }

  var name: String
  var path: String
  var id: String
  var created: Timestamp
  var updated: Timestamp
  var description: String?
  var tags: [Tag] = []
  /// Oldest first, five at most.
  var versions: [Version]
  var defaultVersion = "v1"
  /// The number of the next version; numbers are never given twice.
  var nextVersion = 2

  var document: String { versions.first { $0.id == defaultVersion }?.document ?? "" }
}

struct IAMInstanceProfile: Sendable, Codable, Equatable {
  var name: String
  var path: String
  var id: String
  var created: Timestamp
  var role: String?
  var tags: [Tag] = []
}

struct IAMRoleDeletion: Sendable, Codable, Equatable {
  var role: String
  var status: String
  var reason: String?
  var usage: [String] = []
}
