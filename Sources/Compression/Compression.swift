// Compression: gzip (RFC 1952) of bytes in memory, both ways, by zlib.
//
// botocore's raw models come gzipped, and some operations ask for gzipped request bodies.
//
// Decisions:
// - Bytes in, bytes out; no files, no streams. What is compressed here fits in memory.
// - Unpacking has a limit that the caller names: a few kilobytes can claim to be many gigabytes.
// - What is written has no name and no time in its header: same input, same bytes.
// - Outside data never traps: what is no gzip is a typed error with the position where reading ended.

/// Why bytes cannot be compressed or unpacked.
package enum CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are no gzip, or a damaged one; zlib's word, and how many compressed bytes were read.
  case corrupt(String, offset: Int)
  /// They end before the gzip does.
  case truncated(offset: Int)
  /// Unpacked they are more than `limit` bytes.
  case tooLarge(limit: Int)
  /// zlib has no memory, or is none that this program can use; its own code.
  case unavailable(Int32)

  package var description: String {
    switch self {
    case .corrupt(let word, let offset): "it is no whole gzip data: \(word) at byte \(offset)"
    case .truncated(let offset): "its gzip data breaks off at byte \(offset)"
    case .tooLarge(let limit): "it is more than \(limit) bytes when unpacked"
    case .unavailable(let code): "zlib cannot work (code \(code))"
    }
  }
}
