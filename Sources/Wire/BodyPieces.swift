import Glibc

/// A body piece by piece, so that one of gigabytes is never held whole. A file is open from the start: it may be
/// renamed or removed meanwhile.
package final class BodyPieces {
  /// How long a piece of a file is at most.
  package static let size = 1 << 20

  private let file: Int32?
  private let path: String
  private var position: off_t
  private var left: UInt64
  private var bytes: [UInt8] = []

  /// - Throws: `BodyError` if the file cannot be opened.
  package init(_ body: Body) throws(BodyError) {
    switch body {
    case .bytes(let bytes):
      file = nil
      path = ""
      position = 0
      left = UInt64(bytes.count)
      self.bytes = bytes
    case .file(let path, let offset, let length):
      self.path = path
      position = off_t(exactly: offset) ?? .max
      left = length
      let file = open(path, O_RDONLY | O_CLOEXEC)
      self.file = file
      if file < 0 { throw BodyError(path, errno) }
    }
  }

  deinit {
    if let file, file >= 0 { close(file) }
  }

  /// The next piece; nil at the end.
  ///
  /// - Throws: `BodyError` if the file cannot be read or is shorter than the body says.
  package func next() throws(BodyError) -> [UInt8]? {
    guard left > 0 else { return nil }
    guard let file else {
      left = 0
      return bytes
    }
    let wanted = Int(clamping: min(left, UInt64(Self.size)))
    while true {
      var count = 0
      var code: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
        count = pread(file, buffer.baseAddress, wanted, position)
        code = errno
        initialized = max(0, count)
      }
      if count < 0, code == EINTR { continue }
      guard count > 0 else {
        throw count == 0 ? BodyError("cannot read \(path): it ends early") : BodyError(path, code)
      }
      position += off_t(count)
      left -= UInt64(count)
      return piece
    }
  }
}

/// A body's file cannot be read.
package struct BodyError: Error, Hashable, Sendable {
  package var message: String

  init(_ message: String) {
    self.message = message
  }

  fileprivate init(_ path: String, _ code: Int32) {
    message = "cannot read \(path): \(String(cString: strerror(code)))"
  }
}

extension Body {
  /// A whole file.
  ///
  /// - Throws: `BodyError` if there is none.
  package init(file path: String) throws(BodyError) {
    var status = stat()
    guard stat(path, &status) == 0, let length = UInt64(exactly: status.st_size) else {
      throw BodyError(path, errno)
    }
    self = .file(path: path, offset: 0, length: length)
  }
}
