import CCrypto
import Synchronization

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

/// What one-shot hashes and HMACs are computed with: contexts that libcrypto has set up once, as fetching an
/// algorithm and making a context cost more than hashing a short text.
///
/// `@unchecked Sendable`: it holds C pointers, which are used under the lock alone.
private final class OneShot: @unchecked Sendable {
  static let shared = OneShot()

  private let lock = Mutex<Void>(())
  private let sha256: OpaquePointer
  private let hash: OpaquePointer
  private let mac: OpaquePointer

  private init() {
    guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil), let hash = EVP_MD_CTX_new(),
      let hmac = EVP_MAC_fetch(nil, "HMAC", nil), let mac = EVP_MAC_CTX_new(hmac)
    else { preconditionFailure("libcrypto has no SHA-256; is its configuration broken?") }
    EVP_MAC_free(hmac)
    sha256 = algorithm
    self.hash = hash
    self.mac = mac
    // The parameters are read during the call only.
    var name = Array("SHA256".utf8CString)
    let status = name.withUnsafeMutableBufferPointer { name in
      let parameters = [
        OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0), OSSL_PARAM_construct_end(),
      ]
      return EVP_MAC_CTX_set_params(mac, parameters)
    }
    precondition(status == 1, "libcrypto cannot compute an HMAC; is its configuration broken?")
  }

  func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { out, count in
      let isDone = lock.withLock { _ in
        EVP_DigestInit_ex2(hash, sha256, nil) == 1
          && (bytes.isEmpty || EVP_DigestUpdate(hash, bytes.baseAddress, bytes.count) == 1)
          && EVP_DigestFinal_ex(hash, out.baseAddress, nil) == 1
      }
      precondition(isDone, "libcrypto cannot hash; is its configuration broken?")
      count = 32
    }
  }

  func hmac(_ key: UnsafeBufferPointer<UInt8>, _ message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    // A null key means "the key of before": an empty one needs an address.
    let nothing: [UInt8] = [0]
    return [UInt8](unsafeUninitializedCapacity: 32) { out, count in
      let isDone = lock.withLock { _ in
        nothing.withUnsafeBufferPointer { nothing in
          EVP_MAC_init(mac, key.isEmpty ? nothing.baseAddress : key.baseAddress, key.count, nil) == 1
            && (message.isEmpty || EVP_MAC_update(mac, message.baseAddress, message.count) == 1)
            && EVP_MAC_final(mac, out.baseAddress, &count, 32) == 1
        }
      }
      precondition(isDone && count == 32, "libcrypto cannot compute an HMAC; is its configuration broken?")
    }
  }
}

/// SHA-256 of bytes that lie together.
func sha256OneShot(_ bytes: UnsafeRawBufferPointer) -> [UInt8] { OneShot.shared.sha256(bytes) }

/// HMAC with SHA-256 (RFC 2104), 32 bytes.
package func hmacSHA256(key: [UInt8], _ message: some Sequence<UInt8>) -> [UInt8] {
  key.withUnsafeBufferPointer { key in
    message.withContiguousStorageIfAvailable { OneShot.shared.hmac(key, $0) }
      ?? Array(message).withUnsafeBufferPointer { OneShot.shared.hmac(key, $0) }
  }
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
