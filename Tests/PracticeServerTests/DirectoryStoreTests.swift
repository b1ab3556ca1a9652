import Foundation
import PracticeAccount
import PracticeServer
import Testing
import Wire

/// A folder of its own, gone with its last user.
final class Folder: Sendable {
  let path = NSTemporaryDirectory() + "practice-store-" + UUID().uuidString

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
  }

  func names(_ sub: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + sub).sorted()
  }

  func permissions(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
  }
}

/// The account's folder on disk.
struct DirectoryStoreTests {
  let folder = Folder()

  /// Both stores keep the same promises.
  @Test(arguments: [true, false])
  func aStoreKeepsWhatItIsGiven(onDisk: Bool) throws {
    let store: any AccountStore = onDisk ? try DirectoryStore(directory: folder.path) : MemoryStore()
    #expect(try store.load()?.state == nil)
    try store.save([1, 2, 3])
    try store.append([5])
    #expect(try store.load()?.journal == [5])
    try store.save([4])
    try store.append([6])
    try store.append([7, 8])
    let kept = try store.load()
    #expect(kept?.state == [4])
    #expect(kept?.journal == [6, 7, 8])
    #expect(store.snapshotNames() == [])
    try store.saveSnapshot([1], as: "b")
    try store.saveSnapshot([2], as: "a")
    #expect(store.snapshotNames().sorted() == ["a", "b"])
    #expect(try store.snapshot("b") == [1])
    #expect(try store.snapshot("c") == nil)
    store.removeSnapshot("b")
    store.removeSnapshot("b")
    #expect(store.snapshotNames() == ["a"])
    #expect(store.names() == [])
    #expect(store.body("a") == nil)
    #expect(throws: StoreError.self) { try store.bytes("a") }
    let large = [UInt8](repeating: 7, count: 200_001)
    try store.put(large, as: "a")
    try store.put([], as: "b")
    #expect(store.names().sorted() == ["a", "b"])
    #expect(try store.bytes("a") == large)
    #expect(try store.bytes("b") == [])
    #expect(store.body("a")?.count == 200_001)
    try store.put([9], as: "a")
    #expect(try store.bytes("a") == [9])
    store.remove("a")
    store.remove("a")
    #expect(store.names() == ["b"])
    #expect(store.body("a") == nil)
  }

  @Test func nobodyElseMayReadIt() throws {
    let store = try DirectoryStore(directory: folder.path)
    try store.save([1])
    try store.put([1], as: "a")
    for (name, mode) in [
      ("", 0o700), ("objects", 0o700), ("snapshots", 0o700), ("account.json", 0o600), ("account.log", 0o600),
      ("objects/a", 0o600), ("lock", 0o600),
    ] {
      #expect(try folder.permissions(name) == mode, "\(name)")
    }
  }

  @Test func oneAccountOneProcess() throws {
    var first: DirectoryStore? = try DirectoryStore(directory: folder.path)
    let error = #expect(throws: StoreError.self) { try DirectoryStore(directory: folder.path) }
    #expect(
      error?.message.hasSuffix("is in use by another process; end it, or choose another account") == true)
    _ = first
    first = nil
    #expect(throws: Never.self) { try DirectoryStore(directory: folder.path) }
  }

  @Test func whatAKilledProcessLeftHalfWrittenIsSweptAway() throws {
    try DirectoryStore(directory: folder.path).save(Array("{}".utf8))
    try folder.write("{\"half\":", to: ".account.json.new")
    try folder.write("half", to: "objects/.a.new")
    let store = try DirectoryStore(directory: folder.path)
    #expect(try store.load()?.state == Array("{}".utf8))
    #expect(store.names() == [])
    #expect(try folder.names() == ["account.json", "account.log", "lock", "objects", "snapshots"])
    #expect(try folder.names("objects") == [])
  }

  @Test func aFolderThatCannotBeMadeIsSaid() throws {
    let error = #expect(throws: StoreError.self) { try DirectoryStore(directory: "/dev/null/account") }
    #expect(error?.message == "cannot make the folder /dev/null/account: Not a directory")
  }
}
