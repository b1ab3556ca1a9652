import Digests
import Wire

/// Signs the chunks of a signed stream, or tells what their signatures must be; each is chained to the one
/// before (S3 API reference, "Signature calculations for the Authorization header: transferring payload in
/// multiple chunks" and "... with trailing headers").
package struct ChunkSigner: Sendable {
  private let key: [UInt8]
  private let head: String
  private(set) var previous: String

  /// The first chunk is chained to the signature of the request's headers.
  package init(secret: String, parsed: ParsedAuthorization) {
    self.init(secret: secret, scope: parsed.scope, date: parsed.date, seed: parsed.signature)
  }

  /// `seed` is the signature of the request's headers.
  package init(secret: String, scope: CredentialScope, date: Timestamp, seed: String) {
    key = signingKey(secret: secret, scope: scope)
    head = "\(date.amzDate)\n\(scope)"
    previous = seed
  }

  /// The signature of the next chunk.
  package mutating func chunk(_ bytes: some Sequence<UInt8>) -> String {
    chunk(hash: sha256(bytes))
  }

  /// The signature of the next chunk, whose SHA-256 is known.
  package mutating func chunk(hash: [UInt8]) -> String {
    next("\(signatureAlgorithm)-PAYLOAD\n\(head)\n\(previous)\n\(emptyHash)\n\(hexEncoded(hash))")
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

/// SHA-256 of nothing.
let emptyHash = hexEncoded(sha256([]))
