import ServiceModels
import SigV4
import Wire

/// Says where the keys are. Nil: nothing there, ask the next one.
package protocol CredentialProvider: Sendable {
  /// botocore's name for the source: `env`, `assume-role`, `sso`, ...
  var method: String { get }
  /// - Throws: `AWSError` where something asks for credentials but cannot give them: `.configuration` for what is
  ///   wrong here, `.service` and `.transport` for what a service answered.
  func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials?
}

/// Keys that are at hand.
package struct StaticCredentials: CredentialProvider {
  package var value: Credentials
  package var method: String { "explicit" }

  package init(_ value: Credentials) { self.value = value }

  package func credentials(_ services: CredentialServices) async throws(AWSError) -> Credentials? { value }
}

/// What a provider may use of the world: AWS's services, the network, the time.
package struct CredentialServices: Sendable {
  /// A call of STS, IAM Identity Center or Sign-In.
  package struct Call: Sendable {
    package var service: String
    package var operation: String
    package var input: Fields
    /// Nil: the configuration's.
    package var region: String?
    /// Nil: unsigned.
    package var keys: Credentials?
    /// Set where the request needs something of its own on the way.
    package var transport: (any Transport)?

    package init(
      _ service: String, _ operation: String, _ input: Fields, region: String? = nil,
      keys: Credentials? = nil, transport: (any Transport)? = nil
    ) {
      self.service = service
      self.operation = operation
      self.input = input
      self.region = region
      self.keys = keys
      self.transport = transport
    }
  }

  package var send: @Sendable (Call) async throws(AWSError) -> Value
  /// Metadata services are asked through it.
  package var transport: any Transport
  package var clock: @Sendable () -> Timestamp
  package var seams: ClientSeams
  /// True where keys that were found before come to their end: an MFA code is not asked for a second time.
  package var isRefresh = false

  package init(
    transport: any Transport, clock: @escaping @Sendable () -> Timestamp, seams: ClientSeams,
    send: @escaping @Sendable (Call) async throws(AWSError) -> Value
  ) {
    self.send = send
    self.transport = transport
    self.clock = clock
    self.seams = seams
  }

  /// Calls services through clients of their own: `--endpoint-url` is the command's, not theirs.
  init(
    catalog: ModelCatalog, configuration: ClientConfiguration, transport: any Transport,
    clock: @escaping @Sendable () -> Timestamp, seams: ClientSeams
  ) {
    self.init(transport: transport, clock: clock, seams: seams) { (call) async throws(AWSError) -> Value in
      var own = configuration
      own.endpointURL = nil
      own.region = call.region ?? own.region
      own.signsRequests = call.keys != nil
      own.credentials = StaticCredentials(call.keys ?? Credentials(accessKeyID: "", secretAccessKey: ""))
      let client = AWSClient(
        catalog: catalog, configuration: own, transport: call.transport ?? transport, clock: clock,
        seams: seams)
      return try await client.call(call.service, call.operation, .object(call.input))
    }
  }
}

/// Asks the user what no file knows. The front end gives it; without one there is nobody to ask.
package protocol CredentialPrompts: Sendable {
  /// The code that the MFA device `serial` shows; `profile` is the one whose role wants it.
  /// - Throws: `AWSError.cancelled` if the user breaks off; `.configuration(.cannotAskMFA)` where nobody can be asked.
  func mfaCode(serial: String, profile: String) async throws(AWSError) -> String
}

/// Nobody to ask: says what to run where somebody is.
package struct NoPrompts: CredentialPrompts {
  package init() {}

  package func mfaCode(serial: String, profile: String) async throws(AWSError) -> String {
    throw .configuration(.cannotAskMFA(serial: serial, profile: profile))
  }
}
