import Glibc
import ServiceModels

/// When a call is tried again, what that costs, and after how long (botocore `retries/`), with one departure: what
/// may have created something is not sent again.
struct RetryPolicy: Hashable, Sendable {
  var settings: RetrySettings

  init(_ settings: RetrySettings = RetrySettings()) { self.settings = settings }

  /// Why a fault passes by itself.
  enum Reason: Hashable, Sendable {
    /// The request was not taken up; the service is busy.
    case throttled
    case transient
    case timedOut
  }

  // MARK: which

  /// Nil if the service means what it said.
  func reason(_ fault: ServiceFault, _ operation: Operation) -> Reason? {
    let service = operation.model.service
    if settings.mode == .legacy {
      let isListed = RetryCodes.legacy.contains {
        $0.status == fault.httpStatus && $0.code == fault.code && ($0.service ?? service) == service
      }
      guard isListed || RetryCodes.legacyStatuses.contains(fault.httpStatus) else { return nil }
      return isThrottling(fault, operation) || fault.httpStatus == 429 ? .throttled : .transient
    }
    if isThrottling(fault, operation) { return .throttled }
    if RetryCodes.transient.contains(fault.code) || RetryCodes.transientStatuses.contains(fault.httpStatus) {
      return .transient
    }
    if service == "sts", fault.code == "IDPCommunicationError" { return .transient }
    return operation.retryTrait(of: fault.code) == nil ? nil : .transient
  }

  func reason(_ error: TransportError) -> Reason? {
    guard error.isTransient else { return nil }
    return error.kind == .connectTimeout || error.kind == .readTimeout ? .timedOut : .transient
  }

  func isThrottling(_ fault: ServiceFault, _ operation: Operation) -> Bool {
    RetryCodes.throttling.contains(fault.code) || operation.retryTrait(of: fault.code) == .throttling
  }

  /// Whether sending the call twice could make two things where one was meant: it creates, and carries no
  /// idempotency token that would let the service see that the second is the first.
  static func mustNotRepeat(_ operation: Operation) -> Bool {
    guard !operation.isIdempotent, !(operation.input?.members.contains(where: \.isIdempotencyToken) ?? false)
    else { return false }
    return creatingVerbs.contains { verb in
      operation.name.hasPrefix(verb) && (operation.name.dropFirst(verb.count).first?.isUppercase ?? true)
    }
  }

  private static let creatingVerbs = [
    "Create", "Run", "Allocate", "Request", "Purchase", "Start", "Send", "Publish",
  ]

  // MARK: how dear, how late

  /// What a retry costs of the quota of 500; legacy mode has none.
  func price(_ reason: Reason) -> Int {
    if settings.mode == .legacy { return 0 }
    if settings.usesNewBackoff { return reason == .throttled ? 5 : 14 }
    return reason == .timedOut ? 10 : 5
  }

  /// Seconds before attempt `number` + 1: full jitter over a doubling bound.
  ///
  /// - Parameter retryAfter: what the service asked for in `x-amz-retry-after`, in milliseconds.
  func delay(
    after number: Int, _ reason: Reason, service: String, random: Double, retryAfter: String? = nil
  ) -> Double {
    let doubled = pow(2, Double(max(0, min(number - 1, 16))))
    let isDynamo = service == "dynamodb" || service == "dynamodbstreams"
    if settings.mode == .legacy { return service == "dynamodb" ? 0.05 * doubled : random * doubled }
    guard settings.usesNewBackoff else { return random * min(doubled, 20) }
    let scale = reason == .throttled ? 1 : isDynamo ? 0.025 : 0.05
    let computed = random * min(scale * doubled, 20)
    guard let asked = retryAfter.flatMap({ Int($0) }), asked >= 0 else { return computed }
    return max(computed, min(Double(asked) / 1000, computed + 5))
  }

  /// Operations that wait for something to come: they pause before they fail, too, lest their callers ask in a storm.
  static func isLongPoll(_ operation: Operation) -> Bool {
    switch operation.model.service {
    case "sqs": operation.name == "ReceiveMessage"
    case "stepfunctions": operation.name == "GetActivityTask"
    case "swf": operation.name == "PollForActivityTask" || operation.name == "PollForDecisionTask"
    default: false
    }
  }
}

extension Operation {
  /// What the model says of retries after the error of this code.
  func retryTrait(of code: String) -> Shape.RetryTrait? {
    errors.lazy.filter { $0.faultCode == code }.compactMap(\.retryTrait).first
  }
}
