import GRDB
import Glibc

/// Who holds a lock: enough to tell whether that process still lives.
package struct LockHolder: Sendable, Hashable {
  package var pid: Int32
  package var host: String
  /// The kernel's boot id: after a restart no earlier holder lives.
  package var boot: String
  /// When the process started, in the kernel's clock ticks since boot: tells a reused pid apart.
  package var processStart: Int64
  /// What it does: `run`, `teardown`.
  package var purpose: String
  /// When it took the lock, milliseconds since 1970.
  package var startedAt: Int64

  package init(pid: Int32, host: String, boot: String, processStart: Int64, purpose: String, startedAt: Int64)
  {
    self.pid = pid
    self.host = host
    self.boot = boot
    self.processStart = processStart
    self.purpose = purpose
    self.startedAt = startedAt
  }

  /// This process.
  package static func current(purpose: String, at now: Int64) -> LockHolder {
    let pid = getpid()
    return LockHolder(
      pid: pid, host: hostName(), boot: firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "",
      processStart: startTicks(of: pid) ?? 0, purpose: purpose, startedAt: now)
  }

  /// Whether the holder's process still runs. A holder on another host is taken to live: it cannot be asked.
  package var isAlive: Bool {
    guard host == hostName() else { return true }
    guard boot == firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "" else { return false }
    guard let ticks = startTicks(of: pid) else { return kill(pid, 0) == 0 || errno == EPERM }
    return ticks == processStart
  }
}

/// Another process holds the lock on a run.
package struct LockError: Error, Hashable, Sendable {
  package var scope: String
  package var holder: LockHolder

  package init(scope: String, holder: LockHolder) {
    self.scope = scope
    self.holder = holder
  }

  package var message: String {
    "\(scope) is in use by process \(holder.pid) on \(holder.host) (\(holder.purpose)). Close it there first."
  }
}

/// A lock that is held; give it back with `release`.
package struct HeldLock: Sendable, Hashable {
  package var scope: String
  package var token: String
  /// The dead process it was taken over from, if any: its run wants reconciling.
  package var takenOverFrom: LockHolder?
}

extension ProgressStore {
  /// Takes the lock on `scope` (a run's id). A holder that has died is taken over, by exactly one of those
  /// that try.
  ///
  /// - Throws: `StoreError.locked`, naming the holder.
  package func acquireLock(
    _ scope: String, holder: LockHolder, isAlive: (LockHolder) -> Bool = \.isAlive
  ) throws(StoreError) -> HeldLock {
    try write { db in
      let token = (0..<4).map { _ in ProgressStore.randomSuffix() }.joined()
      var stale: LockHolder?
      if let row = try Row.fetchOne(db, sql: "SELECT * FROM lock WHERE scope = ?", arguments: [scope]) {
        let found = LockHolder(
          pid: row["pid"], host: row["host"], boot: row["boot"], processStart: row["processStart"],
          purpose: row["purpose"], startedAt: row["startedAt"])
        if isAlive(found) { throw StoreError.locked(LockError(scope: scope, holder: found)) }
        stale = found
      }
      try db.execute(
        sql: """
          INSERT OR REPLACE INTO lock (scope, token, pid, host, boot, processStart, purpose, startedAt)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          scope, token, holder.pid, holder.host, holder.boot, holder.processStart, holder.purpose,
          holder.startedAt,
        ])
      return HeldLock(scope: scope, token: token, takenOverFrom: stale)
    }
  }

  /// Gives a lock back. A lock that was taken over meanwhile stays with its new holder.
  package func release(_ lock: HeldLock) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "DELETE FROM lock WHERE scope = ? AND token = ?", arguments: [lock.scope, lock.token])
    }
  }

  /// Removes a lock whoever holds it: only on the learner's word.
  package func breakLock(_ scope: String) throws(StoreError) {
    try write { db in try db.execute(sql: "DELETE FROM lock WHERE scope = ?", arguments: [scope]) }
  }

  /// Who holds the lock on `scope` and lives; nil if it is free.
  package func lockHolder(_ scope: String) throws(StoreError) -> LockHolder? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM lock WHERE scope = ?", arguments: [scope]).map { row in
        LockHolder(
          pid: row["pid"], host: row["host"], boot: row["boot"], processStart: row["processStart"],
          purpose: row["purpose"], startedAt: row["startedAt"])
      }.flatMap { $0.isAlive ? $0 : nil }
    }
  }
}

private func hostName() -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func firstLine(of path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var buffer = [UInt8](repeating: 0, count: 4096)
  let count = read(descriptor, &buffer, buffer.count)
  guard count > 0 else { return nil }
  return String(decoding: buffer.prefix(count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
}

/// Field 22 of `/proc/PID/stat` (proc(5)); nil if there is no such process. The command in field 2 may hold
/// spaces and brackets, so fields are counted from the last closing bracket.
private func startTicks(of pid: Int32) -> Int64? {
  guard let line = firstLine(of: "/proc/\(pid)/stat"), let end = line.lastIndex(of: ")") else { return nil }
  let fields = line[line.index(after: end)...].split(separator: " ")
  return fields.count > 19 ? Int64(fields[19]) : nil
}
