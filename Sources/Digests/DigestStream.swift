/// A digest of bytes that come in pieces. A value: a copy goes on by itself.
package struct DigestStream: Sendable {
  package let algorithm: DigestAlgorithm
  private var hash: HashState?
  private var crc: CRC

  package init(_ algorithm: DigestAlgorithm) {
    self.algorithm = algorithm
    switch algorithm {
    case .md5, .sha1, .sha256:
      hash = HashState(algorithm)
      crc = CRC(.crc32)
    case .crc32: crc = CRC(.crc32)
    case .crc32c: crc = CRC(.crc32c)
    case .crc64nvme: crc = CRC(.crc64nvme)
    }
  }

  /// Adds bytes.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  /// Adds bytes that somebody else keeps.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard hash != nil else {
      crc.update(bytes)
      return
    }
    if !isKnownUniquelyReferenced(&hash) { hash = hash?.copy() }
    hash?.update(bytes)
  }

  /// The digest of all bytes so far; more may still be added after it.
  package func finish() -> [UInt8] {
    if let hash { return hash.copy().finish() }
    let value = crc.value
    return (0..<algorithm.count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }
}

/// SHA-256 of bytes that come in pieces. A value: a copy goes on by itself.
package struct SHA256Stream: Sendable {
  private var stream = DigestStream(.sha256)

  package init() {}

  /// Adds bytes.
  package mutating func update(_ bytes: some Sequence<UInt8>) { stream.update(bytes) }

  /// Adds bytes that somebody else keeps.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) { stream.update(bytes) }

  /// SHA-256 of all bytes so far; more may still be added after it.
  package func finish() -> [UInt8] { stream.finish() }
}
