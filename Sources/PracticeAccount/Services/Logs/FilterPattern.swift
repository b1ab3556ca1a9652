import OrderedJSON

/// A filter pattern (CloudWatch Logs user guide, "Filter pattern syntax"): terms, quoted terms, `?either`, `-without`,
/// `%regular expression%`, and `{ $.name = "value" && ... }` for JSON. Patterns of columns `[a, b]` are not read.
struct FilterPattern {
  struct Problem: Error {
    var text: String
  }

  private enum Term {
    case text(String)
    case pattern(TextPattern)
  }

  private indirect enum Condition {
    case all([Condition])
    case any([Condition])
    case compare(path: [String], comparison: String, value: String, isText: Bool)
    case state(path: [String], String)
  }

  private var required: [Term] = []
  private var optional: [Term] = []
  private var excluded: [Term] = []
  private var condition: Condition?

  init(_ text: String) throws(Problem) {
    guard text.utf8.count <= 1024 else { throw Problem(text: "it is longer than 1,024 characters") }
    var reader = Reader(text)
    reader.skipSpaces()
    if reader.next == "[" {
      throw Problem(text: "the practice account reads terms and JSON conditions, no patterns of columns")
    }
    if reader.take("{") {
      condition = try Self.any(&reader, depth: 0)
      reader.skipSpaces()
      guard reader.take("}"), reader.isAtEnd else { throw Problem(text: "a } is missing or not the last") }
      return
    }
    while !reader.isAtEnd {
      if reader.take("?") {
        optional.append(try Self.term(&reader))
      } else if reader.take("-") {
        excluded.append(try Self.term(&reader))
      } else {
        required.append(try Self.term(&reader))
      }
      reader.skipSpaces()
    }
  }

  func fits(_ message: String) -> Bool {
    if let condition {
      guard let json = try? JSON.parse(message), json.object != nil else { return false }
      return Self.holds(condition, json)
    }
    return required.allSatisfy { Self.occurs($0, message) } && !excluded.contains { Self.occurs($0, message) }
      && (optional.isEmpty || !required.isEmpty || optional.contains { Self.occurs($0, message) })
  }

  private static func occurs(_ term: Term, _ message: String) -> Bool {
    switch term {
    case .text(let text): return message.contains(text)
    case .pattern(let pattern):
      var machine = PatternMachine(budget: 2_000_000)
      return !machine.matches(of: pattern, in: Array(message.unicodeScalars)).isEmpty
    }
  }

  private static func term(_ reader: inout Reader) throws(Problem) -> Term {
    if reader.take("%") {
      let text = reader.prefix { $0 != "%" }
      guard reader.take("%") else { throw Problem(text: "a % is not closed") }
      do {
        return .pattern(try TextPattern(text))
      } catch {
        throw Problem(text: error.text)
      }
    }
    if reader.next == "\"" { return .text(try reader.quoted()) }
    let text = reader.prefix { $0 != " " && $0 != "\"" }
    guard !text.isEmpty else { throw Problem(text: "a term is empty") }
    return .text(text)
  }

  // MARK: JSON

  private static func any(_ reader: inout Reader, depth: Int) throws(Problem) -> Condition {
    guard depth < 20 else { throw Problem(text: "it is nested too deep") }
    var branches = [try all(&reader, depth: depth)]
    while reader.takeWord("||") { branches.append(try all(&reader, depth: depth)) }
    return branches.count == 1 ? branches[0] : .any(branches)
  }

  private static func all(_ reader: inout Reader, depth: Int) throws(Problem) -> Condition {
    var parts = [try one(&reader, depth: depth)]
    while reader.takeWord("&&") { parts.append(try one(&reader, depth: depth)) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private static func one(_ reader: inout Reader, depth: Int) throws(Problem) -> Condition {
    reader.skipSpaces()
    if reader.take("(") {
      let inner = try any(&reader, depth: depth + 1)
      reader.skipSpaces()
      guard reader.take(")") else { throw Problem(text: "a ( is not closed") }
      return inner
    }
    guard reader.take("$") else { throw Problem(text: "a condition begins with $.") }
    let path = try self.path(&reader)
    for state in ["IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS"] where reader.takeWord(state) {
      return .state(path: path, state)
    }
    for comparison in ["!=", ">=", "<=", "=", ">", "<"] where reader.takeWord(comparison) {
      reader.skipSpaces()
      if reader.next == "\"" {
        return .compare(path: path, comparison: comparison, value: try reader.quoted(), isText: true)
      }
      let value = reader.prefix { !" )}&|".contains($0) }
      guard !value.isEmpty, value.first != "%" else {
        throw Problem(text: "a comparison needs a text or a number")
      }
      return .compare(path: path, comparison: comparison, value: value, isText: Double(value) == nil)
    }
    throw Problem(text: "a comparison is missing")
  }

  private static func path(_ reader: inout Reader) throws(Problem) -> [String] {
    var path: [String] = []
    while true {
      if reader.take(".") {
        path.append(reader.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
      } else if reader.take("[") {
        let name = reader.prefix { $0 != "]" }
        guard reader.take("]") else { throw Problem(text: "a [ is not closed") }
        path.append(name.trimmingPrefix("\"").hasSuffix("\"") ? String(name.dropFirst().dropLast()) : name)
      } else {
        guard !path.isEmpty, path.allSatisfy({ !$0.isEmpty }) else {
          throw Problem(text: "a name is missing after $.")
        }
        return path
      }
    }
  }

  private static func value(_ path: [String], _ json: JSON) -> JSON? {
    var value: JSON? = json
    for name in path {
      if let items = value?.array {
        value = Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
      } else {
        value = value?[name]
      }
    }
    return value
  }

  private static func holds(_ condition: Condition, _ json: JSON) -> Bool {
    switch condition {
    case .all(let parts): return parts.allSatisfy { holds($0, json) }
    case .any(let parts): return parts.contains { holds($0, json) }
    case .state(let path, let state):
      let value = value(path, json)
      return switch state {
      case "IS NULL": value == .null
      case "IS TRUE": value == .bool(true)
      case "IS FALSE": value == .bool(false)
      default: value == nil
      }
    case .compare(let path, let comparison, let wanted, let isText):
      guard let value = value(path, json) else { return false }
      if isText {
        guard let own = value.string else { return false }
        return switch comparison {
        case "=": glob(wanted, own)
        case "!=": !glob(wanted, own)
        default: false
        }
      }
      guard let own = value.double ?? value.string.flatMap(Double.init), let bound = Double(wanted) else {
        return false
      }
      return switch comparison {
      case "=": own == bound
      case "!=": own != bound
      case ">": own > bound
      case ">=": own >= bound
      case "<": own < bound
      default: own <= bound
      }
    }
  }

  private struct Reader {
    private let text: [Character]
    private var at = 0

    init(_ text: String) {
      self.text = Array(text)
    }

    var next: Character? { at < text.count ? text[at] : nil }
    var isAtEnd: Bool { text[at...].allSatisfy { $0 == " " } }

    mutating func skipSpaces() { while next == " " { at += 1 } }

    mutating func take(_ character: Character) -> Bool {
      guard next == character else { return false }
      at += 1
      return true
    }

    mutating func takeWord(_ word: String) -> Bool {
      skipSpaces()
      guard text[at...].starts(with: word) else { return false }
      at += word.count
      return true
    }

    mutating func prefix(while belongs: (Character) -> Bool) -> String {
      let start = at
      while let character = next, belongs(character) { at += 1 }
      return String(text[start..<at])
    }

    mutating func quoted() throws(Problem) -> String {
      at += 1
      var value = ""
      while let character = next {
        at += 1
        if character == "\"" { return value }
        if character == "\\", let escaped = next {
          value.append(escaped)
          at += 1
        } else {
          value.append(character)
        }
      }
      throw Problem(text: "a \" is not closed")
    }
  }
}
