import OrderedJSON
import Wire

/// Looking for sensitive data in an object's bytes, by managed data identifiers.
///
/// Source: Macie user guide, "Keyword requirements": a keyword must stand within 30 characters; in columnar data
/// in the same value or in the column's name; in JSON in the field's name or path. No keyword, no detection.
struct SensitiveDataScan {
  /// Where a value was found.
  enum Place: Hashable {
    case cell(row: Int, column: Int, name: String?)
    case line(number: Int, column: Int)
    case record(index: Int, path: String)
  }

  /// Why something of the right form is not reported.
  enum Objection: Hashable {
    /// No real number has this part: `area 000`.
    case impossible(String)
    case noKeyword
  }

  /// Something that has the form of what an identifier looks for.
  struct Candidate {
    var identifier: ManagedDataIdentifier
    var text: String
    var place: Place
    /// Nil if it is reported.
    var objection: Objection?
  }

  private(set) var candidates: [Candidate] = []
  private(set) var mimeType: String
  private let identifiers: [ManagedDataIdentifier]

  /// - Returns: nil if objects of that name are of a kind that is not read here.
  init?(_ bytes: [UInt8], key: String, identifiers: [ManagedDataIdentifier]) {
    self.identifiers = identifiers
    let name = key.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    let text = String(decoding: bytes, as: UTF8.self)
    switch ending {
    case "csv":
      mimeType = "text/csv"
      scan(table: text, separator: ",")
    case "tsv":
      mimeType = "text/tab-separated-values"
      scan(table: text, separator: "\t")
    case "json":
      mimeType = "application/json"
      if let json = try? JSON.parse(text) {
        scan(json, path: "$", names: [], record: 0, depth: 0)
      } else {
        scan(prose: text)
      }
    case "jsonl", "ndjson":
      mimeType = "application/json"
      for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if let json = try? JSON.parse(String(line)) { scan(json, path: "$", names: [], record: i, depth: 0) }
      }
    case "txt", "log", "md", "html", "htm", "xml", "":
      // Bytes that are no text at all are a kind of their own.
      guard !bytes.contains(0) else { return nil }
      mimeType = ending.hasPrefix("htm") ? "text/html" : ending == "xml" ? "application/xml" : "text/plain"
      scan(prose: text)
    default: return nil
    }
  }

  private mutating func scan(table text: String, separator: Character) {
    let rows = SeparatedValues.rows(text, separator: separator)
    guard let header = rows.first else { return }
    for (r, row) in rows.enumerated() {
      for (c, cell) in row.enumerated() {
        let name = r > 0 && c < header.count ? header[c] : nil
        examine(cell, context: name.map { [$0] } ?? []) { _ in .cell(row: r + 1, column: c + 1, name: name) }
      }
    }
  }

  private mutating func scan(prose text: String) {
    // Proximity does not stop at line ends; places are counted in lines.
    let scalars = Array(text.unicodeScalars)
    var starts = [0]
    for (i, scalar) in scalars.enumerated() where scalar == "\n" { starts.append(i + 1) }
    examine(text, context: []) { offset in
      var low = 0
      var high = starts.count - 1
      while low < high {
        let middle = (low + high + 1) / 2
        if starts[middle] <= offset { low = middle } else { high = middle - 1 }
      }
      return .line(number: low + 1, column: offset - starts[low] + 1)
    }
  }

  private mutating func scan(_ json: JSON, path: String, names: [String], record: Int, depth: Int) {
    guard depth < 64 else { return }
    switch json {
    case .object(let object):
      for (name, value) in object {
        scan(value, path: "\(path).\(name)", names: names + [name], record: record, depth: depth + 1)
      }
    case .array(let items):
      for (i, item) in items.enumerated() {
        scan(item, path: "\(path)[\(i)]", names: names, record: record, depth: depth + 1)
      }
    case .string(let text): examine(text, context: names) { _ in .record(index: record, path: path) }
    case .number: examine(json.text(), context: names) { _ in .record(index: record, path: path) }
    case .bool, .null: return
    }
  }

  private mutating func examine(_ text: String, context: [String], _ place: (Int) -> Place) {
    let scalars = Array(text.unicodeScalars)
    guard scalars.contains(where: { ("0"..."9").contains($0) }) else { return }
    for identifier in identifiers {
      for match in identifier.matches(scalars) {
        var objection = match.impossible.map(Objection.impossible)
        if objection == nil, !identifier.hasKeyword(in: context) {
          let from = max(0, match.range.lowerBound - 30)
          let to = min(scalars.count, match.range.upperBound + 30)
          let near = String(String.UnicodeScalarView(scalars[from..<to]))
          if !identifier.hasKeyword(in: [near]) { objection = .noKeyword }
        }
        candidates.append(
          Candidate(
            identifier: identifier, text: String(String.UnicodeScalarView(scalars[match.range])),
            place: place(match.range.lowerBound), objection: objection))
      }
    }
  }
}

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
