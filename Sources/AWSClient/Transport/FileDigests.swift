import Digests
import Glibc

/// Several digests of a stretch of a file in one reading, with constant memory; nil if it cannot be read whole.
func fileDigests(
  _ streams: [DigestStream], _ path: String, _ offset: UInt64, _ length: UInt64
) -> [[UInt8]]? {
  var file = OpenFile()
  guard file.open(path, O_RDONLY | O_CLOEXEC) else { return nil }
  defer { file.close() }
  var streams = streams
  // Small enough to stay in the cache between one digest and the next.
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 64)
  defer { buffer.deallocate() }
  guard let base = buffer.baseAddress else { return nil }
  var position: UInt64 = 0
  while position < length {
    let wanted = Int(clamping: min(length - position, UInt64(buffer.count)))
    let count = file.read(into: base, wanted, at: offset &+ position)
    guard count > 0 else { return nil }
    for i in streams.indices { streams[i].update(UnsafeRawBufferPointer(start: base, count: count)) }
    position += UInt64(count)
  }
  return streams.map { $0.finish() }
}
