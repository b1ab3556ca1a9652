/// Runs patterns over a text, all their ways at once: the time is text times pattern, whatever the pattern. Of the
/// places that match, the leftmost counts, of those the longest; matches do not overlap and are never empty.
struct PatternMachine {
  private struct Thread {
    var at: Int
    var start: Int
  }

  /// What the machine may still do before it gives up, in steps of a way.
  private(set) var budget: Int
  private var current: [Thread] = []
  private var following: [Thread] = []
  private var seen: [Int] = []
  private var generation = 0
  private var stack: [Int] = []

  init(budget: Int = 40_000_000) {
    self.budget = budget
  }

  /// Whether it gave up at some point: what is found is then not all there is.
  var gaveUp: Bool { budget <= 0 }

  /// - Parameter words: where words begin; computed here where the pattern wants it and the caller has none.
  mutating func matches(
    of pattern: TextPattern, in text: [Unicode.Scalar], words: [Int]? = nil
  ) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var starts: [Int]?
    if pattern.startsAtWord { starts = words ?? Self.wordStarts(text) }
    if seen.count < pattern.program.count {
      seen = Array(repeating: 0, count: pattern.program.count)
      generation = 0
    }
    var from = 0
    var hint = 0
    while from < text.count, budget > 0,
      let match = leftmost(pattern, text, from, starts, &hint)
    {
      found.append(match)
      from = match.upperBound
    }
    return found
  }

  static func wordStarts(_ text: [Unicode.Scalar]) -> [Int] {
    text.indices.filter { isWord(text, $0) && !isWord(text, $0 - 1) }
  }

  private mutating func leftmost(
    _ pattern: TextPattern, _ text: [Unicode.Scalar], _ from: Int, _ starts: [Int]?, _ hint: inout Int
  ) -> Range<Int>? {
    var best: Range<Int>?
    var i = from
    current.removeAll(keepingCapacity: true)
    while true {
      if current.isEmpty {
        if best != nil { return best }
        guard let start = nextStart(pattern, text, i, starts, &hint) else { return nil }
        i = start
      }
      generation += 1
      // Threads of this position were added under the generation before; a new one comes last.
      if best == nil, i < text.count, pattern.first.contains(text[i].value) {
        for thread in current { seen[thread.at] = generation }
        var list: [Thread] = []
        swap(&list, &current)
        add(0, i, i, pattern, text, &list, &best)
        swap(&list, &current)
        generation += 1
      }
      guard i < text.count, budget > 0 else { return best }
      following.removeAll(keepingCapacity: true)
      let value = text[i].value
      var list: [Thread] = []
      swap(&list, &following)
      for thread in current {
        budget -= 1
        if let best, thread.start > best.lowerBound { break }
        if case .one(let set) = pattern.program[thread.at], set.contains(value) {
          add(thread.at + 1, thread.start, i + 1, pattern, text, &list, &best)
        }
      }
      swap(&following, &current)
      swap(&current, &list)
      i += 1
    }
  }

  /// The next place where a match can begin.
  private func nextStart(
    _ pattern: TextPattern, _ text: [Unicode.Scalar], _ from: Int, _ starts: [Int]?, _ hint: inout Int
  ) -> Int? {
    if let starts {
      while hint < starts.count {
        let start = starts[hint]
        if start >= from, pattern.first.contains(text[start].value) { return start }
        hint += 1
      }
      return nil
    }
    var i = from
    while i < text.count, !pattern.first.contains(text[i].value) { i += 1 }
    return i < text.count ? i : nil
  }

  /// Follows what costs no scalar; adds where one is awaited.
  private mutating func add(
    _ at: Int, _ start: Int, _ position: Int, _ pattern: TextPattern, _ text: [Unicode.Scalar],
    _ list: inout [Thread], _ best: inout Range<Int>?
  ) {
    stack.removeAll(keepingCapacity: true)
    stack.append(at)
    while let at = stack.popLast() {
      guard seen[at] != generation else { continue }
      seen[at] = generation
      budget -= 1
      switch pattern.program[at] {
      case .one: list.append(Thread(at: at, start: start))
      case .jump(let to): stack.append(to)
      case .fork(let a, let b):
        stack.append(b)
        stack.append(a)
      case .assertion(let assertion):
        if Self.holds(assertion, text, position) { stack.append(at + 1) }
      case .match:
        guard position > start else { continue }
        if let known = best,
          known.lowerBound < start || known.lowerBound == start && known.upperBound >= position
        {
          continue
        }
        best = start..<position
      }
    }
  }

  private static func holds(_ assertion: TextPattern.Assertion, _ text: [Unicode.Scalar], _ i: Int) -> Bool {
    switch assertion {
    case .wordEdge: isWord(text, i - 1) != isWord(text, i)
    case .noWordEdge: isWord(text, i - 1) == isWord(text, i)
    case .textStart: i == 0
    case .textEnd: i == text.count || i == text.count - 1 && text[i] == "\n"
    case .lineStart: i == 0 || text[i - 1] == "\n"
    case .lineEnd: i == text.count || text[i] == "\n"
    }
  }

  /// Letters of any script, digits and the underscore.
  static func isWord(_ text: [Unicode.Scalar], _ i: Int) -> Bool {
    guard i >= 0, i < text.count else { return false }
    let value = text[i].value
    return value < 128 ? ScalarSet.word.contains(value) : text[i].properties.isAlphabetic
  }
}
