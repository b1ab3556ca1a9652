import Testing

@testable import Digests

@Suite struct FoldingTests {
  /// Bytes without a pattern, the same each time.
  private let bytes: [UInt8] = {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<5000).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }()

  private static let polynomials = [CRC.Polynomial.crc32, .crc32c, .crc64nvme]

  @Test(arguments: polynomials.indices)
  func `Folding gives what the table gives, at every length and offset`(_ index: Int) {
    let polynomial = FoldingTests.polynomials[index]
    bytes.withUnsafeBytes { all in
      for length in Array(0..<700) + [1024, 4096, 4999] {
        let piece = UnsafeRawBufferPointer(rebasing: all[(length % 2)..<(length % 2 + length)])
        let table = polynomial.advanced(polynomial.mask, over: piece) ^ polynomial.mask
        var folding = CRC(polynomial)
        folding.update(piece)
        #expect(folding.value == table)
        var pieces = CRC(polynomial)
        pieces.update(UnsafeRawBufferPointer(rebasing: piece[..<(length / 3)]))
        pieces.update(UnsafeRawBufferPointer(rebasing: piece[(length / 3)...]))
        #expect(pieces.value == table)
      }
    }
  }
}
