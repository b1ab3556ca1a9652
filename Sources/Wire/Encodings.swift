/// Percent-encoding as SigV4 and S3 want it: every byte but RFC 3986's unreserved ones becomes `%XX`,
/// upper case. `keepingSlash` leaves `/` as it is (paths).
package func percentEncoded(_ text: String, keepingSlash: Bool = false) -> String {
  var out: [UInt8] = []
  out.reserveCapacity(text.utf8.count)
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
    case 0x2F where keepingSlash: out.append(byte)
    default: out += [0x25, upperHex[Int(byte >> 4)], upperHex[Int(byte & 15)]]
    }
  }
  return String(decoding: out, as: UTF8.self)
}

/// Undoes percent-encoding. A `%` that two hexadecimal digits do not follow stays as it is;
/// `plusIsSpace` is for HTML forms. Bytes that are not UTF-8 are replaced (U+FFFD).
package func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
  let bytes = Array(text.utf8)
  var out: [UInt8] = []
  out.reserveCapacity(bytes.count)
  var i = 0
  while i < bytes.count {
    if bytes[i] == 0x25, i + 2 < bytes.count, let high = hexDigit(bytes[i + 1]),
      let low = hexDigit(bytes[i + 2])
    {
      out.append(high << 4 | low)
      i += 3
    } else {
      out.append(plusIsSpace && bytes[i] == 0x2B ? 0x20 : bytes[i])
      i += 1
    }
  }
  return String(decoding: out, as: UTF8.self)
}

/// Lower-case hexadecimal.
package func hexEncoded(_ bytes: some Sequence<UInt8>) -> String {
  hexEncoded(Array(bytes))
}

/// Lower-case hexadecimal.
package func hexEncoded(_ bytes: [UInt8]) -> String {
  String(unsafeUninitializedCapacity: bytes.count * 2) { out in
    var position = 0
    for byte in bytes {
      out[position] = lowerHexDigit(byte >> 4)
      out[position + 1] = lowerHexDigit(byte & 15)
      position += 2
    }
    return position
  }
}

/// `0` ... `f` without a table: nothing to load, and no time that the digit tells.
private func lowerHexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

/// Base64 with padding (RFC 4648, section 4).
package func base64Encoded(_ bytes: [UInt8]) -> String {
  var out: [UInt8] = []
  out.reserveCapacity((bytes.count + 2) / 3 * 4)
  var i = 0
  while i < bytes.count {
    let b0 = bytes[i]
    let b1 = i + 1 < bytes.count ? bytes[i + 1] : 0
    let b2 = i + 2 < bytes.count ? bytes[i + 2] : 0
    out.append(base64Alphabet[Int(b0 >> 2)])
    out.append(base64Alphabet[Int((b0 & 3) << 4 | b1 >> 4)])
    out.append(i + 1 < bytes.count ? base64Alphabet[Int((b1 & 15) << 2 | b2 >> 6)] : 0x3D)
    out.append(i + 2 < bytes.count ? base64Alphabet[Int(b2 & 63)] : 0x3D)
    i += 3
  }
  return String(decoding: out, as: UTF8.self)
}

/// Undoes Base64; white space is skipped, padding may be missing. Nil for any other stray byte.
package func base64Decoded(_ text: some StringProtocol) -> [UInt8]? {
  var out: [UInt8] = []
  var buffer: UInt32 = 0
  var bits = 0
  var ended = false
  for byte in text.utf8 {
    let value: UInt32
    switch byte {
    case 0x41...0x5A: value = UInt32(byte - 0x41)
    case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
    case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
    case 0x2B: value = 62
    case 0x2F: value = 63
    case 0x3D:
      ended = true
      continue
    case 0x20, 0x09, 0x0A, 0x0D: continue
    default: return nil
    }
    guard !ended else { return nil }
    buffer = buffer << 6 | value
    bits += 6
    if bits >= 8 {
      bits -= 8
      out.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
    }
  }
  return bits == 6 ? nil : out
}

private let upperHex = Array("0123456789ABCDEF".utf8)
private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x41...0x46: byte - 0x41 + 10
  case 0x61...0x66: byte - 0x61 + 10
  default: nil
  }
}
