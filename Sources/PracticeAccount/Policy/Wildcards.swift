/// One piece of a pattern once its variables are in place: `*` and `?` that came from a variable are literal.
enum PatternPiece: Hashable {
  case any
  case one
  case byte(UInt8)
}

/// Compiles a pattern. `variable` gives the value of `${name}`; nil makes the whole pattern match nothing
/// (IAM user guide, "Policy variables": a missing variable without a default fails the statement).
func compiled(
  _ pattern: String, wildcards: Bool = true, foldCase: Bool = false, variable: (String) -> String?
) -> [PatternPiece]? {
  var pieces: [PatternPiece] = []
  let bytes = Array(pattern.utf8)
  var i = 0
  // Where the last `}` is: beyond it no `${` ends, and none need look for its end again.
  let lastBrace = bytes.lastIndex(of: 0x7D) ?? -1
  func literal(_ byte: UInt8) -> PatternPiece { .byte(foldCase ? lowered(byte) : byte) }
  while i < bytes.count {
    if bytes[i] == 0x24, i + 1 < lastBrace, bytes[i + 1] == 0x7B,
      let end = bytes[(i + 2)...].firstIndex(of: 0x7D)
    {
      let name = String(decoding: bytes[(i + 2)..<end], as: UTF8.self)
      guard let value = variableValue(name, variable) else { return nil }
      for byte in value.utf8 { pieces.append(literal(byte)) }
      i = end + 1
      continue
    }
    switch bytes[i] {
    case 0x2A where wildcards:
      if pieces.last != .any { pieces.append(.any) }
    case 0x3F where wildcards: pieces.append(.one)
    default: pieces.append(literal(bytes[i]))
    }
    i += 1
  }
  return pieces
}

/// `${*}`, `${?}` and `${$}` stand for themselves; `${key, 'default'}` has a default.
private func variableValue(_ text: String, _ variable: (String) -> String?) -> String? {
  if text == "*" || text == "?" || text == "$" { return text }
  guard let comma = text.firstIndex(of: ",") else { return variable(text) }
  if let value = variable(String(text[..<comma])) { return value }
  let rest = text[text.index(after: comma)...].drop { $0 == " " }
  guard rest.count >= 2, rest.first == "'", rest.last == "'" else { return nil }
  return String(rest.dropFirst().dropLast())
}

/// Whether `text` matches whole. Linear in practice and quadratic at worst: only the last `*` is retried.
func matches(_ pieces: [PatternPiece], _ text: String, foldCase: Bool = false) -> Bool {
  let bytes = Array(text.utf8)
  var p = 0
  var t = 0
  var star: (piece: Int, text: Int)?
  while t < bytes.count {
    if p < pieces.count {
      switch pieces[p] {
      case .any:
        star = (p, t)
        p += 1
        continue
      case .one:
        p += 1
        // `?` is one character, not one byte.
        t += 1
        while t < bytes.count, bytes[t] & 0xC0 == 0x80 { t += 1 }
        continue
      case .byte(let byte) where byte == (foldCase ? lowered(bytes[t]) : bytes[t]):
        p += 1
        t += 1
        continue
      case .byte: break
      }
    }
    guard let last = star else { return false }
    star = (last.piece, last.text + 1)
    p = last.piece + 1
    t = last.text + 1
  }
  while p < pieces.count, pieces[p] == .any { p += 1 }
  return p == pieces.count
}

/// A plain glob without variables.
package func glob(_ pattern: String, _ text: String, foldCase: Bool = false) -> Bool {
  guard let pieces = compiled(pattern, foldCase: foldCase, variable: { "${\($0)}" }) else { return false }
  return matches(pieces, text, foldCase: foldCase)
}

private func lowered(_ byte: UInt8) -> UInt8 {
  (0x41...0x5A).contains(byte) ? byte + 32 : byte
}
