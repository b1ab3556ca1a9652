/// Where in a policy's text each of its statements begins and ends, as SimulatePrincipalPolicy tells it: lines and
/// columns from 1.
struct StatementPositions {
  struct Position: Hashable {
    var line: Int
    var column: Int
  }

  private(set) var ranges: [(start: Position, end: Position)] = []
  private let bytes: [UInt8]
  private var index = 0
  private var position = Position(line: 1, column: 1)

  /// Reads a text that is known to be a JSON object; anything else has no statements.
  init(_ text: String) {
    bytes = Array(text.utf8)
    findStatements()
  }

  private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func step() {
    guard let byte else { return }
    if byte == 0x0A {
      position = Position(line: position.line + 1, column: 1)
    } else if byte & 0xC0 != 0x80 {
      position.column += 1
    }
    index += 1
  }

  private mutating func skipSpace() {
    while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { step() }
  }

  private mutating func findStatements() {
    skipSpace()
    guard byte == 0x7B else { return }
    step()
    while true {
      skipSpace()
      guard byte == 0x22 else { return }
      let start = index
      skipString()
      let isStatement = bytes[start..<index].elementsEqual(Array("\"Statement\"".utf8))
      skipSpace()
      guard byte == 0x3A else { return }
      step()
      skipSpace()
      if isStatement, byte == 0x5B {
        readList()
      } else {
        let begin = position
        skipValue()
        if isStatement { ranges.append((begin, position)) }
      }
      skipSpace()
      guard byte == 0x2C else { return }
      step()
    }
  }

  private mutating func readList() {
    step()
    while true {
      skipSpace()
      guard byte == 0x7B else { break }
      let begin = position
      skipValue()
      ranges.append((begin, position))
      skipSpace()
      guard byte == 0x2C else { break }
      step()
    }
    skipSpace()
    if byte == 0x5D { step() }
  }

  private mutating func skipString() {
    step()
    while let byte, byte != 0x22 {
      if byte == 0x5C { step() }
      step()
    }
    step()
  }

  /// Any value: counts brackets outside strings, without recursion.
  private mutating func skipValue() {
    var depth = 0
    while let byte {
      switch byte {
      case 0x22: skipString()
      case 0x7B, 0x5B:
        depth += 1
        step()
      case 0x7D, 0x5D:
        if depth == 0 { return }
        depth -= 1
        step()
        if depth == 0 { return }
        continue
      case 0x2C where depth == 0: return
      default: step()
      }
      if depth == 0, byte == 0x22 { return }
    }
  }
}
