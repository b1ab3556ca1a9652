import AWSClient
import Foundation
import Lessons
import OrderedJSON
import PracticeAccount
import PracticeServer
import ServiceModels
import Wire

/// A practice account wherever it is: opened here if nobody holds it, by its control channel if somebody serves it.
package struct AccountReach: Sendable {
  /// What the learner calls it.
  package let name: String
  package let directory: String
  let models: ModelCatalog

  /// Where the account is served; nil if nobody serves it.
  package var endpointURL: String? {
    guard ServingRecord.isHeld(directory), let record = ServingRecord(directory: directory) else {
      return nil
    }
    return "http://127.0.0.1:\(record.port)"
  }

  /// The process that serves it.
  package var server: Int32? {
    ServingRecord.isHeld(directory) ? ServingRecord(directory: directory)?.pid : nil
  }

  /// Has something done.
  ///
  /// - Throws: `TutorError` with what went wrong.
  package func order(_ order: AccountOrder, _ input: JSON = [:]) async throws(TutorError) -> JSON {
    if ServingRecord.isHeld(directory) { return try await ask(order, input) }
    do {
      let account = try PracticeAccount(catalog: models, directory: directory)
      let answer = try order.carryOut(input, on: account, in: directory)
      try account.flush()
      return answer
    } catch let error as OrderError {
      throw refusal(order, error.message)
    } catch let error as StoreError {
      throw .practice("opened", error.message, directory)
    } catch {
      throw .practice("opened", "\(error)", directory)
    }
  }

  private func ask(_ order: AccountOrder, _ input: JSON) async throws(TutorError) -> JSON {
    guard let record = ServingRecord(directory: directory) else {
      throw .practice("reached", "a process holds it and serves it to nobody", directory)
    }
    let request = HTTPRequest(
      method: "POST", scheme: "http", host: "127.0.0.1:\(record.port)",
      path: ControlChannel.prefix + order.rawValue,
      headers: [ControlChannel.tokenHeader: record.token, "Content-Type": "application/json"],
      body: .bytes(Array(input.text().utf8)))
    var options = SendOptions()
    // A large account takes its time to be written.
    options.readTimeout = order == .export ? 0 : 60
    options.destination = .memory(limit: 1 << 30)
    options.sendsOnce = true
    let response: HTTPResponse
    do {
      response = try await CurlTransport.shared.send(request, options)
    } catch {
      throw .practice("reached", error.detail, directory)
    }
    guard case .bytes(let bytes) = response.body, let json = try? JSON.parse(bytes: bytes) else {
      throw .practice("reached", "process \(record.pid) answered \(response.status)", directory)
    }
    guard response.status == 200 else { throw refusal(order, json["error"]?.string ?? "no reason was given") }
    return json
  }

  private func refusal(_ order: AccountOrder, _ reason: String) -> TutorError {
    TutorError(
      Diagnostic(
        .error, "\(order.rawValue) could not be done on the practice account \(name)", detail: reason))
  }
}

extension ControlChannel {
  /// The orders of an account's owner, for the account that is served here.
  init(token: String, account: PracticeAccount, directory: String) {
    self.init(token: token) { word, input in
      guard let order = AccountOrder(rawValue: word) else {
        return (404, Self.body(["error": .string("there is no order \(word)")]))
      }
      guard let json = input.isEmpty ? [:] : try? JSON.parse(bytes: input) else {
        return (400, Self.body(["error": "the input is no JSON"]))
      }
      do throws(OrderError) {
        return (200, Self.body(try order.carryOut(json, on: account, in: directory)))
      } catch {
        return (400, Self.body(["error": .string(error.message)]))
      }
    }
  }

  private static func body(_ json: JSON) -> [UInt8] { Array(json.text().utf8) }
}
