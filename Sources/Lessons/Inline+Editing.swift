extension [Inline] {
  /// Appends an inline, joining text to text: cmark splits text at every character that might have been special.
  mutating func appendJoining(_ inline: Inline) {
    if case .text(let more) = inline, case .text(let before)? = last {
      self[count - 1] = .text(before + more)
    } else {
      append(inline)
    }
  }

  /// Whether there is nothing to see.
  var isBlank: Bool {
    allSatisfy { inline in
      switch inline {
      case .text(let text): text.allSatisfy(\.isWhitespace)
      case .softBreak, .lineBreak: true
      default: false
      }
    }
  }

  /// Without breaks and blanks at both ends.
  var trimmed: [Inline] {
    var result = self
    while let first = result.first {
      if first == .softBreak || first == .lineBreak {
        result.removeFirst()
      } else if case .text(let text) = first, text.first?.isWhitespace ?? true {
        let rest = String(text.drop(while: \.isWhitespace))
        if rest.isEmpty { result.removeFirst() } else { result[0] = .text(rest) }
      } else {
        break
      }
    }
    while let last = result.last, [last].isBlank { result.removeLast() }
    return result
  }

  /// The inlines split at their breaks.
  var textLines: [[Inline]] {
    var lines: [[Inline]] = [[]]
    for inline in self {
      if inline == .softBreak || inline == .lineBreak {
        lines.append([])
      } else {
        lines[lines.count - 1].append(inline)
      }
    }
    return lines
  }
}
