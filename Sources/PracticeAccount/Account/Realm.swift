import Digests
import OrderedJSON
import ServiceModels
import Wire

/// The inside of an account: what the lock guards. Only ever used by one call at a time.
final class Realm {
  let store: any AccountStore
  let clock: any PracticeClock
  let catalog: ModelCatalog
  private(set) var current: AccountState
  /// Whether `current` differs from what the store holds.
  private(set) var isDirty = false
  /// Bytes that belong to no object any more, to be dropped once the state that forgets them is saved.
  private var abandoned: [String] = []
  private var policies: [String: PolicyDocument] = [:]
  /// Request ids name calls, not things; they are no part of the state.
  private var requestIDs: SeededGenerator

  init(
    state: AccountState, isNew: Bool, store: any AccountStore, clock: any PracticeClock, catalog: ModelCatalog
  ) {
    current = state
    isDirty = isNew
    self.store = store
    self.clock = clock
    self.catalog = catalog
    requestIDs = SeededGenerator(seed: UInt64(bitPattern: clock.now.milliseconds))
  }

  /// The state; touching it for writing marks it as unsaved.
  var state: AccountState {
    _read { yield current }
    _modify {
      isDirty = true
      yield &current
    }
  }

  /// The account's own time.
  var now: Timestamp { Timestamp(milliseconds: clock.now.milliseconds &+ current.clockOffset) }

  func newRequestID(for service: String) -> String {
    service == "s3" ? requestIDs.base32(16) : requestIDs.uuid()
  }

  /// Runs `change` and saves; if it throws, or if the outcome cannot be saved, the account is as it was. Remarks
  /// stay: why a call was refused is worth keeping.
  func transaction<T>(_ change: () throws(ServiceFault) -> T) throws(ServiceFault) -> T {
    let before = current
    let last = before.remarks.last?.number ?? 0
    do {
      let result = try change()
      try saved()
      return result
    } catch {
      let remarks = current.remarks.filter { $0.number > last }
      revert(to: before)
      if !remarks.isEmpty { state.remarks += remarks }
      try saved()
      throw error
    }
  }

  /// Takes the state back to what it was.
  func revert(to before: AccountState) {
    current = before
    isDirty = true
    abandoned = []
  }

  /// Saves the state if it changed.
  private func saved() throws(ServiceFault) {
    do {
      try save()
    } catch {
      throw ServiceFault(
        code: "InternalError", message: "The practice account could not be saved: \(error.message)",
        httpStatus: 500)
    }
  }

  func save() throws(StoreError) {
    guard isDirty else { return }
    let json: JSON
    do {
      json = try StateCoding.encode(current)
    } catch {
      throw StoreError("the practice account cannot be written down: \(error)")
    }
    try store.save(Array(json.text().utf8))
    isDirty = false
    for name in abandoned { store.remove(name) }
    abandoned = []
  }

  /// Lets bytes go with the next save.
  func abandon(_ name: String) {
    abandoned.append(name)
  }

  /// A policy's text as a document, read once. Text that is no policy matches nothing.
  func document(_ text: String) -> PolicyDocument {
    if let known = policies[text] { return known }
    let document = PolicyDocument(text: text) ?? PolicyDocument()
    if policies.count > 512 { policies = [:] }
    policies[text] = document
    return document
  }

  /// Notes what a learner should know.
  func remark(_ service: String, _ subject: String, _ text: String, at time: Timestamp? = nil) {
    let number = (current.remarks.last?.number ?? 0) + 1
    state.remarks.append(
      Remark(number: number, time: time ?? now, service: service, subject: subject, text: text))
    // Remarks are read as they come; old ones must not make every save slower.
    if current.remarks.count > 500 { state.remarks.removeFirst(current.remarks.count - 500) }
  }

  func arn(_ service: String, region: String, _ resource: String) -> String {
    "arn:\(partition(of: region)):\(service):\(region):\(current.accountID):\(resource)"
  }

  /// IAM is global; its ARNs have no Region. The partition follows the account's home.
  func iamARN(_ resource: String) -> String {
    "arn:\(partition(of: current.homeRegion)):iam::\(current.accountID):\(resource)"
  }
}
