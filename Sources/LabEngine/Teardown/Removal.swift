import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Wire

/// Removes one resource by the steps of its type; each mutating call is journalled before and after.
///
/// Every step may be repeated: a removal that was interrupted begins at its first step again and finds the work
/// of the earlier try done.
struct Removal {
  let ledger: Ledger
  let type: ResourceType
  let parts: JSONObject
  /// For a setting: what to put back.
  let earlier: JSON?
  private let deadline: Timestamp

  init(_ ledger: Ledger, _ type: ResourceType, _ parts: JSONObject, earlier: JSON?) {
    self.ledger = ledger
    self.type = type
    self.parts = parts
    self.earlier = earlier
    deadline = ledger.clock.now.adding(seconds: type.patience.total)
  }

  /// Why a resource could not be removed.
  enum Problem: Error {
    case account(AWSError)
    case store(StoreError)
    /// The service named a failure in an answer of success.
    case refused(String)
    case tookTooLong
    case cancelled
  }

  func perform() async throws(Problem) {
    var document = ledger.document(parts)
    if let value = earlier?["value"] { document = document.adding("earlier", value) }
    let steps = earlier?["absent"] != nil ? type.removalOfUnset : type.removal
    for step in steps {
      guard try await shouldRun(step, document) else { continue }
      if let each = step.each {
        try await run(step, each, document)
      } else if case .wait(let until, let failed, let reason) = step.action {
        try await wait(step, document, until: until, failed: failed, reason: reason)
      } else if let answer = try await call(step, document) {
        document = document.adding("last", answer.outline)
      }
    }
  }

  private func shouldRun(_ step: RemovalStep, _ document: JSON) async throws(Problem) -> Bool {
    guard let condition = step.condition else { return true }
    let answer = try await ask(
      condition.service, condition.operation, condition.input.value(in: document), absent: condition.absent)
    guard let answer else { return false }
    return condition.holds.holds(in: document.adding("output", answer.outline))
  }

  /// Lists, removes, and lists again, until nothing is listed.
  private func run(_ step: RemovalStep, _ each: RemovalStep.Each, _ document: JSON) async throws(Problem) {
    var last: [JSON] = []
    while true {
      guard
        let answer = try await ask(
          each.service, each.operation, each.input.value(in: document), absent: each.absent)
      else { return }
      let items = each.items.value(in: document.adding("output", answer.outline))?.array ?? []
      if items.isEmpty { return }
      // What is listed again unchanged was not removed: lists may lag, but not for ever.
      if items == last { try await pause() }
      last = items
      var rest = items[...]
      while !rest.isEmpty {
        let batch = Array(rest.prefix(each.atOnce))
        rest = rest.dropFirst(batch.count)
        let inside = document.adding("items", .array(batch)).adding("item", batch.first ?? .null)
        _ = try await call(step, inside)
      }
    }
  }

  private func wait(
    _ step: RemovalStep, _ document: JSON, until: Expression, failed: Expression?, reason: Expression?
  ) async throws(Problem) {
    // Without an earlier step's answer there is nothing to wait for: that step found its work done.
    guard document["last"] != nil else { return }
    while true {
      guard
        let answer = try await ask(
          step.service, step.operation, step.input.value(in: document), absent: step.gone)
      else { return }
      let seen = document.adding("output", answer.outline)
      if until.holds(in: seen) { return }
      if let failed, failed.holds(in: seen) {
        throw .refused(reason?.text(in: seen) ?? "the service gave no reason")
      }
      try await pause()
    }
  }

  /// One journalled call; nil if it found its work done.
  private func call(_ step: RemovalStep, _ document: JSON) async throws(Problem) -> Value? {
    while true {
      do {
        let answer = try await journalled(step.service, step.operation, step.input.value(in: document))
        try check(answer, step, document)
        return answer
      } catch .account(let error) {
        if case .service(let fault, _, _) = error {
          if step.gone.match(fault) { return nil }
          if step.again.match(fault) || fault.httpStatus >= 500 || Removal.throttling.contains(fault.code) {
            try await pause(orThrow: error)
            continue
          }
        } else if case .transport = error {
          try await pause(orThrow: error)
          continue
        }
        throw .account(error)
      } catch {
        throw error
      }
    }
  }

  private func check(_ answer: Value, _ step: RemovalStep, _ document: JSON) throws(Problem) {
    guard let failures = step.failures else { return }
    for item in failures.items.value(in: document.adding("output", answer.outline))?.array ?? [] {
      let code = failures.code.text(in: item) ?? ""
      let message = failures.message.text(in: item) ?? code
      if step.gone.contains(where: { $0.matches(code: code, message: message) }) { continue }
      throw .refused(code.isEmpty ? message : "\(code): \(message)")
    }
  }

  /// A reading call; nil if its errors mean that there is nothing.
  private func ask(
    _ service: String, _ operation: String, _ input: Value, absent: [ErrorPattern]
  ) async throws(Problem) -> Value? {
    do {
      return try await ledger.account.call(service, operation, input)
    } catch {
      if case .service(let fault, _, _) = error, absent.match(fault) { return nil }
      throw .account(error)
    }
  }

  private func pause(orThrow error: AWSError? = nil) async throws(Problem) {
    if ledger.clock.now >= deadline { throw error.map(Problem.account) ?? .tookTooLong }
    do { try await ledger.clock.wait(seconds: type.patience.every) } catch { throw .cancelled }
  }

  /// Intent, call, outcome.
  private func journalled(_ service: String, _ operation: String, _ input: Value) async throws(Problem)
    -> Value
  {
    let entry: LedgerCall
    ledger.crash.point()
    do {
      entry = try ledger.store.recordIntent(
        LedgerIntent(
          run: ledger.run.id, purpose: .teardown, place: nil, service: service, operation: operation,
          region: ledger.region(of: type), input: LedgerValue.text(input, shape: nil), digest: "",
          predicted: predicted, at: ledger.now))
    } catch {
      throw .store(error)
    }
    ledger.crash.point()
    let answer: Value
    do {
      answer = try await ledger.account.call(service, operation, input)
    } catch {
      ledger.crash.point()
      try record(
        LedgerOutcome(
          kind: error.mayHaveTakenEffect ? .unknown : .failed, errorCode: error.code,
          errorMessage: error.message,
          at: ledger.now), entry)
      throw .account(error)
    }
    ledger.crash.point()
    try record(
      LedgerOutcome(
        kind: earlier == nil ? .deleted : .changed, response: LedgerValue.text(answer, shape: nil),
        identities: predicted, at: ledger.now), entry)
    ledger.crash.point()
    return answer
  }

  private func record(_ outcome: LedgerOutcome, _ entry: LedgerCall) throws(Problem) {
    do { try ledger.store.recordOutcome(outcome, ofCall: entry.id) } catch { throw .store(error) }
  }

  private var predicted: String {
    let identity: JSON = ["type": .string(type.name), "identity": .string(type.identity(of: parts) ?? "")]
    return JSON.array([identity]).text()
  }

  /// Codes of calls that came too fast.
  private static let throttling: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown", "LimitExceededException", "PriorRequestNotComplete",
  ]
}
