import GRDB
import Glibc
import Testing

@testable import ProgressStore

@Suite struct OpeningTests {
  @Test func `a new store is 0600 in a 0700 directory, its journal too`() throws {
    let scratch = try Scratch()
    umask(0)
    let store = try ProgressStore.open(at: scratch.store)
    _ = try store.createRun(draft, at: 1)
    #expect(mode(scratch.path + "/state") == 0o700)
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(mode(scratch.store + suffix) == 0o600, "\(suffix)")
    }
  }

  @Test func `others lose their rights on a directory and file that had them`() throws {
    let scratch = try Scratch()
    mkdir(scratch.path + "/state", 0o755)
    _ = try ProgressStore.open(at: scratch.store)
    chmod(scratch.store, 0o644)
    _ = try ProgressStore.open(at: scratch.store)
    #expect(mode(scratch.path + "/state") == 0o700)
    #expect(mode(scratch.store) == 0o600)
  }

  @Test func `a commit is synchronous FULL in WAL mode, also after reopening`() throws {
    let scratch = try Scratch()
    for _ in 0..<2 {
      let store = try ProgressStore.open(at: scratch.store)
      let found = try store.database.writeWithoutTransaction { db in
        (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
      }
      #expect(found.0 == 2)
      #expect(found.1 == "wal")
      try store.close()
    }
  }

  @Test func `a store of a newer version is refused in words and left as it was`() throws {
    let scratch = try Scratch()
    let store = try ProgressStore.open(at: scratch.store)
    try store.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v9')") }
    try store.close()
    #expect(throws: StoreError.newerVersion(path: scratch.store, versions: ["v9"])) {
      try ProgressStore.open(at: scratch.store)
    }
    #expect(StoreError.newerVersion(path: "p", versions: ["v9"]).message.contains("newer version of Cairn"))
  }

  @Test func `a file that is no database is refused as damaged`() throws {
    let scratch = try Scratch()
    mkdir(scratch.path + "/state", 0o700)
    let descriptor = open(scratch.store, O_WRONLY | O_CREAT, 0o600)
    let bytes = Array(String(repeating: "not a database ", count: 400).utf8)
    _ = write(descriptor, bytes, bytes.count)
    close(descriptor)
    let error = #expect(throws: StoreError.self) { try ProgressStore.open(at: scratch.store) }
    guard case .corrupt? = error else {
      Issue.record("found \(String(describing: error))")
      return
    }
  }

  @Test func `a damaged page is reported, not read as progress`() throws {
    let scratch = try Scratch()
    let store = try ProgressStore.open(at: scratch.store)
    let run = try store.createRun(draft, at: 1)
    let entries = (0..<2000).map {
      TranscriptEntry(kind: .notice, text: String(repeating: "x", count: 200), at: Int64($0))
    }
    try store.appendTranscript(entries, run: run.id)
    try store.close()
    let descriptor = open(scratch.store, O_RDWR)
    let garbage = [UInt8](repeating: 0xA5, count: 8192)
    pwrite(descriptor, garbage, garbage.count, 40 * 4096)
    close(descriptor)
    let again = try ProgressStore.open(at: scratch.store)
    #expect(throws: StoreError.self) {
      let problems = try again.integrityProblems()
      if !problems.isEmpty { throw StoreError.corrupt(path: again.path, reason: problems[0]) }
    }
  }

  @Test func `a full disk is its own error, and what was stored stays`() throws {
    let scratch = try Scratch()
    let store = try ProgressStore.open(at: scratch.store)
    let run = try store.createRun(draft, at: 1)
    try store.database.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 2)")
    }
    let big = TranscriptEntry(kind: .notice, text: String(repeating: "x", count: 100_000), at: 1)
    #expect(throws: StoreError.diskFull(path: scratch.store)) {
      try store.appendTranscript([big], run: run.id)
    }
    #expect(try store.transcript(run: run.id).isEmpty)
    #expect(try store.run(run.id)?.id == run.id)
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func `a store that cannot be written is refused as read-only`() throws {
    let scratch = try Scratch()
    try ProgressStore.open(at: scratch.store).close()
    chmod(scratch.path + "/state", 0o500)
    chmod(scratch.store, 0o400)
    #expect(throws: StoreError.readOnly(path: scratch.store)) { try ProgressStore.open(at: scratch.store) }
    chmod(scratch.path + "/state", 0o700)
  }

  @Test func `a write to a read-only database is its own error`() throws {
    let scratch = try Scratch()
    let store = try ProgressStore.open(at: scratch.store)
    let run = try store.createRun(draft, at: 1)
    try store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
    #expect(throws: StoreError.readOnly(path: scratch.store)) {
      try store.setSection("s", ofRun: run.id, at: 2)
    }
  }

  @Test(arguments: ["/dev/null/progress.sqlite", "/proc/nowhere/progress.sqlite"])
  func `a directory that cannot be made is refused with the reason`(_ path: String) {
    #expect(throws: StoreError.self) { try ProgressStore.open(at: path) }
  }

  @Test func `many at once open and migrate a new store`() async throws {
    let scratch = try Scratch()
    let path = scratch.store
    let failures = await withTaskGroup(of: String?.self) { group in
      for _ in 0..<16 {
        group.addTask {
          do {
            _ = try ProgressStore.open(at: path).runs()
            return nil
          } catch {
            return "\(error)"
          }
        }
      }
      return await group.reduce(into: [String]()) { if let text = $1 { $0.append(text) } }
    }
    #expect(failures == [])
  }

  @Test func `what was committed is in a copy of the files as a crash would leave them`() throws {
    let scratch = try Scratch()
    let store = try ProgressStore.open(at: scratch.store)
    let run = try store.createRun(draft, at: 1)
    for n in 0..<50 {
      try store.appendTranscript([TranscriptEntry(kind: .notice, text: "\(n)", at: Int64(n))], run: run.id)
    }
    mkdir(scratch.path + "/copy", 0o700)
    for suffix in ["", "-wal"] {
      try copyFile(scratch.store + suffix, scratch.path + "/copy/progress.sqlite" + suffix)
    }
    let copy = try ProgressStore.open(at: scratch.path + "/copy/progress.sqlite")
    #expect(try copy.transcript(run: run.id).map(\.text) == (0..<50).map(String.init))
    #expect(try copy.integrityProblems() == [])
  }
}
