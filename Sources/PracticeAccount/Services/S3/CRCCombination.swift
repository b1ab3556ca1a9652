/// The CRC of two byte strings one after the other, from the CRC of each: appending zero bits is a linear map, and
/// its powers are squares of matrices over GF(2). So the checksum of a whole object comes from those of its parts
/// without reading a byte. (Mark Adler's method, as in zlib's `crc32_combine`.)
struct CRCCombination {
  private let bits: Int
  /// Reflected.
  private let polynomial: UInt64

  /// - Returns: nil for an algorithm that is no CRC.
  init?(_ algorithm: String) {
    switch algorithm {
    case "CRC32": (bits, polynomial) = (32, 0xEDB8_8320)
    case "CRC32C": (bits, polynomial) = (32, 0x82F6_3B78)
    case "CRC64NVME": (bits, polynomial) = (64, 0x9A6C_9329_AC4B_C9B5)
    default: return nil
    }
  }

  /// - Parameter length: the bytes that `second` was made of.
  func combined(_ first: UInt64, _ second: UInt64, length: UInt64) -> UInt64 {
    // The map of one zero bit, squared to that of a byte.
    var map = [polynomial] + (0..<(bits - 1)).map { 1 << UInt64($0) }
    for _ in 0..<3 { map = square(map) }
    var value = first
    var left = length
    while left > 0 {
      if left & 1 == 1 { value = apply(map, value) }
      left >>= 1
      if left > 0 { map = square(map) }
    }
    return value ^ second
  }

  /// Big-endian bytes, as checksums are written.
  func combined(_ first: [UInt8], _ second: [UInt8], length: UInt64) -> [UInt8] {
    func number(_ bytes: [UInt8]) -> UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
    let value = combined(number(first), number(second), length: length)
    return (0..<(bits / 8)).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }

  private func apply(_ map: [UInt64], _ vector: UInt64) -> UInt64 {
    var sum: UInt64 = 0
    for (bit, row) in map.enumerated() where vector >> UInt64(bit) & 1 == 1 { sum ^= row }
    return sum
  }

  private func square(_ map: [UInt64]) -> [UInt64] { map.map { apply(map, $0) } }
}
