import ServiceModels

/// Why a call did not succeed. Texts are those of the AWS CLI v2; no case holds a credential.
package enum AWSError: Error, Sendable {
  /// The service answered with an error, on the last of `attempts` tries.
  case service(ServiceFault, operation: String, attempts: Int)
  /// No whole response came back.
  case transport(TransportError, requestMayHaveArrived: Bool)
  case noCredentials
  case noRegion
  /// The configuration is wrong or asks for what is not built.
  case configuration(ConfigurationError)
  case endpoint(String)
  /// What is wrong with the input, a sentence each, in botocore's words.
  case validation([String])
  /// The response could not be read.
  case unreadable(String)
  /// The request could not be built.
  case unbuildable(String)
  case unknownOperation(service: String, operation: String)
  case model(String)
  /// The gate said no, and why.
  case refused(String)
  case waiter(name: String, reason: String)
  /// Pages that do not come to an end.
  case pagination(String)
  case cancelled

  /// The AWS CLI's text, without its `aws: [ERROR]: ` prefix.
  package var message: String {
    switch self {
    case .service(let fault, let operation, let attempts):
      AWSError.serviceMessage(fault, operation, attempts)
    case .transport(let error, _): error.message
    case .noCredentials:
      "Unable to locate credentials. You can configure credentials by running \"aws login\"."
    case .noRegion:
      "You must specify a region. You can also configure your region by running \"aws configure\"."
    case .configuration(let error): error.message
    case .endpoint(let text), .unreadable(let text), .unbuildable(let text), .model(let text),
      .refused(let text):
      text
    case .validation(let problems):
      "Parameter validation failed:\n" + problems.joined(separator: "\n")
    case .unknownOperation(let service, let operation):
      "The service \(service) has no operation \(operation)."
    case .pagination(let text): "Error during pagination: \(text)"
    case .waiter(let name, let reason): "Waiter \(name) failed: \(reason)"
    case .cancelled: "The call was cancelled."
    }
  }

  /// The service's error code ("NoSuchBucket"), nil if no service answered.
  package var code: String? {
    if case .service(let fault, _, _) = self { fault.code } else { nil }
  }

  /// True if the request may have taken effect although no success was seen.
  package var mayHaveTakenEffect: Bool {
    switch self {
    case .service(let fault, _, _): fault.httpStatus >= 500
    case .transport(_, let mayHaveArrived): mayHaveArrived
    case .unreadable, .cancelled: true
    default: false
    }
  }

  /// botocore's `ClientError` template, with the note on retries.
  private static func serviceMessage(_ fault: ServiceFault, _ operation: String, _ attempts: Int) -> String {
    let retries = fault.circumstances.triesAreUsedUp ? " (reached max retries: \(attempts - 1))" : ""
    return
      "An error occurred (\(fault.code)) when calling the \(operation) operation\(retries): \(fault.message)"
  }
}
