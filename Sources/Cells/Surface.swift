/// One place of a surface: a glyph, or the right half of the wide glyph before it.
package struct Cell: Hashable, Sendable {
  /// The glyph; nil for the right half of a wide one.
  package var glyph: Glyph?
  package var style: Style

  package init(_ glyph: Glyph?, _ style: Style) {
    self.glyph = glyph
    self.style = style
  }

  package static let blank = Cell(Glyph(" ", width: 1), .plain)

  /// The right half of a wide glyph.
  package static func continuation(_ style: Style) -> Cell { Cell(nil, style) }

  package var isContinuation: Bool { glyph == nil }
}

/// A rectangle of cells, a value. Writing outside it, or outside the clip, changes nothing.
package struct Surface: Hashable, Sendable {
  package let size: Size
  private var cells: [Cell]

  package init(_ size: Size, fill: Cell = .blank) {
    self.size = size
    cells = Array(repeating: fill, count: size.width * size.height)
  }

  package var bounds: Rect { Rect(size) }

  /// The cell at a place; nil outside.
  package subscript(x: Int, y: Int) -> Cell? {
    guard x >= 0, y >= 0, x < size.width, y < size.height else { return nil }
    return cells[y * size.width + x]
  }

  /// The cells of a row; empty outside.
  package func row(_ y: Int) -> ArraySlice<Cell> {
    guard y >= 0, y < size.height else { return [] }
    return cells[(y * size.width)..<((y + 1) * size.width)]
  }

  /// Fills an area with blanks (or another narrow glyph) of one style.
  package mutating func fill(_ area: Rect, _ style: Style, with glyph: Character = " ") {
    let area = area.intersection(bounds)
    guard !area.isEmpty else { return }
    let cell = Cell(Glyph(glyph, width: 1), style)
    for y in area.minY..<area.maxY {
      mend(x: area.minX, y: y)
      mend(x: area.maxX, y: y)
      for x in area.minX..<area.maxX { cells[y * size.width + x] = cell }
    }
  }

  /// Writes one line of text from a point, cut at the clip; returns the column after it (even where clipped).
  @discardableResult
  package mutating func put(_ text: String, x: Int, y: Int, _ style: Style = .plain, clip: Rect? = nil) -> Int
  {
    var column = x
    for glyph in glyphs(of: text) { column = put(glyph, x: column, y: y, style, clip: clip) }
    return column
  }

  /// Writes a line of styled runs; returns the column after it.
  @discardableResult
  package mutating func put(_ text: StyledText, x: Int, y: Int, clip: Rect? = nil) -> Int {
    var column = x
    for run in text.runs { column = put(run.text, x: column, y: y, run.style, clip: clip) }
    return column
  }

  /// Writes one glyph; a wide one that does not fit whole leaves a blank.
  package mutating func put(_ glyph: Glyph, x: Int, y: Int, _ style: Style, clip: Rect? = nil) -> Int {
    let area = clip.map { $0.intersection(bounds) } ?? bounds
    let after = x + glyph.width
    guard y >= area.minY, y < area.maxY, x < area.maxX, after > area.minX else { return after }
    if x < area.minX || after > area.maxX {
      let visible = max(x, area.minX)
      set(Cell(Glyph(" ", width: 1), style), x: visible, y: y)
      return after
    }
    set(Cell(glyph, style), x: x, y: y)
    if glyph.width == 2 { set(.continuation(style), x: x + 1, y: y, mending: false) }
    return after
  }

  /// Gives an area another style and keeps its glyphs.
  package mutating func restyle(_ area: Rect, _ change: (Style) -> Style) {
    let area = area.intersection(bounds)
    guard !area.isEmpty else { return }
    for y in area.minY..<area.maxY {
      for x in area.minX..<area.maxX {
        let index = y * size.width + x
        cells[index].style = change(cells[index].style)
      }
    }
  }

  private mutating func set(_ cell: Cell, x: Int, y: Int, mending: Bool = true) {
    let index = y * size.width + x
    if mending { mend(x: x, y: y) }
    mend(x: x + 1, y: y)
    cells[index] = cell
  }

  /// Blanks both halves of a wide glyph that straddles the left edge of `x`, before one half is overwritten.
  private mutating func mend(x: Int, y: Int) {
    guard x > 0, x < size.width else { return }
    let index = y * size.width + x
    guard cells[index].isContinuation else { return }
    cells[index] = Cell(Glyph(" ", width: 1), cells[index].style)
    cells[index - 1] = Cell(Glyph(" ", width: 1), cells[index - 1].style)
  }
}
