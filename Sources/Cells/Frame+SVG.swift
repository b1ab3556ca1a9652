extension Frame {
  /// The paper and ink of a picture.
  package enum Paper: String, Sendable, CaseIterable { case dark, light }

  /// The frame as a picture, for a page that shows what the screen looks like. Same frame, same bytes.
  ///
  /// Every run of one style is placed by its column, so that the picture holds whatever font the reader has.
  package func svg(on paper: Paper = .dark) -> String {
    let theme = Theme.forColours(256, isDark: paper == .dark)
    let (cellWidth, cellHeight) = (9, 20)
    let ink = paper == .dark ? "#d8dee4" : "#24292f"
    let ground = paper == .dark ? "#15191e" : "#ffffff"
    let width = size.width * cellWidth + 20
    let height = size.height * cellHeight + 20
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" "
        + "font-size=\"15\">",
      "<rect width=\"\(width)\" height=\"\(height)\" rx=\"8\" fill=\"\(ground)\"/>",
    ]
    for y in 0..<size.height {
      let row = Array(surface.row(y))
      var x = 0
      while x < row.count {
        var end = x + 1
        // A wide glyph ends its run: no font promises that it is two columns.
        let isWide = row[x].glyph?.width == 2
        while end < row.count,
          row[end].isContinuation || (!isWide && row[end].style == row[x].style && row[end].glyph?.width == 1)
        {
          end += 1
        }
        let look = theme.look(row[x].style)
        let reversed = look.attributes.contains(.reverse)
        let foreground = Frame.colour(look.foreground) ?? ink
        let background = Frame.colour(look.background)
        let fill = reversed ? foreground : background
        let left = 10 + x * cellWidth
        if let fill {
          lines.append(
            "<rect x=\"\(left)\" y=\"\(10 + y * cellHeight)\" width=\"\((end - x) * cellWidth)\" "
              + "height=\"\(cellHeight)\" fill=\"\(fill)\"/>")
        }
        let text = row[x..<end].compactMap { $0.glyph?.character }
        if text.contains(where: { $0 != " " }) {
          var attributes = "fill=\"\(reversed ? background ?? ground : foreground)\""
          if look.attributes.contains(.bold) { attributes += " font-weight=\"bold\"" }
          if look.attributes.contains(.italic) { attributes += " font-style=\"italic\"" }
          if look.attributes.contains(.underline) { attributes += " text-decoration=\"underline\"" }
          if look.attributes.contains(.strike) { attributes += " text-decoration=\"line-through\"" }
          lines.append(
            "<text x=\"\(left)\" y=\"\(10 + y * cellHeight + 15)\" textLength=\"\((end - x) * cellWidth)\" "
              + "xml:space=\"preserve\" \(attributes)>\(Frame.escaped(text))</text>")
        }
        x = end
      }
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: [Character]) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }

  /// The colour of an index of xterm's palette; nil for the terminal's own.
  private static func colour(_ index: Int) -> String? {
    let basic = [
      "#1d1f21", "#cc6666", "#5fae5f", "#c9a554", "#5a8fc9", "#b06fb0", "#4fa5a5", "#c5c8c6", "#666666",
      "#d54e53",
      "#87c987", "#e7c547", "#7aa6da", "#c397d8", "#70c0b1", "#eaeaea",
    ]
    func hex(_ red: Int, _ green: Int, _ blue: Int) -> String {
      "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    switch index {
    case 0..<16: return basic[index]
    case 16..<232:
      let cube = index - 16
      func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + step * 40 }
      return hex(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
    case 232..<256:
      let grey = 8 + (index - 232) * 10
      return hex(grey, grey, grey)
    default: return nil
    }
  }
}
