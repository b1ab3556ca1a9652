/// What a terminal shows at one moment: a surface, and the cursor where there is one.
package struct Frame: Hashable, Sendable {
  package var surface: Surface
  /// Where the cursor blinks; nil hides it.
  package var cursor: Point?

  package init(_ surface: Surface, cursor: Point? = nil) {
    self.surface = surface
    self.cursor = cursor
  }

  package var size: Size { surface.size }

  /// The glyphs as lines of text, blanks at line ends kept off.
  package var text: String {
    (0..<size.height).map { line($0) }.joined(separator: "\n")
  }

  /// A dump a person can read and a test can compare: the text, then the runs of every style but the plain one as
  /// `row,column+width role attribute...`, rows and columns from 1.
  package var dump: String {
    var lines = (0..<size.height).map { line($0) }
    lines.append("--- styles \(size)")
    for y in 0..<size.height {
      let row = Array(surface.row(y))
      var x = 0
      while x < row.count {
        var end = x + 1
        while end < row.count, row[end].style == row[x].style { end += 1 }
        let style = row[x].style
        if style != .plain {
          let words = [style.role.rawValue] + style.attributes.names
          lines.append("\(y + 1),\(x + 1)+\(end - x) \(words.joined(separator: " "))")
        }
        x = end
      }
    }
    if let cursor { lines.append("--- cursor \(cursor.y + 1),\(cursor.x + 1)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ y: Int) -> String {
    var text = ""
    for cell in surface.row(y) {
      if let glyph = cell.glyph { text.append(glyph.character) }
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
