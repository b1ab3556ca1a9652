/// A piece of text in one style.
package struct StyledRun: Hashable, Sendable {
  package var text: String
  package var style: Style

  package init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }
}

/// Text in runs of styles. A newline in it breaks the line.
package struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral {
  package private(set) var runs: [StyledRun]

  package init(_ text: String = "", _ style: Style = .plain) {
    runs = text.isEmpty ? [] : [StyledRun(text, style)]
  }

  package init(stringLiteral value: String) {
    self.init(value)
  }

  package init(runs: [StyledRun]) {
    self.runs = []
    for run in runs { append(run.text, run.style) }
  }

  package var isEmpty: Bool { runs.isEmpty }
  /// The text without its styles.
  package var text: String { runs.map(\.text).joined() }
  /// The columns it takes on one line.
  package var width: Int { runs.reduce(0) { $0 + displayWidth($1.text) } }

  package mutating func append(_ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].style == style {
      runs[last].text += text
    } else {
      runs.append(StyledRun(text, style))
    }
  }

  package mutating func append(_ other: StyledText) {
    for run in other.runs { append(run.text, run.style) }
  }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var result = left
    result.append(right)
    return result
  }

  /// The same text with every style changed.
  package func restyled(_ change: (Style) -> Style) -> StyledText {
    StyledText(runs: runs.map { StyledRun($0.text, change($0.style)) })
  }

  /// At most `width` columns; what does not fit ends in `…`.
  package func truncated(to width: Int, ellipsis: String = "…") -> StyledText {
    guard self.width > width else { return self }
    let room = max(0, width - displayWidth(ellipsis))
    var result = StyledText()
    var used = 0
    for run in runs {
      for glyph in glyphs(of: run.text, startingAt: used) {
        guard used + glyph.width <= room else {
          if displayWidth(ellipsis) <= width { result.append(ellipsis, run.style) }
          return result
        }
        result.append(String(glyph.character), run.style)
        used += glyph.width
      }
    }
    return result
  }
}

extension String {
  /// At most `width` columns; what does not fit ends in `…`.
  package func truncated(to width: Int, ellipsis: String = "…") -> String {
    StyledText(self).truncated(to: width, ellipsis: ellipsis).text
  }

  /// Padded with blanks to `width` columns.
  package func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth(self)))
  }
}
