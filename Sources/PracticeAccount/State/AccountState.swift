import Wire

/// Everything there is in an account. A value: a call works on it and either all of it stays or none.
struct AccountState: Sendable, Codable {
  /// The layout of the state file; a file of another layout is refused.
  static let currentFormat = 3

  var format = Self.currentFormat
  var accountID: String
  /// Where the learner's client points by default.
  var homeRegion: String
  /// What ids are drawn from.
  var generator: SeededGenerator
  /// How far the account's clock is ahead of real time, in milliseconds.
  var clockOffset: Int64 = 0
  var settings = AccountSettings()
  var iam: IAMState
  var kms: [String: KMSRegion] = [:]
  var s3 = S3State()
  var macie: [String: MacieRegion] = [:]
  var logs: [String: LogsRegion] = [:]
  var ec2: [String: EC2Region] = [:]
  /// Temporary credentials, by access key.
  var sessions = SortedTable<String, STSSession>()
  /// When and where access keys were last used, by access key.
  var keyUses = SortedTable<String, IAMKeyUse>()
  /// How many records of the journal this state holds.
  var records = 0
  /// By their numbers.
  var remarks = SortedTable<Int, Remark>()
  /// The calls that were answered, by their numbers.
  var trail = SortedTable<Int, TrailEvent>()
  /// By their numbers.
  var denials = SortedTable<Int, Denial>()

  init(accountID: String, homeRegion: String, seed: UInt64, now: Timestamp) {
    self.accountID = accountID
    self.homeRegion = homeRegion
    generator = SeededGenerator(seed: seed)
    iam = IAMState(accountID: accountID, now: now, generator: &generator)
    s3.ownerID = generator.hex(64)
  }
}

/// A tag; services spell its members differently on the wire.
struct Tag: Hashable, Sendable, Codable {
  var key: String
  var value: String
}

/// `arn:aws` and its two sisters, by Region.
func partition(of region: String) -> String {
  if region.hasPrefix("cn-") { return "aws-cn" }
  return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
}
