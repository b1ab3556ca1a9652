import Glibc

/// A file descriptor that knows whether it is open.
struct OpenFile {
  private var descriptor: Int32 = -1

  var isOpen: Bool { descriptor >= 0 }

  mutating func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Bool {
    descriptor = Glibc.open(path, flags, mode)
    return descriptor >= 0
  }

  mutating func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Whether it is a file on a disk, no device or pipe.
  var isRegular: Bool {
    var facts = stat()
    return fstat(descriptor, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  func read(into pointer: UnsafeMutableRawPointer, _ count: Int, at offset: UInt64) -> Int {
    while true {
      let n = pread(descriptor, pointer, count, Int(clamping: offset))
      if n >= 0 || errno != EINTR { return n }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      let n = Glibc.write(descriptor, base, rest.count)
      if n < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[n...])
    }
    return true
  }
}

/// The system's last complaint about a file, in Python's wording.
func systemText(_ path: String) -> String {
  let number = errno
  return "[Errno \(number)] \(String(cString: strerror(number))): '\(path)'"
}
