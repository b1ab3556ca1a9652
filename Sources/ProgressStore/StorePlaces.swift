import Glibc

/// Makes the directory of the store, 0700 for every level that has to be made, and takes others' rights from
/// the last one.
func prepareDirectory(of path: String) throws(StoreError) {
  guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
  let directory = String(path[..<slash])
  var made = ""
  for part in directory.split(separator: "/", omittingEmptySubsequences: false) {
    if !made.isEmpty || part.isEmpty { made += part.isEmpty && made.isEmpty ? "/" : "" }
    if part.isEmpty { continue }
    made += made.isEmpty || made.hasSuffix("/") ? part : "/" + part
    if mkdir(made, 0o700) != 0 && errno != EEXIST {
      let reason = systemReason()
      var status = stat()
      if stat(made, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { continue }
      throw .unusable(path: path, reason: "\(made): \(reason)")
    }
  }
  var status = stat()
  guard stat(directory, &status) == 0 else {
    throw .unusable(path: path, reason: "\(directory): \(systemReason())")
  }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    throw .unusable(path: path, reason: "\(directory) is not a directory")
  }
  if status.st_mode & 0o077 != 0 && status.st_uid == geteuid() { chmod(directory, 0o700) }
}

/// Makes the file 0600 before SQLite opens it: the journal files beside it take over its rights.
func prepareFile(_ path: String) throws(StoreError) {
  let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else {
    switch errno {
    case EROFS, EACCES, EPERM: throw .readOnly(path: path)
    case ENOSPC, EDQUOT: throw .diskFull(path: path)
    default: throw .unusable(path: path, reason: systemReason())
    }
  }
  fchmod(descriptor, 0o600)
  Glibc.close(descriptor)
}

/// An flock held while the store is opened and migrated: SQLite ignores the busy timeout when it switches a
/// new file to WAL, and migrations are not safe between processes.
struct OpeningLock {
  private let descriptor: Int32

  init(path: String) throws(StoreError) {
    descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      switch errno {
      case EROFS, EACCES, EPERM: throw .readOnly(path: path)
      case ENOSPC, EDQUOT: throw .diskFull(path: path)
      default: throw .unusable(path: path, reason: systemReason())
      }
    }
    while flock(descriptor, LOCK_EX) != 0 {
      if errno == EINTR { continue }
      let reason = systemReason()
      Glibc.close(descriptor)
      throw .unusable(path: path, reason: reason)
    }
  }

  func release() {
    Glibc.close(descriptor)
  }
}

/// The text of `errno`.
func systemReason() -> String {
  let code = errno
  return String(cString: strerror(code))
}
