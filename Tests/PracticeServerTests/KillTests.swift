import Foundation
import Glibc
import PracticeAccount
import PracticeServer
import ServiceModels
import SigV4
import Synchronization
import TestKit
import Testing
import Wire

/// The process is killed at every step of writing to the disk in turn. What was answered is there afterwards;
/// what was not is there whole or not at all.
struct KillTests {
  @Test(arguments: 1...14)
  func whatWasAnsweredIsThere(step: Int) async throws {
    let folder = Folder()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, step = step as Int] in
      let store = try DyingStore(DirectoryStore(directory: path), at: step)
      let account = try PracticeAccount(catalog: models, store: store, clock: SystemClock())
      try await putObjects(account, acknowledgeIn: path + "/answered")
    }
    let notes = try? String(contentsOfFile: folder.path + "/answered", encoding: .utf8)
    let answered = (notes ?? "").split(separator: "\n").map(String.init)
    let account = try PracticeAccount(catalog: models, directory: folder.path)
    let s3 = Caller(account: account)
    var found: [String] = []
    if answered.contains("bucket") {
      let list = try await s3.call("ListObjectsV2", ["Bucket": "lab-1"])
      found = (list["Contents"]?.list ?? []).compactMap { $0["Key"]?.string }
    }
    let objects = answered.filter { $0 != "bucket" }
    #expect(found.starts(with: objects))
    #expect(found.count <= objects.count + 1)
    for key in found {
      let answer = await account.respond(
        to: try s3.request("GetObject", ["Bucket": "lab-1", "Key": .string(key)]))
      #expect(answer.status == 200)
      guard case .file(let file, _, _) = answer.body else {
        Issue.record("\(key) is not on the disk")
        continue
      }
      #expect(try contents(of: file) == "bytes of \(key)")
    }
    // Bytes that belong to no object are gone.
    #expect(try folder.names("objects").count == found.count)
  }

  /// Were writes to become fewer, the steps above would no longer kill anything.
  @Test func theStepsAreThere() async throws {
    let folder = Folder()
    let store = try DyingStore(DirectoryStore(directory: folder.path), at: .max)
    let account = try PracticeAccount(catalog: models, store: store, clock: SystemClock())
    try await putObjects(account, acknowledgeIn: folder.path + "/answered")
    #expect(store.steps >= 14)
  }
}

private let models = ModelCatalog(directory: repositoryRoot + "/assets/models")

/// A bucket, and objects in it; each is noted once it was answered.
private func putObjects(_ account: PracticeAccount, acknowledgeIn path: String) async throws {
  let s3 = Caller(account: account)
  var answered = ""
  func acknowledge(_ name: String) throws {
    answered += name + "\n"
    try answered.write(toFile: path, atomically: true, encoding: .utf8)
  }
  try await s3.call("CreateBucket", ["Bucket": "lab-1"])
  try acknowledge("bucket")
  for i in 1...3 {
    try await s3.call(
      "PutObject",
      ["Bucket": "lab-1", "Key": .string("k\(i)"), "Body": .blob(Array("bytes of k\(i)".utf8))])
    try acknowledge("k\(i)")
  }
}

/// A store on disk that kills its process before or after a write: every write is two steps.
final class DyingStore: AccountStore {
  private let inner: DirectoryStore
  private let count: Mutex<(done: Int, last: Int)>

  init(_ inner: DirectoryStore, at last: Int) {
    self.inner = inner
    count = Mutex((0, last))
  }

  var steps: Int { count.withLock { $0.done } }

  /// Counts from here.
  func die(at step: Int) {
    count.withLock { $0 = (0, step) }
  }

  private func step() {
    let isLast = count.withLock { count in
      count.done += 1
      return count.done == count.last
    }
    if isLast { kill(getpid(), SIGKILL) }
  }

  func load() throws(StoreError) -> (state: [UInt8], journal: [UInt8])? { try inner.load() }
  func save(_ state: [UInt8]) throws(StoreError) {
    step()
    try inner.save(state)
    step()
  }
  func append(_ line: [UInt8]) throws(StoreError) {
    step()
    try inner.append(line)
    step()
  }
  func put(_ bytes: [UInt8], as name: String) throws(StoreError) {
    step()
    try inner.put(bytes, as: name)
    step()
  }
  func body(_ name: String) -> Body? { inner.body(name) }
  func bytes(_ name: String) throws(StoreError) -> [UInt8] { try inner.bytes(name) }
  func remove(_ name: String) { inner.remove(name) }
  func names() -> [String] { inner.names() }
  func saveSnapshot(_ bytes: [UInt8], as name: String) throws(StoreError) {
    try inner.saveSnapshot(bytes, as: name)
  }
  func snapshot(_ name: String) throws(StoreError) -> [UInt8]? { try inner.snapshot(name) }
  func removeSnapshot(_ name: String) { inner.removeSnapshot(name) }
  func snapshotNames() -> [String] { inner.snapshotNames() }
}

/// Signed S3 requests, past the network.
private struct Caller {
  let account: PracticeAccount

  @discardableResult
  func call(_ name: String, _ input: Value) async throws -> Value {
    let answer = await account.respond(to: try request(name, input))
    return try operation(name).response(answer)
  }

  func request(_ name: String, _ input: Value) throws -> HTTPRequest {
    let endpoint = Endpoint(
      scheme: "http", host: "127.0.0.1:4000", signingRegion: "us-east-1", signingName: "s3")
    var request = try operation(name).request(input, endpoint: endpoint, checksum: .crc32) { "token" }
    request.headers["Host"] = request.host
    return signed(
      request, with: account.accessKey, in: .s3(region: "us-east-1", date: SystemClock().now))
  }

  private func operation(_ name: String) throws -> ServiceModels.Operation {
    try #require(try models.model("s3").operation(name))
  }
}
