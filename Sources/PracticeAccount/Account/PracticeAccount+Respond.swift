import ServiceModels
import SigV4
import Synchronization
import Wire

/// An answer, and what becomes of it on its way.
package struct PracticeAnswer: Sendable {
  package enum Ending: Sendable {
    case whole
    /// The connection is closed before a byte of it.
    case dropped
    /// The connection is closed in the middle of its body.
    case truncated
    /// The connection is reset.
    case reset
  }

  package var response: HTTPResponse
  package var ending = Ending.whole
  /// Seconds it comes late.
  package var delay = 0.0
}

extension PracticeAccount {
  /// Answers one request as AWS would; faults on the way are left out.
  package func respond(to request: HTTPRequest) async -> HTTPResponse { answer(to: request).response }

  /// Answers one request as AWS would: authenticate, route, authorise, act, save, answer. With what a fault makes of it.
  package func answer(to request: HTTPRequest) -> PracticeAnswer {
    var fault: FaultRule?
    var answer = PracticeAnswer(response: response(to: request, &fault))
    switch fault?.kind {
    case .dropBefore, .dropAfter: answer.ending = .dropped
    case .reset: answer.ending = .reset
    case .truncate: answer.ending = .truncated
    case .delay: answer.delay = fault?.seconds ?? 0
    case .internalError, .throttle, nil: break
    }
    return answer
  }

  private func response(to request: HTTPRequest, _ fault: inout FaultRule?) -> HTTPResponse {
    let model: ServiceModel
    let parsed: Result<ParsedAuthorization, SignatureError>
    do {
      let authorization = try Authorization.parse(request)
      parsed = .success(authorization)
    } catch {
      parsed = .failure(error)
    }
    let scope: CredentialScope? =
      switch parsed {
      case .success(let authorization): authorization.scope
      case .failure(let error): error.authorization?.scope
      }
    let name = scope.map { Self.serviceName(signing: $0.service) } ?? Self.guessedService(request)
    do {
      model = try catalog.model(name)
    } catch {
      return Self.unknownService(name)
    }
    let requestID = realm.withLock { $0.newRequestID(for: name) }
    defer { if case .file = request.body { realm.withLock { $0.store.remove("incoming-\(requestID)") } } }
    var operation: Operation?
    do throws(Refusal) {
      let path = EndpointPath(request)
      var (principal, body) = try authenticate(request, parsed, model, place: "incoming-\(requestID)")
      if let path { body = path.plain(body) }
      operation = model.route(body)
      guard let operation else { throw noOperation(body, model) }
      if scope?.service == "s3express" { throw Refusal(S3Service.unimplemented("directory buckets")) }
      fault = realm.withLock { $0.takeFault(name, operation.name) }
      if let kind = fault?.kind, let refused = Self.refusal(kind, model) { throw Refusal(refused) }
      let payload = try payload(of: body, operation)
      let response = try answer(
        operation, body, payload, principal, scope?.region ?? homeRegion, requestID,
        accessKeyID: (try? parsed.get().accessKeyID) ?? "", by: path)
      return request.method == "HEAD" ? withoutBody(response) : response
    } catch {
      var response = model.errorResponse(error.fault, operation: operation, requestID: requestID)
      for field in error.headers { response.headers[field.name] = field.value }
      return request.method == "HEAD" || response.status == 304 ? withoutBody(response) : response
    }
  }

  /// The digests of an upload. Only uploads to S3 may be too large for memory.
  private func payload(of request: HTTPRequest, _ operation: Operation) throws(Refusal) -> Payload {
    do throws(ServiceFault) {
      if operation.model.service == "s3" { try S3Service.checkPath(request) }
      if case .file = request.body, !S3Service.takesLargeBodies(operation) {
        throw fault("MaxMessageLengthExceeded", "Your request was too big.")
      }
      return operation.model.service == "s3" ? try S3Checksums.payload(of: request, operation) : Payload()
    } catch {
      throw Refusal(error)
    }
  }

  func plain(
    _ request: HTTPRequest, _ authorization: ParsedAuthorization, _ secret: String,
    _ faults: AuthenticationFault, _ place: String
  ) throws(Refusal) -> HTTPRequest {
    let chunked = ChunkedRequest(
      store: realm.withLock { $0.store }, secret: secret, authorization: authorization, faults: faults)
    do throws(ServiceFault) {
      return try chunked.plain(request, place: place)
    } catch {
      throw Refusal(error)
    }
  }

  /// HEAD answers carry the length of what GET would send, and nothing else.
  private func withoutBody(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    if response.status >= 300 {
      response.headers["Content-Type"] = nil
      response.headers["Content-Length"] = nil
    }
    response.body = .empty
    return response
  }

  private func answer(
    _ operation: Operation, _ request: HTTPRequest, _ payload: Payload, _ principal: Principal,
    _ region: String,
    _ requestID: String, accessKeyID: String, by path: EndpointPath?
  ) throws(Refusal) -> HTTPResponse {
    let name = operation.model.service
    guard let service = Services.all[name], let rule = service.rules[operation.name] else {
      throw Refusal(notImplemented(operation))
    }
    let input: Value
    do {
      input = try operation.input(from: request)
    } catch {
      throw Refusal(malformed(error, operation.model))
    }
    if let missing = operation.input?.members.first(where: {
      $0.isRequired && !$0.isIdempotencyToken && input[$0.name] == nil
    }) {
      throw Refusal(absent(missing.name, operation.model))
    }
    let outcome = realm.withLock { realm -> Result<HTTPResponse, Refusal> in
      let call = Call(
        realm: realm, service: name, operation: operation.name, region: region, principal: principal,
        request: request,
        requestID: requestID, payload: payload)
      realm.settle()
      do throws(ServiceFault) {
        let output = try realm.transaction { () throws(ServiceFault) in
          call.endpoint = try path.map { (path) throws(ServiceFault) in
            try realm.reach(path, service: name, region: region)
          }
          for question in try rule.questions(input, call) {
            let verdict = call.verdict(question)
            guard verdict.isAllowed else {
              realm.remark(name, question.resource, "\(operation.name) was denied: \(verdict.reason).")
              throw Self.denial(service, question, verdict, call)
            }
          }
          try service.precondition?(call)
          return try rule.handle(input, call)
        }
        realm.remember(operation, input, .success(output), call, accessKeyID: accessKeyID)
        return .success(try Self.response(operation, output, call))
      } catch {
        realm.remember(operation, input, .failure(error), call, accessKeyID: accessKeyID)
        return .failure(Refusal(error, headers: call.headers))
      }
    }
    return try outcome.get()
  }

  private static func denial(
    _ service: PracticeService, _ question: AccessQuestion, _ verdict: Verdict, _ call: Call
  ) -> ServiceFault {
    var fault = service.denial(question, verdict, call.principal)
    if service.encodesDenials {
      let encoded = call.realm.authorizationMessage(
        question, verdict, for: call.principal, region: call.region)
      fault.message += ". Encoded authorization failure message: \(encoded)"
    }
    return fault
  }

  private static func response(_ operation: Operation, _ output: Value, _ call: Call) throws(ServiceFault)
    -> HTTPResponse
  {
    var response: HTTPResponse
    do {
      response = try operation.response(output: output, requestID: call.requestID)
    } catch {
      throw fault(
        "InternalFailure", "The practice account built an answer that does not fit its model: \(error)", 500)
    }
    if let status = call.status { response.status = status }
    for field in call.headers { response.headers[field.name] = field.value }
    if let body = call.body { response.body = body }
    return response
  }
}

extension PracticeAccount {
  /// What is built, by service, in alphabetical order.
  package static var operations: [String: [String]] { Services.all.mapValues { $0.rules.keys.sorted() } }
}

/// The services of the account.
enum Services {
  static let all: [String: PracticeService] = [
    "cloudtrail": CloudTrailService.service, "ec2": EC2Service.service, "iam": IAMService.service,
    "kms": KMSService.service,
    "logs": LogsService.service,
    "macie2": MacieService.service, "resourcegroupstaggingapi": TaggingService.service,
    "s3": S3Service.service, "sts": STSService.service,
  ]

  /// Where the credential scope spells a service otherwise than its model.
  static let bySigningName = ["s3express": "s3", "tagging": "resourcegroupstaggingapi"]
}
