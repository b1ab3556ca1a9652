import ServiceModels
import SigV4
import Wire

extension AWSClient {
  /// Builds the request once and sends it until it succeeds or may not be sent again.
  func attempt(_ call: AWSCall, _ model: ServiceModel, _ options: CallOptions) async throws(AWSError) -> Value
  {
    let operation = call.operation
    let endpoint = try endpoint(for: call, model, options)
    let (request, trailer) = try build(call, endpoint, options)
    let decodesKeys = S3Quirks.encodesKeys(operation, call.input)
    let once = RetryPolicy.mustNotRepeat(operation)
    let limit = max(1, options.maxAttempts ?? configuration.maxAttempts)
    var number = 1
    var correctedClock = false
    while true {
      let fault: AWSError
      let sentAt = clock()
      do {
        let response = try await send(
          request, trailer: trailer, to: endpoint, of: operation, once: once, options)
        var value = try read(response, operation, options, sentAt, attempts: number)
        if decodesKeys { value = S3Quirks.decodedKeys(value) }
        quota.giveBack(number > 1 ? 5 : 1)
        return value
      } catch {
        fault = error
      }
      if Task.isCancelled { throw fault }
      if !correctedClock, case .service(let service, _, _) = fault, corrects(service, sentAt) {
        // The request was refused for its date: nothing happened, whatever the operation is.
        correctedClock = true
        continue
      }
      guard number < limit, let price = price(of: fault, once: once), quota.take(price) else { throw fault }
      await seams.sleep(RetryPolicy.delay(after: number, random: seams.random()))
      if Task.isCancelled { throw fault }
      number += 1
    }
  }

  /// What a retry after this fault costs; nil if there must be none.
  private func price(of fault: AWSError, once: Bool) -> Int? {
    switch fault {
    case .service(let service, _, _):
      guard RetryPolicy.isRetryable(service) else { return nil }
      // A throttled request was not taken up; after a 5xx nobody knows.
      return once && !RetryPolicy.isThrottling(service) ? nil : 5
    case .transport(let error, let mayHaveArrived):
      guard error.isTransient, !(once && mayHaveArrived) else { return nil }
      return error.kind == .connectTimeout || error.kind == .readTimeout ? 10 : 5
    default: return nil
    }
  }

  private func build(
    _ call: AWSCall, _ endpoint: Endpoint, _ options: CallOptions
  ) throws(AWSError) -> (HTTPRequest, trailer: SendOptions.ExpectedChecksum?) {
    let body = options.bodyFile.map { Body.file(path: $0.path, offset: $0.offset, length: $0.length) }
    let input = S3Quirks.prepared(call.input, for: call.operation)
    do {
      // The AWS CLI's default checksum since 2.23 is CRC64NVME.
      var request = try call.operation.request(
        input, endpoint: endpoint, body: body, checksum: .crc64nvme, tokens: seams.token)
      let trailer = BodyChecksum.add(to: &request, call.operation, input)
      request.headers["User-Agent"] = configuration.userAgent
      return (request, trailer)
    } catch {
      throw .unbuildable(error.description)
    }
  }

  func endpoint(
    for call: AWSCall, _ model: ServiceModel, _ options: CallOptions
  ) throws(AWSError) -> Endpoint {
    let custom = options.endpointURL ?? configuration.endpointURL(for: model)
    if let custom, !custom.contains("://") { throw .endpoint("Invalid endpoint: \(custom)") }
    var choices = EndpointOptions()
    choices.usesFIPS = configuration.usesFIPS
    choices.usesDualStack = configuration.usesDualStack
    if model.service == "s3" {
      let settings = configuration.nestedSettings["s3"] ?? [:]
      choices.addressingStyle = S3Quirks.addressing(
        settings["addressing_style"].flatMap { .init(rawValue: $0) } ?? .auto, call.operation,
        isCustom: custom != nil)
      choices.usesAccelerate = isTrue(settings["use_accelerate_endpoint"])
    }
    let partitions: Partitions
    do {
      partitions = try catalog.partitions()
    } catch {
      throw .model("\(error)")
    }
    do {
      return try call.operation.endpoint(
        call.input, region: call.region == "aws-global" ? nil : call.region,
        custom: custom, options: choices, partitions: partitions)
    } catch {
      throw .endpoint(error.message)
    }
  }

  private func send(
    _ request: HTTPRequest, trailer: SendOptions.ExpectedChecksum?, to endpoint: Endpoint,
    of operation: Operation, once: Bool, _ options: CallOptions
  ) async throws(AWSError) -> HTTPResponse {
    let signed = try await sign(request, endpoint, operation)
    var how = SendOptions()
    how.connectTimeout = configuration.connectTimeout
    how.readTimeout = configuration.readTimeout
    how.verifiesTLS = configuration.verifiesTLS
    how.caBundle = configuration.caBundle
    how.proxies = configuration.proxies
    how.trailer = trailer
    how.expectedChecksums = BodyChecksum.expected(of: operation)
    how.sendsOnce = once
    if let path = options.outputPath { how.destination = .file(path: path) }
    do {
      return try await transport.send(signed, how)
    } catch {
      if error.kind == .cancelled { throw .cancelled }
      if error.kind == .checksumMismatch { throw .unreadable(error.message) }
      throw .transport(error, requestMayHaveArrived: error.requestMayHaveArrived)
    }
  }

  private func read(
    _ response: HTTPResponse, _ operation: Operation, _ options: CallOptions, _ sentAt: Timestamp,
    attempts: Int
  ) throws(AWSError) -> Value {
    var response = response
    // A body that was streamed to a file is not the parser's business.
    if case .file = response.body { response.body = .empty }
    do {
      return try operation.response(response)
    } catch .fault(var fault) {
      if let date = response.headers["Date"], RetryPolicy.clockCodes.contains(fault.code) {
        fault.fields[AWSClient.serverDate] = .string(date)
      }
      throw .service(fault, operation: operation.name, attempts: attempts)
    } catch {
      throw .unreadable(AWSClient.unreadableText(error))
    }
  }

  /// Under this name a fault carries the server's `Date` to the clock correction.
  private static let serverDate = "x-server-date"

  private static func unreadableText(_ error: ProtocolError) -> String {
    if case .malformed(let detail) = error { detail } else { error.description }
  }

  /// Learns the clock's error from a refusal; true if it was wrong enough to be the reason (botocore: 4 minutes).
  private func corrects(_ fault: ServiceFault, _ sentAt: Timestamp) -> Bool {
    guard RetryPolicy.clockCodes.contains(fault.code), let text = fault.fields[AWSClient.serverDate]?.string,
      let server = Timestamp(parsing: text)
    else { return false }
    let difference = server.seconds - sentAt.seconds
    guard abs(difference - skew.offset) > 240 else { return false }
    skew.learn(difference)
    return true
  }
}
