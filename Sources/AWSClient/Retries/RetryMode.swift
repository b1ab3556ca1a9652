/// How calls are tried again (`retry_mode`, `AWS_RETRY_MODE`).
package enum RetryMode: String, Hashable, Sendable, CaseIterable {
  /// Five tries, no quota, the errors of botocore's `_retry.json`.
  case legacy
  /// Three tries, a quota, the errors of the SDKs and tools reference.
  case standard
  /// Standard, and the sending rate follows the throttling.
  case adaptive
}

/// What the configuration says of retries.
package struct RetrySettings: Hashable, Sendable {
  package var mode = RetryMode.standard
  /// Tries in all (`max_attempts`); nil: the mode's own number.
  package var maxAttempts: Int?
  /// `AWS_NEW_RETRIES_2026=true`: shorter pauses but after throttling, dearer retries, `x-amz-retry-after`.
  package var usesNewBackoff = false

  package init() {}

  /// Tries in all for a service (botocore `_retry.json`, `retries/standard.py`).
  func limit(for service: String) -> Int {
    if let maxAttempts { return max(1, maxAttempts) }
    switch mode {
    case .legacy: return service == "dynamodb" ? 10 : 5
    case .standard, .adaptive:
      return usesNewBackoff && ["dynamodb", "dynamodbstreams"].contains(service) ? 4 : 3
    }
  }
}
