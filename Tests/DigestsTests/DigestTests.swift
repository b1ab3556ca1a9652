import Digests
import Foundation
import Testing

struct DigestTests {
  /// FIPS 180-4 examples, RFC 1321 appendix A.5, and the check values of the CRC catalogues.
  @Test(
    "known answers",
    arguments: [
      (DigestAlgorithm.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      (.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
      (.md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      (.crc32, "123456789", "cbf43926"), (.crc32, "", "00000000"),
      (.crc32c, "123456789", "e3069283"),
      (.crc64nvme, "123456789", "ae8b14860a799888"), (.crc64nvme, "", "0000000000000000"),
    ])
  func knownAnswers(algorithm: DigestAlgorithm, text: String, expected: String) {
    let result = digest(algorithm, of: Array(text.utf8))
    #expect(hex(result) == expected)
    #expect(result.count == algorithm.count)
    var stream = DigestStream(algorithm)
    for byte in text.utf8 { stream.update(CollectionOfOne(byte)) }
    #expect(stream.finish() == result)
  }

  @Test("CRC of RFC 3720's test patterns")
  func patterns() {
    #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(crc32c(Array(UInt8(0)..<32)) == 0x46DD_794E)
    #expect(crc32("The quick brown fox jumps over the lazy dog".utf8) == 0x414F_A339)
  }

  /// RFC 4231, cases 1, 2, 6; an empty key as Python computes it.
  @Test(
    "HMAC with SHA-256",
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
      ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
  func hmac(key: [UInt8], message: String, expected: String) {
    #expect(hex(hmacSHA256(key: key, message)) == expected)
  }

  @Test("pieces of any size give the digest of the whole", arguments: DigestAlgorithm.allCases)
  func pieces(algorithm: DigestAlgorithm) {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let whole = digest(algorithm, of: bytes)
    for size in [1, 3, 7, 8, 9, 64, 4096] {
      var stream = DigestStream(algorithm)
      for start in stride(from: 0, to: bytes.count, by: size) {
        stream.update(bytes[start..<min(bytes.count, start + size)])
      }
      #expect(stream.finish() == whole)
    }
  }

  @Test("a copy of a stream goes on by itself, and a stream goes on after its digest")
  func copies() {
    var first = SHA256Stream()
    first.update("a".utf8)
    var second = first
    second.update("x".utf8)
    first.update("b".utf8)
    #expect(first.finish() == sha256("ab".utf8))
    #expect(second.finish() == sha256("ax".utf8))
    first.update("c".utf8)
    #expect(first.finish() == sha256("abc".utf8))
  }

  @Test("files are read in pieces, from an offset, up to a length")
  func files() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("digest-\(UUID().uuidString)")
      .path
    let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try sha256(ofFile: path) == sha256(bytes))
    #expect(try sha256(ofFile: path, offset: 10, length: 5) == sha256(bytes[10..<15]))
    #expect(try sha256(ofFile: path, offset: 699_999, length: 5) == sha256(bytes[699_999...]))
    #expect(try digest(.crc64nvme, ofFile: path) == digest(.crc64nvme, of: bytes))
  }

  @Test("a file that is not there is an error with its path")
  func missingFile() {
    let error = #expect(throws: FileDigestError.self) { try sha256(ofFile: "/nonexistent/file") }
    #expect(error?.description == "cannot read /nonexistent/file: No such file or directory")
    #expect(throws: FileDigestError.self) { try sha256(ofFile: "/") }
  }

  @Test("random bytes are of the length that was asked, and not the same twice")
  func random() {
    #expect(randomBytes(0).isEmpty)
    #expect(randomBytes(-1).isEmpty)
    #expect(randomBytes(32).count == 32)
    #expect(randomBytes(32) != randomBytes(32))
  }

  @Test("comparison in constant time is comparison")
  func comparison() {
    #expect(equalInConstantTime("abc".utf8, "abc".utf8))
    #expect(!equalInConstantTime("abc".utf8, "abd".utf8))
    #expect(!equalInConstantTime("abc".utf8, "ab".utf8))
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
