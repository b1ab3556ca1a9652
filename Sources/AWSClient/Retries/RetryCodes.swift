/// The errors that pass by themselves.
enum RetryCodes {
  /// Standard mode (SDKs and tools reference, "Retry behavior"; botocore `retries/standard.py`).
  static let throttling: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException",
  ]
  static let transient: Set<String> = [
    "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete",
  ]
  static let transientStatuses: Set<Int> = [500, 502, 503, 504]

  /// Legacy mode: statuses whatever the code (botocore `_retry.json`).
  static let legacyStatuses: Set<Int> = [429, 500, 502, 503, 504, 509]

  /// Legacy mode: a code with a status, for one service; nil: for all.
  struct Legacy: Hashable, Sendable {
    var service: String?
    var status: Int
    var code: String

    init(_ service: String?, _ status: Int, _ code: String) {
      self.service = service
      self.status = status
      self.code = code
    }
  }

  static let legacy: [Legacy] = [
    Legacy(nil, 400, "Throttling"), Legacy(nil, 400, "ThrottlingException"),
    Legacy(nil, 400, "ThrottledException"), Legacy(nil, 400, "RequestThrottledException"),
    Legacy(nil, 400, "ProvisionedThroughputExceededException"),
    Legacy("organizations", 400, "TooManyRequestsException"),
    Legacy("dynamodb", 409, "ReplicatedWriteConflictException"),
    Legacy("dynamodb", 400, "TransactionInProgressException"),
    Legacy("ec2", 503, "RequestLimitExceeded"), Legacy("ec2", 503, "EC2ThrottledException"),
    Legacy("cloudsearch", 509, "BandwidthLimitExceeded"), Legacy("kinesis", 400, "LimitExceededException"),
    Legacy("sqs", 403, "RequestThrottled"), Legacy("s3", 400, "RequestTimeout"),
    Legacy("s3", 400, "BadDigest"),
    Legacy("glacier", 408, "RequestTimeoutException"), Legacy("route53", 400, "Throttling"),
    Legacy("route53", 400, "PriorRequestNotComplete"), Legacy("sts", 400, "IDPCommunicationError"),
  ]

  /// Codes that a wrong clock can cause.
  static let clock: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
    "SignatureDoesNotMatch", "AuthFailure",
  ]
}
