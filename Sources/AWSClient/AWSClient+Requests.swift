import ServiceModels
import SigV4
import Wire

/// A request that is ready to be signed.
struct OutgoingRequest {
  var request: HTTPRequest
  var endpoint: Endpoint
  var operation: Operation
  /// Goes behind a streamed body.
  var trailer: SendOptions.ExpectedChecksum?
  /// S3's keys come encoded and are to be decoded.
  var decodesKeys: Bool
  /// What a streamed answer must fit.
  var expectedChecksums: [SendOptions.ExpectedChecksum]
}

extension AWSClient {
  /// Finds the endpoint and builds the request.
  func outgoing(
    _ call: AWSCall, _ model: ServiceModel, _ options: CallOptions
  ) async throws(AWSError) -> OutgoingRequest {
    let endpoint = try await endpoint(for: call, model, options)
    let operation = call.operation
    let body = options.bodyFile.map { Body.file(path: $0.path, offset: $0.offset, length: $0.length) }
    let comparesChecksums =
      configuration.responseChecksums == .whenSupported
      || operation.checksumModeMember.map { call.input[$0] != nil } ?? false
    let input = S3Quirks.prepared(call.input, for: operation, comparesChecksums: comparesChecksums)
    let checksum = checksumAlgorithm(for: input, operation)
    do {
      var request = try operation.request(
        input, endpoint: endpoint, body: body, checksum: checksum, compression: configuration.compression,
        tokens: seams.token)
      let trailer = BodyChecksum.add(to: &request, operation, input, preferred: checksum)
      request.headers["User-Agent"] = configuration.userAgent
      return OutgoingRequest(
        request: request, endpoint: endpoint, operation: operation, trailer: trailer,
        decodesKeys: S3Quirks.encodesKeys(operation, call.input),
        expectedChecksums: comparesChecksums ? BodyChecksum.expected(of: operation) : [])
    } catch {
      throw .unbuildable(error.description)
    }
  }

  /// The algorithm to protect a request's body with; nil for none (`request_checksum_calculation`).
  private func checksumAlgorithm(for input: Value, _ operation: Operation) -> ChecksumAlgorithm? {
    // The wish for checksums in the answer is a setting of its own; who has it sends no body.
    if operation.checksumModeMember != nil { return nil }
    let isAsked = operation.checksumAlgorithmMember.map { input[$0] != nil } ?? false
    guard configuration.requestChecksums == .whenSupported || operation.requiresChecksum || isAsked else {
      return nil
    }
    // The AWS CLI's default since 2.23.
    return .crc64nvme
  }

  /// Where a call goes.
  func endpoint(
    for call: AWSCall, _ model: ServiceModel, _ options: CallOptions
  ) async throws(AWSError) -> Endpoint {
    let custom = try customEndpoint(for: model, options)
    var choices = configuration.endpointOptions(for: model)
    if custom == nil, configuration.signsRequests, choices.accountIDMode != .disabled,
      model.endpointsDependOnAccount
    {
      choices.accountID = try await credentials.credentials().accountID
    }
    let question = EndpointCache.Question(
      service: call.service, operation: call.operation.name, region: call.region, custom: custom,
      options: choices)
    if let known = endpoints[question] { return known }
    let partitions: Partitions
    do {
      partitions = try catalog.partitions()
    } catch {
      throw .model("\(error)")
    }
    do {
      let endpoint = try call.operation.endpoint(
        call.input, region: call.region, custom: custom, options: choices, partitions: partitions)
      if !call.operation.endpointDependsOnInput { endpoints.keep(endpoint, for: question) }
      return endpoint
    } catch {
      throw .endpoint(error.message)
    }
  }

  /// The caller's own endpoint: of the call, the command line, the environment, the profile.
  private func customEndpoint(for model: ServiceModel, _ options: CallOptions) throws(AWSError) -> String? {
    if let custom = options.endpointURL ?? configuration.endpointURL {
      guard custom.contains("://") else { throw .endpoint("Invalid endpoint: \(custom)") }
      return custom
    }
    let own = configuration.configuredEndpoints[serviceIdentifier(model.serviceID)]
    if own == nil, let missing = configuration.missingServices {
      throw .configuration(
        .invalidConfiguration(
          "The profile is configured to use the services section but the \"\(missing)\" services configuration does "
            + "not exist."))
    }
    guard let custom = own ?? configuration.configuredEndpoints[""] else { return nil }
    guard custom.contains("://") else { throw .endpoint("Invalid endpoint: \(custom)") }
    return custom
  }

  /// Signs one try and sends it.
  func send(
    _ outgoing: OutgoingRequest, _ tries: Tries, _ options: CallOptions
  ) async throws(AWSError) -> HTTPResponse {
    var signed = try await sign(outgoing.request, outgoing.endpoint, outgoing.operation)
    tries.addHeaders(to: &signed)
    var how = SendOptions()
    how.connectTimeout = configuration.connectTimeout
    how.readTimeout = configuration.readTimeout
    how.verifiesTLS = configuration.verifiesTLS
    how.caBundle = configuration.caBundle
    how.proxies = configuration.proxies
    how.trailer = outgoing.trailer
    how.expectedChecksums = outgoing.expectedChecksums
    how.sendsOnce = tries.isOnce
    if let path = options.outputPath { how.destination = .file(path: path) }
    do {
      return try await transport.send(signed, how)
    } catch {
      if error.kind == .cancelled { throw .cancelled }
      if error.kind == .checksumMismatch { throw .unreadable(error.message) }
      throw .transport(error, requestMayHaveArrived: error.requestMayHaveArrived)
    }
  }

  /// The output in a response, or the fault.
  func read(
    _ response: HTTPResponse, _ outgoing: OutgoingRequest, _ options: CallOptions, attempts: Int
  ) throws(AWSError) -> Value {
    let operation = outgoing.operation
    if DynamoChecksum.fails(response, operation) {
      throw .unreadable(unreadableText("its checksum does not fit", outgoing))
    }
    var response = response
    // A body that was streamed to a file is not the parser's business.
    if case .file = response.body { response.body = .empty }
    let isPage = WebPage.isOne(response)
    do {
      let value = try operation.response(response)
      return outgoing.decodesKeys ? S3Quirks.decodedKeys(value) : value
    } catch .fault(var fault) {
      fault.circumstances.isWebPage = isPage
      throw .service(fault, operation: operation.name, attempts: attempts)
    } catch {
      if isPage { throw .unreadable(unreadableText("it is a web page, not an answer of AWS", outgoing)) }
      if operation.model.service == "s3", response.status == 200 {
        // S3 begins its answer before it has done the work; one that breaks off counts as an error of its own
        // (botocore `handlers._handle_200_error`).
        let fault = ServiceFault(code: "500", message: "Internal Server Error", httpStatus: 500)
        throw .service(fault, operation: operation.name, attempts: attempts)
      }
      throw .unreadable(unreadableText(error.detail, outgoing))
    }
  }

  private func unreadableText(_ detail: String, _ outgoing: OutgoingRequest) -> String {
    let operation = outgoing.operation
    let text = "The answer of \(outgoing.request.host) to \(operation.name) cannot be read: \(detail)."
    return operation.isReadOnly ? text : text + " The call may have taken effect all the same."
  }
}

/// Pages that proxies and networks' sign-in screens put in the place of a service's answer.
enum WebPage {
  static func isOne(_ response: HTTPResponse) -> Bool {
    guard case .bytes(let body) = response.body,
      response.headers["x-amzn-requestid"] == nil, response.headers["x-amz-request-id"] == nil
    else { return false }
    let start = String(decoding: body.prefix(200), as: UTF8.self).lowercased().drop {
      $0.isWhitespace || $0 == "\u{FEFF}"
    }
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }
}

extension ProtocolError {
  fileprivate var detail: String {
    if case .malformed(let detail) = self { detail } else { description }
  }
}
