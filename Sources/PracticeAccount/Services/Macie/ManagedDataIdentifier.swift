/// What Macie looks for. Sources: Macie user guide, "Managed data identifiers by type" (names, keywords); SSA POMS
/// RM 10201.035 and Macie's observed behaviour (which Social Security numbers exist); ISO/IEC 7812 (card check digit).
struct ManagedDataIdentifier: Sendable {
  struct Match {
    var range: Range<Int>
    /// The part of the number that no real one has: `area 000`; nil if it may be real.
    var impossible: String?
  }

  var id: String
  /// `PERSONAL_INFORMATION`, `FINANCIAL_INFORMATION`, `CREDENTIALS`.
  var category: String
  var keywords: [String]
  /// Part of the recommended set, which jobs use unless told otherwise.
  var isRecommended: Bool
  private var find: @Sendable ([Unicode.Scalar]) -> [Match]

  func matches(_ text: [Unicode.Scalar]) -> [Match] { find(text) }

  /// Whether one of the texts has a keyword that stands alone, without regard to case.
  func hasKeyword(in texts: [String]) -> Bool {
    texts.contains { text in keywords.contains { Self.contains($0, in: text.lowercased()) } }
  }

  private static func contains(_ keyword: String, in text: String) -> Bool {
    let text = Array(text.utf8)
    let keyword = Array(keyword.utf8)
    guard !keyword.isEmpty, text.count >= keyword.count else { return false }
    func isLetter(_ i: Int) -> Bool { text.indices.contains(i) && (0x61...0x7A).contains(text[i]) }
    for i in 0...(text.count - keyword.count) where text[i..<(i + keyword.count)].elementsEqual(keyword) {
      if !isLetter(i - 1), !isLetter(i + keyword.count) || keyword.last == 0x23 { return true }
    }
    return false
  }

  static let all: [ManagedDataIdentifier] = [
    ManagedDataIdentifier(
      id: "CREDIT_CARD_NUMBER", category: "FINANCIAL_INFORMATION",
      keywords: [
        "credit card", "card number", "card", "credit", "debit", "visa", "mastercard", "amex",
        "american express",
        "discover", "diners club", "jcb", "cc", "cc #", "ccn", "pan", "payment card number",
      ], isRecommended: true, find: cards),
    ManagedDataIdentifier(
      id: "USA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", category: "PERSONAL_INFORMATION",
      keywords: ["itin", "i.t.i.n."], isRecommended: true, find: taxNumbers),
    ManagedDataIdentifier(
      id: "USA_SOCIAL_SECURITY_NUMBER", category: "PERSONAL_INFORMATION",
      keywords: ["social security", "ss#", "ssn"], isRecommended: true, find: socialSecurityNumbers),
  ]

  private static let socialSecurityNumbers: @Sendable ([Unicode.Scalar]) -> [Match] = { text in
    nineDigits(text).map { range, digits in
      let area = digits[0] * 100 + digits[1] * 10 + digits[2]
      let impossible: String? =
        if area == 0 || area == 666 || area >= 900 {
          "area \(threeDigits(area))"
        } else if digits[3] + digits[4] == 0 {
          "group 00"
        } else if digits[5...].allSatisfy({ $0 == 0 }) {
          "serial number 0000"
        } else {
          nil
        }
      return Match(range: range, impossible: impossible)
    }
  }

  private static func threeDigits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 3 - text.count)) + text
  }

  /// 9xx with group 50-65, 70-88, 90-92 or 94-99 (IRS).
  private static let taxNumbers: @Sendable ([Unicode.Scalar]) -> [Match] = { text in
    nineDigits(text).compactMap { range, digits in
      let group = digits[3] * 10 + digits[4]
      let isGiven =
        (50...65).contains(group) || (70...88).contains(group) || (90...99).contains(group) && group != 93
      return digits[0] == 9 && isGiven ? Match(range: range) : nil
    }
  }

  /// `ddd-dd-dddd`, hyphens or spaces optional, alone among word characters.
  private static func nineDigits(_ text: [Unicode.Scalar]) -> [(Range<Int>, [Int])] {
    var found: [(Range<Int>, [Int])] = []
    var i = 0
    while i < text.count {
      guard digit(text[i]) != nil, !isWord(text, i - 1) else {
        i += 1
        continue
      }
      var digits: [Int] = []
      var p = i
      while p < text.count, digits.count < 9 {
        if let value = digit(text[p]) {
          digits.append(value)
          p += 1
        } else if digits.count == 3 || digits.count == 5, text[p] == "-" || text[p] == " ",
          digit(text[p - 1]) != nil
        {
          p += 1
        } else {
          break
        }
      }
      if digits.count == 9, !isWord(text, p) {
        found.append((i..<p, digits))
        i = p
      } else {
        i += 1
      }
    }
    return found
  }

  /// 13 to 19 digits, hyphens or spaces between groups, whose check digit is right (Luhn).
  private static let cards: @Sendable ([Unicode.Scalar]) -> [Match] = { text in
    var found: [Match] = []
    var i = 0
    while i < text.count {
      guard let first = digit(text[i]), (2...6).contains(first), !isWord(text, i - 1) else {
        i += 1
        continue
      }
      var digits: [Int] = []
      var p = i
      var end = i
      while p < text.count {
        if let value = digit(text[p]) {
          digits.append(value)
          p += 1
          end = p
        } else if text[p] == "-" || text[p] == " ", p + 1 < text.count, digit(text[p + 1]) != nil {
          p += 1
        } else {
          break
        }
      }
      if (13...19).contains(digits.count), !isWord(text, end), passesLuhn(digits) {
        found.append(Match(range: i..<end))
      }
      i = max(end, i + 1)
    }
    return found
  }

  private static func passesLuhn(_ digits: [Int]) -> Bool {
    var sum = 0
    for (i, digit) in digits.reversed().enumerated() {
      let doubled = i % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  private static func digit(_ scalar: Unicode.Scalar) -> Int? {
    ("0"..."9").contains(scalar) ? Int(scalar.value) - 0x30 : nil
  }

  private static func isWord(_ text: [Unicode.Scalar], _ i: Int) -> Bool {
    text.indices.contains(i) && (text[i].properties.isAlphabetic || digit(text[i]) != nil || text[i] == "_")
  }
}
