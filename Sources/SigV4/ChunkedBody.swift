import Digests
import Wire

/// What `aws-chunked` carried.
package struct ChunkedPayload: Hashable, Sendable {
  package var bytes: [UInt8]
  /// What follows the last chunk, without `x-amz-trailer-signature`.
  package var trailers: Headers

  package init(bytes: [UInt8], trailers: Headers) {
    self.bytes = bytes
    self.trailers = trailers
  }
}

/// Why a body is no `aws-chunked` one.
package struct ChunkError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Rule: Hashable, Sendable {
    /// The body ends too early.
    case truncated
    case malformed
    /// A chunk or the trailers are not signed by whoever signed the request.
    case mismatch
  }

  package var rule: Rule
  package var message: String
  /// The byte where it begins.
  package var offset: Int

  package var description: String { "\(message) (byte \(offset))" }
}

/// What the chunks of a signed stream are verified with.
package struct ChunkSigner: Sendable {
  private let key: [UInt8]
  private let head: String
  private(set) var previous: String

  /// The first chunk is chained to the signature of the request's headers.
  package init(secret: String, parsed: ParsedAuthorization) {
    self.init(secret: secret, scope: parsed.scope, date: parsed.date, seed: parsed.signature)
  }

  package init(secret: String, scope: CredentialScope, date: Timestamp, seed: String) {
    key = signingKey(secret: secret, scope: scope)
    head = "\(date.amzDate)\n\(scope)"
    previous = seed
  }

  /// The signature of the next chunk (S3 API reference, "Transferring payload in multiple chunks").
  package mutating func chunk(_ bytes: some Sequence<UInt8>) -> String {
    let hashes = "\(hexEncoded(sha256([])))\n\(hexEncoded(sha256(bytes)))"
    return next("\(signatureAlgorithm)-PAYLOAD\n\(head)\n\(previous)\n\(hashes)")
  }

  /// The signature of the trailers, each as `name:value\n`.
  package mutating func trailer(_ text: String) -> String {
    next("\(signatureAlgorithm)-TRAILER\n\(head)\n\(previous)\n\(hexEncoded(sha256(text.utf8)))")
  }

  private mutating func next(_ text: String) -> String {
    previous = hexEncoded(hmacSHA256(key: key, text))
    return previous
  }
}

/// Reads an `aws-chunked` body: `STREAMING-UNSIGNED-PAYLOAD-TRAILER` without a signer,
/// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` and `...-TRAILER` with one, which checks every chunk.
///
/// - Throws: `ChunkError` for a body that is cut off, malformed, or not signed by the signer's key.
package func decodeChunks(_ body: [UInt8], signer: ChunkSigner? = nil) throws(ChunkError) -> ChunkedPayload {
  var reader = ChunkReader(bytes: body[...], signer: signer)
  return try reader.payload()
}

/// Writes an `aws-chunked` body whose chunks are not signed, with trailers, as botocore sends it.
package func encodeChunks(_ payload: [UInt8], trailers: Headers, chunkSize: Int = 1 << 20) -> [UInt8] {
  var out: [UInt8] = []
  let step = max(1, chunkSize)
  for start in stride(from: 0, to: payload.count, by: step) {
    let chunk = payload[start..<min(payload.count, start + step)]
    out += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
  }
  out += Array("0\r\n".utf8)
  for field in trailers { out += Array("\(field.name):\(field.value)\r\n".utf8) }
  return out + [0x0D, 0x0A]
}

private struct ChunkReader {
  var bytes: ArraySlice<UInt8>
  var signer: ChunkSigner?

  mutating func payload() throws(ChunkError) -> ChunkedPayload {
    var payload: [UInt8] = []
    while true {
      let start = bytes.startIndex
      let (size, signature) = try chunkHead()
      guard bytes.count >= size else { throw truncated() }
      let chunk = bytes.prefix(size)
      bytes = bytes.dropFirst(size)
      try check(signature, start) { $0.chunk(chunk) }
      if size == 0 { break }
      payload += chunk
      guard bytes.starts(with: [0x0D, 0x0A]) else {
        throw bytes.count < 2 ? truncated() : malformed("a chunk is longer than it says")
      }
      bytes = bytes.dropFirst(2)
    }
    return ChunkedPayload(bytes: payload, trailers: try trailers())
  }

  /// `400;chunk-signature=ad80...`
  private mutating func chunkHead() throws(ChunkError) -> (Int, String?) {
    let start = bytes.startIndex
    guard let line = try line() else { throw truncated() }
    let parts = line.split(separator: ";")
    guard let size = parts.first, size.utf8.count <= 15, let count = Int(size, radix: 16), count >= 0,
      size.utf8.first != 0x2B, size.utf8.first != 0x2D
    else { throw ChunkError(rule: .malformed, message: "\"\(line)\" is no size of a chunk", offset: start) }
    let signature = parts.dropFirst().first { $0.hasPrefix("chunk-signature=") }
    return (count, signature.map { String($0.dropFirst("chunk-signature=".count)) })
  }

  private mutating func trailers() throws(ChunkError) -> Headers {
    var headers = Headers()
    var signed = ""
    var signature: String?
    let start = bytes.startIndex
    while let line = try line() {
      if line.isEmpty { continue }
      guard let colon = line.firstIndex(of: ":") else { throw malformed("\"\(line)\" is no trailer") }
      let name = String(line[..<colon])
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      if name.lowercased() == "x-amz-trailer-signature" {
        signature = String(value)
      } else {
        headers.add(name, String(value))
        signed += "\(name.lowercased()):\(value)\n"
      }
    }
    if !headers.fields.isEmpty { try check(signature, start) { $0.trailer(signed) } }
    return headers
  }

  private mutating func check(
    _ given: String?, _ offset: Int, _ expected: (inout ChunkSigner) -> String
  ) throws(ChunkError) {
    guard var signer else { return }
    let wanted = expected(&signer)
    self.signer = signer
    guard let given, equalInConstantTime(given.utf8, wanted.utf8) else {
      throw ChunkError(rule: .mismatch, message: "the signature of a chunk does not match", offset: offset)
    }
  }

  /// The next line without its end (CR LF; AWS's own examples end trailers with LF alone), nil at the end.
  private mutating func line() throws(ChunkError) -> String? {
    guard !bytes.isEmpty else { return nil }
    let longest = 16_384
    guard let end = bytes.prefix(longest).firstIndex(of: 0x0A) else {
      throw bytes.count < longest ? truncated() : malformed("a line is too long")
    }
    var line = bytes[..<end]
    if line.last == 0x0D { line = line.dropLast() }
    bytes = bytes[(end + 1)...]
    return String(decoding: line, as: UTF8.self)
  }

  private func truncated() -> ChunkError {
    ChunkError(rule: .truncated, message: "the body ends before its last chunk", offset: bytes.endIndex)
  }

  private func malformed(_ message: String) -> ChunkError {
    ChunkError(rule: .malformed, message: message, offset: bytes.startIndex)
  }
}
