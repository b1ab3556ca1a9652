extension StyledText {
  /// How lines break.
  package enum Wrapping: Hashable, Sendable {
    /// At blanks (which vanish at the break); a word longer than a line breaks anywhere, an address after `/ ? & = -`.
    case words
    /// Anywhere, keeping every blank: output and code.
    case anywhere
  }

  /// The text in lines of at most `width` columns. `hanging` columns are kept free at the left of every line but the
  /// first, by being taken from its width (the caller indents). At least one line comes back.
  package func wrapped(to width: Int, hanging: Int = 0, _ wrapping: Wrapping = .words) -> [StyledText] {
    var breaker = LineBreaker(
      width: max(1, width), hanging: max(0, min(hanging, width - 1)), wrapping: wrapping)
    for run in runs {
      for (index, piece) in run.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { breaker.newline() }
        breaker.feed(String(piece), run.style)
      }
    }
    return breaker.finish()
  }
}

/// Greedy line breaking over glyphs: a line, and the word that is not yet on it.
private struct LineBreaker {
  let width: Int
  let hanging: Int
  let wrapping: StyledText.Wrapping

  private var lines: [StyledText] = []
  private var line: [(Glyph, Style)] = []
  private var lineWidth = 0
  private var word: [(Glyph, Style)] = []
  private var wordWidth = 0
  private var blanks: [(Glyph, Style)] = []

  init(width: Int, hanging: Int, wrapping: StyledText.Wrapping) {
    self.width = width
    self.hanging = hanging
    self.wrapping = wrapping
  }

  private var room: Int { max(1, lines.isEmpty ? width : width - hanging) }

  mutating func feed(_ text: String, _ style: Style) {
    for glyph in glyphs(of: text, startingAt: lineWidth + blanks.count + wordWidth) {
      if wrapping == .anywhere {
        if lineWidth + glyph.width > room { endLine() }
        add(glyph, style)
      } else if glyph.character == " " {
        placeWord()
        blanks.append((glyph, style))
      } else {
        word.append((glyph, style))
        wordWidth += glyph.width
        // East Asian text has no blanks: a line may end after any wide glyph.
        if glyph.width == 2 { placeWord() }
      }
    }
  }

  mutating func newline() {
    placeWord()
    endLine()
  }

  mutating func finish() -> [StyledText] {
    placeWord()
    if !line.isEmpty || lines.isEmpty { endLine() }
    return lines
  }

  private mutating func placeWord() {
    guard !word.isEmpty else { return }
    let gap = blanks.count
    if lineWidth + gap + wordWidth <= room {
      for (glyph, style) in blanks { add(glyph, style) }
    } else if wordWidth <= max(1, width - hanging) {
      if lineWidth > 0 { endLine() }
    } else {
      breakWord()
      return
    }
    for (glyph, style) in word { add(glyph, style) }
    clearWord()
  }

  /// Puts a word longer than a line: from where the line stands if a good part fits, else from a new line.
  private mutating func breakWord() {
    if lineWidth + blanks.count + 8 <= room {
      for (glyph, style) in blanks { add(glyph, style) }
    } else if lineWidth > 0 {
      endLine()
    }
    var rest = word[...]
    while !rest.isEmpty {
      var used = 0
      var end = rest.startIndex
      var good: Int?
      while end < rest.endIndex, lineWidth + used + rest[end].0.width <= room {
        used += rest[end].0.width
        end += 1
        if "/?&=-_.,:".contains(rest[end - 1].0.character), used > room / 3 { good = end }
      }
      if end < rest.endIndex, let good { end = good }
      if end == rest.startIndex {
        if lineWidth > 0 {
          endLine()
          continue
        }
        end += 1
      }
      for (glyph, style) in rest[..<end] { add(glyph, style) }
      rest = rest[end...]
      if !rest.isEmpty { endLine() }
    }
    clearWord()
  }

  private mutating func clearWord() {
    word = []
    wordWidth = 0
    blanks = []
  }

  private mutating func add(_ glyph: Glyph, _ style: Style) {
    line.append((glyph, style))
    lineWidth += glyph.width
  }

  private mutating func endLine() {
    var text = StyledText()
    for (glyph, style) in line { text.append(String(glyph.character), style) }
    lines.append(text)
    line = []
    lineWidth = 0
    blanks = []
  }
}
