import Glibc
import PracticeAccount
import Synchronization
import Wire

/// An account in a folder of its own: `account.json`, `account.log` beside it, `objects/<name>` and
/// `snapshots/<name>`; folders 0700, files 0600.
///
/// A save writes beside, syncs, renames and syncs the folder (rename(2) is atomic within a file system), so
/// that a crash at any instant leaves the old state or the new one. What changes from call to call is added to
/// the log and synced. An exclusive `flock` on the folder's
/// `lock` keeps a second process out; the kernel gives it back when this one dies.
package final class DirectoryStore: AccountStore {
  private let directory: String
  private let lock: Int32
  private let log: Int32
  /// Where the log's whole lines end.
  private let logLength: Mutex<off_t>

  /// - Throws: `StoreError` if the folder cannot be made or another process holds it.
  package init(directory: String) throws(StoreError) {
    self.directory = directory
    try Self.makeFolder(directory)
    for part in Self.parts { try Self.makeFolder("\(directory)/\(part)") }
    lock = open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      throw PlainFile.failure("cannot open the lock of the practice account in \(directory)")
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw StoreError(
        "the practice account in \(directory) is in use by another process; end it, or choose another account"
      )
    }
    log = open(directory + "/account.log", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else {
      close(lock)
      throw PlainFile.failure("cannot open \(directory)/account.log")
    }
    logLength = Mutex(lseek(log, 0, SEEK_END))
    // What a process left half written when it was killed. The lock is ours: nobody writes there now.
    for folder in [directory] + Self.parts.map({ "\(directory)/\($0)" }) {
      for name in PlainFile.entries(of: folder) where name.hasPrefix(".") && name.hasSuffix(".new") {
        unlink("\(folder)/\(name)")
      }
    }
  }

  deinit {
    close(log)
    close(lock)
  }

  package var folder: String? { directory + "/objects" }

  package func release() { flock(lock, LOCK_UN) }

  private static let parts = ["objects", "snapshots"]

  package func load() throws(StoreError) -> (state: [UInt8], journal: [UInt8])? {
    let path = directory + "/account.json"
    guard access(path, F_OK) == 0 else { return nil }
    return (try Self.read(path), try Self.read(directory + "/account.log"))
  }

  package func save(_ state: [UInt8]) throws(StoreError) {
    try replace(directory, "account.json", state)
    try logLength.withLock { (length) throws(StoreError) in
      guard ftruncate(log, 0) == 0 else { throw PlainFile.failure("cannot empty \(directory)/account.log") }
      length = 0
    }
  }

  package func append(_ line: [UInt8]) throws(StoreError) {
    try logLength.withLock { (length) throws(StoreError) in
      do throws(StoreError) {
        try PlainFile.write(line, to: log, "\(directory)/account.log")
        guard fdatasync(log) == 0 else { throw PlainFile.failure("cannot sync \(directory)/account.log") }
      } catch {
        // Half a line must not stand before the next one.
        ftruncate(log, length)
        throw error
      }
      length += off_t(line.count)
    }
  }

  package func put(_ bytes: [UInt8], as name: String) throws(StoreError) {
    try replace(directory + "/objects", name, bytes)
  }

  package func put(as name: String, pieces next: () throws(StoreError) -> [UInt8]?) throws(StoreError) {
    try replace(directory + "/objects", name) { (file, path) throws(StoreError) in
      while let piece = try next() { try PlainFile.write(piece, to: file, path) }
    }
  }

  package func adopt(file path: String, as name: String) throws(StoreError) {
    let folder = directory + "/objects"
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw PlainFile.failure("cannot open \(path)") }
    let synced = fsync(file)
    var status = stat()
    fstat(file, &status)
    close(file)
    guard synced == 0 else { throw PlainFile.failure("cannot sync \(path)") }
    if rename(path, "\(folder)/\(name)") == 0 {
      try PlainFile.sync(folder: folder)
      return
    }
    guard errno == EXDEV, let length = UInt64(exactly: status.st_size) else {
      throw PlainFile.failure("cannot move \(path) to \(folder)/\(name)")
    }
    try copy(.file(path: path, offset: 0, length: length), as: name)
    unlink(path)
  }

  package func copy(_ name: String, as new: String) throws(StoreError) {
    let folder = directory + "/objects"
    // Bytes under a name never change, so that two names may well share them.
    if link("\(folder)/\(name)", "\(folder)/\(new)") == 0 {
      try PlainFile.sync(folder: folder)
      return
    }
    guard let body = body(name) else { throw PlainFile.failure("cannot read \(folder)/\(name)") }
    try copy(body, as: new)
  }

  private func copy(_ body: Body, as name: String) throws(StoreError) {
    guard case .file(let path, _, let length) = body else { return }
    let from = open(path, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw PlainFile.failure("cannot read \(path)") }
    defer { close(from) }
    try replace(directory + "/objects", name) { (file, new) throws(StoreError) in
      var left = length
      while left > 0 {
        let count = sendfile(file, from, nil, Int(clamping: min(left, 1 << 30)))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw PlainFile.failure("cannot copy \(path) to \(new)") }
        left -= UInt64(count)
      }
    }
  }

  package func body(_ name: String) -> Body? {
    let path = "\(directory)/objects/\(name)"
    var status = stat()
    guard stat(path, &status) == 0, let length = UInt64(exactly: status.st_size) else { return nil }
    return .file(path: path, offset: 0, length: length)
  }

  package func bytes(_ name: String) throws(StoreError) -> [UInt8] {
    try Self.read("\(directory)/objects/\(name)")
  }

  package func remove(_ name: String) {
    unlink("\(directory)/objects/\(name)")
  }

  package func names() -> [String] {
    PlainFile.names(in: directory + "/objects")
  }

  package func saveSnapshot(_ bytes: [UInt8], as name: String) throws(StoreError) {
    try replace(directory + "/snapshots", name, bytes)
  }

  package func snapshot(_ name: String) throws(StoreError) -> [UInt8]? {
    let path = "\(directory)/snapshots/\(name)"
    return access(path, F_OK) == 0 ? try Self.read(path) : nil
  }

  package func removeSnapshot(_ name: String) {
    unlink("\(directory)/snapshots/\(name)")
  }

  package func snapshotNames() -> [String] {
    PlainFile.names(in: directory + "/snapshots")
  }

  private func replace(_ folder: String, _ name: String, _ bytes: [UInt8]) throws(StoreError) {
    try replace(folder, name) { (file, path) throws(StoreError) in try PlainFile.write(bytes, to: file, path)
    }
  }

  /// Makes a file beside, lets `fill` write it, syncs it and puts it in its place.
  private func replace(
    _ folder: String, _ name: String, _ fill: (Int32, String) throws(StoreError) -> Void
  ) throws(StoreError) {
    let new = "\(folder)/.\(name).new"
    let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw PlainFile.failure("cannot write \(new)") }
    do throws(StoreError) {
      try fill(file, new)
    } catch {
      close(file)
      unlink(new)
      throw error
    }
    let synced = fsync(file)
    close(file)
    guard synced == 0, rename(new, "\(folder)/\(name)") == 0 else {
      throw PlainFile.failure("cannot save \(folder)/\(name)")
    }
    try PlainFile.sync(folder: folder)
  }

  private static func read(_ path: String) throws(StoreError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw PlainFile.failure("cannot read \(path)") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw PlainFile.failure("cannot read \(path)") }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Makes the folder and those above it, 0700.
  private static func makeFolder(_ path: String) throws(StoreError) {
    var soFar = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      soFar += "/" + part
      if mkdir(soFar, 0o700) != 0, errno != EEXIST {
        throw PlainFile.failure("cannot make the folder \(soFar)")
      }
    }
  }
}
