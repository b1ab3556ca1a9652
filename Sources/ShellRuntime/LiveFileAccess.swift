import Glibc

/// The file system of this machine.
package struct LiveFileAccess: FileAccess {
  package init() {}

  package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any OpenFile {
    let flags: Int32 =
      switch mode {
      case .read: O_RDONLY
      case .write: O_WRONLY | O_CREAT | O_TRUNC
      case .writeNew: O_WRONLY | O_CREAT | O_EXCL
      case .append: O_WRONLY | O_CREAT | O_APPEND
      case .readWrite: O_RDWR | O_CREAT
      }
    let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, 0o666)
    if descriptor < 0 { throw .last }
    return LiveFile(descriptor)
  }

  package func status(of path: String, followingLinks: Bool) -> FileStatus? {
    var info = stat()
    let result = followingLinks ? stat(path, &info) : lstat(path, &info)
    guard result == 0 else { return nil }
    let kind: FileStatus.Kind
    switch info.st_mode & S_IFMT {
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    case S_IFIFO: kind = .pipe
    case S_IFSOCK: kind = .socket
    case S_IFCHR: kind = .character
    case S_IFBLK: kind = .block
    default: kind = .regular
    }
    return FileStatus(
      kind: kind, size: Int64(info.st_size),
      modified: Double(info.st_mtim.tv_sec) + Double(info.st_mtim.tv_nsec) / 1e9, mode: info.st_mode & 0o7777,
      identity: [UInt64(info.st_dev), UInt64(info.st_ino)])
  }

  package func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }
  package func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }
  package func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  package func names(in directory: String) throws(FileError) -> [String] {
    guard let stream = opendir(directory) else { throw .last }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  package func makeDirectory(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) != 0 { throw .last }
  }

  package func removeFile(_ path: String) throws(FileError) {
    if unlink(path) != 0 { throw .last }
  }

  package func removeDirectory(_ path: String) throws(FileError) {
    if rmdir(path) != 0 { throw .last }
  }

  package func touch(_ path: String) throws(FileError) {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o666)
    if descriptor >= 0 { close(descriptor) } else if errno != EISDIR { throw .last }
    if utimensat(AT_FDCWD, path, nil, 0) != 0 { throw .last }
  }
}

extension FileError {
  /// The error that `errno` tells of.
  static var last: FileError { FileError(errno: errno) }

  package init(errno code: Int32) {
    self.init(code: code, message: String(cString: strerror(code)))
  }
}

/// A real descriptor, closed with the object.
final class LiveFile: OpenFile {
  private let number: Int32
  var descriptor: Int32? { number }

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  func read(upTo count: Int) throws(FileError) -> [UInt8] {
    var got = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, filled in
      repeat {
        got = Glibc.read(number, buffer.baseAddress, max(count, 1))
        code = errno
      } while got < 0 && code == EINTR
      filled = max(got, 0)
    }
    if got < 0 { throw FileError(errno: code) }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(FileError) {
    var sent = 0
    while sent < bytes.count {
      let wrote = bytes.withUnsafeBytes { buffer -> Int in
        Glibc.write(number, buffer.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if wrote < 0 {
        if errno == EINTR { continue }
        throw .last
      }
      sent += wrote
    }
  }
}
