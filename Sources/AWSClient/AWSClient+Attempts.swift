import ServiceModels
import SigV4
import Wire

extension AWSClient {
  /// Builds the request and sends it until it succeeds or may not be sent again. It is built once, but for S3: there
  /// it may have to go to another Region.
  func attempt(_ call: AWSCall, _ model: ServiceModel, _ options: CallOptions) async throws(AWSError) -> Value
  {
    var call = call
    if let known = bucketRegions.region(for: call) { call.region = known }
    var outgoing = try await outgoing(call, model, options)
    var tries = Tries(configuration.retries, call, options, invocation: seams.invocation())
    while true {
      let fault: AWSError
      var response: HTTPResponse?
      let sentAt = clock()
      do {
        try await awaitTurn()
        let answer = try await send(outgoing, tries, options)
        response = answer
        let value = try read(answer, outgoing, options, attempts: tries.number)
        learnRate(from: nil, call.operation)
        quota.giveBack(tries.lastPrice)
        return value
      } catch {
        fault = error
      }
      learnRate(from: fault, call.operation)
      if Task.isCancelled { throw fault }
      if !tries.hasCorrectedClock, corrects(fault, response, sentAt) {
        // The request was refused for its date: nothing happened, whatever the operation is.
        tries.hasCorrectedClock = true
        continue
      }
      if let region = await regionToFollow(fault, response, call, model, options, tries) {
        call.region = region
        outgoing = try await self.outgoing(call, model, options)
        tries.redirects += 1
        tries.prepareNext(after: response, clock(), configuration.readTimeout)
        continue
      }
      guard let reason = tries.reason(fault, response, call.operation) else {
        throw tries.final(fault, call, rightRegion: S3Region.named(response, fault))
      }
      let delay = tries.policy.delay(
        after: tries.number, reason, service: model.service, random: seams.random(),
        retryAfter: response?.headers["x-amz-retry-after"])
      let price = tries.policy.price(reason)
      guard quota.take(price) else {
        if tries.policy.settings.usesNewBackoff, RetryPolicy.isLongPoll(call.operation) {
          await seams.sleep(delay)
        }
        throw tries.final(fault, call, rightRegion: nil)
      }
      tries.lastPrice = price
      await seams.sleep(delay)
      if Task.isCancelled { throw fault }
      tries.prepareNext(after: response, clock(), configuration.readTimeout)
    }
  }

  /// Adaptive mode: waits until the sending rate allows for one more request.
  private func awaitTurn() async throws(AWSError) {
    guard configuration.retries.mode == .adaptive else { return }
    let wait = rate.take(at: clock().seconds)
    guard wait > 0 else { return }
    await seams.sleep(wait)
    if Task.isCancelled { throw .cancelled }
  }

  private func learnRate(from fault: AWSError?, _ operation: Operation) {
    guard configuration.retries.mode == .adaptive else { return }
    var isThrottled = false
    if case .service(let service, _, _) = fault {
      isThrottled = RetryPolicy(configuration.retries).isThrottling(service, operation)
    }
    rate.learn(isThrottled: isThrottled, at: clock().seconds)
  }

  /// Learns the clock's error from a refusal; true if it was wrong enough to be the reason (botocore: 4 minutes).
  private func corrects(_ fault: AWSError, _ response: HTTPResponse?, _ sentAt: Timestamp) -> Bool {
    guard case .service(let service, _, _) = fault, RetryCodes.clock.contains(service.code),
      let server = response?.headers["Date"].flatMap({ Timestamp(parsing: $0) })
    else { return false }
    let difference = server.seconds - sentAt.seconds
    guard abs(difference - skew.offset) > 240 else { return false }
    skew.learn(difference)
    return true
  }
}

/// How far the tries of one call have come.
struct Tries {
  let policy: RetryPolicy
  /// Tries in all.
  let limit: Int
  /// True for what may have created something and would create it again.
  let isOnce: Bool
  let invocation: String
  /// Whether the limit is the configuration's, and so worth a word to the reader.
  private let hasConfiguredLimit: Bool
  private let streamsInput: Bool

  var number = 1
  var redirects = 0
  var hasCorrectedClock = false
  /// What a success gives back to the quota.
  var lastPrice = 1
  private var timeToLive: String?

  init(_ settings: RetrySettings, _ call: AWSCall, _ options: CallOptions, invocation: String) {
    policy = RetryPolicy(settings)
    limit = max(1, options.maxAttempts ?? settings.limit(for: call.service))
    hasConfiguredLimit = options.maxAttempts == nil
    isOnce = RetryPolicy.mustNotRepeat(call.operation)
    streamsInput = options.bodyFile != nil
    self.invocation = invocation
  }

  /// Why another try is right; nil if there must be none.
  func reason(_ fault: AWSError, _ response: HTTPResponse?, _ operation: Operation) -> RetryPolicy.Reason? {
    guard number < limit else { return nil }
    switch fault {
    case .service(let service, _, _):
      let reason = policy.reason(service, operation)
      // A throttled request was not taken up; after a 5xx nobody knows.
      return isOnce && reason != .throttled ? nil : reason
    case .transport(let error, let mayHaveArrived):
      return isOnce && mayHaveArrived ? nil : policy.reason(error)
    case .unreadable:
      // DynamoDB answers with a checksum of its own; what does not fit it is asked for again.
      return !isOnce && response.map { DynamoChecksum.fails($0, operation) } ?? false ? .transient : nil
    default: return nil
    }
  }

  /// The fault as the caller sees it, with what is known beside it.
  func final(_ fault: AWSError, _ call: AWSCall, rightRegion: String?) -> AWSError {
    guard case .service(var service, let operation, let attempts) = fault else { return fault }
    let isUsedUp = number >= limit && (limit > 1 || hasConfiguredLimit)
    let isRetryable = policy.reason(service, call.operation) != nil
    service.circumstances.triesAreUsedUp = isUsedUp && (isRetryable || policy.settings.mode != .legacy)
    if let rightRegion, rightRegion != call.region { service.circumstances.rightRegion = rightRegion }
    return .service(service, operation: operation, attempts: attempts)
  }

  // MARK: headers

  /// Counts on, and notes until when the service may answer the next try.
  mutating func prepareNext(after response: HTTPResponse?, _ now: Timestamp, _ readTimeout: Double) {
    number += 1
    guard !streamsInput, let server = response?.headers["Date"].flatMap({ Timestamp(parsing: $0) }) else {
      return
    }
    timeToLive = now.adding(seconds: readTimeout + server.seconds - now.seconds).amzDate
  }

  /// What the SDKs tell the services of their retries; not signed (botocore `handlers.add_retry_headers`).
  func addHeaders(to request: inout HTTPRequest) {
    request.headers["amz-sdk-invocation-id"] = invocation
    var parts = ["attempt=\(number)"]
    if let timeToLive { parts.insert("ttl=\(timeToLive)", at: 0) }
    if number > 1 { parts.append("max=\(limit)") }
    request.headers["amz-sdk-request"] = parts.joined(separator: "; ")
  }
}
