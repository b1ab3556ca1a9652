/// How much there may be (IAM user guide, "IAM and AWS STS quotas": defaults), by the names that GetAccountSummary
/// and the errors use.
enum IAMQuota {
  static let users = 5000
  static let groups = 300
  static let roles = 1000
  static let policies = 1500
  static let instanceProfiles = 1000
  static let groupsPerUser = 10
  static let attachedPolicies = 10
  static let accessKeysPerUser = 2
  static let versionsPerPolicy = 5
  static let policySize = 6144
  static let trustPolicySize = 2048
  static let tags = 50
}
