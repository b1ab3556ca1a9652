// AWSClient: one client core for every call that leaves for AWS, or for the practice account.
//
// Model-driven: no service has code of its own here but S3's addressing quirks. A call passes
//   gate -> retry -> sign -> transport -> parse
// in that order; the gate (the ledger's) sees a call once however often it is tried, and each attempt is
// signed anew, so that a retry after a clock correction carries a fresh date.
//
// It refuses: to follow redirects, to repeat a create that has no idempotency token (whether such a call
// arrived is the ledger's question), and to show a credential in any text.
//
// Decisions:
// - Configuration is resolved once, by AWS CLI v2's precedence, from values handed in (options, environment,
//   files through a closure); nothing here reads the process's environment.
// - Time, sleeping, randomness and the network are seams with twins.
// - Response bodies are held in memory up to a bound, or streamed to a file.
import ServiceModels
import SigV4
import Wire

/// Calls operations of any modelled service with one configuration.
package final class AWSClient: Sendable {
  package let catalog: ModelCatalog
  package let configuration: ClientConfiguration
  let transport: any Transport
  let gate: (any CallGate)?
  let clock: @Sendable () -> Timestamp
  let seams: ClientSeams
  package let credentials: RefreshingCredentials
  let skew = ClockSkew()
  let endpoints = EndpointCache()
  let quota = RetryQuota()
  let rate = SendingRate()
  let bucketRegions = BucketRegions()
  let directoryBuckets = DirectoryBuckets()

  package init(
    catalog: ModelCatalog, configuration: ClientConfiguration,
    transport: any Transport = CurlTransport.shared,
    gate: (any CallGate)? = nil, clock: @escaping @Sendable () -> Timestamp = ClientSeams.systemClock,
    seams: ClientSeams = ClientSeams()
  ) {
    self.catalog = catalog
    self.configuration = configuration
    self.transport = transport
    self.gate = gate
    self.clock = clock
    self.seams = seams
    credentials = RefreshingCredentials(
      configuration.credentials,
      CredentialServices(
        catalog: catalog, configuration: configuration, transport: transport, clock: clock, seams: seams))
  }

  /// Calls `operation` ("CreateKey") of `service` ("kms", the botocore directory name) and returns its output.
  ///
  /// - Throws: `AWSError`. Cancelling the task cancels the call.
  package func call(
    _ service: String, _ operation: String, _ input: Value, _ options: CallOptions = CallOptions()
  ) async throws(AWSError) -> Value {
    let model = try model(service)
    guard let found = model.operation(operation) else {
      throw .unknownOperation(service: service, operation: operation)
    }
    return try await call(model, found, input, options)
  }

  /// The same for an operation that is at hand.
  package func call(
    _ model: ServiceModel, _ operation: Operation, _ input: Value, _ options: CallOptions = CallOptions()
  ) async throws(AWSError) -> Value {
    // Tokens are made first: some are required, and what the ledger notes must be what goes out on every attempt.
    let filled = try S3ControlQuirks.withAccount(operation.fillingTokens(input, with: seams.token), operation)
    if options.validates, configuration.validatesInput {
      try validate(filled, operation)
    }
    let region = try region(for: model, options)
    let call = AWSCall(service: model.service, operation: operation, input: filled, region: region)
    let send: @Sendable (AWSCall) async throws(AWSError) -> Value = {
      [self] (call) async throws(AWSError) -> Value in
      try await attempt(call, model, options)
    }
    guard let gate else { return try await send(call) }
    return try await gate.pass(call, send)
  }

  /// What botocore would refuse before anything is sent.
  func validate(_ input: Value, _ operation: Operation) throws(AWSError) {
    let problems =
      operation.validate(input).map(\.message) + [S3Quirks.problem(input, operation)].compactMap { $0 }
    guard problems.isEmpty else { throw .validation(problems) }
  }

  /// The model of a service.
  package func model(_ service: String) throws(AWSError) -> ServiceModel {
    do {
      return try catalog.model(service)
    } catch {
      throw .model("\(error)")
    }
  }

  /// The region a call goes to; services with one global endpoint need none.
  func region(for model: ServiceModel, _ options: CallOptions) throws(AWSError) -> String {
    if let region = options.region ?? configuration.region { return region }
    if let region = model.regionOfAll { return region }
    throw .noRegion
  }
}

/// What may differ from call to call.
package struct CallOptions: Sendable {
  /// Another Region than the configuration's.
  package var region: String?
  /// Another endpoint than the configuration's.
  package var endpointURL: String?
  /// Where a streaming output's bytes go; nil: into memory as a blob.
  package var outputPath: String?
  /// A file whose bytes are the streaming input's (S3 `Body`): streamed, never read whole.
  package var bodyFile: BodyFile?
  /// Nil: the configuration's. 1: no retry.
  package var maxAttempts: Int?
  /// False if the caller has validated the input itself.
  package var validates = true

  /// A stretch of a file.
  package struct BodyFile: Hashable, Sendable {
    package var path: String
    package var offset: UInt64
    package var length: UInt64

    package init(path: String, offset: UInt64, length: UInt64) {
      self.path = path
      self.offset = offset
      self.length = length
    }
  }

  package init() {}
}

/// One call as the gate sees it: idempotency tokens filled in, not yet signed.
package struct AWSCall: Sendable {
  /// botocore directory name ("kms", "s3", "macie2").
  package var service: String
  package var operation: Operation
  package var input: Value
  /// "aws-global" for a service with one endpoint when no Region is configured.
  package var region: String

  package init(service: String, operation: Operation, input: Value, region: String) {
    self.service = service
    self.operation = operation
    self.input = input
    self.region = region
  }
}

/// Stands before every call; the ledger's gate records intent and outcome there, or refuses.
package protocol CallGate: Sendable {
  /// Lets `call` through by calling `send` at most once, and returns or throws what that did; a refusal throws
  /// `AWSError.refused`.
  func pass(
    _ call: AWSCall, _ send: @Sendable (AWSCall) async throws(AWSError) -> Value
  ) async throws(AWSError) -> Value
}
