import Glibc

/// The bytes of a stretch of a file, read in pieces as they are asked for: checksums of large files need no memory.
/// Ends early if the file cannot be read; the transport will say why.
struct FileBytes: Sequence {
  let path: String
  let offset: UInt64
  let length: UInt64

  func makeIterator() -> Iterator { Iterator(File(path), offset, length) }

  final class File {
    let descriptor: Int32
    init(_ path: String) { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
    deinit { if descriptor >= 0 { close(descriptor) } }
  }

  struct Iterator: IteratorProtocol {
    private let file: File
    private var position: UInt64
    private var left: UInt64
    private var buffer: [UInt8] = []
    private var index = 0

    init(_ file: File, _ offset: UInt64, _ length: UInt64) {
      self.file = file
      position = offset
      left = length
    }

    mutating func next() -> UInt8? {
      if index == buffer.count {
        guard left > 0, fill() else { return nil }
      }
      defer { index += 1 }
      return buffer[index]
    }

    private mutating func fill() -> Bool {
      let wanted = Int(Swift.min(left, 1 << 17))
      let at = Int(clamping: position)
      let descriptor = file.descriptor
      buffer = [UInt8](unsafeUninitializedCapacity: wanted) { target, count in
        count = Swift.max(0, pread(descriptor, target.baseAddress, wanted, at))
      }
      index = 0
      position += UInt64(buffer.count)
      left -= UInt64(buffer.count)
      return !buffer.isEmpty
    }
  }
}
