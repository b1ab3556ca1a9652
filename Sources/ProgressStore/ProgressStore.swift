// ProgressStore: what is remembered between two processes.
//
// One SQLite file holds runs, block executions, the shell's session, variables with their origin, the
// transcript, check verdicts, the ledger of AWS calls with the resources they made, the teardown journal and
// the locks. The room decides nothing: it stores what it is given and hands it back.
//
// Decisions:
// - A write returns only once it is on the disk: WAL with `synchronous = FULL`, set after GRDB has opened the
//   file (GRDB lowers it to NORMAL in WAL mode) and read back. The ledger's promise rests on this.
// - One `DatabaseQueue` per process and file; several processes may share the file, SQLite's busy timeout and
//   an flock around opening and migrating keep them apart.
// - Times are whole milliseconds since 1970, given by the caller: the room has no clock.
// - JSON arrives and leaves as text. Credentials never arrive: who records a call redacts it first.
// - The file is 0600 in a 0700 directory. Migrations go forward only; a store of a newer version is refused.

import GRDB
import Synchronization

/// The store of progress: a value that can be shared between tasks; its calls block for one commit (a few
/// milliseconds) and are safe from any thread.
///
///     let store = try ProgressStore.open(at: "\(stateHome)/cairn/progress.sqlite")
///     let run = try store.createRun(draft, at: now)
///     let execution = try store.beginExecution(run: run.id, section: "step-1", block: "step-1.1", at: now)
///     try store.commitStatement(execution.id, next: 1, snapshot: text, variables: set, at: now)
package struct ProgressStore: Sendable {
  /// Where the file is.
  package let path: String
  let database: DatabaseQueue
  private let door = Door()

  /// Opens the store at `path`, making the file and its directory where they are missing and bringing an
  /// older store up to date.
  ///
  /// - Throws: `StoreError`, each case with a sentence for the reader; nothing has been written then but what
  ///   an earlier version had written.
  package static func open(at path: String) throws(StoreError) -> ProgressStore {
    try prepareDirectory(of: path)
    let guardFile = try OpeningLock(path: path + ".lock")
    defer { guardFile.release() }
    try prepareFile(path)
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = Schema.migrator
      if try database.read(migrator.hasBeenSuperseded) {
        let known = Set(migrator.migrations)
        let found = try database.read { try migrator.appliedIdentifiers($0) }
        throw StoreError.newerVersion(path: path, versions: found.subtracting(known).sorted())
      }
      try migrator.migrate(database)
      let store = ProgressStore(path: path, database: database)
      try store.makeDurable()
      return store
    } catch {
      throw StoreError(error, path: path)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    configuration.label = "progress"
    return configuration
  }

  /// Sets and verifies the settings on which durability rests.
  private func makeDurable() throws {
    try database.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = FULL")
      let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
      let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode")
      guard synchronous == 2, journal == "wal" else {
        let found = "journal_mode \(journal ?? "unknown"), synchronous \(synchronous ?? -1)"
        throw StoreError.notDurable(path: path, found: found)
      }
    }
  }

  /// One transaction; on the disk when it returns.
  func write<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    try door.check(path)
    do {
      return try database.write(body)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Reads one consistent state.
  func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    try door.check(path)
    do {
      return try database.read(body)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Asks SQLite whether the file is whole. Empty: it is; otherwise what is wrong with it.
  package func integrityProblems() throws(StoreError) -> [String] {
    let lines = try read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check") }
    return lines.filter { $0 != "ok" }
  }

  /// Closes the file. Later calls fail. Not needed at the end of a process.
  package func close() throws(StoreError) {
    door.shut()
    do {
      try database.close()
    } catch {
      throw StoreError(error, path: path)
    }
  }
}

/// Whether the store has been closed: GRDB reads freed memory when a closed queue is asked.
private final class Door: Sendable {
  private let isShut = Atomic<Bool>(false)

  func shut() { isShut.store(true, ordering: .releasing) }

  func check(_ path: String) throws(StoreError) {
    if isShut.load(ordering: .acquiring) { throw .unusable(path: path, reason: "it has been closed") }
  }
}
