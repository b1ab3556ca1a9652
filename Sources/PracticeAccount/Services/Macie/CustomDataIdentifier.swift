import ServiceModels
import Wire

/// What a learner taught Macie to look for. Deleting one hides it: jobs that use it go on (Macie user guide,
/// "Deleting custom data identifiers").
struct CustomDataIdentifier: Sendable, Codable, Equatable {
  struct Level: Sendable, Codable, Equatable {
    var threshold: Int64
    /// `LOW`, `MEDIUM` or `HIGH`.
    var severity: String
  }

  var id: String
  var name: String
  var description: String?
  var created: Timestamp
  var isDeleted = false
  var regex: String
  var keywords: [String] = []
  var ignoreWords: [String] = []
  var distance = 50
  /// In ascending order; empty: Medium from the first.
  var levels: [Level] = []
  var tags: [Tag] = []
  var clientToken = ""

  /// 1 to 3; nil if so many are too few for a finding.
  func severity(_ count: Int) -> Int? {
    guard count > 0 else { return nil }
    if levels.isEmpty { return 2 }
    return levels.last { $0.threshold <= Int64(count) }.map { ["LOW": 1, "MEDIUM": 2][$0.severity] ?? 3 }
  }
}

/// A custom identifier ready to look.
struct CompiledIdentifier: Sendable {
  let source: CustomDataIdentifier
  private let pattern: TextPattern
  private let keywords: [String]
  private let longestKeyword: Int

  init(_ source: CustomDataIdentifier) throws(TextPattern.Problem) {
    self.source = source
    pattern = try TextPattern(source.regex)
    keywords = source.keywords.map { $0.lowercased() }
    longestKeyword = keywords.map(\.unicodeScalars.count).max() ?? 0
  }

  /// - Parameter context: the name of the column, the path of the field.
  func matches(
    in text: [Unicode.Scalar], context: [String], _ machine: inout PatternMachine
  ) -> [Range<Int>] {
    let isNamed = context.contains { name in keywords.contains { name.lowercased().contains($0) } }
    return machine.matches(of: pattern, in: text).filter { range in
      guard keywords.isEmpty || isNamed || hasKeyword(before: range, in: text) else { return false }
      guard !source.ignoreWords.isEmpty else { return true }
      let found = SensitiveDataScan.text(text, range.lowerBound, range.upperBound)
      return !source.ignoreWords.contains { found.contains($0) }
    }
  }

  /// Whether a keyword precedes the match and ends at most `distance` characters before the match's end.
  private func hasKeyword(before range: Range<Int>, in text: [Unicode.Scalar]) -> Bool {
    let from = max(0, range.upperBound - source.distance - longestKeyword)
    guard from < range.lowerBound else { return false }
    let before = SensitiveDataScan.text(text, from, range.lowerBound).lowercased()
    return keywords.contains { keyword in
      guard let last = before.ranges(of: keyword).last else { return false }
      let gap = before[last.upperBound...].unicodeScalars.count + range.count
      return gap <= source.distance
    }
  }
}

/// What is never reported, as the learner says (Macie user guide, "Defining exceptions with allow lists").
struct MacieAllowList: Sendable, Codable, Equatable {
  var id: String
  var name: String
  var description: String?
  var created: Timestamp
  var updated: Timestamp
  /// One of both: a pattern, or an object with a word a line.
  var regex: String?
  var bucket: String?
  var key: String?
  var tags: [Tag] = []
  var clientToken = ""
}

/// The allow lists of a job, ready to be asked.
struct AllowedText: Sendable {
  var words: Set<String> = []
  var patterns: [TextPattern] = []

  /// Whether the text is a word of a list, or a list's pattern fits all of it.
  func takes(_ match: ArraySlice<Unicode.Scalar>, _ machine: inout PatternMachine) -> Bool {
    guard !words.isEmpty || !patterns.isEmpty else { return false }
    let text = Array(match)
    if words.contains(String(String.UnicodeScalarView(text)).lowercased()) { return true }
    return patterns.contains { machine.matches(of: $0, in: text).contains(0..<text.count) }
  }
}
