import Digests
import Glibc
import Wire

/// A response's body on its way in: to memory up to a bound, or to a file; its checksum is made in passing.
struct ResponseSink {
  enum Fault: Error, Hashable {
    case tooLarge(limit: Int)
    case file(String)
    case mismatch(String)
  }

  private let options: SendOptions
  private var bytes: [UInt8] = []
  private var file = OpenFile()
  private var fileLength: UInt64 = 0
  private var expected: (text: String, digest: DigestStream)?

  init(_ options: SendOptions) {
    self.options = options
  }

  /// An error's body is not what the file is for.
  static let errorLimit = 1 << 20

  /// Forgets what has come: a new head begins.
  mutating func restart() {
    bytes = []
    expected = nil
    if file.isOpen { discard() }
  }

  /// Looks in the finished head for a checksum to verify.
  mutating func begin(_ head: ResponseHead) {
    guard head.status == 200 else { return }
    for checksum in options.expectedChecksums {
      guard let text = head.headers[checksum.header], !text.contains("-") else { continue }
      expected = (text, DigestStream(checksum.algorithm))
      return
    }
  }

  mutating func receive(_ piece: UnsafeRawBufferPointer, status: Int) throws(Fault) {
    expected?.digest.update(piece)
    if case .file(let path) = options.destination, (200..<300).contains(status) {
      try open(path)
      guard file.write(piece) else { throw .file(systemText(path)) }
      fileLength += UInt64(piece.count)
      return
    }
    let limit =
      if case .memory(let bound) = options.destination { bound } else { ResponseSink.errorLimit }
    guard bytes.count + piece.count <= limit else { throw .tooLarge(limit: limit) }
    bytes.append(contentsOf: piece)
  }

  /// The whole body, if it fits its checksum.
  mutating func finish(status: Int) throws(Fault) -> Body {
    if let expected {
      let found = base64Encoded(expected.digest.finish())
      guard found == expected.text else {
        throw .mismatch("Expected checksum \(expected.text) did not match calculated checksum: \(found)")
      }
    }
    guard case .file(let path) = options.destination, (200..<300).contains(status) else {
      return .bytes(bytes)
    }
    // An empty object makes an empty file.
    try open(path)
    file.close()
    return .file(path: path, offset: 0, length: fileLength)
  }

  /// Closes the file, and removes it unless it is a device or pipe.
  mutating func discard() {
    guard file.isOpen, case .file(let path) = options.destination else { return }
    let isRegular = file.isRegular
    file.close()
    fileLength = 0
    if isRegular { unlink(path) }
  }

  private mutating func open(_ path: String) throws(Fault) {
    guard !file.isOpen else { return }
    guard file.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) else {
      throw .file(systemText(path))
    }
  }
}
