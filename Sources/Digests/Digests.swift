// Digests: hashes, keyed hashes, checksums and random bytes.
//
// SHA-256, SHA-1, MD5, HMAC and AES-256-GCM come from OpenSSL's libcrypto through its EVP
// interface; the three CRCs that S3 knows are tables of our own, as libcrypto has none.
//
// Decisions:
// - Bytes in, bytes out. How a digest is written (hexadecimal, Base64) is Wire's
//   business, what it means is the caller's.
// - SHA-1 and MD5 are here because AWS protocols carry them (ETag, Content-MD5,
//   x-amz-checksum-sha1), never to decide whether something may be trusted.
// - libcrypto that cannot hash has no memory or is broken: that is no outside data
//   and no caller could go on, so it stops the program with a sentence.
// - Refuses to read anything but the one file it is given; no Foundation.

/// The digests and checksums that AWS protocols name.
package enum DigestAlgorithm: Hashable, Sendable, CaseIterable {
  case md5, sha1, sha256, crc32, crc32c, crc64nvme

  /// The length of a result in bytes.
  package var count: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    case .crc32, .crc32c: 4
    case .crc64nvme: 8
    }
  }
}

/// SHA-256 of the bytes (FIPS 180-4), 32 bytes.
package func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  // One context serves all short texts; a long one must not keep the others waiting.
  let short = 1 << 16
  let result = bytes.withContiguousStorageIfAvailable { bytes in
    bytes.count <= short ? sha256OneShot(UnsafeRawBufferPointer(bytes)) : nil
  }
  return (result ?? nil) ?? digest(.sha256, of: bytes)
}

/// SHA-1 of the bytes (FIPS 180-4), 20 bytes. For protocols that carry it; not for trust.
package func sha1(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  digest(.sha1, of: bytes)
}

/// MD5 of the bytes (RFC 1321), 16 bytes. For protocols that carry it; not for trust.
package func md5(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  digest(.md5, of: bytes)
}

/// The digest of the bytes; a CRC comes most significant byte first, as S3's
/// `x-amz-checksum-*` headers carry it.
package func digest(_ algorithm: DigestAlgorithm, of bytes: some Sequence<UInt8>) -> [UInt8] {
  var stream = DigestStream(algorithm)
  stream.update(bytes)
  return stream.finish()
}

/// Whether both are the same bytes, in a time that depends on the lengths alone.
package func equalInConstantTime(_ a: some Sequence<UInt8>, _ b: some Sequence<UInt8>) -> Bool {
  let a = Array(a)
  let b = Array(b)
  guard a.count == b.count else { return false }
  var difference: UInt8 = 0
  for (left, right) in zip(a, b) { difference |= left ^ right }
  return difference == 0
}
