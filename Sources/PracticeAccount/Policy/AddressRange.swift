/// An address block in CIDR notation, IPv4 or IPv6 (RFC 4632, RFC 4291); a lone address is a block of one.
struct AddressRange: Hashable {
  private var bytes: [UInt8]
  private var bits: Int

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2, let bytes = Self.address(String(first)) else {
      return nil
    }
    self.bytes = bytes
    bits = bytes.count * 8
    if parts.count == 2 {
      guard let length = Int(parts[1]), (0...bits).contains(length) else { return nil }
      bits = length
    }
  }

  func contains(_ text: String) -> Bool {
    guard let other = Self.address(text), other.count == bytes.count else { return false }
    for (i, pair) in zip(bytes, other).enumerated() {
      let left = bits - i * 8
      if left <= 0 { return true }
      let mask: UInt8 = left >= 8 ? 0xFF : 0xFF << UInt8(8 - left)
      if pair.0 & mask != pair.1 & mask { return false }
    }
    return true
  }

  private static func address(_ text: String) -> [UInt8]? {
    text.contains(":") ? six(text) : four(text)
  }

  private static func four(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard let part else { return nil }
      bytes.append(part)
    }
    return bytes
  }

  private static func six(_ text: String) -> [UInt8]? {
    guard let gap = firstGap(text) else {
      let bytes = groups(text)
      return bytes?.count == 16 ? bytes : nil
    }
    guard let head = groups(String(text[..<gap.lowerBound])),
      let tail = groups(String(text[gap.upperBound...])),
      head.count + tail.count <= 14
    else { return nil }
    return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  private static func firstGap(_ text: String) -> Range<String.Index>? {
    var i = text.startIndex
    while i < text.endIndex {
      let next = text.index(after: i)
      if text[i] == ":", next < text.endIndex, text[next] == ":" { return i..<text.index(after: next) }
      i = next
    }
    return nil
  }

  private static func groups(_ text: String) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    for group in text.split(separator: ":", omittingEmptySubsequences: false) {
      if group.contains(".") {
        guard let tail = four(String(group)) else { return nil }
        bytes += tail
      } else {
        guard let value = UInt16(group, radix: 16) else { return nil }
        bytes += [UInt8(value >> 8), UInt8(value & 0xFF)]
      }
    }
    return bytes
  }
}
