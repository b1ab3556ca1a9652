import OrderedJSON

/// `--output table`: boxes of `-`, `|` and `+`, one section for each structure or list, nested ones indented.
enum TableFormat {
  /// - Throws: where rows of one section have different lengths, as the CLI does.
  static func text(_ value: JSON, title: String, columns: Int) throws(CommandFailure) -> String {
    var builder = TableBuilder()
    guard try builder.add(value, title: title, indent: 0) else { return "" }
    return builder.table.rendered(columns: columns)
  }
}

/// Cuts a value into sections.
private struct TableBuilder {
  var table = Table()

  /// Adds a value under a title; false if there is nothing in it.
  mutating func add(_ value: JSON, title: String?, indent: Int) throws(CommandFailure) -> Bool {
    guard !isFalse(value) else { return false }
    if let title { table.begin(title, indent) }
    switch value {
    case .array(let values):
      if values.first?.object != nil {
        try addRows(values, title ?? "", indent)
      } else {
        try addItems(values)
      }
    case .object(let members): try addMembers(members, indent)
    default: break
    }
    return true
  }

  private mutating func addItems(_ values: [JSON]) throws(CommandFailure) {
    for value in values {
      if isScalar(value) {
        try table.add(row: [pythonText(value)])
      } else if case .array(let cells) = value, cells.allSatisfy(isScalar) {
        try table.add(row: cells.map { pythonText($0) })
      } else {
        _ = try add(value, title: nil, indent: 0)
      }
    }
  }

  private mutating func addMembers(_ members: JSONObject, _ indent: Int) throws(CommandFailure) {
    let scalars = sortedKeys(members.keys.filter { members[$0].map(isScalar) ?? false })
    let nested = sortedKeys(members.keys.filter { members[$0].map { !isScalar($0) } ?? false })
    let cells = scalars.map { pythonText(members[$0] ?? .null) }
    if scalars.count == 1 {
      try table.add(row: [scalars[0], cells[0]])
    } else if !scalars.isEmpty {
      table.add(header: scalars)
      try table.add(row: cells)
    }
    for key in nested { _ = try add(members[key] ?? .null, title: key, indent: indent + 1) }
  }

  private mutating func addRows(_ values: [JSON], _ title: String, _ indent: Int) throws(CommandFailure) {
    var scalars: Set<String> = []
    var nested: Set<String> = []
    for value in values {
      guard case .object(let members) = value else {
        throw .plain("a list holds structures and other values: it cannot be shown as a table")
      }
      for (key, value) in members {
        if isScalar(value) { scalars.insert(key) } else { nested.insert(key) }
      }
    }
    let headers = sortedKeys(Array(scalars))
    let more = sortedKeys(Array(nested))
    table.add(header: headers)
    for (i, value) in values.enumerated() {
      guard case .object(let members) = value else { continue }
      if i > 0, !more.isEmpty {
        table.begin(title, indent)
        table.add(header: headers)
      }
      try table.add(row: headers.map { key in members[key].map { pythonText($0) } ?? "" })
      for key in more {
        if let value = members[key] { _ = try add(value, title: key, indent: indent + 1) }
      }
    }
  }

  /// What Python takes for false.
  private func isFalse(_ value: JSON) -> Bool {
    switch value {
    case .null: true
    case .bool(let flag): !flag
    case .number(let number): number.double == 0
    case .string(let text): text.isEmpty
    case .array(let values): values.isEmpty
    case .object(let members): members.isEmpty
    }
  }
}

/// Sections with a common width.
private struct Table {
  struct Section {
    var title: String
    var indent: Int
    var headers: [String] = []
    var rows: [[String]] = []
    var columnCount: Int?
    var widest: [Int] = []

    mutating func widen(_ cells: [String]) {
      for (i, cell) in cells.enumerated() {
        if i < widest.count {
          widest[i] = max(widest[i], tableWidth(cell))
        } else {
          widest.append(tableWidth(cell))
        }
      }
    }

    /// The width with padding and borders, indentation on both sides.
    var width: Int {
      let cells = widest.reduce(0) { $0 + $1 + 4 } + 2 + 2 * indent
      return max(tableWidth(title) + 2 + 2 * indent, cells)
    }

    /// Column widths scaled to `total`; rounding is put right from one end or the other.
    func columnWidths(_ total: Int) -> [Int] {
      let plain = widest.map { $0 + 4 }
      let sum = plain.reduce(0, +)
      guard sum > 0 else { return plain }
      let factor = Double(total) / Double(sum)
      var scaled = plain.map { Int((factor * Double($0)).rounded(.toNearestOrEven)) }
      var excess = scaled.reduce(0, +) - total
      while excess != 0, !scaled.isEmpty {
        let order = excess < 0 ? Array(scaled.indices.reversed()) : Array(scaled.indices)
        for i in order where excess != 0 {
          scaled[i] += excess > 0 ? -1 : 1
          excess += excess > 0 ? -1 : 1
        }
      }
      return scaled
    }
  }

  private var sections: [Section] = []

  mutating func begin(_ title: String, _ indent: Int) {
    sections.append(Section(title: title, indent: indent))
  }

  mutating func add(header: [String]) {
    guard !sections.isEmpty else { return }
    let last = sections.count - 1
    sections[last].widen(header)
    sections[last].columnCount = sections[last].columnCount ?? header.count
    sections[last].headers = header
  }

  mutating func add(row: [String]) throws(CommandFailure) {
    guard !sections.isEmpty else { return }
    let last = sections.count - 1
    let expected = sections[last].columnCount ?? row.count
    guard expected == row.count else {
      throw .plain("Row should have \(expected) elements, instead it has \(row.count)")
    }
    sections[last].columnCount = expected
    sections[last].rows.append(row)
    sections[last].widen(row)
  }

  /// The whole table. One that is wider than the terminal shows sections of one row upright, a line a column.
  func rendered(columns: Int) -> String {
    var shown = sections
    var width = shown.map(\.width).max() ?? 0
    if width > columns {
      shown = shown.map { section in
        guard section.rows.count == 1, !section.headers.isEmpty, let row = section.rows.first else {
          return section
        }
        var upright = Section(title: section.title, indent: section.indent)
        for (header, cell) in zip(section.headers, row) {
          upright.rows.append([header, cell])
          upright.widen([header, cell])
        }
        return upright
      }
      width = shown.map(\.width).max() ?? 0
    }
    var out = String(repeating: "-", count: width) + "\n"
    for section in shown { render(section, width - section.indent * 2, to: &out) }
    return out
  }

  private func render(_ section: Section, _ width: Int, to out: inout String) {
    let edge = String(repeating: "|", count: section.indent)
    func line(_ text: String) { out += edge + text + edge + "\n" }
    if !section.title.isEmpty {
      line(centred(section.title, width, leftEdge: true))
      if section.headers.isEmpty, section.rows.isEmpty {
        line("+" + String(repeating: "-", count: max(0, width - 2)) + "+")
      }
    }
    let widths = section.columnWidths(width)
    let rule = widths.enumerated().map { i, w in
      i == 0
        ? "+" + String(repeating: "-", count: max(0, w - 2)) + "+"
        : String(repeating: "-", count: max(0, w - 1)) + "+"
    }.joined()
    if !section.headers.isEmpty {
      line(rule)
      line(zip(widths, section.headers).enumerated().map { centred($1.1, $1.0, leftEdge: $0 == 0) }.joined())
    }
    guard !section.rows.isEmpty, !widths.isEmpty else { return }
    line(rule)
    for row in section.rows {
      line(zip(widths, row).enumerated().map { leftAligned($1.1, $1.0, leftEdge: $0 == 0) }.joined())
    }
    line(rule)
  }

  private func centred(_ text: String, _ width: Int, leftEdge: Bool) -> String {
    let length = tableWidth(text)
    let before = width / 2 - length / 2 - 1
    let left = (leftEdge ? "|" : "") + String(repeating: " ", count: max(0, before)) + text
    let used = (leftEdge ? 1 : 0) + before + length
    return left + String(repeating: " ", count: max(0, width - 1 - used)) + "|"
  }

  private func leftAligned(_ text: String, _ width: Int, leftEdge: Bool) -> String {
    let length = tableWidth(text)
    let edge = leftEdge ? 1 : 0
    let padding = width - (length + 2 + edge + 1) >= 0 ? 2 : 0
    let used = edge + padding + length
    return (leftEdge ? "|" : "") + String(repeating: " ", count: padding) + text
      + String(repeating: " ", count: max(0, width - used - 1)) + "|"
  }
}
