import Glibc

/// Why a file could not be used, as the system says it.
struct FileError: Error, Hashable {
  var code: Int32
  var path: String

  /// Python's wording: `[Errno 2] No such file or directory: 'x'`.
  var text: String { text(naming: path) }

  func text(naming name: String) -> String {
    "[Errno \(code)] \(String(cString: strerror(code))): '\(name)'"
  }
}

/// A file's bytes, up to 1 GiB.
func readFile(_ path: String) throws(FileError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(code: errno, path: path) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let n = read(descriptor, &buffer, buffer.count)
    if n == 0 { return bytes }
    if n < 0 {
      if errno == EINTR { continue }
      throw FileError(code: errno, path: path)
    }
    guard bytes.count < 1 << 30 else { throw FileError(code: EFBIG, path: path) }
    bytes += buffer[..<n]
  }
}

/// What a path leads to.
struct FileFacts: Hashable {
  var isDirectory: Bool
  var isRegular: Bool
  var size: UInt64
  /// Seconds since the epoch.
  var modified: Double
  /// The permission bits.
  var permissions: UInt32
}

/// Nil if there is nothing, or nothing that may be looked at.
func fileFacts(_ path: String) -> FileFacts? {
  var info = stat()
  guard stat(path, &info) == 0 else { return nil }
  return FileFacts(
    isDirectory: info.st_mode & S_IFMT == S_IFDIR, isRegular: info.st_mode & S_IFMT == S_IFREG,
    size: UInt64(clamping: info.st_size),
    modified: Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) / 1e9,
    permissions: UInt32(info.st_mode) & 0o777)
}

func isRegularFile(_ path: String) -> Bool { fileFacts(path)?.isRegular ?? false }

/// The names in a directory, sorted by their bytes; nil if it cannot be read.
func directoryNames(_ path: String) -> [String]? {
  guard let stream = opendir(path) else { return nil }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
}

/// Writes a file beside its place and moves it there: never a partial file under the name.
func writeFile(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o666) throws(FileError) {
  let temporary = path + ".\(UInt32.random(in: .min ... .max))"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw FileError(code: errno, path: path) }
  var rest = bytes[...]
  while !rest.isEmpty {
    let n = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if n < 0 {
      if errno == EINTR { continue }
      let code = errno
      close(descriptor)
      unlink(temporary)
      throw FileError(code: code, path: path)
    }
    rest = rest.dropFirst(n)
  }
  close(descriptor)
  try moveFile(temporary, to: path)
}

/// Writes a file of the user's own: its permissions stay, a link to it stays one; new ones are for the user alone.
func writeInPlace(_ path: String, _ bytes: [UInt8]) throws(FileError) {
  guard let facts = fileFacts(path) else {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeDirectories(String(path[..<slash]))
    }
    return try writeFile(path, bytes, mode: 0o600)
  }
  var target = path
  if let resolved = realpath(path, nil) {
    target = String(cString: resolved)
    free(resolved)
  }
  try writeFile(target, bytes, mode: mode_t(facts.permissions))
}

/// Renames a finished file to its name; removes it if that fails.
func moveFile(_ temporary: String, to path: String) throws(FileError) {
  guard rename(temporary, path) == 0 else {
    let code = errno
    unlink(temporary)
    throw FileError(code: code, path: path)
  }
}

/// Makes a directory and those above it.
func makeDirectories(_ path: String) throws(FileError) {
  guard !path.isEmpty, fileFacts(path)?.isDirectory != true else { return }
  if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
    try makeDirectories(String(path[..<slash]))
  }
  guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError(code: errno, path: path) }
}

/// Removes a file if it is there.
func removeFile(_ path: String) { unlink(path) }
