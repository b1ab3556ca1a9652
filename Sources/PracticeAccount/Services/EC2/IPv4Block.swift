/// A block of IPv4 addresses in CIDR notation (RFC 4632).
struct IPv4Block: Sendable, Hashable, Codable, CustomStringConvertible {
  let base: UInt32
  let bits: Int

  init(base: UInt32, bits: Int) {
    self.bits = min(max(bits, 0), 32)
    self.base = base & Self.mask(self.bits)
  }

  /// Bits beyond the prefix are dropped, as EC2 does (`100.68.0.18/18` is `100.68.0.0/18`).
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits),
      let address = Self.address(String(parts[0]))
    else { return nil }
    self.init(base: address, bits: bits)
  }

  private static func mask(_ bits: Int) -> UInt32 { bits == 0 ? 0 : UInt32.max << UInt32(32 - bits) }

  static func address(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard let byte = UInt8(part), part.allSatisfy(\.isNumber) else { return nil }
      address = address << 8 | UInt32(byte)
    }
    return address
  }

  private static func text(_ address: UInt32) -> String {
    [24, 16, 8, 0].map { String(address >> $0 & 0xFF) }.joined(separator: ".")
  }

  var description: String { "\(Self.text(base))/\(bits)" }

  /// How many addresses it has.
  var size: Int { 1 << (32 - bits) }

  /// The address at `offset`, within the block.
  func address(_ offset: Int) -> String {
    Self.text(base | UInt32(truncatingIfNeeded: offset) & ~Self.mask(bits))
  }

  func contains(_ other: IPv4Block) -> Bool { other.bits >= bits && other.base & Self.mask(bits) == base }

  func overlaps(_ other: IPv4Block) -> Bool { contains(other) || other.contains(self) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let block = IPv4Block(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no IPv4 block")
    }
    self = block
  }
}
