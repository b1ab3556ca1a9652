import ServiceModels
import Wire

/// What a request is answered that never reaches a handler: in the service's own words where AWS has them.
extension PracticeAccount {
  /// A fault with headers of its own.
  struct Refusal: Error {
    var fault: ServiceFault
    var headers: Headers = [:]

    init(_ fault: ServiceFault, headers: Headers = [:]) {
      self.fault = fault
      self.headers = headers
    }
  }

  /// What a call meets that a fault keeps from being looked at.
  static func refusal(_ kind: FaultRule.Kind, _ model: ServiceModel) -> ServiceFault? {
    switch kind {
    case .dropBefore, .internalError:
      fault("InternalError", "We encountered an internal error. Please try again.", 500)
    case .throttle:
      switch model.protocolName {
      case .restXML: fault("SlowDown", "Please reduce your request rate.", 503)
      case .query: fault("Throttling", "Rate exceeded", 400)
      case .ec2: fault("RequestLimitExceeded", "Request limit exceeded.", 503)
      case .json: fault("ThrottlingException", "Rate exceeded", 400)
      case .restJSON: fault("ThrottlingException", "Rate exceeded", 429)
      }
    case .dropAfter, .delay, .truncate, .reset: nil
    }
  }

  func noOperation(_ request: HTTPRequest, _ model: ServiceModel) -> Refusal {
    switch model.protocolName {
    case .json: Refusal(fault("UnknownOperationException", "", 400))
    case .query, .ec2:
      Refusal(fault("InvalidAction", "Could not find operation for version \(model.apiVersion)", 400))
    case .restJSON: Refusal(fault("UnknownOperationException", "", 404))
    case .restXML:
      Refusal(
        fault(
          "MethodNotAllowed", "The specified method is not allowed against this resource.", 405,
          ["Method": .string(request.method), "ResourceType": "SERVICE"]))
    }
  }

  func notImplemented(_ operation: Operation) -> ServiceFault {
    let name = operation.model.service
    let known = Services.all[name]?.rules.keys.sorted().joined(separator: ", ") ?? "nothing"
    return fault(
      "NotImplemented",
      "The practice account does not implement \(operation.name) of \(name). It implements \(known).", 501)
  }

  func malformed(_ error: ProtocolError, _ model: ServiceModel) -> ServiceFault {
    switch model.protocolName {
    case .json: fault("SerializationException", error.description)
    case .query, .ec2: fault("MalformedInput", error.description)
    case .restJSON: fault("ValidationException", error.description)
    case .restXML: S3Service.malformedXML
    }
  }

  func absent(_ member: String, _ model: ServiceModel) -> ServiceFault {
    let name = member.prefix(1).lowercased() + member.dropFirst()
    let text =
      "1 validation error detected: Value null at '\(name)' failed to satisfy constraint: Member must not be null"
    return switch model.protocolName {
    case .json, .restJSON: fault("ValidationException", text)
    case .query: fault("ValidationError", text)
    case .ec2: fault("MissingParameter", "The request must contain the parameter \(member)")
    case .restXML: S3Service.malformedXML
    }
  }
}
