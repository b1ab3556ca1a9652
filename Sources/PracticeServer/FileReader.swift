import Glibc

/// A file, piece by piece. It is open from the start, so that deleting the object meanwhile does no harm.
struct FileReader: ~Copyable {
  private let file: Int32
  private var position: off_t
  private var left: UInt64

  init(path: String, offset: UInt64, length: UInt64) throws(ServerError) {
    file = open(path, O_RDONLY | O_CLOEXEC)
    position = off_t(exactly: offset) ?? .max
    left = length
    if file < 0 { throw ServerError("cannot read \(path): \(String(cString: strerror(errno)))") }
  }

  deinit {
    if file >= 0 { close(file) }
  }

  /// The next piece, nil at the end.
  mutating func next() throws(ServerError) -> [UInt8]? {
    guard left > 0 else { return nil }
    var chunk = [UInt8](repeating: 0, count: Int(min(left, 262_144)))
    let count = pread(file, &chunk, chunk.count, position)
    guard count > 0 else { throw ServerError("the file ends early") }
    position += off_t(count)
    left -= UInt64(count)
    return Array(chunk[..<count])
  }
}
