import Wire

/// A regular expression, of the part of Perl's syntax that Macie takes, as a program for `PatternMachine`.
///
/// Source: Macie user guide, "Configuration options for custom data identifiers": no backreferences, no capturing, no
/// conditions, no recursion, no looking ahead or behind, and limits to repetition. Matching never backtracks, so a
/// hostile pattern costs no more than a plain one of its size.
struct TextPattern: Sendable {
  enum Assertion: Sendable {
    case wordEdge, noWordEdge, textStart, textEnd, lineStart, lineEnd
  }

  indirect enum Node: Sendable {
    case one(ScalarSet)
    case sequence([Node])
    case choice([Node])
    case repetition(Node, Int, Int?)
    case assertion(Assertion)
  }

  enum Instruction: Sendable {
    case one(ScalarSet)
    case fork(Int, Int)
    case jump(Int)
    case assertion(Assertion)
    case match
  }

  /// Why a pattern is not taken, for the reader.
  struct Problem: Error, Sendable {
    var text: String
  }

  private(set) var program: [Instruction] = []
  /// Scalars that a match can begin with.
  private(set) var first = ScalarSet()
  /// Whether every match begins where a word does.
  let startsAtWord: Bool
  /// Whether every match has a digit.
  let needsDigit: Bool

  private static let longestProgram = 4096

  /// - Throws: `Problem` for what is no pattern, or one that is too large.
  init(_ text: String) throws(Problem) {
    var parser = PatternParser(text)
    let node = try parser.parse()
    needsDigit = Self.needsDigit(node)
    startsAtWord = Self.beginsWithWordEdge(node)
    try emit(node)
    program.append(.match)
    first = Self.first(program)
  }

  private mutating func emit(_ node: Node) throws(Problem) {
    guard program.count < Self.longestProgram else {
      throw Problem(text: "the pattern repeats too much; write {n,} in place of large bounds")
    }
    switch node {
    case .one(let set): program.append(.one(set))
    case .assertion(let assertion): program.append(.assertion(assertion))
    case .sequence(let nodes): for node in nodes { try emit(node) }
    case .choice(let nodes):
      var ends: [Int] = []
      for (i, node) in nodes.enumerated() {
        guard i < nodes.count - 1 else {
          try emit(node)
          break
        }
        let fork = program.count
        program.append(.fork(fork + 1, 0))
        try emit(node)
        ends.append(program.count)
        program.append(.jump(0))
        program[fork] = .fork(fork + 1, program.count)
      }
      for end in ends { program[end] = .jump(program.count) }
    case .repetition(let node, let least, let most):
      for _ in 0..<least { try emit(node) }
      if let most {
        var forks: [Int] = []
        for _ in least..<max(least, most) {
          forks.append(program.count)
          program.append(.fork(program.count + 1, 0))
          try emit(node)
        }
        for fork in forks { program[fork] = .fork(fork + 1, program.count) }
      } else {
        let fork = program.count
        program.append(.fork(fork + 1, 0))
        try emit(node)
        program.append(.jump(fork))
        program[fork] = .fork(fork + 1, program.count)
      }
    }
  }

  private static func needsDigit(_ node: Node) -> Bool {
    switch node {
    case .one(let set): set.isDigits
    case .sequence(let nodes): nodes.contains(where: needsDigit)
    case .choice(let nodes): nodes.allSatisfy(needsDigit)
    case .repetition(let node, let least, _): least > 0 && needsDigit(node)
    case .assertion: false
    }
  }

  private static func beginsWithWordEdge(_ node: Node) -> Bool {
    guard case .sequence(let nodes) = node, nodes.count > 1, case .assertion(.wordEdge)? = nodes.first else {
      return false
    }
    return beginsWithWordScalar(.sequence(Array(nodes.dropFirst())))
  }

  private static func beginsWithWordScalar(_ node: Node) -> Bool {
    switch node {
    case .one(let set): set.isWordOnly
    case .sequence(let nodes): nodes.first.map(beginsWithWordScalar) ?? false
    case .choice(let nodes): nodes.allSatisfy(beginsWithWordScalar)
    case .repetition(let node, let least, _): least > 0 && beginsWithWordScalar(node)
    case .assertion: false
    }
  }

  /// What the first scalar can be, whatever the assertions on the way say.
  private static func first(_ program: [Instruction]) -> ScalarSet {
    var set = ScalarSet()
    var seen: Set<Int> = []
    var stack = [0]
    while let at = stack.popLast() {
      guard program.indices.contains(at), seen.insert(at).inserted else { continue }
      switch program[at] {
      case .one(let own): set.formUnion(own)
      case .fork(let a, let b): stack += [a, b]
      case .jump(let to): stack.append(to)
      case .assertion: stack.append(at + 1)
      case .match: break
      }
    }
    return set
  }
}

/// A set of Unicode scalars: a bit for each of ASCII, ranges for the others.
struct ScalarSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// Of scalars beyond ASCII.
  private var ranges: [ClosedRange<UInt32>] = []

  init() {}

  init(_ range: ClosedRange<UInt32>) { insert(range) }

  func contains(_ value: UInt32) -> Bool {
    if value < 64 { return low & (1 << UInt64(value)) != 0 }
    if value < 128 { return high & (1 << UInt64(value - 64)) != 0 }
    return ranges.contains { $0.contains(value) }
  }

  mutating func insert(_ range: ClosedRange<UInt32>) {
    for value in range.clamped(to: 0...127) where range.contains(value) {
      if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
    }
    if range.upperBound > 127 { ranges.append(max(128, range.lowerBound)...range.upperBound) }
  }

  mutating func formUnion(_ other: ScalarSet) {
    low |= other.low
    high |= other.high
    for range in other.ranges where !ranges.contains(range) { ranges.append(range) }
  }

  var inverted: ScalarSet {
    var result = ScalarSet()
    result.low = ~low
    result.high = ~high
    var next: UInt32 = 128
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.ranges.append(next...(range.lowerBound - 1)) }
      next = max(next, range.upperBound == .max ? .max : range.upperBound + 1)
    }
    if next <= 0x10_FFFF { result.ranges.append(next...0x10_FFFF) }
    return result
  }

  /// With the other case of every ASCII letter.
  var foldingCase: ScalarSet {
    var result = self
    let letters: UInt64 = 0x07FF_FFFE
    result.high |= ((high & letters) << 32) | ((high >> 32) & letters)
    return result
  }

  static let digits = ScalarSet(0x30...0x39)
  static let word: ScalarSet = {
    var set = digits
    for range in [0x41...0x5A, 0x61...0x7A, 0x5F...0x5F] as [ClosedRange<UInt32>] { set.insert(range) }
    return set
  }()
  static let space: ScalarSet = {
    var set = ScalarSet(0x09...0x0D)
    set.insert(0x20...0x20)
    return set
  }()

  /// The first range beyond ASCII.
  var beyondASCII: ClosedRange<UInt32>? { ranges.first }

  var isDigits: Bool { high == 0 && ranges.isEmpty && low != 0 && low & ~Self.digits.low == 0 }
  var isWordOnly: Bool {
    ranges.isEmpty && low & ~Self.word.low == 0 && high & ~Self.word.high == 0 && (low | high) != 0
  }
}
