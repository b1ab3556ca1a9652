/// Turns bytes that come in pieces into text, without breaking a character that two pieces share.
struct UTF8Pieces: Sendable {
  private var pending: [UInt8] = []

  /// The text that is whole by now; an unfinished character waits for the next piece.
  mutating func append(_ bytes: [UInt8]) -> String {
    pending += bytes
    let whole = pending.count - unfinishedTail()
    let text = String(decoding: pending[..<whole], as: UTF8.self)
    pending.removeFirst(whole)
    return text
  }

  /// What is left; an unfinished character becomes U+FFFD.
  mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end begin a character that is not complete.
  private func unfinishedTail() -> Int {
    for back in 1...4 where back <= pending.count {
      let byte = pending[pending.count - back]
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > back ? back : 0
    }
    return 0
  }
}
