import OrderedJSON
import Wire

/// What a scan looks for: made once for a job's run, used for every object.
struct DetectionPlan: Sendable {
  var managed: [ManagedDataIdentifier] = []
  var custom: [CompiledIdentifier] = []
  var allowed = AllowedText()
}

/// Looking for sensitive data in an object's bytes.
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

  /// Something that has the form of what a managed identifier looks for.
  struct Candidate {
    var identifier: ManagedDataIdentifier
    var text: String
    var place: Place
    /// Nil if it is reported.
    var objection: Objection?
  }

  private(set) var candidates: [Candidate] = []
  /// What custom identifiers found, by their place in the plan.
  private(set) var customPlaces: [Int: [Place]] = [:]
  private(set) var mimeType: String
  let plan: DetectionPlan
  /// Whether a pattern took too long, so that not everything was looked at.
  var gaveUp: Bool { machine.gaveUp }

  private var machine = PatternMachine()

  /// Kinds that Macie reads and the practice account does not.
  private static let binaryEndings: Set<String> = [
    "avro", "doc", "docx", "gz", "gzip", "parquet", "pdf", "potx", "pptx", "tar", "xls", "xlsx", "zip",
  ]

  /// - Returns: nil if objects of that name are of a kind that is not read here.
  init?(_ bytes: [UInt8], key: String, plan: DetectionPlan) {
    self.plan = plan
    let name = key.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    // Bytes that are no text at all are a kind of their own.
    guard !Self.binaryEndings.contains(ending), !bytes.contains(0) else { return nil }
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
    default:
      mimeType = ending.hasPrefix("htm") ? "text/html" : ending == "xml" ? "application/xml" : "text/plain"
      scan(prose: text)
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
    var starts = [0]
    for (i, scalar) in text.unicodeScalars.enumerated() where scalar == "\n" { starts.append(i + 1) }
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
    guard !scalars.isEmpty else { return }
    let hasDigit = scalars.contains { DataCheck.digit($0) != nil }
    let words = PatternMachine.wordStarts(scalars)
    let folded = context.map { Array($0.lowercased().utf8) }
    for identifier in plan.managed where hasDigit || identifier.pattern?.needsDigit != true {
      // Where a keyword is a must and there is none, only what a learner is told of is worth a look.
      for match in identifier.matches(scalars, words: words, &machine) {
        var objection = match.impossible.map(Objection.impossible)
        if objection == nil, !identifier.keywords.isEmpty, !identifier.hasKeyword(in: folded) {
          let near = Self.text(scalars, match.range.lowerBound - 30, match.range.upperBound + 30)
          if !identifier.hasKeyword(in: [Array(near.lowercased().utf8)]) { objection = .noKeyword }
        }
        if objection == .noKeyword, !identifier.explainsMissingKeyword { continue }
        if plan.allowed.takes(scalars[match.range], &machine) { continue }
        candidates.append(
          Candidate(
            identifier: identifier, text: Self.text(scalars, match.range.lowerBound, match.range.upperBound),
            place: place(match.range.lowerBound), objection: objection))
      }
    }
    for (i, identifier) in plan.custom.enumerated() {
      for range in identifier.matches(in: scalars, context: context, &machine)
      where !plan.allowed.takes(scalars[range], &machine) {
        customPlaces[i, default: []].append(place(range.lowerBound))
      }
    }
  }

  static func text(_ scalars: [Unicode.Scalar], _ from: Int, _ to: Int) -> String {
    String(String.UnicodeScalarView(scalars[max(0, from)..<min(scalars.count, to)]))
  }
}
