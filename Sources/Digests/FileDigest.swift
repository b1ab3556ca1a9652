import Glibc

/// A file that could not be read to the end.
package struct FileDigestError: Error, Hashable, Sendable, CustomStringConvertible {
  package var path: String
  /// The system's `errno`.
  package var code: Int32

  package var description: String {
    "cannot read \(path): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
  }
}

/// The digest of a file's bytes from `offset` on, `length` of them or all; read in pieces, never kept whole.
///
/// - Throws: `FileDigestError` if the file cannot be opened, sought or read. A file shorter than
///   `offset + length` gives the digest of what there is.
package func digest(
  _ algorithm: DigestAlgorithm, ofFile path: String, offset: UInt64 = 0, length: UInt64? = nil
) throws(FileDigestError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileDigestError(path: path, code: errno) }
  defer { close(descriptor) }
  if offset > 0 {
    guard let start = off_t(exactly: offset), lseek(descriptor, start, SEEK_SET) >= 0 else {
      throw FileDigestError(path: path, code: EINVAL)
    }
  }
  var stream = DigestStream(algorithm)
  var left = length ?? .max
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  while left > 0 {
    let wanted = Int(clamping: min(left, UInt64(buffer.count)))
    let count = read(descriptor, &buffer, wanted)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw FileDigestError(path: path, code: errno) }
    if count == 0 { break }
    stream.update(buffer[..<count])
    left -= UInt64(count)
  }
  return stream.finish()
}

/// SHA-256 of a file's bytes, read in pieces.
package func sha256(
  ofFile path: String, offset: UInt64 = 0, length: UInt64? = nil
) throws(FileDigestError) -> [UInt8] {
  try digest(.sha256, ofFile: path, offset: offset, length: length)
}
