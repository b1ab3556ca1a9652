import Lessons
import Synchronization

/// Prints output line by line, as a terminal would leave it: a carriage return goes back to the line's start, and what
/// follows writes over it. A transcript that nobody watches keeps the last state of a progress line only.
final class LinePrinter: Sendable {
  private let write: PlainTutor.Writer
  private let line = Mutex(Line())

  /// What has come of the line so far, and where the next character goes.
  private struct Line {
    var characters: [Character] = []
    var column = 0
  }

  init(_ write: @escaping PlainTutor.Writer) {
    self.write = write
  }

  func print(_ text: String) {
    var whole = ""
    line.withLock { line in
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\n":
          whole += String(line.characters) + "\n"
          line = Line()
        case "\r": line.column = 0
        default:
          if line.column < line.characters.count {
            line.characters[line.column] = Character(scalar)
          } else {
            line.characters.append(Character(scalar))
          }
          line.column += 1
        }
      }
    }
    if !whole.isEmpty { write(whole.withoutControls) }
  }

  /// Ends a line that has no end.
  func finish() {
    let rest = line.withLock { line in
      defer { line = Line() }
      return String(line.characters)
    }
    if !rest.isEmpty { write(rest.withoutControls + "\n") }
  }
}
