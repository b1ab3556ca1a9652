/// CRC-32 as in ISO-HDLC, zip and `x-amz-checksum-crc32`.
package func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  UInt32(truncatingIfNeeded: CRC.value(.crc32, of: bytes))
}

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), `x-amz-checksum-crc32c`.
package func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
  UInt32(truncatingIfNeeded: CRC.value(.crc32c, of: bytes))
}

/// CRC-64/NVME (NVM Express NVM command set, section 5.2.1.3.4), `x-amz-checksum-crc64nvme`.
package func crc64nvme(_ bytes: some Sequence<UInt8>) -> UInt64 {
  CRC.value(.crc64nvme, of: bytes)
}

/// A running CRC, bits reflected, the register starting and ending inverted: all three that AWS uses are of
/// that kind and differ in polynomial and width alone.
struct CRC: Sendable {
  /// The polynomials, reflected, with the tables that move the register eight bytes at once.
  final class Polynomial: Sendable {
    static let crc32 = Polynomial(0xEDB8_8320, width: 32)
    static let crc32c = Polynomial(0x82F6_3B78, width: 32)
    static let crc64nvme = Polynomial(0x9A6C_9329_AC4B_C9B5, width: 64)

    /// `table[k * 256 + b]` is byte `b` followed by `k` zero bytes.
    let table: [UInt64]
    let mask: UInt64
    /// For `fold`.
    let keys: [UInt64]

    init(_ polynomial: UInt64, width: UInt64) {
      mask = width == 64 ? .max : (1 << width) - 1
      keys = Polynomial.foldingKeys(polynomial, width: width)
      var table: [UInt64] = []
      for byte in UInt64(0)..<256 {
        table.append(
          (0..<8).reduce(byte) { value, _ in value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 })
      }
      for k in 1..<8 {
        for byte in 0..<256 {
          let before = table[(k - 1) * 256 + byte]
          table.append(before >> 8 ^ table[Int(before & 0xFF)])
        }
      }
      self.table = table
    }
  }

  private let polynomial: Polynomial
  private var register: UInt64

  init(_ polynomial: Polynomial) {
    self.polynomial = polynomial
    register = polynomial.mask
  }

  var value: UInt64 { register ^ polynomial.mask }

  static func value(_ polynomial: Polynomial, of bytes: some Sequence<UInt8>) -> UInt64 {
    var crc = CRC(polynomial)
    if bytes.withContiguousStorageIfAvailable({ crc.update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { crc.update($0) }
    }
    return crc.value
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let folded = polynomial.fold(bytes, &register)
    register = polynomial.advanced(register, over: UnsafeRawBufferPointer(rebasing: bytes[folded...]))
  }
}

extension CRC.Polynomial {
  /// The register after the bytes, by table.
  func advanced(_ register: UInt64, over bytes: UnsafeRawBufferPointer) -> UInt64 {
    var crc = register
    table.withUnsafeBufferPointer { table in
      var i = 0
      while bytes.count - i >= 8 {
        crc ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        var next: UInt64 = 0
        for k in 0..<8 {
          next ^= table[(7 - k) * 256 + Int(crc >> UInt64(k * 8) & 0xFF)]
        }
        crc = next
        i += 8
      }
      while i < bytes.count {
        crc = crc >> 8 ^ table[Int((crc ^ UInt64(bytes[i])) & 0xFF)]
        i += 1
      }
    }
    return crc
  }
}
