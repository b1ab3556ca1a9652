import OrderedJSON
import ServiceModels
import Synchronization
import Testing
import Wire

@testable import PracticeAccount

/// What is added to the journal is the account: read again at any line, it is the account as it was then.
struct JournalTests {
  /// The whole state, the journal, and after each call the journal's length and the account's dump.
  private func life() async throws -> (state: [UInt8], journal: [UInt8], steps: [(length: Int, dump: JSON)]) {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    var steps: [(Int, JSON)] = [(0, test.account.dump())]
    func did() { steps.append((store.load()?.journal.count ?? 0, test.account.dump())) }
    let key = try await test.makeKey()
    did()
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    did()
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "SSN: 123-45-6789"])
    did()
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "b", "Body": "b"])
    did()
    try await test.call("s3", "DeleteObject", ["Bucket": "lab-1", "Key": "b"])
    did()
    try await test.call("macie2", "EnableMacie")
    did()
    try await test.call(
      "macie2", "CreateClassificationJob",
      [
        "jobType": "ONE_TIME", "name": "j", "clientToken": "t",
        "s3JobDefinition": [
          "bucketDefinitions": [["accountId": .string(test.account.accountID), "buckets": ["lab-1"]]]
        ],
      ])
    did()
    try test.account.clock.advance(seconds: 600)
    did()
    try await test.call("macie2", "DisableMacie")
    try await test.call("macie2", "EnableMacie")
    did()
    try await test.call("s3", "DeleteObject", ["Bucket": "lab-1", "Key": "a"])
    try await test.call("s3", "DeleteBucket", ["Bucket": "lab-1"])
    did()
    try await test.call(
      "kms", "ScheduleKeyDeletion", ["KeyId": .string(key), "PendingWindowInDays": 7])
    did()
    let kept = try #require(store.load())
    return (kept.state, kept.journal, steps)
  }

  private func opened(_ state: [UInt8], _ journal: some Sequence<UInt8>) throws -> PracticeAccount {
    let store = MemoryStore()
    store.save(state)
    store.append(Array(journal))
    return try TestAccount(store: store).account
  }

  @Test func `read up to any call it is the account after that call`() async throws {
    let (state, journal, steps) = try await life()
    #expect(Set(steps.map(\.length)).count == steps.count)
    for step in steps {
      #expect(try opened(state, journal.prefix(step.length)).dump() == step.dump)
    }
  }

  @Test func `a last line that a crash cut short does not count`() async throws {
    let (state, journal, steps) = try await life()
    let whole = steps[3]
    let next = steps[4]
    for length in stride(from: whole.length + 1, to: next.length, by: 7) {
      let store = MemoryStore()
      store.save(state)
      store.append(Array(journal.prefix(length)))
      #expect(try TestAccount(store: store).account.dump() == whole.dump)
      // What comes next must not be added behind the torn line.
      #expect(store.load()?.journal == [])
    }
  }

  @Test func `damage before the last line is refused`() async throws {
    let (state, journal, steps) = try await life()
    for place in stride(from: 0, to: steps[5].length, by: 211) {
      var damaged = journal
      damaged[place] ^= 0x20
      #expect(throws: StoreError.self) { try opened(state, damaged) }
    }
  }

  @Test func `an old journal beside a newer state changes nothing`() async throws {
    let (state, journal, _) = try await life()
    let account = try opened(state, journal)
    let store = MemoryStore()
    let whole = try account.realm.withLock { realm throws(StoreError) in try Realm.encoded(realm.current) }
    store.save(whole)
    store.append(journal)
    #expect(try TestAccount(store: store).account.dump() == account.dump())
  }
}
