import ServiceModels
import Wire

/// One call in progress: who asks for what, and whatever of the answer the output's shape does not hold.
final class Call {
  let realm: Realm
  /// The service as `ServiceModels` names it: `kms`, `macie2`.
  let service: String
  let operation: String
  /// The Region of the credential scope.
  let region: String
  let principal: Principal
  let request: HTTPRequest
  let requestID: String
  /// The body of an upload to S3 with its digests.
  let payload: Payload
  /// The VPC endpoint that the request came by.
  var endpoint: ReachedEndpoint?

  /// Set by handlers whose status the model does not know (206, 304).
  var status: Int?
  /// Headers beyond those of the output's shape.
  var headers: Headers = [:]
  /// The body, where it is bytes that the account keeps.
  var body: Body?

  init(
    realm: Realm, service: String, operation: String, region: String, principal: Principal,
    request: HTTPRequest, requestID: String, payload: Payload = Payload()
  ) {
    self.realm = realm
    self.service = service
    self.operation = operation
    self.region = region
    self.principal = principal
    self.request = request
    self.requestID = requestID
    self.payload = payload
  }

  var state: AccountState {
    _read { yield realm.state }
    _modify { yield &realm.state }
  }

  /// The state for looking only; never marks it as changed.
  var seen: AccountState { realm.current }

  var now: Timestamp { realm.now }
  var accountID: String { realm.current.accountID }

  func arn(_ service: String, _ resource: String) -> String { realm.arn(service, region: region, resource) }
  func iamARN(_ resource: String) -> String { realm.iamARN(resource) }
}

/// What an operation needs and does. A service is a table of these.
struct OperationRule: Sendable {
  typealias Questions = @Sendable (Value, Call) throws(ServiceFault) -> [AccessQuestion]
  typealias Handler = @Sendable (Value, Call) throws(ServiceFault) -> Value

  /// The rights that are asked before the handler runs; all must be given.
  var questions: Questions
  var handle: Handler

  init(_ questions: @escaping Questions, _ handle: @escaping Handler) {
    self.questions = questions
    self.handle = handle
  }
}

/// A service of the account.
struct PracticeService: Sendable {
  /// The name in `ServiceModels`.
  var name: String
  var rules: [String: OperationRule]
  /// The service's own way to say no.
  var denial: @Sendable (AccessQuestion, Verdict, Principal) -> ServiceFault
  /// Checked after authorisation, before every handler (Macie: is it enabled?).
  var precondition: (@Sendable (Call) throws(ServiceFault) -> Void)?
  /// Whether a denial carries an encoded message for DecodeAuthorizationMessage.
  var encodesDenials = false
}

/// A fault, with 400 as the usual status.
func fault(_ code: String, _ message: String, _ status: Int = 400, _ fields: Fields = [:]) -> ServiceFault {
  ServiceFault(code: code, message: message, httpStatus: status, fields: fields)
}
