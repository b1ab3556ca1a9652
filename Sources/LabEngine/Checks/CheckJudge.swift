import AWSClient
import JMESPath
import Lessons
import OrderedJSON
import ServiceModels

/// Puts a check's questions to the account, once.
struct CheckJudge: Sendable {
  /// The client core; checks only read, so nothing of this is journalled.
  let client: AWSClient
  /// The value of a variable of the learner's session.
  let variable: @Sendable (String) -> String?
  /// Runs an `aws` command of the lesson in a copy of the session and returns status, output and error text.
  let runCommand: @Sendable (String) async -> CommandAnswer

  struct CommandAnswer: Sendable {
    var status: Int32
    var output: String
    var error: String
  }

  /// Asks every query in order; the first that does not hold decides.
  func verdict(of check: Check) async -> Verdict {
    var captured: [String: String] = [:]
    var asked: [String] = []
    for query in check.queries {
      let known = captured
      let lookup: (String) -> String? = { known[$0] ?? variable($0) }
      do {
        let answer = try await answer(to: query.question, lookup, &asked)
        for expectation in query.expectations {
          let finding = try expectation.finding(in: answer, lookup)
          guard finding.holds else {
            return Verdict(
              .failed, expected: finding.expected, found: finding.found,
              hint: expectation.hint.isEmpty ? check.hint : expectation.hint, asked: asked)
          }
        }
        for capture in query.captures {
          captured[capture.name] = try value(of: capture, in: answer)
        }
      } catch {
        return verdict(for: error, check, asked)
      }
    }
    return Verdict(.passed, asked: asked)
  }

  private func answer(
    to question: CheckQuery.Question, _ lookup: (String) -> String?, _ asked: inout [String]
  ) async throws(CheckProblem) -> JSON {
    switch question {
    case .call(let service, let operation, let input):
      asked.append("\(service) \(operation)")
      return try await call(service, operation, try expanded(input, lookup).json)
    case .command(let text):
      asked.append(text)
      let answer = await runCommand(text)
      guard answer.status == 0 else {
        throw .call(text, message: trimmed(answer.error), hint: "")
      }
      // `--output text` gives no JSON; what it prints is then the answer as one string.
      return (try? JSON.parse(answer.output))
        ?? (answer.output.isEmpty ? .null : .string(trimmed(answer.output)))
    }
  }

  private func call(_ service: String, _ operation: String, _ input: JSON) async throws(CheckProblem) -> JSON
  {
    let name = service == "s3api" ? "s3" : service
    do {
      return try await answer(of: name, operation, input)
    } catch {
      throw .call("\(service) \(operation)", message: error.message, hint: error.hint)
    }
  }

  private func answer(of service: String, _ operation: String, _ input: JSON) async throws(AWSError) -> JSON {
    let model = try client.model(service)
    guard let found = model.operation(operation) else {
      throw .unknownOperation(service: service, operation: operation)
    }
    var value = Value.object([:])
    if let shape = found.input {
      do {
        value = try Value(json: input, shape: shape)
      } catch {
        throw .unbuildable("\(operation) cannot be asked that: \(error)")
      }
    }
    return try await client.call(model, found, value).json(shape: found.output)
  }

  private func value(of capture: CheckQuery.Capture, in answer: JSON) throws(CheckProblem) -> String {
    do {
      let found = try JMESPathExpression(capture.path).search(answer)
      return found.string ?? found.text()
    } catch {
      throw .path(capture.path, reason: error.message)
    }
  }

  private func verdict(for problem: CheckProblem, _ check: Check, _ asked: [String]) -> Verdict {
    switch problem {
    case .unset(let name):
      Verdict(
        .unanswered, expected: "the variable \(name) is set", found: "it is not",
        hint: "An earlier step sets \(name). Run that step first.", asked: asked)
    case .path(let path, let reason):
      Verdict(
        .unanswered, expected: "\(path) can be looked up", found: reason,
        hint: "The lesson's check is wrong, not your work.", asked: asked)
    case .pattern(let pattern):
      Verdict(
        .unanswered, expected: "\(pattern) is a regular expression", found: "it is not",
        hint: "The lesson's check is wrong, not your work.", asked: asked)
    case .call(let what, let message, let hint):
      Verdict(
        .failed, expected: "\(what) answers", found: message, hint: check.hint.isEmpty ? hint : check.hint,
        asked: asked)
    }
  }
}

private func trimmed(_ text: String) -> String {
  var rest = Substring(text)
  while rest.first?.isWhitespace == true { rest.removeFirst() }
  while rest.last?.isWhitespace == true { rest.removeLast() }
  return String(rest)
}
