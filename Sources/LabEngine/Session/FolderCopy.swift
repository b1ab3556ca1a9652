import Glibc

/// Copies of a folder as it was: the files that a lesson wrote.
///
/// Plain files, folders and symbolic links are kept, with their rights and times; whatever else a program may have left
/// there (pipes, sockets) is not. A file that has not changed since the copy before shares its bytes with that copy.
enum FolderCopy {
  /// Deeper folders than this nobody makes by a lesson.
  private static let deepest = 100

  /// - Parameters:
  ///   - target: must not exist.
  ///   - previous: an earlier copy that nobody writes to; nil: none.
  /// - Throws: `RewindError`; what was copied so far remains.
  static func make(of source: String, at target: String, sharing previous: String?) throws(RewindError) {
    try copy(folder: source, to: target, previous, depth: 0)
  }

  /// Removes a folder and all in it; nothing happens if there is none.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    // A folder that its owner may not write cannot be emptied.
    chmod(path, 0o700)
    for name in entries(of: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  static func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private static func copy(
    folder source: String, to target: String, _ previous: String?, depth: Int
  ) throws(RewindError) {
    guard depth <= deepest else { throw RewindError("\(source) is nested too deeply") }
    guard mkdir(target, 0o700) == 0 else { throw failure("cannot make \(target)") }
    for name in entries(of: source) {
      let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
      var status = stat()
      // What is gone meanwhile is not there.
      guard lstat(from, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        try copy(folder: from, to: to, previous.map { "\($0)/\(name)" }, depth: depth + 1)
        chmod(to, status.st_mode & 0o7777)
      case S_IFLNK:
        var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink(from, &text, text.count - 1)
        guard length >= 0, symlink(text, to) == 0 else { throw failure("cannot copy \(from)") }
      case S_IFREG:
        if let previous, shares(status, "\(previous)/\(name)", to) { continue }
        try copy(file: from, status, to: to)
      default: break
      }
    }
  }

  /// Whether the earlier copy holds the same bytes; then they are linked.
  private static func shares(_ now: stat, _ earlier: String, _ target: String) -> Bool {
    var then = stat()
    guard lstat(earlier, &then) == 0, then.st_mode == now.st_mode, then.st_size == now.st_size,
      then.st_mtim.tv_sec == now.st_mtim.tv_sec, then.st_mtim.tv_nsec == now.st_mtim.tv_nsec
    else { return false }
    return link(earlier, target) == 0
  }

  private static func copy(file source: String, _ status: stat, to target: String) throws(RewindError) {
    let from = open(source, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard from >= 0 else { throw failure("cannot read \(source)") }
    defer { close(from) }
    let to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard to >= 0 else { throw failure("cannot write \(target)") }
    defer { close(to) }
    while true {
      let count = sendfile(to, from, nil, 1 << 24)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot copy \(source)") }
      if count == 0 { break }
    }
    fchmod(to, status.st_mode & 0o7777)
    futimens(to, [status.st_atim, status.st_mtim])
    guard fsync(to) == 0 else { throw failure("cannot write \(target)") }
  }

  private static func failure(_ what: String) -> RewindError {
    RewindError("\(what): \(String(cString: strerror(errno)))")
  }
}
