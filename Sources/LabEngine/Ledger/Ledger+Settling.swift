import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Wire

/// What reading the account told of a call whose outcome is not known.
enum Settlement: Sendable {
  /// It took effect; this is the answer it gave, or would have given.
  case happened(Value)
  /// It left no trace, or doing it again does no harm: it may be made again.
  case mayBeRepeated
  /// The account cannot tell, for this reason.
  case cannotTell(String)
}

/// Codes of outcomes that were settled by reading the account, not by an answer.
enum SettledCode {
  /// The account shows no trace of the call.
  static let notSent = "NotSent"
  /// The call sets something: it is made again with its command.
  static let interrupted = "Interrupted"
  /// It cannot be known; the learner has been told.
  static let told = "Told"
}

extension Ledger {
  /// Settles a call without an outcome by reading the account, and records what was found.
  func settle(_ call: LedgerCall) async throws(LedgerFailure) -> Settlement {
    let effects = catalog.effects(of: call.intent.service, call.intent.operation)
    guard let main = effects?.first, let type = catalog.type(main.type) else {
      return .cannotTell(
        "Cairn does not know what \(call.intent.service) \(call.intent.operation) leaves behind.")
    }
    guard let input = LedgerValue.value(call.intent.input) ?? redactedInput(call) else {
      return .cannotTell("What was sent cannot be read back from the ledger.")
    }
    do {
      switch main.verb {
      case .creates where !main.isRepeatable:
        return try await settleCreation(call, effects ?? [], main, type, input)
      case .deletes:
        return try await settleDeletion(call, effects ?? [], main, type, input)
      default:
        guard main.isRepeatable else {
          return .cannotTell("The account does not show whether it was done.")
        }
        try await noteRepeatable(call, effects ?? [], input)
        return .mayBeRepeated
      }
    } catch let error as StoreError {
      throw .store(error)
    } catch let error as AWSError {
      throw .account(error)
    } catch {
      throw .store(.failed(path: store.path, reason: "\(error)"))
    }
  }

  private func settleCreation(
    _ call: LedgerCall, _ effects: [OperationEffect], _ main: OperationEffect, _ type: ResourceType,
    _ input: Value
  ) async throws -> Settlement {
    let probe = Probe(text: call.intent.probe)
    let predicted = main.resources(in: surroundings.document(input: input, output: nil), type: type)
    if let parts = predicted.first {
      // It was there before the call: whether the call came through makes no difference to the account.
      guard probe.state(of: type, parts) != .present, let reading = try await read(type, parts) else {
        return try notSent(call)
      }
      switch reading.reading {
      case .absent, .foreign: return try notSent(call)
      case .present, .over, .pendingDeletion:
        if let created = reading.created, created < call.intent.at - Ledger.clockTolerance {
          return try notSent(call)
        }
        return try happened(call, effects, input, probe, parts, type, main, reading.answer ?? [:])
      }
    }
    var attempts = 2
    while true {
      switch try await find(type, call: call, input: input) {
      case .one(let parts):
        guard let reading = try await read(type, parts), reading.reading != .absent else {
          return try notSent(call)
        }
        return try happened(call, effects, input, probe, parts, type, main, reading.answer ?? [:])
      case .ambiguous(let count):
        return .cannotTell("\(count) things on the account could be what it made.")
      case .nothing:
        attempts -= 1
        // Lists lag behind: what was made a moment ago may be missing from them.
        guard attempts > 0, let settles = type.finding?.settles, settles > 0 else { return try notSent(call) }
        do { try await clock.wait(seconds: settles) } catch { throw AWSError.cancelled }
      }
    }
  }

  private func settleDeletion(
    _ call: LedgerCall, _ effects: [OperationEffect], _ main: OperationEffect, _ type: ResourceType,
    _ input: Value
  ) async throws -> Settlement {
    let probe = Probe(text: call.intent.probe)
    let concerned = main.resources(in: surroundings.document(input: input, output: nil), type: type)
    guard concerned.count == 1, let parts = concerned.first, let reading = try await read(type, parts) else {
      return main.isRepeatable
        ? .mayBeRepeated : .cannotTell("The account does not show whether it was done.")
    }
    switch reading.reading {
    case .present, .foreign: return try notSent(call)
    case .absent, .over, .pendingDeletion:
      return try happened(call, effects, input, probe, parts, type, main, reading.answer ?? [:])
    }
  }

  private func happened(
    _ call: LedgerCall, _ effects: [OperationEffect], _ input: Value, _ probe: Probe, _ parts: JSONObject,
    _ type: ResourceType, _ main: OperationEffect, _ reading: Value
  ) throws -> Settlement {
    let answer = main.answer(reading: reading, document: document(parts))
    var done = try self.effects(effects, input: input, output: answer, probe: probe, found: parts)
    if main.verb == .deletes, let until = main.until {
      // The account's own word on when it goes.
      let time = answer.at(until)?.timestamp?.milliseconds
      done.changes = done.changes.map { change in
        guard case .pendingDeletion(let type, let identity, let region, _) = change else { return change }
        return .pendingDeletion(type: type, identity: identity, region: region, until: time)
      }
    }
    try store.recordOutcome(
      LedgerOutcome(
        kind: done.kind, response: LedgerValue.text(answer, shape: nil), identities: done.identities, at: now),
      ofCall: call.id, resources: done.changes)
    return .happened(answer)
  }

  private func notSent(_ call: LedgerCall) throws(StoreError) -> Settlement {
    try store.recordOutcome(
      LedgerOutcome(
        kind: .failed, errorCode: SettledCode.notSent,
        errorMessage: "The account shows no trace of this call.", at: now),
      ofCall: call.id)
    return .mayBeRepeated
  }

  /// A call that may be made again: if it is not, what it may have set or made is known all the same.
  private func noteRepeatable(_ call: LedgerCall, _ effects: [OperationEffect], _ input: Value) async throws {
    let probe = Probe(text: call.intent.probe)
    var done = try self.effects(effects, input: input, output: nil, probe: probe)
    if let main = effects.first, main.verb == .creates, let type = catalog.type(main.type) {
      for parts in main.resources(in: surroundings.document(input: input, output: nil), type: type) {
        if let reading = try await read(type, parts), reading.reading == .absent { done.changes = [] }
      }
    }
    let changes = done.changes.filter { change in
      switch change {
      case .exists: true
      case .gone, .pendingDeletion, .kept: false
      }
    }
    try store.recordOutcome(
      LedgerOutcome(
        kind: .failed, identities: done.identities, errorCode: SettledCode.interrupted,
        errorMessage: "It was interrupted, and is made again when its command is run again.", at: now),
      ofCall: call.id, resources: changes)
  }

  /// An input with what was not kept left out: identities are never secret.
  private func redactedInput(_ call: LedgerCall) -> Value? {
    guard case .object(let members)? = try? JSON.parse(call.intent.input) else { return nil }
    return .object(
      Fields(
        members.compactMap { member in
          LedgerValue.value(member.value.text()).map { Fields.Field(member.key, $0) }
        }))
  }
}
