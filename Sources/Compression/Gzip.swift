import CZlib

/// Windows of 2^15 bytes, and zlib's sign that a gzip header goes around the data.
private let gzipWindow: Int32 = 15 + 16
/// zlib counts in UInt32: larger inputs and outputs go in steps of this many bytes.
private let stepLength = 1 << 16

/// The bytes as one gzip member at zlib's best compression, the level that botocore's request compression uses.
/// - Throws: `.unavailable` alone.
package func gzip(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
  var stream = z_stream()
  let start = deflateInit2_(
    &stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  guard start == Z_OK else { throw .unavailable(start) }
  defer { deflateEnd(&stream) }
  var out: [UInt8] = []
  var offset = 0
  while true {
    let isLast = bytes.count - offset <= stepLength
    let (code, consumed) = step(&stream, bytes, offset, &out) {
      deflate(&$0, isLast ? Z_FINISH : Z_NO_FLUSH)
    }
    offset += consumed
    if code == Z_STREAM_END { return out }
    guard code == Z_OK || code == Z_BUF_ERROR else { throw .unavailable(code) }
  }
}

/// What the gzip members in `bytes` hold together (RFC 1952 section 2.2: members simply follow each other; zeros after
/// the last are padding).
/// - Parameter limit: the most bytes that may come out.
/// - Throws: what is wrong with the bytes, and where.
package func gunzip(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
  var stream = z_stream()
  let start = inflateInit2_(&stream, gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  guard start == Z_OK else { throw .unavailable(start) }
  defer { inflateEnd(&stream) }
  var out: [UInt8] = []
  var offset = 0
  while true {
    let before = out.count
    let (code, consumed) = step(&stream, bytes, offset, &out) { inflate(&$0, Z_NO_FLUSH) }
    offset += consumed
    guard out.count <= limit else { throw .tooLarge(limit: limit) }
    switch code {
    case Z_STREAM_END:
      while offset < bytes.count, bytes[offset] == 0 { offset += 1 }
      guard offset < bytes.count else { return out }
      guard inflateReset(&stream) == Z_OK else { throw .unavailable(Z_STREAM_ERROR) }
    case Z_OK, Z_BUF_ERROR:
      // No progress with all input seen: more was to come.
      if consumed == 0, out.count == before { throw .truncated(offset: offset) }
    case Z_MEM_ERROR: throw .unavailable(code)
    default: throw .corrupt(stream.msg.map { String(cString: $0) } ?? "wrong data", offset: offset)
    }
  }
}

/// Lets zlib read the next of `bytes` from `offset` and append what it makes to `out`: its code, and how much it read.
private func step(
  _ stream: inout z_stream, _ bytes: [UInt8], _ offset: Int, _ out: inout [UInt8],
  _ work: (inout z_stream) -> Int32
) -> (code: Int32, consumed: Int) {
  let given = min(stepLength, bytes.count - offset)
  var code = Z_OK
  var consumed = 0
  let made = [UInt8](unsafeUninitializedCapacity: stepLength) { buffer, count in
    bytes.withUnsafeBufferPointer { input in
      // zlib only reads here, but its header predates const.
      stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offset) }
      stream.avail_in = UInt32(given)
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(buffer.count)
      code = work(&stream)
      consumed = given - Int(stream.avail_in)
      count = buffer.count - Int(stream.avail_out)
      stream.next_in = nil
      stream.next_out = nil
    }
  }
  out += made
  return (code, consumed)
}
