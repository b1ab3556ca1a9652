/// One base character with its combining marks, and the columns it takes: 1 or 2.
package struct Glyph: Hashable, Sendable {
  package let character: Character
  package let width: Int

  package init(_ character: Character, width: Int) {
    self.character = character
    self.width = width
  }
}

/// Cuts text into glyphs that any terminal draws in the width we give them.
///
/// Controls become pictures (`ESC` is `␛`, a newline is `␊`), tabs become blanks up to the next multiple of eight
/// counted from `column`, invisible format characters (bidirectional overrides, zero-width space, byte order mark)
/// vanish, emoji sequences keep their first emoji only, and at most four combining marks stay on one base.
package func glyphs(of text: String, startingAt column: Int = 0) -> [Glyph] {
  var cutter = GlyphCutter(column: column)
  if let ascii = text.utf8.withContiguousStorageIfAvailable({ cutter.feedASCII($0) }), ascii {
    return cutter.finish()
  }
  cutter = GlyphCutter(column: column)
  for scalar in text.unicodeScalars { cutter.feed(scalar) }
  return cutter.finish()
}

/// The columns `text` takes on one line.
package func displayWidth(_ text: String) -> Int {
  var plain = true
  var count = 0
  for byte in text.utf8 {
    if byte < 0x20 || byte >= 0x7F {
      plain = false
      break
    }
    count += 1
  }
  return plain ? count : glyphs(of: text).reduce(0) { $0 + $1.width }
}

/// The columns of one scalar: 0, 1 or 2. Controls count as the one column of their picture.
package func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value < 0x300 { return 1 }
  if contains(WidthTable.zero, value) { return 0 }
  return value >= 0x1100 && contains(WidthTable.wide, value) ? 2 : 1
}

private func contains(_ ranges: [UInt32], _ value: UInt32) -> Bool {
  var low = 0
  var high = ranges.count / 2
  while low < high {
    let middle = (low + high) / 2
    if value < ranges[middle * 2] {
      high = middle
    } else if value > ranges[middle * 2 + 1] {
      low = middle + 1
    } else {
      return true
    }
  }
  return false
}

/// The state of cutting: the glyph being built and what may still join it.
private struct GlyphCutter {
  private var result: [Glyph] = []
  private var base: Unicode.Scalar?
  private var marks: [Unicode.Scalar] = []
  private var baseWidth = 1
  private var column: Int
  private var joining = false

  init(column: Int) {
    self.column = column
  }

  /// Takes bytes while all of them are ASCII; false as soon as one is not.
  mutating func feedASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte >= 0x80 { return false }
      if byte >= 0x20 && byte != 0x7F {
        result.append(Glyph(Character(Unicode.Scalar(byte)), width: 1))
        column += 1
      } else {
        control(UInt32(byte))
      }
    }
    return true
  }

  mutating func feed(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    let joined = joining
    joining = false
    switch value {
    case 0..<0x20, 0x7F..<0xA0:
      flush()
      control(value)
    case 0x200D:
      joining = base != nil
    case 0x20E3, 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0xE0000...0xE007F:
      break
    case 0x00AD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB:
      break
    case 0x2028, 0x2029:
      flush()
      emit("␊")
    case 0x1F3FB...0x1F3FF where isEmoji(base):
      break
    case _ where joined && isEmoji(scalar):
      break
    default:
      take(scalar)
    }
  }

  mutating func finish() -> [Glyph] {
    flush()
    return result
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    let width = displayWidth(scalar)
    if width == 0 {
      if base == nil {
        base = "◌"
        baseWidth = 1
      }
      if marks.count < 4 { marks.append(scalar) }
      return
    }
    flush()
    base = scalar
    baseWidth = width
  }

  private mutating func flush() {
    guard let base else { return }
    if marks.isEmpty {
      result.append(Glyph(Character(base), width: baseWidth))
    } else {
      var text = String.UnicodeScalarView()
      text.append(base)
      text.append(contentsOf: marks)
      for (index, character) in String(text).enumerated() where index == 0 {
        result.append(Glyph(character, width: baseWidth))
      }
    }
    column += baseWidth
    self.base = nil
    marks = []
  }

  private mutating func control(_ value: UInt32) {
    if value == 9 {
      repeat { emit(" ") } while column % 8 != 0
    } else if value < 0x20, let picture = Unicode.Scalar(0x2400 + value) {
      emit(Character(picture))
    } else {
      emit(value == 0x7F ? "␡" : "\u{FFFD}")
    }
  }

  private mutating func emit(_ character: Character) {
    result.append(Glyph(character, width: 1))
    column += 1
  }

  private func isEmoji(_ scalar: Unicode.Scalar?) -> Bool {
    guard let value = scalar?.value else { return false }
    switch value {
    case 0x2190...0x21FF, 0x2300...0x23FF, 0x2600...0x27BF, 0x2B00...0x2BFF, 0x1F000...0x1FAFF: return true
    default: return false
    }
  }
}
