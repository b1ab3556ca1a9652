/// What Macie looks for. Sources: Macie user guide, "Managed data identifiers by type" (names, keywords, what is left
/// out), "Managed data identifiers recommended for jobs", "Severity scoring"; for what is no real number the standard
/// that gives the numbers out, named at each check.
struct ManagedDataIdentifier: Sendable {
  struct Match {
    var range: Range<Int>
    /// The part of the number that no real one has: `area 000`; nil if it may be real.
    var impossible: String?
  }

  enum Category: String {
    case credentials = "CREDENTIALS"
    case financial = "FINANCIAL_INFORMATION"
    case personal = "PERSONAL_INFORMATION"
  }

  /// How severe a finding is, by how often it was found.
  enum Severity {
    case low, medium, high
    /// Low for one, Medium up to 99, High from 100.
    case byCount

    /// 1 to 3.
    func score(_ count: Int) -> Int {
      switch self {
      case .low: 1
      case .medium: 2
      case .high: 3
      case .byCount: count < 2 ? 1 : count < 100 ? 2 : 3
      }
    }
  }

  var id: String
  var category: String
  var severity: Severity
  /// Of these one must stand near; none: no keyword is needed.
  var keywords: [String]
  /// Part of the recommended set, which jobs use unless told otherwise.
  var isRecommended: Bool
  /// Whether a learner is told of a number that lacks its keyword. Only for what a lesson is about: nine digits could
  /// be a dozen things.
  var explainsMissingKeyword: Bool
  let pattern: TextPattern?
  /// Scalars that must not stand next to a match.
  private let edges: ScalarSet
  private let check: DataCheck
  /// `keywords` as lower-case UTF-8.
  private let foldedKeywords: [[UInt8]]

  init(
    _ id: String, _ category: Category, _ severity: Severity, _ pattern: String, keywords: [String] = [],
    check: DataCheck = .none, edges: String = "", isRecommended: Bool = false,
    explainsMissingKeyword: Bool = false
  ) {
    self.id = id
    self.category = category.rawValue
    self.severity = severity
    self.keywords = keywords
    self.isRecommended = isRecommended
    self.explainsMissingKeyword = explainsMissingKeyword
    self.check = check
    // A test reads every row; one that were no pattern would find nothing.
    self.pattern = try? TextPattern(pattern)
    var set = ScalarSet()
    for scalar in edges.unicodeScalars { set.insert(scalar.value...scalar.value) }
    self.edges = set
    foldedKeywords = keywords.map { Array($0.lowercased().utf8) }
  }

  /// What has the form, and is real or told to be impossible.
  func matches(_ text: [Unicode.Scalar], words: [Int], _ machine: inout PatternMachine) -> [Match] {
    guard let pattern else { return [] }
    return machine.matches(of: pattern, in: text, words: words).compactMap { range in
      if range.lowerBound > 0, edges.contains(text[range.lowerBound - 1].value) { return nil }
      if range.upperBound < text.count, edges.contains(text[range.upperBound].value) { return nil }
      switch check.outcome(text[range]) {
      case .real: return Match(range: range)
      case .impossible(let part): return Match(range: range, impossible: part)
      case .no: return nil
      }
    }
  }

  /// Whether one of the texts, in lower-case UTF-8, has a keyword that stands alone.
  func hasKeyword(in texts: [[UInt8]]) -> Bool {
    texts.contains { text in foldedKeywords.contains { Self.contains($0, in: text[...]) } }
  }

  /// Whether the text, in lower-case UTF-8, has `keyword` with no letter beside it.
  static func contains(_ keyword: [UInt8], in text: ArraySlice<UInt8>) -> Bool {
    guard let first = keyword.first, text.count >= keyword.count else { return false }
    func isLetter(_ i: Int) -> Bool { text.indices.contains(i) && (0x61...0x7A).contains(text[i]) }
    for i in text.startIndex...(text.endIndex - keyword.count)
    where text[i] == first && text[i..<(i + keyword.count)].elementsEqual(keyword) {
      if !isLetter(i - 1), !isLetter(i + keyword.count) || keyword.last == 0x23 { return true }
    }
    return false
  }

  /// All that there are, by id.
  static let all = (credentials + financial + accounts + personal + health).sorted { $0.id < $1.id }

  private static let places = Dictionary(
    all.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })

  /// Where an identifier stands in `all`.
  static func place(_ id: String) -> Int? { places[id] }

  /// What a selector chooses (Macie API reference, `managedDataIdentifierSelector`).
  static func selected(_ selector: String, _ ids: [String]) -> [ManagedDataIdentifier] {
    let named = Set(ids)
    return all.filter { identifier in
      switch selector {
      case "ALL": true
      case "EXCLUDE": !named.contains(identifier.id)
      case "INCLUDE": named.contains(identifier.id)
      case "NONE": false
      default: identifier.isRecommended
      }
    }
  }
}
