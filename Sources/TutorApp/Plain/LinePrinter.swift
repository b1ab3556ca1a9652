import Synchronization

/// Prints output line by line, as a terminal would leave it: a carriage return goes back to the line's start, and what
/// follows writes over it. A transcript that nobody watches keeps the last state of a progress line only.
final class LinePrinter: Sendable {
  private let write: PlainTutor.Writer
  private let line = Mutex<[Character]>([])

  init(_ write: @escaping PlainTutor.Writer) {
    self.write = write
  }

  func print(_ text: String) {
    var whole = ""
    line.withLock { line in
      var column = line.count
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\n":
          whole += String(line) + "\n"
          line = []
          column = 0
        case "\r": column = 0
        default:
          if column < line.count { line[column] = Character(scalar) } else { line.append(Character(scalar)) }
          column += 1
        }
      }
    }
    if !whole.isEmpty { write(whole.withoutControls) }
  }

  /// Ends a line that has no end.
  func finish() {
    let rest = line.withLock { line in
      defer { line = [] }
      return String(line)
    }
    if !rest.isEmpty { write(rest.withoutControls + "\n") }
  }
}
