import Glibc
import ServiceModels
import Synchronization

/// AWS's standard retry mode (SDKs and tools reference, "Retry behavior"; botocore `retries/standard.py`),
/// with one departure: what may have created something is not sent again.
enum RetryPolicy {
  static let throttlingCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException",
  ]
  static let transientCodes: Set<String> = ["RequestTimeout", "RequestTimeoutException"]
  static let transientStatuses: Set<Int> = [500, 502, 503, 504]
  /// Codes that a wrong clock can cause.
  static let clockCodes: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
    "SignatureDoesNotMatch", "AuthFailure",
  ]

  static func isThrottling(_ fault: ServiceFault) -> Bool { throttlingCodes.contains(fault.code) }

  static func isRetryable(_ fault: ServiceFault) -> Bool {
    isThrottling(fault) || transientCodes.contains(fault.code) || transientStatuses.contains(fault.httpStatus)
  }

  /// Whether sending the call twice could make two things where one was meant: it creates, and carries no
  /// idempotency token that would let the service see that the second is the first.
  static func mustNotRepeat(_ operation: Operation) -> Bool {
    guard !(operation.input?.members.contains(where: \.isIdempotencyToken) ?? false) else { return false }
    return creatingVerbs.contains { verb in
      operation.name.hasPrefix(verb) && (operation.name.dropFirst(verb.count).first?.isUppercase ?? false)
    }
  }

  private static let creatingVerbs = [
    "Create", "Run", "Allocate", "Request", "Purchase", "Start", "Send", "Publish",
  ]

  /// Seconds before attempt `number` + 1: full jitter over a doubling bound of at most 20 s.
  static func delay(after number: Int, random: Double) -> Double {
    random * min(pow(2, Double(max(0, min(number - 1, 16)))), 20)
  }
}

/// The retry quota of standard mode: 500 tokens a client; a retry costs 5, after a time-out 10.
final class RetryQuota: Sendable {
  private let tokens = Mutex(500)

  /// Takes the price of one retry; false if there is not enough left.
  func take(_ price: Int) -> Bool {
    tokens.withLock { left in
      guard left >= price else { return false }
      left -= price
      return true
    }
  }

  /// Gives back after a success: the last retry's price, or 1.
  func giveBack(_ price: Int) {
    tokens.withLock { $0 = min(500, $0 + max(price, 1)) }
  }
}

/// The difference between the services' clock and ours, learnt from a refused request.
final class ClockSkew: Sendable {
  private let seconds = Mutex(0.0)

  var offset: Double { seconds.withLock { $0 } }
  func learn(_ value: Double) { seconds.withLock { $0 = value } }
}
