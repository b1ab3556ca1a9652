import CNcurses
import Cells

extension NcursesTerminal {
  /// Draws the runs of a row that changed. `before` is what the row showed, nil if unknown.
  func draw(_ row: ArraySlice<Cell>, before: ArraySlice<Cell>?, y: Int, width: Int, theme: Theme) {
    let row = Array(row.prefix(width))
    let old = before.map { Array($0.prefix(width)) }
    var x = 0
    while x < row.count {
      if let old, x < old.count, old[x] == row[x] {
        x += 1
        continue
      }
      // From the left half of a wide glyph on, in one style.
      var start = x
      while start > 0, row[start].isContinuation { start -= 1 }
      var end = start + 1
      while end < row.count, row[end].style == row[start].style || row[end].isContinuation {
        if !row[end].isContinuation, let old, end < old.count, old[end] == row[end] { break }
        end += 1
      }
      put(row[start..<end], x: start, y: y, style: row[start].style, theme: theme)
      x = end
    }
  }

  private func put(_ cells: ArraySlice<Cell>, x: Int, y: Int, style: Style, theme: Theme) {
    var text = ""
    for cell in cells {
      guard let glyph = cell.glyph else { continue }
      text += shownAs(glyph)
    }
    let look = theme.look(style)
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        ct_put(
          Int32(clamping: y), Int32(clamping: x), characters.baseAddress, Int32(clamping: characters.count),
          Int32(look.attributes.rawValue), Int32(clamping: look.foreground), Int32(clamping: look.background))
      }
    }
  }

  /// The glyph, or as many columns of a replacement where this terminal would draw it in another width.
  private func shownAs(_ glyph: Glyph) -> String {
    let character = glyph.character
    if let ascii = character.asciiValue, ascii >= 0x20, ascii != 0x7F { return String(character) }
    let pad = String(repeating: " ", count: glyph.width - 1)
    if prefersASCII { return "?" + pad }
    var text = String(character)
    let count = text.utf8.count
    let width = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { ct_text_width($0.baseAddress, Int32(clamping: count)) }
    }
    return Int(width) == glyph.width ? text : "\u{FFFD}" + pad
  }
}
