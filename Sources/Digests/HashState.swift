import CCrypto

/// The running state of one of libcrypto's hashes.
///
/// `@unchecked Sendable`: it holds a C pointer. `DigestStream` copies the state before it changes one that
/// somebody else can see, and `copy` and `finish` on a copy only read the shared one.
final class HashState: @unchecked Sendable {
  private let context: OpaquePointer

  init(_ algorithm: DigestAlgorithm) {
    let type =
      switch algorithm {
      case .md5: EVP_md5()
      case .sha1: EVP_sha1()
      default: EVP_sha256()
      }
    context = Self.newContext()
    Self.check(EVP_DigestInit_ex(context, type, nil))
  }

  private init(copying other: HashState) {
    context = Self.newContext()
    Self.check(EVP_MD_CTX_copy_ex(context, other.context))
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  func copy() -> HashState {
    HashState(copying: self)
  }

  func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    Self.check(EVP_DigestUpdate(context, start, bytes.count))
  }

  /// Ends the computation; the state is of no use after it.
  func finish() -> [UInt8] {
    var count: UInt32 = 0
    var out = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    Self.check(EVP_DigestFinal_ex(context, &out, &count))
    return Array(out.prefix(Int(count)))
  }

  private static func newContext() -> OpaquePointer {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("libcrypto: no memory for a hash") }
    return context
  }

  private static func check(_ status: Int32) {
    precondition(status == 1, "libcrypto cannot hash; is its configuration broken?")
  }
}

/// HMAC with SHA-256 (RFC 2104), 32 bytes.
package func hmacSHA256(key: [UInt8], _ message: some Sequence<UInt8>) -> [UInt8] {
  let message = Array(message)
  var out = [UInt8](repeating: 0, count: 32)
  var count: UInt32 = 0
  // An empty key has no address, and HMAC takes a null key for "the key of before".
  let keyBytes = key.isEmpty ? [0] : key
  let result = HMAC(
    EVP_sha256(), keyBytes, Int32(clamping: key.count), message, message.count, &out, &count)
  precondition(result != nil && count == 32, "libcrypto cannot compute an HMAC; is its configuration broken?")
  return out
}

/// HMAC with SHA-256 of a text's UTF-8 bytes, 32 bytes.
package func hmacSHA256(key: [UInt8], _ message: String) -> [UInt8] {
  hmacSHA256(key: key, message.utf8)
}

/// `count` bytes from libcrypto's random generator, which the kernel seeds; fit for keys.
package func randomBytes(_ count: Int) -> [UInt8] {
  guard count > 0 else { return [] }
  var out = [UInt8](repeating: 0, count: count)
  precondition(RAND_bytes(&out, Int32(clamping: count)) == 1, "libcrypto has no random bytes")
  return out
}
