import Cells
import Lessons

extension LessonPage {
  /// The columns between two columns of a table.
  private static let gutter = 3
  /// Prose in cells is no easier to read in long lines than elsewhere.
  private static let widestTable = 110

  /// A table: cells wrap in columns that share the width; where columns would be too narrow, rows become lists.
  mutating func add(_ table: MarkdownTable) {
    let header = table.header.map { inlines.text($0, Style(.strong)) }
    let rows = table.rows.map { $0.map { inlines.text($0) } }
    let count = max(header.count, rows.map(\.count).max() ?? 0)
    guard count > 0 else { return }
    guard let widths = columnWidths(header: header, rows: rows, count: count) else {
      return addAsList(header: header, rows: rows)
    }
    let alignments = table.alignments
    let rule = StyledText(
      widths.map { String(repeating: symbols.horizontal, count: $0) }
        .joined(separator: String(repeating: " ", count: Self.gutter)), Style(.border))
    addRow(header, widths, alignments)
    emit(rule)
    // Rows that take several lines need air between them.
    let wraps = rows.contains {
      $0.enumerated().contains { $0.offset < count && $0.element.width > widths[$0.offset] }
    }
    for (index, row) in rows.enumerated() {
      if wraps, index > 0 { gap() }
      addRow(row, widths, alignments)
    }
  }

  private mutating func addRow(
    _ cells: [StyledText], _ widths: [Int], _ alignments: [MarkdownTable.Alignment]
  ) {
    let columns = widths.indices.map { index in
      index < cells.count ? cells[index].wrapped(to: widths[index]) : [StyledText()]
    }
    for line in 0..<(columns.map(\.count).max() ?? 1) {
      var text = StyledText()
      for (index, column) in columns.enumerated() {
        if index > 0 { text.append(String(repeating: " ", count: Self.gutter)) }
        let cell = line < column.count ? column[line] : StyledText()
        let free = max(0, widths[index] - cell.width)
        let alignment = index < alignments.count ? alignments[index] : .none
        let left = alignment == .right ? free : alignment == .center ? free / 2 : 0
        text.append(String(repeating: " ", count: left))
        text.append(cell)
        if index < columns.count - 1 { text.append(String(repeating: " ", count: free - left)) }
      }
      emit(text)
    }
  }

  /// The width of every column: as wide as it likes where all fit, else a fair share of what is there.
  private func columnWidths(header: [StyledText], rows: [[StyledText]], count: Int) -> [Int]? {
    let available = min(room, Self.widestTable) - Self.gutter * (count - 1)
    guard available >= 7 * count else { return nil }
    let wanted = (0..<count).map { index in
      let cells = ([header] + rows).compactMap { index < $0.count ? $0[index] : nil }
      return max(
        1, cells.flatMap { $0.text.split(separator: "\n").map { displayWidth(String($0)) } }.max() ?? 1)
    }
    if wanted.reduce(0, +) <= available { return wanted }
    // Small columns get what they want; the others share the rest, again and again until nobody is small.
    var widths = [Int?](repeating: nil, count: count)
    var left = available
    while true {
      let open = widths.indices.filter { widths[$0] == nil }
      guard !open.isEmpty else { break }
      let share = left / open.count
      let small = open.filter { wanted[$0] <= share }
      if small.isEmpty {
        for (place, index) in open.enumerated() {
          widths[index] = share + (place < left % open.count ? 1 : 0)
        }
        break
      }
      for index in small {
        widths[index] = wanted[index]
        left -= wanted[index]
      }
    }
    return widths.map { $0 ?? 1 }
  }

  private mutating func addAsList(header: [StyledText], rows: [[StyledText]]) {
    for (index, row) in rows.enumerated() {
      if index > 0 { gap() }
      for (column, cell) in row.enumerated() where !cell.isEmpty {
        var text = column < header.count ? header[column] : StyledText()
        if !text.isEmpty { text.append(": ", Style(.strong)) }
        text.append(cell)
        let lead = StyledText(column == 0 ? symbols.bullets[0] + " " : "  ", Style(.muted))
        nest(Prefix(first: lead, rest: "  ")) { $0.prose(text) }
      }
    }
  }
}
