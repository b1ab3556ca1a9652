import OrderedJSON
import PracticeAccount
import ServiceModels
import Testing
import Wire

/// What is saved is there again, and what cannot be saved did not happen. The folder on disk is judged beside
/// the server, where it lives.
struct DurabilityTests {
  @Test func anAccountIsThereAgain() async throws {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    let key = try await test.makeKey(["Tags": [["TagKey": "lab", "TagValue": "x"]]])
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call(
      "s3", "PutObject",
      [
        "Bucket": "lab-1", "Key": "a/é.txt", "Body": "hello", "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": .string(key),
      ])
    try await test.call("macie2", "EnableMacie")
    try test.account.clock.advance(seconds: 3600)
    let again = try TestAccount(store: store)
    #expect(again.account.dump() == test.account.dump())
    #expect(again.account.clock.now.seconds - again.clock.now.seconds == 3600)
    let object = try await again.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "a/é.txt"])
    #expect(object["Body"] == .blob(Array("hello".utf8)))
  }

  /// A store whose saves fail: what cannot be kept must not be answered as done.
  private final class FullStore: AccountStore {
    let inner = MemoryStore()
    let isFull: @Sendable () -> Bool

    init(isFull: @escaping @Sendable () -> Bool) { self.isFull = isFull }
    func load() throws(StoreError) -> (state: [UInt8], journal: [UInt8])? { inner.load() }
    func save(_ state: [UInt8]) throws(StoreError) {
      if isFull() { throw StoreError("no space left on device") }
      inner.save(state)
    }
    func append(_ line: [UInt8]) throws(StoreError) {
      if isFull() { throw StoreError("no space left on device") }
      inner.append(line)
    }
    func put(_ bytes: [UInt8], as name: String) throws(StoreError) { inner.put(bytes, as: name) }
    func body(_ name: String) -> Body? { inner.body(name) }
    func bytes(_ name: String) throws(StoreError) -> [UInt8] { try inner.bytes(name) }
    func remove(_ name: String) { inner.remove(name) }
    func names() -> [String] { inner.names() }
    func saveSnapshot(_ bytes: [UInt8], as name: String) { inner.saveSnapshot(bytes, as: name) }
    func snapshot(_ name: String) -> [UInt8]? { inner.snapshot(name) }
    func removeSnapshot(_ name: String) { inner.removeSnapshot(name) }
    func snapshotNames() -> [String] { inner.snapshotNames() }
  }

  @Test func whatCannotBeSavedDidNotHappen() async throws {
    let clock = StoppedClock()
    let limit = clock.now.adding(seconds: 10)
    let test = try TestAccount(store: FullStore { clock.now > limit })
    let before = test.account.dump()
    clock.move(seconds: 60)
    let error = try await test.error("kms", "CreateKey")
    #expect(
      error.hasPrefix("500 InternalError: The practice account could not be saved: no space left on device"),
      "\(error)")
    #expect(test.account.dump() == before)
  }

  @Test func equalSeedsGiveEqualAccounts() async throws {
    var dumps: [JSON] = []
    for _ in 0..<2 {
      let test = try TestAccount(seed: 42)
      _ = try await test.makeKey()
      try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
      dumps.append(test.account.dump())
    }
    #expect(dumps[0] == dumps[1])
  }
}
