import Glibc

/// The names in a directory but for hidden ones, in no order; none where it cannot be read.
func entries(of directory: String) -> [String] {
  guard let stream = opendir(directory) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names
}

/// Whether `path` is a file, or a link to one.
func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// The bytes of the file at `path`.
/// - Throws: `.unreadable`, also where it is larger than `limit` bytes.
func readFile(_ path: String, limit: Int) throws(ModelError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw ModelError(.unreadable, path, String(cString: strerror(errno))) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  while true {
    var failure: Int32 = 0
    let piece = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
      var got = 0
      repeat { got = read(descriptor, buffer.baseAddress, buffer.count) } while got < 0 && errno == EINTR
      if got < 0 { failure = errno }
      count = max(0, got)
    }
    guard failure == 0 else { throw ModelError(.unreadable, path, String(cString: strerror(failure))) }
    if piece.isEmpty { return bytes }
    bytes += piece
    guard bytes.count <= limit else {
      throw ModelError(.unreadable, path, "it is more than \(limit) bytes long")
    }
  }
}

/// Whether `name` is one step of a path and no way out of its directory.
func isPlainName(_ name: String) -> Bool {
  !name.isEmpty && !name.hasPrefix(".") && !name.hasPrefix("_") && !name.utf8.contains(0x2F)
    && !name.utf8.contains(0) && name.utf8.count < 256
}

/// Orders API versions as botocore does: by their characters, which for dates is by time.
func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
