/// A stretch of an expanded word, and whether quotes keep its characters from meaning anything.
struct Segment: Hashable {
  var text: String
  var isQuoted: Bool
}

/// Puts the parts of a word together into fields (POSIX 2.6.5).
struct FieldBuilder {
  private(set) var fields: [[Segment]] = []
  private var current: [Segment]?
  private let separators: [UnicodeScalar]
  private let blanks: Set<UnicodeScalar>
  private let splits: Bool
  /// True where blanks of `IFS` just ended a field: a separator that follows belongs to them.
  private var endedByBlank = false

  /// - Parameter splits: false where a word stays one, as in an assignment.
  init(separators: String, splits: Bool) {
    self.separators = Array(separators.unicodeScalars)
    blanks = Set(self.separators.filter { $0 == " " || $0 == "\t" || $0 == "\n" })
    self.splits = splits
  }

  /// Adds text to the current field, quoted or live.
  mutating func add(_ text: String, isQuoted: Bool) {
    if text.isEmpty, !isQuoted { return }
    current = (current ?? []) + [Segment(text: text, isQuoted: isQuoted)]
    endedByBlank = false
  }

  /// Ends the current field, if there is one.
  mutating func endField() {
    if let current { fields.append(current) }
    current = nil
  }

  /// Between two elements of `$@`: a new field, or a blank where the word stays one.
  mutating func breakField() {
    if splits { endField() } else { add(" ", isQuoted: true) }
  }

  /// Adds the result of an unquoted expansion, which is split.
  mutating func split(_ text: String) {
    guard splits, !separators.isEmpty else { return add(text, isQuoted: false) }
    var run = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if blanks.contains(scalar) {
        flush(&run)
        if current != nil {
          endField()
          endedByBlank = true
        }
      } else if separators.contains(scalar) {
        flush(&run)
        if current != nil {
          endField()
        } else if !endedByBlank {
          fields.append([])
        }
        endedByBlank = false
      } else {
        run.append(scalar)
      }
    }
    flush(&run)
  }

  private mutating func flush(_ run: inout String.UnicodeScalarView) {
    if run.isEmpty { return }
    add(String(run), isQuoted: false)
    run = String.UnicodeScalarView()
  }

  mutating func finish() -> [[Segment]] {
    endField()
    return fields
  }
}
