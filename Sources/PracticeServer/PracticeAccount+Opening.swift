import PracticeAccount
import ServiceModels

extension PracticeAccount {
  /// Opens the account in `directory`, or makes it there; nil is an account that ends with the process.
  ///
  /// `accountID`, `region` and `seed` are for a new account; one that is there keeps its own.
  /// - Throws: `StoreError` if the folder cannot be used, is in use, or holds something unreadable.
  package convenience init(
    catalog: ModelCatalog, directory: String?, accountID: String = "111122223333",
    region: String = "us-east-1",
    seed: UInt64 = 1, clock: any PracticeClock = SystemClock()
  ) throws(StoreError) {
    let store: any AccountStore
    if let directory {
      store = try DirectoryStore(directory: directory)
    } else {
      store = MemoryStore()
    }
    try self.init(
      catalog: catalog, store: store, accountID: accountID, region: region, seed: seed, clock: clock)
  }
}
