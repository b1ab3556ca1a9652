import Digests
import Wire

/// Signs the chunks of a signed stream, or checks their signatures; each is chained to the one before (S3 API
/// reference, "Signature calculations for the Authorization header: transferring payload in multiple chunks"
/// and "... with trailing headers").
package struct ChunkSigner: Sendable {
  private enum Key: Sendable {
    case hmac([UInt8])
    /// Nil where no key can be derived: everything is refused.
    case ecdsa(P256Key?)
  }

  private let key: Key
  private let algorithm: SignatureAlgorithm
  /// The lines of every string to sign that name the date and the scope.
  private let head: String
  private var previous: String

  /// The first chunk is chained to the signature of the request's headers.
  package init(secret: String, parsed: ParsedAuthorization) {
    self.init(
      accessKeyID: parsed.accessKeyID, secret: secret, scope: parsed.scope, date: parsed.date,
      seed: parsed.signature, algorithm: parsed.algorithm)
  }

  /// `seed` is the signature of the request's headers; the access key counts under SigV4a alone, and so does
  /// the scope's Region under SigV4.
  package init(
    accessKeyID: String = "", secret: String, scope: CredentialScope, date: Timestamp, seed: String,
    algorithm: SignatureAlgorithm = .hmac
  ) {
    switch algorithm {
    case .hmac: key = .hmac(signingKey(secret: secret, scope: scope))
    case .ecdsa: key = .ecdsa(asymmetricKey(accessKeyID: accessKeyID, secret: secret))
    }
    self.algorithm = algorithm
    head = "\(date.amzDate)\n\(scope)"
    previous = seed
  }

  /// The signature of the next chunk; SigV4a's are padded to the longest.
  package mutating func chunk(_ bytes: some Sequence<UInt8>) -> String {
    sign(chunkText(hash: sha256(bytes)))
  }

  /// The signature of the trailers, each as `name:value\n`.
  package mutating func trailer(_ text: String) -> String {
    sign(trailerText(text))
  }

  /// Whether `given` signs the next chunk, whose SHA-256 is `hash`.
  mutating func accepts(_ given: String?, chunkHash hash: [UInt8]) -> Bool {
    accepts(given, of: chunkText(hash: hash))
  }

  /// Whether `given` signs the trailers.
  mutating func accepts(_ given: String?, trailer text: String) -> Bool {
    accepts(given, of: trailerText(text))
  }

  private func chunkText(hash: [UInt8]) -> String {
    "\(algorithm.rawValue)-PAYLOAD\n\(head)\n\(previous)\n\(emptyHash)\n\(hexEncoded(hash))"
  }

  private func trailerText(_ text: String) -> String {
    "\(algorithm.rawValue)-TRAILER\n\(head)\n\(previous)\n\(hexEncoded(sha256(text.utf8)))"
  }

  private mutating func sign(_ text: String) -> String {
    switch key {
    case .hmac(let key):
      previous = hexEncoded(hmacSHA256(key: key, text))
      return previous
    case .ecdsa(let key):
      previous = hexEncoded(key?.signature(of: Array(text.utf8)) ?? [])
      let padding = ChunkedForm.asymmetric.signatureLength - previous.utf8.count
      return previous + String(repeating: "*", count: max(0, padding))
    }
  }

  private mutating func accepts(_ given: String?, of text: String) -> Bool {
    guard let given else { return false }
    switch key {
    case .hmac:
      return equalInConstantTime(given.utf8, sign(text).utf8)
    case .ecdsa(let key):
      // The padding is no part of the signature that the next one is chained to.
      previous = String(given.prefix { $0 != "*" })
      guard let key, let signature = hexDecoded(previous) else { return false }
      return key.verifies(signature, of: Array(text.utf8))
    }
  }
}

/// SHA-256 of nothing.
private let emptyHash = hexEncoded(sha256([]))
