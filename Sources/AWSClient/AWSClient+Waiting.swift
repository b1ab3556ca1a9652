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
    let conditions = try waiter.acceptors.map { (acceptor) throws(AWSError) in try WaiterCondition(acceptor) }
    var number = 1
    var hasMatched = false
    while true {
      let outcome: WaiterOutcome
      do {
        let output = try await call(model, operation, input)
        outcome = WaiterOutcome(
          status: operation.successStatus, fault: nil, output: operation.presented(output))
      } catch {
        guard case .service(let fault, _, _) = error else { throw error }
        outcome = WaiterOutcome(status: fault.httpStatus, fault: fault, output: .null)
      }
      let condition = conditions.first { $0.holds(for: outcome) }
      if condition != nil { hasMatched = true }
      switch condition?.acceptor.state {
      case .success: return
      case .failure:
        throw .waiter(
          name: waiter.name,
          reason: "Waiter encountered a terminal failure state: \(condition?.explanation ?? "")")
      case .retry: break
      case nil:
        if let fault = outcome.fault {
          throw .waiter(name: waiter.name, reason: "An error occurred (\(fault.code)): \(fault.message)")
        }
      }
      if number >= waiter.maxAttempts {
        let last =
          hasMatched
          ? (condition ?? conditions.last).map { ". Previously accepted state: \($0.explanation)" } : nil
        throw .waiter(name: waiter.name, reason: "Max attempts exceeded" + (last ?? ""))
      }
      await (sleep ?? seams.sleep)(Double(waiter.delay))
      if Task.isCancelled { throw .cancelled }
      number += 1
    }
  }
}

/// What one try of a waiter saw.
struct WaiterOutcome {
  var status: Int
  var fault: ServiceFault?
  var output: JSON
}

/// An acceptor with its expression read.
struct WaiterCondition: Sendable {
  let acceptor: Waiter.Acceptor
  private let expression: JMESPathExpression?

  init(_ acceptor: Waiter.Acceptor) throws(AWSError) {
    self.acceptor = acceptor
    switch acceptor.matcher {
    case .status, .error: expression = nil
    case .path, .pathAll, .pathAny:
      do {
        expression = try JMESPathExpression(acceptor.argument ?? "")
      } catch {
        throw .model("The waiter's expression \(acceptor.argument ?? "") does not parse: \(error.message)")
      }
    }
  }

  func holds(for outcome: WaiterOutcome) -> Bool {
    switch acceptor.matcher {
    case .status: return acceptor.expected.int == outcome.status
    case .error:
      if let wanted = acceptor.expected.bool { return (outcome.fault != nil) == wanted }
      return outcome.fault.map { $0.code == acceptor.expected.string } ?? false
    case .path: return outcome.fault == nil && found(outcome) == acceptor.expected
    case .pathAll:
      guard outcome.fault == nil, case .array(let values) = found(outcome), !values.isEmpty else {
        return false
      }
      return values.allSatisfy { $0 == acceptor.expected }
    case .pathAny:
      guard outcome.fault == nil, case .array(let values) = found(outcome) else { return false }
      return values.contains(acceptor.expected)
    }
  }

  private func found(_ outcome: WaiterOutcome) -> JSON {
    (try? expression?.search(outcome.output)) ?? .null
  }

  /// botocore's words for what was matched.
  var explanation: String {
    let argument = acceptor.argument ?? ""
    let expected = pythonText(acceptor.expected)
    switch acceptor.matcher {
    case .path: return "For expression \"\(argument)\" we matched expected path: \"\(expected)\""
    case .pathAll:
      return "For expression \"\(argument)\" all members matched expected path: \"\(expected)\""
    case .pathAny:
      return "For expression \"\(argument)\" we matched expected path: \"\(expected)\" at least once"
    case .status: return "Matched expected HTTP status code: \(expected)"
    case .error: return "Matched expected service error code: \(expected)"
    }
  }

  /// As Python prints it.
  private func pythonText(_ value: JSON) -> String {
    switch value {
    case .string(let text): text
    case .bool(let flag): flag ? "True" : "False"
    case .null: "None"
    default: value.text()
    }
  }
}
