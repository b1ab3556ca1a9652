import Digests
import Testing

/// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 16 (AES-256).
private let cases: [(key: String, nonce: String, text: String, associated: String, sealed: String)] = [
  (
    String(repeating: "0", count: 64), String(repeating: "0", count: 24), "", "",
    "530f8afbc74536b9a963b4f1c4cb738b"
  ),
  (
    String(repeating: "0", count: 64), String(repeating: "0", count: 24), String(repeating: "0", count: 32),
    "",
    "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
  ),
  (
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
      + "b16aedf5aa0de657ba637b39",
    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
      + "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
  ),
]

struct AESTests {
  @Test("known answers, both ways")
  func knownAnswers() throws {
    for row in cases {
      let (key, nonce, associated) = (bytes(row.key), bytes(row.nonce), bytes(row.associated))
      let sealed = try sealAES256GCM(bytes(row.text), key: key, nonce: nonce, associated: associated)
      #expect(sealed == bytes(row.sealed))
      #expect(try openAES256GCM(sealed, key: key, nonce: nonce, associated: associated) == bytes(row.text))
    }
  }

  @Test("any change is found")
  func tampered() throws {
    let key = [UInt8](repeating: 1, count: 32)
    let nonce = [UInt8](repeating: 2, count: 12)
    let sealed = try sealAES256GCM([1, 2, 3], key: key, nonce: nonce, associated: [4])
    for i in sealed.indices {
      var other = sealed
      other[i] ^= 0x80
      #expect(throws: SealError.notAuthentic) {
        try openAES256GCM(other, key: key, nonce: nonce, associated: [4])
      }
    }
    #expect(throws: SealError.notAuthentic) {
      try openAES256GCM(sealed, key: key, nonce: nonce, associated: [5])
    }
    #expect(throws: SealError.notAuthentic) { try openAES256GCM(sealed, key: key, nonce: nonce) }
    #expect(throws: SealError.notAuthentic) { try openAES256GCM([1, 2], key: key, nonce: nonce) }
  }

  @Test("wrong sizes are told")
  func sizes() {
    #expect(throws: SealError.wrongSize(what: "key", expected: 32, found: 16)) {
      try sealAES256GCM([], key: [UInt8](repeating: 0, count: 16), nonce: [UInt8](repeating: 0, count: 12))
    }
    #expect(throws: SealError.wrongSize(what: "nonce", expected: 12, found: 0)) {
      try openAES256GCM([], key: [UInt8](repeating: 0, count: 32), nonce: [])
    }
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
