/// The header of a plain file in a tar archive, as POSIX.1-1988 lays it out (ustar).
struct TarHeader: Sendable, Hashable {
  /// A block, in bytes; contents are padded to whole ones.
  static let size = 512

  var name: String
  var size: UInt64
  /// Seconds since 1970.
  var modified: UInt64

  init(name: String, size: UInt64, modified: UInt64) {
    self.name = name
    self.size = size
    self.modified = modified
  }

  /// Bytes between the end of contents of `size` bytes and the next block.
  static func padding(of size: UInt64) -> Int { Int((512 - size % 512) % 512) }

  /// Where the fields lie.
  private enum Field {
    static let name = 0..<100
    static let mode = 100..<108
    static let owner = 108..<116
    static let group = 116..<124
    static let size = 124..<136
    static let modified = 136..<148
    static let sum = 148..<156
    static let type = 156
    static let link = 157..<257
    static let magic = 257..<265
    static let prefix = 345..<500
  }

  /// The header as bytes; nil if the name does not fit.
  var block: [UInt8]? {
    var block = [UInt8](repeating: 0, count: Self.size)
    var text = Array(name.utf8)
    if text.count > Field.name.count, let slash = text.firstIndex(of: UInt8(ascii: "/")) {
      // A long name is split at a solidus, which is written nowhere.
      guard slash <= Field.prefix.count else { return nil }
      block.replaceSubrange(Field.prefix.lowerBound..<Field.prefix.lowerBound + slash, with: text[..<slash])
      text = Array(text[(slash + 1)...])
    }
    guard text.count <= Field.name.count, !text.isEmpty else { return nil }
    block.replaceSubrange(0..<text.count, with: text)
    Self.put(0o600, into: Field.mode, &block)
    Self.put(0, into: Field.owner, &block)
    Self.put(0, into: Field.group, &block)
    Self.put(size, into: Field.size, &block)
    Self.put(modified, into: Field.modified, &block)
    block[Field.type] = UInt8(ascii: "0")
    block.replaceSubrange(Field.magic, with: Array("ustar\u{0}00".utf8))
    // The sum alone ends with a zero and a blank.
    Self.put(Self.sum(of: block), into: Field.sum.lowerBound..<Field.sum.upperBound - 1, &block)
    block[Field.sum.upperBound - 1] = UInt8(ascii: " ")
    return block
  }

  /// Nil for anything but a plain file with a right checksum.
  init?(block: [UInt8]) {
    guard block.count == Self.size, block[Field.type] == UInt8(ascii: "0") || block[Field.type] == 0,
      block[257..<262].elementsEqual(Array("ustar".utf8)),
      block[Field.link].allSatisfy({ $0 == 0 }),
      let sum = Self.number(block[Field.sum]), sum == Self.sum(of: block),
      let size = Self.number(block[Field.size]), let modified = Self.number(block[Field.modified]),
      let name = String(validating: block[Field.name].prefix { $0 != 0 }, as: UTF8.self),
      let prefix = String(validating: block[Field.prefix].prefix { $0 != 0 }, as: UTF8.self)
    else { return nil }
    self.init(name: prefix.isEmpty ? name : "\(prefix)/\(name)", size: size, modified: modified)
  }

  /// Octal digits to the field's last byte but one, which is zero; where they do not fit, GNU's base 256 (tar(5)).
  private static func put(_ value: UInt64, into field: Range<Int>, _ block: inout [UInt8]) {
    let digits = field.count - 1
    if digits < 22, value >> UInt64(3 * digits) != 0 {
      for (place, index) in field.reversed().enumerated() {
        block[index] = place < 8 ? UInt8(truncatingIfNeeded: value >> UInt64(8 * place)) : 0
      }
      block[field.lowerBound] |= 0x80
      return
    }
    var rest = value
    for index in field.dropLast().reversed() {
      block[index] = UInt8(ascii: "0") + UInt8(rest & 7)
      rest >>= 3
    }
  }

  private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      guard field.dropLast(8).dropFirst().allSatisfy({ $0 == 0 }), first == 0x80 else { return nil }
      return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 << 3 | UInt64($1 & 7) }
  }

  /// The sum of all bytes, those of the sum itself taken as blanks.
  private static func sum(of block: [UInt8]) -> UInt64 {
    block.enumerated().reduce(0) { $0 + (Field.sum.contains($1.offset) ? 0x20 : UInt64($1.element)) }
  }
}
