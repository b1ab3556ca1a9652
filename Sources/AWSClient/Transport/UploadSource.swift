import Digests
import Glibc
import SigV4
import Wire

/// A request's body on its way out: bytes, a stretch of a file, or such a stretch `aws-chunked` with its checksum
/// behind it. Files are read straight into the sender's buffer.
struct UploadSource {
  /// Botocore's size of a chunk.
  static let chunkSize: UInt64 = 1 << 20

  private let body: Body
  private let trailer: SendOptions.ExpectedChecksum?
  private var file = OpenFile()
  /// How much of the body itself has gone.
  private var sent: UInt64 = 0
  /// What frames it: bytes still to go before the body goes on, and how much of the chunk is left.
  private var framing: [UInt8] = []
  private var framed = 0
  private var chunkLeft: UInt64 = 0
  private var isEnded = false
  private var digest: DigestStream?

  init(_ body: Body, trailer: SendOptions.ExpectedChecksum?) {
    self.body = body
    self.trailer = trailer
    digest = trailer.map { DigestStream($0.algorithm) }
  }

  /// The length on the wire; nil if HTTP's own chunked coding carries it.
  var length: UInt64? { trailer == nil ? body.count : nil }

  /// Opens the body's file; false with `errno` set if that cannot be.
  mutating func open() -> Bool {
    guard case .file(let path, _, _) = body else { return true }
    return file.open(path, O_RDONLY | O_CLOEXEC)
  }

  mutating func close() { file.close() }

  /// Goes back to `offset`; framed bodies know their beginning only.
  mutating func rewind(to offset: UInt64) -> Bool {
    guard trailer == nil ? offset <= body.count : offset == 0 else { return false }
    sent = offset
    framing = []
    framed = 0
    chunkLeft = 0
    isEnded = false
    digest = trailer.map { DigestStream($0.algorithm) }
    return true
  }

  /// Fills the buffer as far as the body reaches.
  ///
  /// - Returns: the count, 0 at the end.
  /// - Throws: a sentence about the file.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(UploadFault) -> Int {
    guard trailer != nil else {
      return try read(min(body.count - min(sent, body.count), UInt64(buffer.count)), into: buffer)
    }
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      if framed < framing.count {
        let count = min(framing.count - framed, rest.count)
        rest.copyBytes(from: framing[framed..<framed + count])
        framed += count
        filled += count
      } else if chunkLeft > 0 {
        let count = try read(min(chunkLeft, UInt64(rest.count)), into: rest)
        digest?.update(UnsafeRawBufferPointer(rebasing: rest[..<count]))
        chunkLeft -= UInt64(count)
        filled += count
        if chunkLeft == 0 { frame("\r\n") }
      } else if sent < body.count {
        chunkLeft = min(UploadSource.chunkSize, body.count - sent)
        frame(String(chunkLeft, radix: 16) + "\r\n")
      } else if !isEnded, let trailer, let digest {
        isEnded = true
        let checksum = Headers.Field(trailer.header, base64Encoded(digest.finish()))
        var encoder = ChunkEncoder()
        framing = encoder.end(trailers: Headers([checksum]))
        framed = 0
      } else {
        break
      }
    }
    return filled
  }

  private mutating func frame(_ text: String) {
    framing = Array(text.utf8)
    framed = 0
  }

  private mutating func read(
    _ count: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(UploadFault) -> Int {
    let count = Int(clamping: count)
    guard count > 0, let base = buffer.baseAddress else { return 0 }
    switch body {
    case .bytes(let bytes):
      let start = Int(clamping: sent)
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
      }
      sent += UInt64(count)
      return count
    case .file(let path, let offset, _):
      let n = file.read(into: base, count, at: offset &+ sent)
      guard n > 0 else {
        throw UploadFault(
          text: n == 0 ? "\(path) became shorter while it was sent" : systemText(path))
      }
      sent += UInt64(n)
      return n
    }
  }
}

/// Why a body could not be read on.
struct UploadFault: Error, Hashable {
  var text: String
}
