import Digests
import OrderedJSON
import ServiceModels
import Wire

/// The inside of an account: what the lock guards. Only ever used by one call at a time.
final class Realm {
  let store: any AccountStore
  let clock: any PracticeClock
  let catalog: ModelCatalog
  var current: AccountState
  /// What the store holds; nil if it has to be written down as a whole.
  private var saved: AccountState?
  /// Whether `current` may differ from `saved`.
  private(set) var isDirty: Bool
  /// Bytes in the store's journal, and in the whole state before it.
  private var journalSize = 0
  private var wholeSize = 0
  /// Bytes that belong to no object any more, to be dropped once the state that forgets them is saved.
  private var abandoned: [String] = []
  /// What the store's snapshots need, by their names.
  var snapshots: [String: SnapshotHeader] = [:]
  private var policies: [String: PolicyDocument] = [:]
  /// When access keys were used since the state was last saved.
  var keyUses: [String: IAMKeyUse] = [:]
  /// Request ids name calls, not things; they are no part of the state.
  private var requestIDs: SeededGenerator

  /// `sizes`: bytes of the whole state and of the journal that `state` was read from; nil if it has to be written
  /// down before anything can be added.
  init(
    state: AccountState, sizes: (whole: Int, journal: Int)?, store: any AccountStore,
    clock: any PracticeClock,
    catalog: ModelCatalog
  ) {
    current = state
    saved = sizes == nil ? nil : state
    wholeSize = sizes?.whole ?? 0
    journalSize = sizes?.journal ?? 0
    isDirty = sizes == nil
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

  func newEventID() -> String { requestIDs.uuid() }

  /// Lets the next save happen although nothing was changed through `state`.
  func touch() { isDirty = true }

  func newRequestID(for service: String) -> String {
    service == "s3" ? requestIDs.base32(16) : requestIDs.uuid()
  }

  /// Runs `change` and saves; if it throws, or if the outcome cannot be saved, the account is as it was. Remarks
  /// and denials stay: why a call was refused is worth keeping.
  func transaction<T>(_ change: () throws(ServiceFault) -> T) throws(ServiceFault) -> T {
    let before = current
    do {
      let result = try change()
      try keep()
      return result
    } catch {
      let (remarks, denials) = (current.remarks, current.denials)
      revert(to: before)
      current.remarks = remarks
      current.denials = denials
      try keep()
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
  private func keep() throws(ServiceFault) {
    do {
      try save()
    } catch {
      throw ServiceFault(
        code: "InternalError", message: "The practice account could not be saved: \(error.message)",
        httpStatus: 500)
    }
  }

  /// Makes durable what changed: as a record of the journal, or as a whole once the journal outgrows it.
  ///
  /// - Parameter isQuiet: nobody waits for an answer (the account is opened or closed). Writing 100,000 objects down
  ///   as a whole takes seconds, so that in the midst of calls the journal may grow much longer.
  func save(isQuiet: Bool = false) throws(StoreError) {
    let limit = max(isQuiet ? 4 << 20 : 256 << 20, 2 * wholeSize)
    guard isDirty || isQuiet && journalSize >= limit else { return }
    writeDownKeyUses()
    if let saved, journalSize < limit {
      try append(since: saved)
    } else {
      try saveWhole()
    }
    isDirty = false
    for name in abandoned where !isHeldBySnapshot(name) { store.remove(name) }
    abandoned = []
  }

  private func append(since saved: AccountState) throws(StoreError) {
    let record: JSON?
    do {
      record = try current.record(since: saved)
    } catch {
      throw StoreError("the practice account cannot be written down: \(error)")
    }
    guard case .object(var members)? = record else { return }
    members["number"] = .int(current.records + 1)
    let line = Journal.line(Array(JSON.object(members).text().utf8))
    try store.append(line)
    journalSize += line.count
    current.records += 1
    current.forgetChanges()
    self.saved = current
  }

  func saveWhole() throws(StoreError) {
    let bytes = try Self.encoded(current)
    try store.save(bytes)
    wholeSize = bytes.count
    journalSize = 0
    current.forgetChanges()
    saved = current
    isDirty = false
  }

  static func encoded(_ state: AccountState) throws(StoreError) -> [UInt8] {
    do {
      return Array(try StateCoding.encode(state).text().utf8)
    } catch {
      throw StoreError("the practice account cannot be written down: \(error)")
    }
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
    let number = (current.remarks.last?.key ?? 0) + 1
    state.remarks[number] = Remark(
      number: number, time: time ?? now, service: service, subject: subject, text: text)
    // Remarks are read as they come; nobody asks for old ones.
    if current.remarks.count > 500 { state.remarks.removeFirst(current.remarks.count - 500) }
  }

  /// Keeps what was refused, for whoever asks why.
  func note(_ denial: Denial) {
    state.denials[(current.denials.last?.key ?? 0) + 1] = denial
    if current.denials.count > 200 { state.denials.removeFirst(current.denials.count - 200) }
  }

  func arn(_ service: String, region: String, _ resource: String) -> String {
    "arn:\(partition(of: region)):\(service):\(region):\(current.accountID):\(resource)"
  }

  /// IAM is global; its ARNs have no Region. The partition follows the account's home.
  func iamARN(_ resource: String) -> String {
    "arn:\(partition(of: current.homeRegion)):iam::\(current.accountID):\(resource)"
  }
}
