import Glibc
import Wire

/// A body piece by piece, so that one of gigabytes is never held whole. A file is open from the start: it may be
/// renamed or removed meanwhile.
final class BodyReader {
  /// How long a piece of a file is at most.
  static let pieceSize = 1 << 20

  private let file: Int32?
  private let path: String
  private var position: off_t
  private var left: UInt64
  private var bytes: [UInt8] = []

  /// - Throws: `StoreError` if the file cannot be opened.
  init(_ body: Body) throws(StoreError) {
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
      if file < 0 { throw StoreError("cannot read \(path): \(String(cString: strerror(errno)))") }
    }
  }

  deinit {
    if let file, file >= 0 { close(file) }
  }

  /// The next piece; nil at the end.
  ///
  /// - Throws: `StoreError` if the file cannot be read or is shorter than the body says.
  func next() throws(StoreError) -> [UInt8]? {
    guard left > 0 else { return nil }
    guard let file else {
      left = 0
      return bytes
    }
    let wanted = Int(clamping: min(left, UInt64(Self.pieceSize)))
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
        let why = count == 0 ? "it ends early" : String(cString: strerror(code))
        throw StoreError("cannot read \(path): \(why)")
      }
      position += off_t(count)
      left -= UInt64(count)
      return piece
    }
  }

  /// At most `count` bytes from the beginning of `body`.
  ///
  /// - Throws: `StoreError` as `next`.
  static func prefix(_ body: Body, _ count: Int) throws(StoreError) -> [UInt8] {
    let short: Body =
      switch body {
      case .bytes(let bytes): .bytes(Array(bytes.prefix(count)))
      case .file(let path, let offset, let length):
        .file(path: path, offset: offset, length: min(length, UInt64(clamping: count)))
      }
    let reader = try BodyReader(short)
    var bytes: [UInt8] = []
    while let piece = try reader.next() { bytes += piece }
    return bytes
  }
}
