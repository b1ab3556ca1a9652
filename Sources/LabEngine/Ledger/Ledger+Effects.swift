import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Wire

/// What a call did, as it is recorded.
struct CallEffects: Sendable {
  var kind: OutcomeKind
  var changes: [ResourceChange] = []
  /// JSON text of the identities concerned.
  var identities = "[]"
}

extension Ledger {
  /// What a call that succeeded did.
  ///
  /// - Parameter effects: the catalogue's; nil if it does not know the operation.
  /// - Parameter found: the parts of the main resource, where they come from a search and not from the output.
  func effects(
    _ effects: [OperationEffect]?, input: Value, output: Value?, probe: Probe, found: JSONObject? = nil
  ) throws(StoreError) -> CallEffects {
    guard let effects else { return CallEffects(kind: .unknownEffect) }
    var result = CallEffects(kind: .changed)
    var identities: [JSON] = []
    let document = surroundings.document(input: input, output: output)
    for (index, effect) in effects.enumerated() {
      guard let type = catalog.type(effect.type) else { continue }
      let concerned =
        index == 0
        ? found.map { [$0] } ?? effect.resources(in: document, type: type)
        : effect.resources(in: document, type: type)
      for parts in concerned {
        guard let identity = type.identity(of: parts) else { continue }
        if let change = try change(effect, type, parts, output: output, probe: probe) {
          result.changes.append(change)
          if index == 0, case .exists(let draft) = change, effect.verb == .creates {
            result.kind = draft.origin == .existedBefore ? .existedBefore : .created
          }
        }
        if !effect.isSideEffect {
          identities.append(["type": .string(type.name), "identity": .string(identity)])
        }
      }
      if index == 0 && effect.verb == .deletes { result.kind = .deleted }
      if index == 0 && effect.verb == .creates && result.kind == .changed { result.kind = .created }
    }
    result.identities = JSON.array(identities).text()
    return result
  }

  private func change(
    _ effect: OperationEffect, _ type: ResourceType, _ parts: JSONObject, output: Value?, probe: Probe
  ) throws(StoreError) -> ResourceChange? {
    guard let identity = type.identity(of: parts) else { return nil }
    let state = probe.state(of: type, parts)
    switch effect.verb {
    case .creates:
      if state == .foreign { return nil }
      let isNew: Bool
      switch state {
      case .absent, .ours: isNew = true
      case .present: isNew = effect.provesCreation
      case .unknown, .foreign, nil: isNew = effect.provesCreation
      }
      return draft(type, parts, origin: isNew ? .created : .existedBefore).map(ResourceChange.exists)
    case .deletes:
      guard try record(type, parts) != nil else { return nil }
      if let until = effect.until {
        return .pendingDeletion(
          type: type.name, identity: identity, region: region(of: type),
          until: output?.at(until)?.timestamp?.milliseconds)
      }
      return .gone(type: type.name, identity: identity, region: region(of: type))
    case .revives:
      guard let known = try record(type, parts) else { return nil }
      return .exists(known.draft)
    case .sets, .unsets:
      let earlier: JSON?
      switch state {
      case .ours: earlier = nil
      case .absent: earlier = ["absent": true]
      case .present: earlier = probe.earlier(of: type, parts).map { ["value": $0] } ?? ["unknown": true]
      case .unknown, .foreign, nil: earlier = ["unknown": true]
      }
      return draft(type, parts, origin: .changed, earlier: earlier?.text()).map(ResourceChange.exists)
    case .alters: return nil
    }
  }

  /// Things that a failed call shows to have been there before.
  func existing(
    _ effects: [OperationEffect]?, input: Value, probe: Probe, fault: ServiceFault
  ) throws(StoreError) -> [ResourceChange] {
    var changes: [ResourceChange] = []
    let document = surroundings.document(input: input, output: nil)
    for effect in effects ?? [] where effect.verb == .creates && !effect.isSideEffect {
      guard let type = catalog.type(effect.type), effect.exists.match(fault) else { continue }
      for parts in effect.resources(in: document, type: type) where probe.state(of: type, parts) == .present {
        if let draft = draft(type, parts, origin: .existedBefore) { changes.append(.exists(draft)) }
      }
    }
    return changes
  }
}
