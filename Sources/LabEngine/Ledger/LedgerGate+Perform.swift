import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels

extension LedgerGate {
  /// Intent, call, outcome.
  ///
  /// - Parameter again: the record of an earlier try that is made again.
  func perform(
    _ call: AWSCall, _ digest: String, _ context: GateContext?, _ effects: [OperationEffect]?,
    again earlier: LedgerCall?, _ send: @Sendable (AWSCall) async throws(AWSError) -> Value
  ) async throws -> Value {
    try refuseGuarded(call, effects)
    var call = call
    call.input = prepared(call, effects, earlier, context)
    let probe: Probe
    if let earlier {
      probe = Probe(text: earlier.intent.probe)
    } else {
      probe = try await ledger.probe(effects ?? [], input: call.input)
    }
    let entry = try recordIntent(call, digest, context, effects, probe, earlier)
    markSeen(entry.id)
    let answer: Value
    do throws(AWSError) {
      answer = try await send(call)
      ledger.crash.point()
    } catch {
      return try await failed(error, entry, call, effects, probe)
    }
    let done = try ledger.effects(effects, input: call.input, output: answer, probe: probe)
    try ledger.store.recordOutcome(
      LedgerOutcome(
        kind: done.kind, response: LedgerValue.text(answer, shape: call.operation.output),
        identities: done.identities, at: ledger.now),
      ofCall: entry.id, resources: done.changes)
    ledger.crash.point()
    return answer
  }

  private func recordIntent(
    _ call: AWSCall, _ digest: String, _ context: GateContext?, _ effects: [OperationEffect]?, _ probe: Probe,
    _ earlier: LedgerCall?
  ) throws -> LedgerCall {
    ledger.crash.point()
    defer { ledger.crash.point() }
    if let earlier {
      try ledger.store.reopenIntent(earlier.id, at: ledger.now)
      return earlier
    }
    let place = context.map {
      CallPlace(
        section: $0.section, block: $0.block, execution: $0.execution, statement: $0.statement,
        ordinal: nextOrdinal())
    }
    return try ledger.store.recordIntent(
      LedgerIntent(
        run: ledger.run.id, place: place, service: call.service, operation: call.operation.name,
        region: call.region, input: LedgerValue.text(call.input, shape: call.operation.input), digest: digest,
        token: tokenMember(of: call, effects).flatMap { call.input[$0]?.string },
        predicted: predicted(effects, call.input), probe: probe.text, at: ledger.now))
  }

  /// Records a failure. Where the call may have taken effect all the same, the account is asked at once.
  private func failed(
    _ error: AWSError, _ entry: LedgerCall, _ call: AWSCall, _ effects: [OperationEffect]?, _ probe: Probe
  ) async throws -> Value {
    ledger.crash.point()
    let outcome = LedgerOutcome(
      kind: error.mayHaveTakenEffect ? .unknown : .failed, errorCode: error.code, errorMessage: error.message,
      at: ledger.now)
    var met: [ResourceChange] = []
    if case .service(let fault, _, _) = error, !error.mayHaveTakenEffect {
      met = try ledger.existing(effects, input: call.input, probe: probe, fault: fault)
    }
    try ledger.store.recordOutcome(outcome, ofCall: entry.id, resources: met)
    ledger.crash.point()
    guard error.mayHaveTakenEffect, !Task.isCancelled else { throw error }
    var open = entry
    open.outcome = outcome
    // A second failure changes nothing: the call stays open, and the learner sees the first error.
    if case .happened(let answer)? = try? await ledger.settle(open) { return answer }
    throw error
  }

  /// The input as it is sent: with the run's marks, and the token of an earlier try.
  private func prepared(
    _ call: AWSCall, _ effects: [OperationEffect]?, _ earlier: LedgerCall?, _ context: GateContext?
  ) -> Value {
    var input = call.input
    if settings.marks, let tags = effects?.first?.tags {
      input = Marks.adding(to: input, tags, run: ledger.run.id, step: context?.section)
    }
    if let member = tokenMember(of: call, effects), case .object(var fields) = input {
      if let token = earlier?.intent.token {
        fields[member] = .string(token)
      } else if fields[member] == nil {
        fields[member] = .string(clientToken())
      }
      input = .object(fields)
    }
    return input
  }

  private func tokenMember(of call: AWSCall, _ effects: [OperationEffect]?) -> String? {
    effects?.first?.tokenMember ?? call.operation.input?.members.first { $0.isIdempotencyToken }?.name
  }

  private func predicted(_ effects: [OperationEffect]?, _ input: Value) -> String {
    let document = ledger.surroundings.document(input: input, output: nil)
    var list: [JSON] = []
    for effect in effects ?? [] {
      guard let type = ledger.catalog.type(effect.type) else { continue }
      for parts in effect.resources(in: document, type: type) {
        if let identity = type.identity(of: parts) {
          list.append(["type": .string(type.name), "identity": .string(identity)])
        }
      }
    }
    return JSON.array(list).text()
  }

  /// What was there before the run, and cannot be made again, is not removed by a lesson's command.
  private func refuseGuarded(_ call: AWSCall, _ effects: [OperationEffect]?) throws {
    let document = ledger.surroundings.document(input: call.input, output: nil)
    for effect in effects ?? [] where effect.verb == .deletes {
      guard let type = ledger.catalog.type(effect.type), type.isGuarded else { continue }
      for parts in effect.resources(in: document, type: type) {
        guard let known = try ledger.record(type, parts), known.state != .gone,
          known.draft.origin == .existedBefore
        else { continue }
        throw AWSError.refused(
          "\(known.name) was there before this run. The command would remove it for good, and was not sent. "
            + "If that is what you want, remove it outside of Cairn.")
      }
    }
  }
}
