/// The words of `choices` that resemble `word`, best first: at most three, with a similarity of 0.8 at least.
///
/// The measure is that of Python's `difflib.SequenceMatcher`, which the AWS CLI uses for its "Maybe you meant":
/// twice the length of all matching blocks over the length of both words.
func closeMatches(_ word: String, _ choices: [String]) -> [String] {
  let given = Array(word.unicodeScalars)
  var scored: [(score: Double, choice: String)] = []
  for choice in choices {
    let other = Array(choice.unicodeScalars)
    let total = given.count + other.count
    guard total > 0 else { continue }
    // No block can be longer than the shorter word: most choices need no closer look.
    guard 2 * Double(min(given.count, other.count)) / Double(total) >= 0.8 else { continue }
    let score = 2 * Double(matching(other[...], given[...])) / Double(total)
    if score >= 0.8 { scored.append((score, choice)) }
  }
  // heapq.nlargest over (score, word): equal scores go by the word, the greater first.
  return scored.sorted { $0.score != $1.score ? $0.score > $1.score : $0.choice > $1.choice }.prefix(3).map(
    \.choice)
}

/// The total length of the matching blocks: the longest common run, then the same to its left and right.
private func matching(_ a: ArraySlice<Unicode.Scalar>, _ b: ArraySlice<Unicode.Scalar>) -> Int {
  guard !a.isEmpty, !b.isEmpty else { return 0 }
  var best = (a: a.startIndex, b: b.startIndex, length: 0)
  var runs: [Int: Int] = [:]
  for i in a.indices {
    var next: [Int: Int] = [:]
    for j in b.indices where a[i] == b[j] {
      let length = (runs[j - 1] ?? 0) + 1
      next[j] = length
      if length > best.length { best = (i - length + 1, j - length + 1, length) }
    }
    runs = next
  }
  guard best.length > 0 else { return 0 }
  return best.length + matching(a[a.startIndex..<best.a], b[b.startIndex..<best.b])
    + matching(a[(best.a + best.length)...], b[(best.b + best.length)...])
}
