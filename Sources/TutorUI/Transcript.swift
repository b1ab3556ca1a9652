import Cells

/// A line of the console.
package struct TranscriptLine: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A command as typed, and the lines that continue it.
    case command, continuation
    case output, error
    /// How a block ended.
    case done, failed
    /// A word from the tutor; what the practice account has to say.
    case note, remark
  }

  package var kind: Kind
  package var text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// What the console shows: lines, the place where output goes on, and where the learner looks.
package struct Transcript: Equatable, Sendable {
  /// A line, and a row of it once wrapped.
  package struct Place: Hashable, Sendable, Comparable {
    package var line: Int
    package var row: Int

    package init(line: Int, row: Int) {
      self.line = line
      self.row = row
    }

    package static func < (left: Place, right: Place) -> Bool {
      (left.line, left.row) < (right.line, right.row)
    }
  }

  /// How many lines are kept; the oldest go first. The store has them all.
  package static let capacity = 50_000
  /// Longer lines are cut in several, so that drawing one is never slow.
  package static let longestLine = 4_000

  package private(set) var lines: [TranscriptLine]
  /// The top of the view; nil follows the end.
  package var top: Place?
  /// The column where the next character goes, where the last line is not ended; nil where it is.
  private var cursor: Int?

  package init(_ lines: [TranscriptLine] = []) {
    self.lines = lines
  }

  package var isFollowing: Bool { top == nil }

  /// Adds whole lines.
  package mutating func append(_ kind: TranscriptLine.Kind, _ text: String) {
    cursor = nil
    for (index, piece) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let kind: TranscriptLine.Kind = kind == .command && index > 0 ? .continuation : kind
      add(TranscriptLine(kind, String(piece)))
    }
    trim()
  }

  /// Sets what comes apart from what is there: a blank line, unless there is one.
  package mutating func separate() {
    cursor = nil
    if let last = lines.last, !last.text.isEmpty { add(TranscriptLine(.output, "")) }
  }

  /// Adds output as a terminal would show it: `\n` ends a line, `\r` goes back to its start and writes over it.
  package mutating func print(_ kind: TranscriptLine.Kind, _ text: String) {
    if lines.last?.kind != kind { cursor = nil }
    var pending: [Character] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n":
        write(kind, pending)
        pending = []
        if cursor == nil { add(TranscriptLine(kind, "")) }
        cursor = nil
      case "\r":
        write(kind, pending)
        pending = []
        if cursor != nil { cursor = 0 }
      default:
        pending.append(Character(scalar))
      }
    }
    write(kind, pending)
    trim()
  }

  private mutating func write(_ kind: TranscriptLine.Kind, _ text: [Character]) {
    guard !text.isEmpty else { return }
    if cursor == nil {
      add(TranscriptLine(kind, ""))
      cursor = 0
    }
    guard let last = lines.indices.last, let start = cursor else { return }
    let length = lines[last].text.unicodeScalars.count
    if start >= length {
      for character in text { lines[last].text.unicodeScalars.append(contentsOf: character.unicodeScalars) }
    } else {
      var old = lines[last].text.unicodeScalars.map { Character($0) }
      old.replaceSubrange(start..<min(old.count, start + text.count), with: text)
      var merged = String.UnicodeScalarView()
      for character in old { merged.append(contentsOf: character.unicodeScalars) }
      lines[last].text = String(merged)
    }
    cursor = start + text.count
    splitLong()
  }

  private mutating func add(_ line: TranscriptLine) {
    lines.append(line)
    if line.text.utf8.count > Self.longestLine { splitLong() }
  }

  private mutating func splitLong() {
    guard let last = lines.last, last.text.utf8.count > Self.longestLine else { return }
    lines.removeLast()
    var rest = last.text.unicodeScalars[...]
    var kind = last.kind
    while !rest.isEmpty {
      let piece = rest.prefix(Self.longestLine / 4)
      lines.append(TranscriptLine(kind, String(String.UnicodeScalarView(piece))))
      rest = rest.dropFirst(piece.count)
      if kind == .command { kind = .continuation }
      if cursor != nil { cursor = piece.count }
    }
  }

  private mutating func trim() {
    let excess = lines.count - Self.capacity
    guard excess > Self.capacity / 10 else { return }
    lines.removeFirst(excess)
    if let place = top {
      top = Place(line: max(0, place.line - excess), row: place.line < excess ? 0 : place.row)
    }
  }
}
