import Glibc
import OrderedJSON
import PracticeAccount
import ServiceModels
import Testing
import Wire

/// What an answer promised is there after a crash.
struct DurabilityTests {
  /// A folder of its own, gone afterwards.
  private func inFolder(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/practice-XXXXXX".utf8CString)
    _ = mkdtemp(&template)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { removeTree(folder) }
    try await body(folder)
  }

  private func removeTree(_ folder: String) {
    for name in (try? DirectoryStore(directory: folder + "/account"))?.names() ?? [] {
      unlink("\(folder)/account/objects/\(name)")
    }
    for name in ["account/objects", "account/account.json", "account/lock", "account", ""] {
      remove("\(folder)/\(name)")
    }
  }

  @Test func anAccountIsThereAgain() async throws {
    try await inFolder { folder in
      var dump: JSON?
      var offset: Double = 0
      do {
        let test = try TestAccount(store: DirectoryStore(directory: folder + "/account"))
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
        dump = test.account.dump()
        offset = test.account.clock.now.seconds - test.clock.now.seconds
      }
      let again = try TestAccount(store: DirectoryStore(directory: folder + "/account"))
      #expect(again.account.dump() == dump)
      #expect(again.account.clock.now.seconds - again.clock.now.seconds == offset)
      let object = try await again.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "a/é.txt"])
      #expect(object["Body"] == .blob(Array("hello".utf8)))
      var status = stat()
      stat(folder + "/account/account.json", &status)
      #expect(status.st_mode & 0o777 == 0o600)
      stat(folder + "/account", &status)
      #expect(status.st_mode & 0o777 == 0o700)
    }
  }

  @Test func oneAccountOneProcess() async throws {
    try await inFolder { folder in
      let first = try DirectoryStore(directory: folder + "/account")
      #expect(throws: StoreError.self) { try DirectoryStore(directory: folder + "/account") }
      _ = first
    }
  }

  /// A store whose saves fail: what cannot be kept must not be answered as done.
  private final class FullStore: AccountStore {
    let inner = MemoryStore()
    let isFull: @Sendable () -> Bool

    init(isFull: @escaping @Sendable () -> Bool) { self.isFull = isFull }
    func load() throws(StoreError) -> [UInt8]? { inner.load() }
    func save(_ state: [UInt8]) throws(StoreError) {
      if isFull() { throw StoreError("no space left on device") }
      inner.save(state)
    }
    func put(_ bytes: [UInt8], as name: String) throws(StoreError) { inner.put(bytes, as: name) }
    func body(_ name: String) -> Body? { inner.body(name) }
    func remove(_ name: String) { inner.remove(name) }
    func names() -> [String] { inner.names() }
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
