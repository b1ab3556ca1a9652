/// Reads a pattern's text. Groups nest at most fifty deep, bounds reach at most 512.
struct PatternParser {
  private typealias Node = TextPattern.Node
  private typealias Problem = TextPattern.Problem

  private struct Flags {
    var ignoresCase = false
    var dotTakesAll = false
    var isMultiline = false
  }

  private let text: [Unicode.Scalar]
  private var at = 0
  private var flags = Flags()
  private var depth = 0

  init(_ text: String) {
    self.text = Array(text.unicodeScalars)
  }

  mutating func parse() throws(TextPattern.Problem) -> TextPattern.Node {
    let node = try choice()
    guard at == text.count else { throw problem("there is a ) without its (") }
    return node
  }

  private func problem(_ words: String) -> Problem {
    Problem(text: "\(words), at character \(min(at + 1, max(1, text.count)))")
  }

  private var next: Unicode.Scalar? { at < text.count ? text[at] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  private mutating func take(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    guard text[at...].starts(with: scalars) else { return false }
    at += scalars.count
    return true
  }

  private mutating func choice() throws(Problem) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 50 else { throw problem("groups are nested too deep") }
    var branches: [Node] = []
    repeat { branches.append(try sequence()) } while take("|")
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(Problem) -> Node {
    var nodes: [Node] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      guard let atom = try atom() else { continue }
      nodes.append(try repeated(atom))
    }
    return .sequence(nodes)
  }

  private mutating func repeated(_ atom: Node) throws(Problem) -> Node {
    var node = atom
    var count = 0
    while let bounds = try bounds() {
      count += 1
      guard count == 1 else { throw problem("a repetition cannot be repeated") }
      if case .assertion = atom { throw problem("an assertion cannot be repeated") }
      node = .repetition(node, bounds.least, bounds.most)
      // Whether it takes much or little makes no difference: the longest match counts.
      if take("?") { continue }
      if next == "+" { throw problem("possessive repetitions are not supported") }
    }
    return node
  }

  private mutating func bounds() throws(Problem) -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard next == "{" else { return nil }
    let start = at
    at += 1
    // Without a number it is a brace like any other.
    guard let least = number() else {
      at = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else {
      at = start
      return nil
    }
    guard least <= 512, (most ?? 0) <= 512, most.map({ $0 >= least }) ?? true else {
      throw problem("the bounds of a repetition are too large or in the wrong order")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      value = min(100_000, (value ?? 0) * 10 + Int(scalar.value - 0x30))
      at += 1
    }
    return value
  }

  /// Nil for what stands for nothing by itself (flags).
  private mutating func atom() throws(Problem) -> Node? {
    guard let scalar = next else { return nil }
    switch scalar {
    case "(": return try group()
    case "[": return .one(folded(try bracket()))
    case ".":
      at += 1
      return .one(flags.dotTakesAll ? ScalarSet().inverted : ScalarSet(0x0A...0x0A).inverted)
    case "^":
      at += 1
      return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$":
      at += 1
      return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "\\": return try escape()
    case "*", "+", "?": throw problem("there is nothing to repeat")
    case "{":
      let start = at
      if try bounds() != nil { throw problem("there is nothing to repeat") }
      at = start + 1
      return .one(ScalarSet(0x7B...0x7B))
    default:
      at += 1
      return .one(folded(ScalarSet(scalar.value...scalar.value)))
    }
  }

  private func folded(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.foldingCase : set }

  private mutating func group() throws(Problem) -> Node? {
    at += 1
    let outer = flags
    if take("?") {
      if take(":") {
        // A plain group.
      } else if ["=", "!", "<", ">", "P", "R", "&", "|", "#", "("].contains(next) {
        throw problem("looking ahead or behind, conditions, recursion and names are not supported")
      } else {
        var isOn = true
        loop: while let scalar = next {
          at += 1
          switch scalar {
          case "-": isOn = false
          case "i": flags.ignoresCase = isOn
          case "s": flags.dotTakesAll = isOn
          case "m": flags.isMultiline = isOn
          case ")": return nil
          case ":": break loop
          default: throw problem("the flag \(scalar) is not supported")
          }
        }
      }
    }
    let node = try choice()
    flags = outer
    guard take(")") else { throw problem("a ( is not closed") }
    return node
  }

  private mutating func escape() throws(Problem) -> Node {
    at += 1
    guard let scalar = next else { throw problem("there is nothing after the \\") }
    at += 1
    switch scalar {
    case "b": return .assertion(.wordEdge)
    case "B": return .assertion(.noWordEdge)
    case "A": return .assertion(.textStart)
    case "z", "Z": return .assertion(.textEnd)
    default: return .one(folded(try escapedSet(scalar)))
    }
  }

  private mutating func escapedSet(_ scalar: Unicode.Scalar) throws(Problem) -> ScalarSet {
    func one(_ value: UInt32) -> ScalarSet { ScalarSet(value...value) }
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .word
    case "W": return ScalarSet.word.inverted
    case "s": return .space
    case "S": return ScalarSet.space.inverted
    case "t": return one(0x09)
    case "n": return one(0x0A)
    case "v": return one(0x0B)
    case "f": return one(0x0C)
    case "r": return one(0x0D)
    case "a": return one(0x07)
    case "e": return one(0x1B)
    case "x":
      let isBraced = take("{")
      var value: UInt32 = 0
      var digits = 0
      while digits < (isBraced ? 6 : 2), let digit = next.flatMap({ Character($0).hexDigitValue }) {
        value = value * 16 + UInt32(digit)
        digits += 1
        at += 1
      }
      guard digits > 0, !isBraced || take("}"), Unicode.Scalar(value) != nil else {
        throw problem("\\x needs hexadecimal digits")
      }
      return one(value)
    case "0"..."9": throw problem("references to groups are not supported")
    case let letter where ("a"..."z").contains(letter) || ("A"..."Z").contains(letter):
      throw problem("\\\(letter) is not supported")
    default: return one(scalar.value)
    }
  }

  private static let classes: [String: [ClosedRange<UInt32>]] = [
    "alpha": [0x41...0x5A, 0x61...0x7A], "digit": [0x30...0x39], "upper": [0x41...0x5A],
    "lower": [0x61...0x7A],
    "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "space": [0x09...0x0D, 0x20...0x20],
    "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
    "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
  ]

  private mutating func bracket() throws(Problem) -> ScalarSet {
    at += 1
    let isNegated = take("^")
    var set = ScalarSet()
    var isFirst = true
    while true {
      guard let scalar = next else { throw problem("a [ is not closed") }
      if scalar == "]", !isFirst {
        at += 1
        break
      }
      isFirst = false
      if take("[:") {
        let name = String(String.UnicodeScalarView(text[at...].prefix { $0 != ":" }))
        guard let ranges = Self.classes[name] else { throw problem("there is no class [:\(name):]") }
        at += name.unicodeScalars.count
        guard take(":]") else { throw problem("a [: is not closed") }
        for range in ranges { set.insert(range) }
        continue
      }
      guard let from = try bracketScalar(&set) else { continue }
      if next == "-", at + 1 < text.count, text[at + 1] != "]" {
        at += 1
        guard let to = try bracketScalar(&set), to >= from else {
          throw problem("a range in [ ] is in the wrong order")
        }
        set.insert(from...to)
      } else {
        set.insert(from...from)
      }
    }
    set = folded(set)
    return isNegated ? set.inverted : set
  }

  /// One scalar; or nil and a whole class in `set`.
  private mutating func bracketScalar(_ set: inout ScalarSet) throws(Problem) -> UInt32? {
    guard let scalar = next else { throw problem("a [ is not closed") }
    at += 1
    guard scalar == "\\" else { return scalar.value }
    guard let escaped = next else { throw problem("there is nothing after the \\") }
    at += 1
    if escaped == "b" { return 0x08 }
    let own = try escapedSet(escaped)
    if let single = own.single { return single }
    set.formUnion(own)
    return nil
  }
}

extension ScalarSet {
  /// The scalar of a set of one.
  fileprivate var single: UInt32? {
    let found = (0...127).lazy.filter { self.contains($0) }.prefix(2)
    let ascii = Array(found)
    if ascii.count == 1, beyondASCII == nil { return ascii[0] }
    if ascii.isEmpty, let range = beyondASCII, range.count == 1 { return range.lowerBound }
    return nil
  }
}
