import Digests
import Wire

/// Writes an `aws-chunked` body chunk by chunk, in constant memory.
///
/// For every chunk `head`, the bytes themselves and `tail` go out (or `frame`, which is all three), then `end`.
/// With a signer every chunk and the trailers are signed, without one they are not
/// (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`). S3 wants every chunk but the last to have at least 8 KiB.
package struct ChunkEncoder: Sendable {
  private var signer: ChunkSigner?

  package init(signer: ChunkSigner? = nil) {
    self.signer = signer
  }

  /// What follows the bytes of every chunk.
  package static let tail: [UInt8] = [0x0D, 0x0A]

  /// What stands before the bytes of the next chunk. An empty chunk would end the body, so it gives nothing:
  /// skip it, and its `tail` too.
  package mutating func head(of chunk: UnsafeRawBufferPointer) -> [UInt8] {
    guard !chunk.isEmpty else { return [] }
    return line(chunk)
  }

  /// The next chunk with all that is around it.
  package mutating func frame(_ chunk: some Collection<UInt8>) -> [UInt8] {
    guard !chunk.isEmpty else { return [] }
    let bytes = Array(chunk)
    return bytes.withUnsafeBytes { line($0) } + bytes + Self.tail
  }

  /// The last, empty chunk and the trailers.
  package mutating func end(trailers: Headers = [:]) -> [UInt8] {
    var out = line(UnsafeRawBufferPointer(start: nil, count: 0))
    for field in trailers { out += Array("\(field.name):\(field.value)\r\n".utf8) }
    if !trailers.fields.isEmpty, let signature = signer?.trailer(signedText(of: trailers)) {
      out += Array("\(trailerSignatureName):\(signature)\r\n".utf8)
    }
    return out + Self.tail
  }

  private mutating func line(_ chunk: UnsafeRawBufferPointer) -> [UInt8] {
    let size = String(chunk.count, radix: 16)
    guard let signature = signer?.chunk(chunk) else { return Array("\(size)\r\n".utf8) }
    return Array("\(size);chunk-signature=\(signature)\r\n".utf8)
  }
}

/// How an `aws-chunked` body will be cut: enough to know its length before its first byte is read.
package struct ChunkLayout: Hashable, Sendable {
  /// The bytes that are carried (`X-Amz-Decoded-Content-Length`).
  package var payloadLength: UInt64
  /// The bytes of every chunk but the last.
  package var chunkSize: Int
  /// What each chunk is signed with.
  package var form: ChunkedForm
  /// The trailers' names, with the lengths of the values they will have.
  package var trailers: [Trailer]

  package struct Trailer: Hashable, Sendable {
    package var name: String
    package var valueLength: Int

    package init(name: String, valueLength: Int) {
      self.name = name
      self.valueLength = valueLength
    }
  }

  package init(
    payloadLength: UInt64, chunkSize: Int = 1 << 16, form: ChunkedForm, trailers: [Trailer] = []
  ) {
    self.payloadLength = payloadLength
    self.chunkSize = max(1, chunkSize)
    self.form = form
    self.trailers = trailers
  }

  /// The bytes that go over the wire: `Content-Length`. Nil if no `UInt64` holds them.
  package var encodedLength: UInt64? {
    let size = UInt64(chunkSize)
    let (full, rest) = payloadLength.quotientAndRemainder(dividingBy: size)
    let (chunks, overflows) = full.multipliedReportingOverflow(by: around(size) + size)
    guard !overflows else { return nil }
    // The last, empty chunk has no bytes and the trailers where others have their tail.
    var others = UInt64(0)
    if rest > 0 { others += around(rest) + rest }
    others += around(0)
    for trailer in trailers { others += UInt64(clamping: trailer.name.utf8.count + trailer.valueLength + 3) }
    if !trailers.isEmpty, form.signatureLength > 0 {
      others += UInt64(trailerSignatureName.utf8.count + form.signatureLength + 3)
    }
    let (total, overflowed) = chunks.addingReportingOverflow(others)
    return overflowed ? nil : total
  }

  /// The bytes around a chunk of `size`: its head and two line ends.
  private func around(_ size: UInt64) -> UInt64 {
    let signature = form.signatureLength > 0 ? ";chunk-signature=".utf8.count + form.signatureLength : 0
    return UInt64(String(size, radix: 16).utf8.count + signature + 4)
  }
}

/// The forms of `aws-chunked` by what is signed of them: the value of `X-Amz-Content-SHA256`.
package enum ChunkedForm: String, Hashable, Sendable, CaseIterable {
  case signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
  case signedWithTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
  case unsignedWithTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
  case asymmetric = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
  case asymmetricWithTrailer = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"

  /// The characters of one chunk's signature; 0: chunks are not signed. SigV4a's differ in length and are
  /// padded to the longest, so that the body's length is known beforehand.
  package var signatureLength: Int {
    switch self {
    case .signed, .signedWithTrailer: 64
    case .unsignedWithTrailer: 0
    case .asymmetric, .asymmetricWithTrailer: 144
    }
  }

  /// Whether the trailers are announced and come.
  package var hasTrailer: Bool {
    switch self {
    case .signed, .asymmetric: false
    case .signedWithTrailer, .unsignedWithTrailer, .asymmetricWithTrailer: true
    }
  }
}

/// Writes an `aws-chunked` body whose chunks are not signed, with trailers, as botocore sends it.
package func encodeChunks(_ payload: [UInt8], trailers: Headers, chunkSize: Int = 1 << 20) -> [UInt8] {
  var encoder = ChunkEncoder()
  var out: [UInt8] = []
  let step = max(1, chunkSize)
  for start in stride(from: 0, to: payload.count, by: step) {
    out += encoder.frame(payload[start..<min(payload.count, start + step)])
  }
  return out + encoder.end(trailers: trailers)
}

/// The header that carries the trailers' own signature.
let trailerSignatureName = "x-amz-trailer-signature"

/// The trailers as their signature covers them.
func signedText(of trailers: Headers) -> String {
  trailers.map { "\($0.name.lowercased()):\($0.value)\n" }.joined()
}
