import OrderedJSON
import ServiceModels
import SigV4
import Synchronization
import Wire

/// One simulated account. Safe to use from many tasks at once; calls are answered one after another.
package final class PracticeAccount: Sendable {
  package let accountID: String
  /// The Region that `exportLines` point a client to.
  package let homeRegion: String
  let catalog: ModelCatalog
  let realClock: any PracticeClock
  let realm: Mutex<Realm>

  /// Opens the account in `store`, or makes it there.
  ///
  /// `accountID`, `region` and `seed` are for a new account; one that is there keeps its own.
  /// - Throws: `StoreError` if the store fails or holds something unreadable.
  package init(
    catalog: ModelCatalog, store: any AccountStore, accountID: String = "111122223333",
    region: String = "us-east-1", seed: UInt64 = 1, clock: any PracticeClock
  ) throws(StoreError) {
    let saved = try store.load()
    let state: AccountState
    if let saved {
      state = try Self.read(saved)
    } else {
      state = AccountState(accountID: accountID, homeRegion: region, seed: seed, now: clock.now)
    }
    self.accountID = state.accountID
    homeRegion = state.homeRegion
    self.catalog = catalog
    realClock = clock
    Self.dropOrphans(state, store)
    let realm = Realm(state: state, isNew: saved == nil, store: store, clock: clock, catalog: catalog)
    try realm.save()
    self.realm = Mutex(realm)
  }

  private static func read(_ bytes: [UInt8]) throws(StoreError) -> AccountState {
    let json: JSON
    do {
      json = try JSON.parse(bytes: bytes)
    } catch {
      throw StoreError("the practice account's state is not readable JSON: \(error)")
    }
    if let format = json["format"]?.int, format > AccountState.currentFormat {
      throw StoreError(
        "the practice account was made by a newer version (format \(format)); use that version")
    }
    do {
      return try StateCoding.decode(AccountState.self, from: json)
    } catch {
      throw StoreError("the practice account's state cannot be understood: \(error)")
    }
  }

  /// Bytes whose upload was never finished, because the process died in between.
  private static func dropOrphans(_ state: AccountState, _ store: any AccountStore) {
    var known: Set<String> = []
    for bucket in state.s3.buckets.values {
      for version in bucket.objects.values.joined() { if let blob = version.blob { known.insert(blob) } }
      for upload in bucket.uploads.values { known.formUnion(upload.parts.values.map(\.blob)) }
    }
    for name in store.names() where !known.contains(name) { store.remove(name) }
  }

  /// The learner's access key.
  package var accessKey: Credentials {
    let key = realm.withLock { $0.current.iam.users["learner"]?.accessKeys.first }
    return Credentials(accessKeyID: key?.id ?? "", secretAccessKey: key?.secret ?? "")
  }

  /// The account's own time, and the way to move it.
  package var clock: VirtualClock { VirtualClock(account: self) }

  var virtualNow: Timestamp { realm.withLock { $0.now } }

  func advance(seconds: Double) throws(StoreError) {
    guard seconds > 0, seconds.isFinite else { return }
    try realm.withLock { (realm) throws(StoreError) in
      let before = realm.current
      realm.state.clockOffset = before.clockOffset &+ Timestamp(seconds: seconds).milliseconds
      realm.settle()
      do throws(StoreError) {
        try realm.save()
      } catch {
        realm.revert(to: before)
        throw error
      }
    }
  }

  /// What is known beyond what AWS would say, after the remark numbered `number` (0: all), oldest first.
  package func remarks(since number: Int = 0) -> [Remark] {
    realm.withLock { realm in
      realm.settle()
      return realm.current.remarks.filter { $0.number > number }
    }
  }

  /// Takes names from the learner: buckets that a stranger owns already.
  package func reserve(bucketNames names: [String]) throws(StoreError) {
    try realm.withLock { (realm) throws(StoreError) in
      realm.state.s3.takenNames = Array(Set(realm.current.s3.takenNames + names)).sorted()
      try realm.save()
    }
  }
}
