import Digests
import Wire

/// The two algorithms of Signature Version 4.
package enum SignatureAlgorithm: String, Hashable, Sendable {
  /// SigV4: a keyed hash, good for one Region.
  case hmac = "AWS4-HMAC-SHA256"
  /// SigV4a: ECDSA on the curve P-256, good for a set of Regions, which a header or parameter names.
  case ecdsa = "AWS4-ECDSA-P256-SHA256"
}

/// The key pair that signs for an access key under SigV4a: a key derivation function in counter mode
/// (NIST SP 800-108, HMAC-SHA256) gives candidates until one is a private key of the curve.
package func asymmetricKey(accessKeyID: String, secret: String) -> P256Key? {
  // What a candidate may be at most: the order of the curve less two, as the private key is one more.
  let longest = orderMinusTwo
  let key = Array("AWS4A\(secret)".utf8)
  let label = Array(SignatureAlgorithm.ecdsa.rawValue.utf8)
  for counter in UInt8(1)...254 {
    var input: [UInt8] = [0, 0, 0, 1]
    input += label
    input.append(0)
    input += Array(accessKeyID.utf8)
    input.append(counter)
    input += [0, 0, 1, 0]
    let candidate = hmacSHA256(key: key, input)
    guard !isGreater(candidate, than: longest) else { continue }
    return P256Key(privateKey: plusOne(candidate))
  }
  // Each round fails once in 2^32 times: nobody has such a key.
  return nil
}

/// The signature of a string to sign under SigV4a: the lower-case hexadecimal of DER, different each time.
func asymmetricSignature(of text: String, with credentials: Credentials) -> String {
  let key = asymmetricKey(accessKeyID: credentials.accessKeyID, secret: credentials.secretAccessKey)
  return hexEncoded(key?.signature(of: Array(text.utf8)) ?? [])
}

/// n - 2 for the order n of P-256 (FIPS 186-5; SP 800-186, section 3.2.1.3).
private let orderMinusTwo: [UInt8] = [
  0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
  0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x4F,
]

/// Compares numbers of the same length, most significant byte first, in a time that their bytes do not tell.
func isGreater(_ a: [UInt8], than b: [UInt8]) -> Bool {
  var greater: UInt16 = 0
  var equal: UInt16 = 1
  for (left, right) in zip(a, b) {
    let isGreater = (UInt16(right) &- UInt16(left)) >> 15
    let isDifferent = ((UInt16(left) ^ UInt16(right)) &+ 0xFF) >> 8
    greater |= equal & isGreater
    equal &= 1 ^ isDifferent
  }
  return greater == 1
}

/// One more, in a time that the bytes do not tell; the carry out of the first byte is lost.
func plusOne(_ number: [UInt8]) -> [UInt8] {
  var out = number
  var carry: UInt16 = 1
  for i in out.indices.reversed() {
    let sum = UInt16(out[i]) + carry
    out[i] = UInt8(truncatingIfNeeded: sum)
    carry = sum >> 8
  }
  return out
}

/// The bytes of hexadecimal text of either case; nil if it is none.
func hexDecoded(_ text: String) -> [UInt8]? {
  var digits: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39: digits.append(byte - 0x30)
    case 0x41...0x46: digits.append(byte - 0x41 + 10)
    case 0x61...0x66: digits.append(byte - 0x61 + 10)
    default: return nil
    }
  }
  guard digits.count.isMultiple(of: 2) else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
