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
  /// The folder that files may be put into before the store takes them in; nil: the store has none.
  package let folder: String?
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
    let state: AccountState
    var sizes: (whole: Int, journal: Int)?
    if let (whole, journal) = try store.load() {
      let (records, isTorn) = try Journal.records(journal)
      state = try Self.read(whole, records)
      if !isTorn { sizes = (whole.count, journal.count) }
    } else {
      state = AccountState(accountID: accountID, homeRegion: region, seed: seed, now: clock.now)
    }
    self.accountID = state.accountID
    homeRegion = state.homeRegion
    folder = store.folder
    self.catalog = catalog
    realClock = clock
    let realm = Realm(state: state, sizes: sizes, store: store, clock: clock, catalog: catalog)
    try realm.openSnapshots()
    realm.dropOrphans()
    try realm.save(isQuiet: true)
    self.realm = Mutex(realm)
  }

  /// The whole state with the records that came after it.
  static func read(
    _ whole: some Sequence<UInt8>, _ records: [ArraySlice<UInt8>] = []
  ) throws(StoreError) -> AccountState {
    let json = try parsed(whole)
    if let format = json["format"]?.int, format != AccountState.currentFormat {
      throw StoreError(
        format > AccountState.currentFormat
          ? "the practice account was made by a newer version (format \(format)); use that version"
          : "the practice account was made by an earlier version (format \(format)); begin a new one")
    }
    do {
      var state = try StateCoding.decode(AccountState.self, from: json)
      for record in records {
        let record = try parsed(record)
        guard let number = record["number"]?.int, number > state.records else { continue }
        try state.apply(record)
        state.records = number
      }
      return state
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError("the practice account's state cannot be understood: \(error)")
    }
  }

  private static func parsed(_ bytes: some Sequence<UInt8>) throws(StoreError) -> JSON {
    do {
      return try JSON.parse(bytes: Array(bytes))
    } catch {
      throw StoreError("the practice account's state is not readable JSON: \(error)")
    }
  }

  /// The keys that clients are handed: the learner's, or those of the session a scenario asks for.
  package var accessKey: Credentials {
    realm.withLock { realm in
      let settings = realm.current.settings
      let key = settings.session ?? realm.current.iam.users["learner"]?.accessKeys.first
      return Credentials(
        accessKeyID: key?.id ?? "", secretAccessKey: key?.secret ?? "", sessionToken: settings.sessionToken)
    }
  }

  /// The account's own time, and the way to move it.
  package var clock: VirtualClock { VirtualClock(account: self) }

  var virtualNow: Timestamp { realm.withLock { $0.now } }

  func advance(seconds: Double) throws(StoreError) {
    guard seconds > 0, seconds.isFinite else { return }
    // Ten years at once, at most: every run of a daily job on the way really happens.
    let seconds = min(seconds, 315_576_000)
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
      return realm.current.remarks.from(number + 1).map(\.row)
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
