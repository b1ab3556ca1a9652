import ShellSyntax

/// `{a,b}` and `{1..3}`: made before anything else, from live characters only (bash, not POSIX).
enum BraceExpansion {
  private enum Atom {
    case scalar(UnicodeScalar)
    case part(WordPart)

    func `is`(_ wanted: UnicodeScalar) -> Bool {
      if case .scalar(let scalar) = self { scalar == wanted } else { false }
    }
  }

  /// The words that `parts` stands for; nil where they would be more than `budget`.
  static func expand(_ parts: [WordPart], _ budget: inout Int) -> [[WordPart]]? {
    let isCandidate = parts.contains { part in
      if case .literal(let text) = part { text.utf8.contains(UInt8(ascii: "{")) } else { false }
    }
    guard isCandidate else { return [parts] }
    let atoms = parts.flatMap { part -> [Atom] in
      if case .literal(let text) = part { return text.unicodeScalars.map(Atom.scalar) }
      return [.part(part)]
    }
    // Beyond this the nesting of braces is no one's intention, and matching them is no longer quick.
    guard atoms.count < 20_000, atoms.filter({ $0.is("{") }).count < 64 else { return [parts] }
    return expand(atoms[...], &budget)?.map { Self.parts($0) }
  }

  private static func parts(_ atoms: [Atom]) -> [WordPart] {
    var parts: [WordPart] = []
    var run = String.UnicodeScalarView()
    for atom in atoms {
      switch atom {
      case .scalar(let scalar): run.append(scalar)
      case .part(let part):
        if !run.isEmpty { parts.append(.literal(String(run))) }
        run = String.UnicodeScalarView()
        parts.append(part)
      }
    }
    if !run.isEmpty { parts.append(.literal(String(run))) }
    return parts
  }

  private static func expand(_ atoms: ArraySlice<Atom>, _ budget: inout Int) -> [[Atom]]? {
    var start = atoms.startIndex
    while let open = atoms[start...].firstIndex(where: { $0.is("{") }) {
      start = open + 1
      guard let (alternatives, close) = alternatives(atoms, open, &budget) else { continue }
      guard let alternatives else { return nil }
      guard let rest = expand(atoms[(close + 1)...], &budget) else { return nil }
      budget -= alternatives.count * rest.count
      if budget < 0 { return nil }
      let head = atoms[..<open]
      return alternatives.flatMap { alternative in rest.map { head + alternative + $0 } }
    }
    return [Array(atoms)]
  }

  /// What stands between the brace at `open` and its partner; nil where they are no brace expression. The inner nil
  /// means too many.
  private static func alternatives(_ atoms: ArraySlice<Atom>, _ open: Int, _ budget: inout Int) -> (
    [[Atom]]?, close: Int
  )? {
    var level = 0
    var commas: [Int] = []
    for place in open..<atoms.endIndex {
      if atoms[place].is("{") { level += 1 }
      if atoms[place].is(","), level == 1 { commas.append(place) }
      guard atoms[place].is("}") else { continue }
      level -= 1
      guard level == 0 else { continue }
      if commas.isEmpty {
        guard let sequence = sequence(atoms[(open + 1)..<place], budget) else { return nil }
        return (sequence.isEmpty ? nil : sequence, place)
      }
      var result: [[Atom]] = []
      var from = open + 1
      for comma in commas + [place] {
        guard let words = expand(atoms[from..<comma], &budget) else { return (nil, place) }
        result += words
        from = comma + 1
      }
      return (result, place)
    }
    return nil
  }

  /// `1..10..3` or `a..e`; nil where it is neither, empty where it is too long.
  private static func sequence(_ atoms: ArraySlice<Atom>, _ budget: Int) -> [[Atom]]? {
    var text = ""
    for atom in atoms {
      guard case .scalar(let scalar) = atom else { return nil }
      text.unicodeScalars.append(scalar)
    }
    let ends = split(text)
    guard ends.count == 2 || ends.count == 3 else { return nil }
    guard let given = ends.count == 3 ? Int(ends[2]) : 1, given.magnitude < 1 << 61 else { return nil }
    let step = max(1, Int(given.magnitude))
    if let first = Int(ends[0]), let last = Int(ends[1]) {
      // So far from the ends of Int that a step beyond the last one is still a number.
      guard first.magnitude < 1 << 61, last.magnitude < 1 << 61 else { return nil }
      let (distance, overflow) = last.subtractingReportingOverflow(first)
      if overflow || distance.magnitude / UInt(step) >= UInt(budget) { return [] }
      let pads = [ends[0], ends[1]].contains {
        $0.drop { $0 == "-" }.hasPrefix("0") && $0.drop { $0 == "-" }.count > 1
      }
      let width = pads ? max(ends[0].count, ends[1].count) : 0
      return stride(from: first, through: last, by: first <= last ? step : -step).map { number in
        let digits = String(number.magnitude)
        let sign = number < 0 ? "-" : ""
        let zeros = String(repeating: "0", count: max(0, width - digits.count - sign.count))
        return (sign + zeros + digits).unicodeScalars.map(Atom.scalar)
      }
    }
    guard let first = letter(ends[0]), let last = letter(ends[1]) else { return nil }
    return stride(from: first, through: last, by: first <= last ? step : -step).map {
      [.scalar(UnicodeScalar(UInt8(truncatingIfNeeded: $0)))]
    }
  }

  private static func split(_ text: String) -> [String] {
    var pieces = [""]
    var rest = text[...]
    while let next = rest.first {
      if rest.hasPrefix("..") {
        pieces.append("")
        rest = rest.dropFirst(2)
      } else {
        pieces[pieces.count - 1].append(next)
        rest = rest.dropFirst()
      }
    }
    return pieces
  }

  private static func letter(_ text: String) -> Int? {
    guard text.utf8.count == 1, let byte = text.utf8.first, byte | 0x20 >= 97, byte | 0x20 <= 122 else {
      return nil
    }
    return Int(byte)
  }
}
