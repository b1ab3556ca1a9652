import OrderedJSON
import ServiceModels
import Testing
import Wire

@testable import PracticeAccount

/// A snapshot is the account at a moment, and the account can be taken back to it.
struct RewindTests {
  @Test func `taken back it is what it was, bytes and all`() async throws {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "one"])
    let before = test.account.dump()
    try test.account.takeSnapshot("before")
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "two"])
    try await test.call("s3", "DeleteObject", ["Bucket": "lab-1", "Key": "a"])
    _ = try await test.makeKey()
    try await test.call("s3", "DeleteBucket", ["Bucket": "lab-1"])
    try test.account.restore("before")
    #expect(test.account.dump() == before)
    let object = try await test.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "a"])
    #expect(object["Body"] == .blob(Array("one".utf8)))
    // The same after the process ended.
    let again = try TestAccount(store: store)
    #expect(again.account.dump() == before)
    #expect(again.account.snapshots.map(\.name) == ["before"])
    let read = try await again.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "a"])
    #expect(read["Body"] == .blob(Array("one".utf8)))
  }

  @Test func `bytes go with the last that needs them`() async throws {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "one"])
    try test.account.takeSnapshot("s")
    try await test.call("s3", "DeleteObject", ["Bucket": "lab-1", "Key": "a"])
    #expect(store.names().count == 1)
    try test.account.takeSnapshot("s")
    #expect(store.names() == [])
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "b", "Body": "two"])
    #expect(store.names().count == 1)
    try test.account.restore("s")
    #expect(store.names() == [])
    test.account.forgetSnapshot("s")
    #expect(test.account.snapshots.isEmpty)
    #expect(throws: StoreError("the practice account has no snapshot named s")) {
      try test.account.restore("s")
    }
  }

  @Test(arguments: ["", ".", "../x", "a/b", "a b", "é", String(repeating: "a", count: 101)])
  func `a snapshot's name is no path`(name: String) throws {
    let account = try TestAccount().account
    #expect(throws: StoreError.self) { try account.takeSnapshot(name) }
    #expect(throws: StoreError.self) { try account.restore(name) }
  }
}
