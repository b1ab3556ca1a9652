import Wire

/// One call, as CloudTrail remembers it.
struct TrailEvent: Sendable, Codable, Equatable {
  var id: String
  var time: Timestamp
  var region: String
  /// `kms.amazonaws.com`
  var source: String
  var name: String
  var isReadOnly: Bool
  /// Object-level calls of S3: a trail can log them, the event history never shows them.
  var isData: Bool
  var principal: Principal
  var accessKeyID: String
  var userAgent: String
  var requestID: String
  var errorCode: String?
  var errorMessage: String?
  /// The input without what must stay secret.
  var parameters: StoredValue
  /// The output of a call that changed something.
  var response: StoredValue?
  var resources: [Resource]

  struct Resource: Sendable, Codable, Equatable {
    /// `AWS::KMS::Key`
    var type: String
    var name: String
  }

  /// The user's or the session's name.
  var username: String { principal.arn.split(separator: "/").last.map(String.init) ?? principal.arn }
}
