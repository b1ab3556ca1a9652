import Wire

/// Something the account knows and AWS would not say aloud, in words for a learner.
package struct Remark: Hashable, Sendable, Codable {
  /// Counts from 1; ask `remarks(since:)` with the last number seen.
  package var number: Int
  package var time: Timestamp
  /// The service that knows: `macie2`, `kms`, `s3`, `iam`.
  package var service: String
  /// The ARN it is about.
  package var subject: String
  package var text: String
}
