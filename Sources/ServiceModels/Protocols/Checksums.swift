import Digests
import Wire

/// How the checksum of a body is made; raw values as S3 spells them.
package enum ChecksumAlgorithm: String, Hashable, Sendable, CaseIterable {
  case crc32 = "CRC32"
  case crc32c = "CRC32C"
  case crc64nvme = "CRC64NVME"
  case sha1 = "SHA1"
  case sha256 = "SHA256"

  /// The header or trailer: `x-amz-checksum-crc32`.
  package var headerName: String { "x-amz-checksum-\(rawValue.lowercased())" }

  /// The checksum of `bytes`, Base64 of its big-endian bytes.
  package func checksum(of bytes: [UInt8]) -> String {
    switch self {
    case .crc32: base64Encoded(bigEndian(Digests.crc32(bytes)))
    case .crc32c: base64Encoded(bigEndian(Digests.crc32c(bytes)))
    case .crc64nvme: base64Encoded(bigEndian(Digests.crc64nvme(bytes)))
    case .sha1: base64Encoded(Digests.sha1(bytes))
    case .sha256: base64Encoded(Digests.sha256(bytes))
    }
  }

  private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}

extension Operation {
  /// The algorithm that a request of this operation must or may carry; nil if it takes none, or if the caller gave
  /// a checksum himself. `preferred` is used where the input names none. (AWS SDKs and Tools Reference,
  /// "Data Integrity Protections": `when_supported`.)
  package func checksumAlgorithm(
    for input: Value, headers: Headers, preferred: ChecksumAlgorithm
  ) -> ChecksumAlgorithm? {
    if headers.contains(where: { isChecksumHeader($0.name) }) { return nil }
    if let member = checksumAlgorithmMember {
      return input[member]?.string.map { ChecksumAlgorithm(rawValue: $0.uppercased()) } ?? preferred
    }
    return requiresChecksum ? preferred : nil
  }

  /// The header that tells the service which algorithm was used.
  var checksumAlgorithmHeader: String? {
    checksumAlgorithmMember.flatMap { input?.member($0) }.flatMap {
      $0.location == .header ? $0.locationName : nil
    }
  }

  private func isChecksumHeader(_ name: String) -> Bool {
    let folded = name.lowercased()
    return folded.hasPrefix("x-amz-checksum-")
      && !["x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type"].contains(folded)
  }
}
