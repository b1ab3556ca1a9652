import JMESPath
import OrderedJSON
import ServiceModels

extension AWSClient {
  /// Calls the waiter's operation until its condition holds (botocore `waiter.py`).
  ///
  /// - Throws: `AWSError.waiter` if a failure state is reached or the tries are used up.
  package func wait(
    for waiter: Waiter, _ model: ServiceModel, _ input: Value,
    sleep: (@Sendable (Double) async -> Void)? = nil
  ) async throws(AWSError) {
    guard let operation = model.operation(waiter.operation) else {
      throw .unknownOperation(service: model.service, operation: waiter.operation)
    }
    var number = 1
    while true {
      var outcome: WaiterOutcome
      do {
        let output = try await call(model, operation, input)
        outcome = WaiterOutcome(status: 200, errorCode: nil, output: operation.presented(output), error: nil)
      } catch {
        guard case .service(let fault, _, _) = error else { throw error }
        outcome = WaiterOutcome(status: fault.httpStatus, errorCode: fault.code, output: .null, error: error)
      }
      let acceptor = waiter.acceptors.first { outcome.meets($0) }
      switch acceptor?.state {
      case .success: return
      case .failure:
        throw .waiter(
          name: waiter.name,
          reason: "Waiter encountered a terminal failure state: \(outcome.explanation(acceptor))")
      default: break
      }
      if acceptor == nil, let error = outcome.error {
        throw .waiter(name: waiter.name, reason: error.message)
      }
      if number >= waiter.maxAttempts {
        let last = acceptor.map { " Previously accepted state: \(outcome.explanation($0))" } ?? ""
        throw .waiter(name: waiter.name, reason: "Max attempts exceeded.\(last)")
      }
      await (sleep ?? seams.sleep)(Double(waiter.delay))
      if Task.isCancelled { throw .cancelled }
      number += 1
    }
  }
}

/// What one try of a waiter saw.
private struct WaiterOutcome {
  var status: Int
  var errorCode: String?
  var output: JSON
  var error: AWSError?

  func meets(_ acceptor: Waiter.Acceptor) -> Bool {
    switch acceptor.matcher {
    case .status: return acceptor.expected.int == status
    case .error:
      if let wanted = acceptor.expected.bool { return (errorCode != nil) == wanted }
      return errorCode != nil && acceptor.expected.string == errorCode
    case .path: return errorCode == nil && found(acceptor) == acceptor.expected
    case .pathAll:
      guard errorCode == nil, case .array(let values) = found(acceptor), !values.isEmpty else { return false }
      return values.allSatisfy { $0 == acceptor.expected }
    case .pathAny:
      guard errorCode == nil, case .array(let values) = found(acceptor) else { return false }
      return values.contains(acceptor.expected)
    }
  }

  private func found(_ acceptor: Waiter.Acceptor) -> JSON {
    guard let text = acceptor.argument, let expression = try? JMESPathExpression(text) else { return .null }
    return (try? expression.search(output)) ?? .null
  }

  /// botocore's words for what was matched.
  func explanation(_ acceptor: Waiter.Acceptor?) -> String {
    guard let acceptor else { return "" }
    let argument = acceptor.argument ?? ""
    let expected = acceptor.expected.text()
    switch acceptor.matcher {
    case .path: return "For expression \"\(argument)\" we matched expected path: \(expected)"
    case .pathAll: return "For expression \"\(argument)\" all members matched expected path: \(expected)"
    case .pathAny: return "For expression \"\(argument)\" we matched expected path: \(expected) at least once"
    case .status: return "Matched expected HTTP status code: \(expected)"
    case .error: return "Matched expected service error code: \(acceptor.expected.string ?? expected)"
    }
  }
}
