extension P256Key {
  /// Reads a PEM block: `EC PRIVATE KEY` (RFC 5915) or `PRIVATE KEY` (RFC 5958); `bytes` is what stands between its
  /// lines, out of Base64. Nil if it is none, or of another curve.
  package convenience init?(der bytes: [UInt8]) {
    var outer = DERReader(bytes[...])
    guard var key = outer.value(0x30).map({ DERReader($0) }), let version = key.value(0x02) else {
      return nil
    }
    if version.elementsEqual([0]) {
      // RFC 5958: the algorithm, then the key in a wrapping.
      guard let algorithm = key.value(0x30), P256Key.names(algorithm, P256Key.curve),
        let wrapped = key.value(0x04)
      else { return nil }
      var inner = DERReader(wrapped)
      guard let own = inner.value(0x30) else { return nil }
      key = DERReader(own)
      guard key.value(0x02) != nil else { return nil }
    }
    guard let number = key.value(0x04), number.count <= 32 else { return nil }
    if let parameters = key.value(0xA0), !P256Key.names(parameters, P256Key.curve) { return nil }
    self.init(privateKey: [UInt8](repeating: 0, count: 32 - number.count) + number)
  }

  /// A signature's two numbers, 32 bytes each, as JSON Web Signature has them (RFC 7518, section 3.4); nil if `der` is
  /// none.
  package static func plainSignature(_ der: [UInt8]) -> [UInt8]? {
    var outer = DERReader(der[...])
    guard let body = outer.value(0x30) else { return nil }
    var inner = DERReader(body)
    var out: [UInt8] = []
    for _ in 0..<2 {
      guard let number = inner.value(0x02)?.drop(while: { $0 == 0 }), number.count <= 32 else { return nil }
      out += [UInt8](repeating: 0, count: 32 - number.count) + number
    }
    return out
  }

  /// The object identifier of prime256v1, as DER has it.
  private static let curve: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]

  private static func names(_ bytes: ArraySlice<UInt8>, _ identifier: [UInt8]) -> Bool {
    guard bytes.count >= identifier.count else { return false }
    return (bytes.startIndex...(bytes.endIndex - identifier.count)).contains {
      bytes[$0...].starts(with: identifier)
    }
  }
}

/// Reads DER values one after the other (ITU-T X.690), of lengths below 64 KiB.
private struct DERReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The contents of the next value if it has this tag; else nothing is read.
  mutating func value(_ tag: UInt8) -> ArraySlice<UInt8>? {
    var left = rest
    guard left.popFirst() == tag, let first = left.popFirst() else { return nil }
    var length = Int(first)
    if first >= 0x80 {
      guard first == 0x81 || first == 0x82 else { return nil }
      length = 0
      for _ in 0..<Int(first & 0x7F) {
        guard let byte = left.popFirst() else { return nil }
        length = length << 8 | Int(byte)
      }
    }
    guard length <= left.count else { return nil }
    rest = left.dropFirst(length)
    return left.prefix(length)
  }
}
