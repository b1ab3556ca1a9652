import Glibc
import PracticeAccount

/// An account as one file: a tar archive (ustar, POSIX.1-1988) of `account.json`, `account.log`, `objects/NAME` and
/// `snapshots/NAME`, in this order, each a plain file.
///
/// The file holds the account's keys and objects in plain, so that it is its owner's alone (0600). Reading it, nothing
/// is believed: names outside this list, links, folders, sizes that run over the end and wrong checksums are refused,
/// and what was read so far is removed.
package enum AccountArchive {
  /// The most files an account may have, and the most bytes a file of state may have when it is read in.
  private static let mostFiles = 4_000_000
  private static let mostState: UInt64 = 8 << 30

  /// Writes `account`, which is kept in `directory`, to `file`: beside it and renamed, with flat memory.
  ///
  /// The account answers meanwhile: what it is made of is linked into a folder of its own first.
  /// - Throws: `StoreError`; there is no file then, or the one that was there.
  package static func write(_ account: PracticeAccount, in directory: String, to file: String)
    throws(StoreError)
  {
    let stage = directory + "/.export"
    removeStage(stage)
    defer { removeStage(stage) }
    try account.whileStill { () throws(StoreError) in
      for folder in ["", "/objects", "/snapshots"] where mkdir(stage + folder, 0o700) != 0 {
        throw PlainFile.failure("cannot make the folder \(stage + folder)")
      }
      // The journal is empty now, and goes on growing under its name: it gets a fresh one.
      let log = open(stage + "/account.log", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard log >= 0 else { throw PlainFile.failure("cannot make \(stage)/account.log") }
      close(log)
      let names = ["account.json"] + names(in: directory, "objects") + names(in: directory, "snapshots")
      for name in names where link("\(directory)/\(name)", "\(stage)/\(name)") != 0 {
        throw PlainFile.failure("cannot link \(directory)/\(name)")
      }
    }
    try pack(stage, to: file)
  }

  /// Makes an account in `directory`, which must not exist, of an archive: in a folder beside it, renamed at the end.
  ///
  /// - Throws: `StoreError` that says what is wrong with the archive; there is no account then.
  package static func read(_ file: String, into directory: String) throws(StoreError) {
    guard access(directory, F_OK) != 0 else {
      throw StoreError(
        "there is an account in \(directory) already; choose another name for the imported one")
    }
    var template = Array("\(directory).import-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw PlainFile.failure("cannot make a folder beside \(directory)")
    }
    let stage = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do throws(StoreError) {
      for folder in ["objects", "snapshots"] where mkdir("\(stage)/\(folder)", 0o700) != 0 {
        throw PlainFile.failure("cannot make the folder \(stage)/\(folder)")
      }
      try unpack(file, into: stage)
      for folder in ["/objects", "/snapshots", ""] { try PlainFile.sync(folder: stage + folder) }
      // RENAME_NOREPLACE: rename(2) replaces an empty folder only, and an account's is never empty.
      guard access(directory, F_OK) != 0, rename(stage, directory) == 0 else {
        throw PlainFile.failure("cannot put the account into \(directory)")
      }
    } catch {
      removeStage(stage)
      throw error
    }
  }

  private static func names(in directory: String, _ folder: String) -> [String] {
    PlainFile.names(in: "\(directory)/\(folder)").map { "\(folder)/\($0)" }
  }

  private static func removeStage(_ stage: String) {
    for folder in ["objects", "snapshots", ""] {
      let path = folder.isEmpty ? stage : "\(stage)/\(folder)"
      for name in PlainFile.names(in: path) { unlink("\(path)/\(name)") }
      rmdir(path)
    }
  }

  // MARK: - Writing

  private static func pack(_ stage: String, to file: String) throws(StoreError) {
    let new = file + ".new-\(getpid())"
    let archive = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard archive >= 0 else { throw PlainFile.failure("cannot write \(new)") }
    do throws(StoreError) {
      defer { close(archive) }
      let names =
        ["account.json", "account.log"] + names(in: stage, "objects") + names(in: stage, "snapshots")
      for name in names { try add(name, in: stage, to: archive, new) }
      // Two blocks of zeros end an archive.
      try PlainFile.write([UInt8](repeating: 0, count: 1024), to: archive, new)
      guard fsync(archive) == 0 else { throw PlainFile.failure("cannot write \(new)") }
    } catch {
      unlink(new)
      throw error
    }
    guard rename(new, file) == 0 else {
      let failure = PlainFile.failure("cannot write \(file)")
      unlink(new)
      throw failure
    }
  }

  private static func add(_ name: String, in stage: String, to archive: Int32, _ path: String)
    throws(StoreError)
  {
    let from = open("\(stage)/\(name)", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard from >= 0 else { throw PlainFile.failure("cannot read \(stage)/\(name)") }
    defer { close(from) }
    var status = stat()
    guard fstat(from, &status) == 0, let size = UInt64(exactly: status.st_size) else {
      throw PlainFile.failure("cannot read \(stage)/\(name)")
    }
    guard
      let header = TarHeader(name: name, size: size, modified: UInt64(clamping: status.st_mtim.tv_sec)).block
    else { throw StoreError("\(name) cannot stand in an archive") }
    try PlainFile.write(header, to: archive, path)
    var left = size
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while left > 0 {
      let wanted = Int(min(left, UInt64(piece.count)))
      guard try PlainFile.fill(&piece, upTo: wanted, from: from, name) == wanted else {
        throw StoreError("\(stage)/\(name) became shorter while it was read")
      }
      try PlainFile.write(wanted == piece.count ? piece : Array(piece.prefix(wanted)), to: archive, path)
      left -= UInt64(wanted)
    }
    try PlainFile.write([UInt8](repeating: 0, count: TarHeader.padding(of: size)), to: archive, path)
  }

  // MARK: - Reading

  private static func unpack(_ file: String, into stage: String) throws(StoreError) {
    let archive = open(file, O_RDONLY | O_CLOEXEC)
    guard archive >= 0 else { throw PlainFile.failure("cannot read \(file)") }
    defer { close(archive) }
    var status = stat()
    guard fstat(archive, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      var left = UInt64(exactly: status.st_size)
    else { throw StoreError("\(file) is no plain file") }
    var seen: Set<String> = []
    var block = [UInt8](repeating: 0, count: TarHeader.size)
    while true {
      guard try PlainFile.fill(&block, upTo: block.count, from: archive, file) == block.count else {
        throw StoreError("\(file) ends in the middle: it is no whole archive of an account")
      }
      left -= UInt64(block.count)
      if block.allSatisfy({ $0 == 0 }) { break }
      guard let header = TarHeader(block: block), isMember(header.name) else {
        throw StoreError("\(file) holds something that belongs to no account; import reads what export wrote")
      }
      guard seen.insert(header.name).inserted, seen.count <= mostFiles else {
        throw StoreError("\(file) holds \(header.name) twice, or too much")
      }
      let whole = header.size &+ UInt64(TarHeader.padding(of: header.size))
      guard header.size <= left, whole >= header.size, whole <= left,
        header.name.hasPrefix("objects/") || header.size <= mostState
      else { throw StoreError("\(file) ends in the middle of \(header.name)") }
      try extract(header, from: archive, to: "\(stage)/\(header.name)", file)
      left -= whole
    }
    guard seen.contains("account.json") else { throw StoreError("\(file) holds no account") }
  }

  private static func extract(
    _ header: TarHeader, from archive: Int32, to path: String, _ file: String
  ) throws(StoreError) {
    let new = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard new >= 0 else { throw PlainFile.failure("cannot write \(path)") }
    defer { close(new) }
    var left = header.size
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while left > 0 {
      let wanted = Int(min(left, UInt64(piece.count)))
      guard try PlainFile.fill(&piece, upTo: wanted, from: archive, file) == wanted else {
        throw StoreError("\(file) ends in the middle of \(header.name)")
      }
      try PlainFile.write(wanted == piece.count ? piece : Array(piece.prefix(wanted)), to: new, path)
      left -= UInt64(wanted)
    }
    let padding = TarHeader.padding(of: header.size)
    guard try PlainFile.fill(&piece, upTo: padding, from: archive, file) == padding else {
      throw StoreError("\(file) ends in the middle of \(header.name)")
    }
    let modified = timespec(tv_sec: Int(clamping: header.modified), tv_nsec: 0)
    // Snapshots are listed by their age.
    futimens(new, [modified, modified])
    guard fsync(new) == 0 else { throw PlainFile.failure("cannot write \(path)") }
  }

  /// Whether a file of this name is part of an account.
  private static func isMember(_ name: String) -> Bool {
    if name == "account.json" || name == "account.log" { return true }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "objects" || parts[0] == "snapshots" else { return false }
    return !parts[1].isEmpty && !parts[1].hasPrefix(".") && parts[1].utf8.count <= 100
      && parts[1].utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }
}
