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

/// Reads an `aws-chunked` body: `STREAMING-UNSIGNED-PAYLOAD-TRAILER` without a signer,
/// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` and the like with one, which checks every chunk.
///
/// - Throws: `ChunkError` for a body that is cut off, malformed, or not signed by the signer's key.
package func decodeChunks(_ body: [UInt8], signer: ChunkSigner? = nil) throws(ChunkError) -> ChunkedPayload {
  var decoder = ChunkDecoder(signer: signer)
  let bytes = try decoder.decode(body)
  return ChunkedPayload(bytes: bytes, trailers: try decoder.finish())
}

/// Reads an `aws-chunked` body piece by piece, in constant memory, wherever the pieces are cut.
///
/// A chunk's bytes are given out as they come and are only then compared with its signature: what was decoded
/// is to be believed when `finish` has returned, and to be thrown away when anything has thrown.
package struct ChunkDecoder: Sendable {
  private var signer: ChunkSigner?
  private var state = State.head
  /// The bytes of a line that has not ended yet.
  private var line: [UInt8] = []
  private var offset = 0
  private var hash = SHA256Stream()
  /// The signature that the chunk's head names.
  private var signature: String?
  private var chunkStart = 0
  private var trailers = Headers()
  private var trailerSignature: String?

  private enum State: Hashable {
    case head
    /// So many bytes of the chunk are still to come.
    case bytes(Int)
    /// The line end behind a chunk.
    case tail
    /// Behind the last chunk: trailers until the end.
    case trailers
  }

  package init(signer: ChunkSigner? = nil) {
    self.signer = signer
  }

  /// What the next piece of the body carries.
  package mutating func decode(_ piece: some Collection<UInt8>) throws(ChunkError) -> [UInt8] {
    var rest = Array(piece)[...]
    var out: [UInt8] = []
    while !rest.isEmpty {
      switch state {
      case .bytes(let left):
        let part = rest.prefix(left)
        if signer != nil { hash.update(part) }
        out += part
        drop(part.count, from: &rest)
        if part.count < left {
          state = .bytes(left - part.count)
        } else {
          try endChunk()
          state = .tail
        }
      case .tail:
        guard rest.first == ChunkEncoder.tail[line.count] else {
          throw malformed("a chunk is longer than it says")
        }
        line.append(ChunkEncoder.tail[line.count])
        drop(1, from: &rest)
        if line.count == ChunkEncoder.tail.count {
          line = []
          state = .head
        }
      case .head:
        if let text = try nextLine(&rest) { try begin(text) }
      case .trailers:
        if let text = try nextLine(&rest) { try trailer(text) }
      }
    }
    return out
  }

  /// The trailers, after the last piece.
  package mutating func finish() throws(ChunkError) -> Headers {
    guard state == .trailers, line.isEmpty else {
      throw ChunkError(rule: .truncated, message: "the body ends before its last chunk", offset: offset)
    }
    if !trailers.fields.isEmpty, signer != nil {
      try check(signer?.accepts(trailerSignature, trailer: signedText(of: trailers)))
    }
    return trailers
  }

  private mutating func drop(_ count: Int, from rest: inout ArraySlice<UInt8>) {
    rest = rest.dropFirst(count)
    offset += count
  }

  /// `400;chunk-signature=ad80...`
  private mutating func begin(_ text: String) throws(ChunkError) {
    let parts = text.split(separator: ";")
    guard let size = parts.first, size.utf8.count <= 15, size.utf8.allSatisfy(isHexDigit),
      let count = Int(size, radix: 16)
    else {
      throw ChunkError(rule: .malformed, message: "\"\(text)\" is no size of a chunk", offset: chunkStart)
    }
    let name = "chunk-signature="
    signature = parts.dropFirst().first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.utf8.count)) }
    if count > 0 {
      state = .bytes(count)
    } else {
      try endChunk()
      state = .trailers
    }
  }

  private mutating func endChunk() throws(ChunkError) {
    guard signer != nil else { return }
    try check(signer?.accepts(signature, chunkHash: hash.finish()))
    hash = SHA256Stream()
  }

  private mutating func trailer(_ text: String) throws(ChunkError) {
    if text.isEmpty { return }
    guard let colon = text.firstIndex(of: ":") else { throw malformed("\"\(text)\" is no trailer") }
    guard trailers.fields.count < 100 else { throw malformed("there are too many trailers") }
    let name = String(text[..<colon])
    let value = String(text[text.index(after: colon)...].drop { $0 == " " })
    if name.lowercased() == trailerSignatureName {
      trailerSignature = value
    } else {
      trailers.add(name, value)
    }
  }

  private func check(_ isSigned: Bool?) throws(ChunkError) {
    guard isSigned == true else {
      throw ChunkError(
        rule: .mismatch, message: "the signature of a chunk does not match", offset: chunkStart)
    }
  }

  /// The line that ends in this piece, without its end (CR LF; AWS's own examples end trailers with LF alone);
  /// nil if it goes on in the next.
  private mutating func nextLine(_ rest: inout ArraySlice<UInt8>) throws(ChunkError) -> String? {
    if line.isEmpty { chunkStart = offset }
    let longest = 16_384
    let end = rest.firstIndex(of: 0x0A)
    let part = rest[..<(end ?? rest.endIndex)]
    guard line.count + part.count < longest else { throw malformed("a line is too long") }
    line += part
    drop(part.count + (end == nil ? 0 : 1), from: &rest)
    guard end != nil else { return nil }
    if line.last == 0x0D { line.removeLast() }
    defer { line = [] }
    return String(decoding: line, as: UTF8.self)
  }

  private func malformed(_ message: String) -> ChunkError {
    ChunkError(rule: .malformed, message: message, offset: offset)
  }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
  default: false
  }
}
