import CCrypto

extension CRC.Polynomial {
  /// Whether the processor can fold; tables do the rest, and everything elsewhere.
  static let folds = ccrypto_crc_can_fold() != 0

  /// The factors that carry 128 bits over a distance of 64 bytes and of 16: x^n modulo the polynomial for
  /// n = 575, 511, 191 and 127, reflected. A product of reflected factors is one place too low, hence the odd
  /// exponents.
  static func foldingKeys(_ polynomial: UInt64, width: UInt64) -> [UInt64] {
    [575, 511, 191, 127].map { exponent in
      var power = UInt64(1) << (width - 1)
      for _ in 0..<exponent { power = power & 1 == 1 ? power >> 1 ^ polynomial : power >> 1 }
      return power << (64 - width)
    }
  }

  /// Moves the register over as many of the bytes as can be folded; returns how many those are.
  func fold(_ bytes: UnsafeRawBufferPointer, _ register: inout UInt64) -> Int {
    let count = bytes.count & ~63
    guard Self.folds, count >= 128, let base = bytes.baseAddress else { return 0 }
    var folded: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &folded) { target in
      guard let target = target.baseAddress else { return }
      ccrypto_crc_fold(
        base.assumingMemoryBound(to: UInt8.self), count, register, keys,
        target.assumingMemoryBound(to: UInt8.self))
    }
    // What is left has the remainder of all that was folded.
    register = 0
    withUnsafeBytes(of: folded) { register = advanced(0, over: $0) }
    return count
  }
}
