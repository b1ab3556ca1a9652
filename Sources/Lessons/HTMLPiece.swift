/// A piece of raw HTML. Enough of HTML to find what Markdown labs use it for; anything else is text or an unknown tag.
struct HTMLPiece: Hashable {
  enum Kind: Hashable {
    case comment(String)
    /// Tag and attribute names in lower case.
    case open(String, [String: String])
    case close(String)
    case text(String)
    /// `<!DOCTYPE html>`, `<?php ?>`: not for the reader.
    case declaration
  }

  var kind: Kind
  /// How many lines after the first of the text it begins.
  var lineOffset: Int

  static func pieces(of html: String) -> [HTMLPiece] {
    var scanner = HTMLScanner(rest: Substring(html))
    var pieces: [HTMLPiece] = []
    while let piece = scanner.next() { pieces.append(piece) }
    return pieces
  }
}

private struct HTMLScanner {
  var rest: Substring
  var lineOffset = 0
  /// Set once a tag ran into the end of the text: none after it can be whole either. (And a file of nothing but `<a `
  /// is read once, not once for every `<`.)
  var isPastLastTag = false

  mutating func next() -> HTMLPiece? {
    guard let first = rest.first else { return nil }
    let at = lineOffset
    if rest.hasPrefix("<!--") {
      take("<!--".count)
      return HTMLPiece(kind: .comment(take(through: "-->")), lineOffset: at)
    }
    if first == "<", !isPastLastTag, let tag = tag() { return HTMLPiece(kind: tag, lineOffset: at) }
    var text = take(1)
    while let next = rest.first, next != "<" { text += take(1) }
    return HTMLPiece(kind: .text(decodedEntities(text)), lineOffset: at)
  }

  /// A tag at the front of `rest`, or nil (and nothing taken) if it is none.
  private mutating func tag() -> HTMLPiece.Kind? {
    let saved = self
    take(1)
    let isClosing = rest.first == "/"
    if isClosing { take(1) }
    let name = takeWhile { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }.lowercased()
    guard let letter = name.first, letter.isLetter else {
      if !isClosing, rest.first == "!" || rest.first == "?" {
        _ = take(through: ">")
        return .declaration
      }
      self = saved
      return nil
    }
    var attributes: [String: String] = [:]
    while true {
      _ = takeWhile { $0.isWhitespace || $0 == "/" }
      guard let next = rest.first else {
        self = saved
        isPastLastTag = true
        return nil
      }
      if next == ">" {
        take(1)
        return isClosing ? .close(name) : .open(name, attributes)
      }
      let key = takeWhile { !$0.isWhitespace && !"=>/".contains($0) }.lowercased()
      if key.isEmpty {  // a stray `=`: step over it
        take(1)
        continue
      }
      attributes[key] = rest.first == "=" ? attributeValue() : ""
    }
  }

  private mutating func attributeValue() -> String {
    take(1)
    guard let quote = rest.first, quote == "\"" || quote == "'" else {
      return decodedEntities(takeWhile { !$0.isWhitespace && $0 != ">" })
    }
    take(1)
    return decodedEntities(take(through: String(quote)))
  }

  /// What precedes `end`, which is taken too; everything if it does not occur.
  private mutating func take(through end: String) -> String {
    var text = ""
    while !rest.isEmpty {
      if rest.hasPrefix(end) {
        take(end.count)
        return text
      }
      text += take(1)
    }
    return text
  }

  private mutating func takeWhile(_ isWanted: (Character) -> Bool) -> String {
    var text = ""
    while let next = rest.first, isWanted(next) { text += take(1) }
    return text
  }

  @discardableResult
  private mutating func take(_ count: Int) -> String {
    let taken = rest.prefix(count)
    lineOffset += taken.count { $0 == "\n" }
    rest = rest.dropFirst(count)
    return String(taken)
  }
}

/// The handful of entities that labs write; an unknown one stays as it is.
func decodedEntities(_ text: String) -> String {
  guard text.contains("&") else { return text }
  let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}"]
  var result = ""
  var rest = Substring(text)
  while let ampersand = rest.firstIndex(of: "&") {
    result += rest[..<ampersand]
    rest = rest[ampersand...]
    let body = rest.dropFirst().prefix(10)
    guard let semicolon = body.firstIndex(of: ";") else {
      result += "&"
      rest = rest.dropFirst()
      continue
    }
    let name = body[..<semicolon]
    var character = named[String(name)]
    if name.hasPrefix("#x") || name.hasPrefix("#X") {
      character = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init).map {
        String(Character($0))
      }
    } else if name.hasPrefix("#") {
      character = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
    if let character {
      result += character
      rest = rest[rest.index(after: semicolon)...]
    } else {
      result += "&"
      rest = rest.dropFirst()
    }
  }
  return result + rest
}
