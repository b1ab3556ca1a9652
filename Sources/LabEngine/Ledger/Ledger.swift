import AWSClient
import OrderedJSON
import ProgressStore
import Resources
import ServiceModels
import Wire

/// The ledger of one run: everything that records calls, reads the account back or removes things shares it.
package struct Ledger: Sendable {
  package let run: RunRecord
  package let store: ProgressStore
  package let catalog: ResourceCatalog
  /// The account, not through the gate.
  package let account: any AccountCaller
  /// The account's own time: what the ledger writes must compare with what the account answers.
  package let clock: any AccountClock
  let crash: CrashPoints
  let surroundings: OperationEffect.Surroundings

  package init(
    run: RunRecord, store: ProgressStore, catalog: ResourceCatalog, account: any AccountCaller,
    clock: any AccountClock, crash: CrashPoints = .off
  ) {
    self.run = run
    self.store = store
    self.catalog = catalog
    self.account = account
    self.clock = clock
    self.crash = crash
    surroundings = OperationEffect.Surroundings(account: run.account, region: run.region)
  }

  var now: Int64 { clock.now.milliseconds }

  /// Resources that the run still has to see to.
  package func outstanding() throws(StoreError) -> [ResourceRecord] {
    let all = try store.resources(run: run.id)
    return all.filter(\.isOutstanding)
  }

  /// The Region under which a resource of this type is recorded.
  func region(of type: ResourceType) -> String {
    type.scope == .global ? "global" : run.region
  }

  /// The document that templates about a resource are filled in from.
  func document(_ parts: JSONObject) -> JSON {
    var members = parts
    members["account"] = .string(surroundings.account)
    members["region"] = .string(surroundings.region)
    members["partition"] = .string(surroundings.partition)
    members["run"] = .string(run.id)
    return .object(members)
  }

  /// The recorded parts of a resource.
  func parts(of resource: ResourceRecord) -> JSONObject {
    (try? JSON.parse(resource.draft.details))?.object ?? JSONObject()
  }

  /// The record of a resource with these parts, if the run has one.
  func record(_ type: ResourceType, _ parts: JSONObject) throws(StoreError) -> ResourceRecord? {
    guard let identity = type.identity(of: parts) else { return nil }
    return try store.resource(run: run.id, type: type.name, identity: identity, region: region(of: type))
  }

  /// Whether the thing that a resource lives in was made by the run and is there: then it goes with it.
  func ownsParent(of type: ResourceType, _ parts: JSONObject) throws(StoreError) -> Bool {
    guard let parent = type.parent, let parentType = catalog.type(parent.type),
      let identity = type.parentIdentity(of: parts)
    else { return false }
    let found = try store.resource(
      run: run.id, type: parent.type, identity: identity, region: region(of: parentType))
    return found.map { $0.draft.origin == .created && ($0.state == .live || $0.state == .pendingDeletion) }
      ?? false
  }

  /// What is written of a resource.
  func draft(
    _ type: ResourceType, _ parts: JSONObject, origin: ResourceOrigin, earlier: String? = nil
  ) -> ResourceDraft? {
    guard let identity = type.identity(of: parts) else { return nil }
    return ResourceDraft(
      type: type.name, identity: identity, region: region(of: type), name: type.title(of: parts),
      details: JSON.object(parts).text(), parentType: type.parent?.type,
      parentIdentity: type.parentIdentity(of: parts), origin: origin, earlier: earlier)
  }
}
