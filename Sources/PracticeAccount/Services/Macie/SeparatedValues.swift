/// Comma or tab separated values with quotes (RFC 4180).
enum SeparatedValues {
  static func rows(_ text: String, separator: Character) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var characters = text.makeIterator()
    var pushedBack: Character?
    func endRow() {
      row.append(cell)
      rows.append(row)
      row = []
      cell = ""
    }
    while let character = pushedBack ?? characters.next() {
      pushedBack = nil
      if isQuoted {
        if character == "\"" {
          let next = characters.next()
          if next == "\"" {
            cell.append("\"")
          } else {
            isQuoted = false
            pushedBack = next
          }
        } else {
          cell.append(character)
        }
      } else if character == "\"", cell.isEmpty {
        isQuoted = true
      } else if character == separator {
        row.append(cell)
        cell = ""
      } else if character.isNewline {
        endRow()
      } else {
        cell.append(character)
      }
    }
    if !cell.isEmpty || !row.isEmpty { endRow() }
    return rows
  }
}
