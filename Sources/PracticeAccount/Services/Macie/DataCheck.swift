/// What makes a number of the right form a real one.
enum DataCheck {
  case none
  /// Luhn's check digit (ISO/IEC 7812), and no number that card issuers keep for tests.
  case card
  case luhn
  /// ISO 13616: 97 leaves 1.
  case iban
  case socialSecurity, taxIdentification, nationalInsurance, nhs, drugEnforcement, provider, dni, nie
  case germanTax, australianTax, cpf, spanishSocialSecurity, aadhaar, vehicle, birthDate, coordinate,
    exampleKey
  case italianCode

  enum Outcome: Equatable {
    case real
    case impossible(String)
    case no
  }

  func outcome(_ match: ArraySlice<Unicode.Scalar>) -> Outcome {
    let digits = match.compactMap(Self.digit)
    let text = String(String.UnicodeScalarView(match.filter { !" -".unicodeScalars.contains($0) }))
      .uppercased()
    func only(_ holds: Bool) -> Outcome { holds ? .real : .no }
    switch self {
    case .none: return .real
    case .card:
      guard Self.passesLuhn(digits) else { return .no }
      return Self.testCards.contains(text) ? .impossible("a number that issuers keep for tests") : .real
    case .luhn: return only(Self.passesLuhn(digits))
    case .iban: return only(Self.remainder97(String(text.dropFirst(4) + text.prefix(4))) == 1)
    case .socialSecurity: return Self.socialSecurity(digits)
    case .taxIdentification: return only(Self.isTaxIdentification(digits))
    case .nationalInsurance:
      return only(!["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(String(text.prefix(2))))
    case .nhs:
      let check = 11 - Self.weighted(digits.prefix(9), Array((2...10).reversed())) % 11
      return only(digits.count == 10 && check != 10 && digits[9] == check % 11)
    case .drugEnforcement:
      guard digits.count == 7 else { return .no }
      let sum = digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])
      return only(sum % 10 == digits[6])
    case .provider: return only(Self.passesLuhn([8, 0, 8, 4, 0] + digits))
    case .dni: return only(Self.spanishLetter(digits) == text.last)
    case .nie:
      let first = ["X": 0, "Y": 1, "Z": 2][text.prefix(1)] ?? 0
      return only(Self.spanishLetter([first] + digits) == text.last)
    case .germanTax: return only(Self.isGermanTax(digits))
    case .australianTax:
      return only(
        digits.count == 9 && Self.weighted(digits[...], [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0)
    case .cpf: return only(Self.isCPF(digits))
    case .spanishSocialSecurity:
      guard digits.count == 12 else { return .no }
      return only(digits.prefix(10).reduce(0) { $0 * 10 + $1 } % 97 == digits[10] * 10 + digits[11])
    case .aadhaar: return only(Self.passesVerhoeff(digits))
    case .vehicle: return only(Self.isVehicle(text))
    case .birthDate: return only(Self.isDate(match))
    case .coordinate: return .real
    case .exampleKey:
      return only(
        !["je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]
          .contains(String(String.UnicodeScalarView(match))))
    case .italianCode: return only(Self.isItalianCode(text))
    }
  }

  static func digit(_ scalar: Unicode.Scalar) -> Int? {
    ("0"..."9").contains(scalar) ? Int(scalar.value) - 0x30 : nil
  }

  private static func weighted(_ digits: ArraySlice<Int>, _ weights: [Int]) -> Int {
    zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  static func passesLuhn(_ digits: [Int]) -> Bool {
    var sum = 0
    for (i, digit) in digits.reversed().enumerated() {
      let doubled = i % 2 == 1 ? digit * 2 : digit
      sum += doubled > 9 ? doubled - 9 : doubled
    }
    return sum % 10 == 0
  }

  /// Letters count from A = 10 (ISO 7064, MOD 97-10).
  private static func remainder97(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { rest, scalar in
      if let digit = digit(scalar) { return (rest * 10 + digit) % 97 }
      return (rest * 100 + Int(scalar.value) - 55) % 97
    }
  }

  /// Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never given out (SSA, POMS RM 10201.035).
  private static func socialSecurity(_ digits: [Int]) -> Outcome {
    guard digits.count == 9 else { return .no }
    let area = digits[0] * 100 + digits[1] * 10 + digits[2]
    if area == 0 || area == 666 || area >= 900 {
      return .impossible("area " + digits.prefix(3).map(String.init).joined())
    }
    if digits[3] + digits[4] == 0 { return .impossible("group 00") }
    return digits[5...].allSatisfy { $0 == 0 } ? .impossible("serial number 0000") : .real
  }

  /// 9xx with group 50-65, 70-88, 90-92 or 94-99 (IRS).
  private static func isTaxIdentification(_ digits: [Int]) -> Bool {
    guard digits.count == 9, digits[0] == 9 else { return false }
    let group = digits[3] * 10 + digits[4]
    return (50...65).contains(group) || (70...88).contains(group) || (90...99).contains(group) && group != 93
  }

  private static func spanishLetter(_ digits: [Int]) -> Character? {
    let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE")
    return letters[digits.reduce(0) { ($0 * 10 + $1) % 23 }]
  }

  /// ISO 7064, MOD 11,10.
  private static func isGermanTax(_ digits: [Int]) -> Bool {
    guard digits.count == 11, digits[0] != 0 else { return false }
    var product = 10
    for digit in digits.prefix(10) {
      let sum = (digit + product) % 10
      product = (sum == 0 ? 10 : sum) * 2 % 11
    }
    return (11 - product) % 10 == digits[10]
  }

  private static func isCPF(_ digits: [Int]) -> Bool {
    guard digits.count == 11, Set(digits).count > 1 else { return false }
    func check(_ count: Int) -> Int {
      weighted(digits.prefix(count), Array((2...(count + 1)).reversed())) * 10 % 11 % 10
    }
    return check(9) == digits[9] && check(10) == digits[10]
  }

  private static func passesVerhoeff(_ digits: [Int]) -> Bool {
    let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    func product(_ a: Int, _ b: Int) -> Int {
      switch (a < 5, b < 5) {
      case (true, true): (a + b) % 5
      case (true, false): (a + b) % 5 + 5
      case (false, true): (a - b + 5) % 5 + 5
      case (false, false): (a - b + 5) % 5
      }
    }
    var sum = 0
    for (i, digit) in digits.reversed().enumerated() {
      var value = digit
      for _ in 0..<(i % 8) { value = permutation[value] }
      sum = product(sum, value)
    }
    return sum == 0
  }

  /// The check digit of ISO 3779 as 49 CFR 565 wants it.
  private static func isVehicle(_ text: String) -> Bool {
    let letters: [Character: Int] = [
      "A": 1, "B": 2, "C": 3, "D": 4, "E": 5, "F": 6, "G": 7, "H": 8, "J": 1, "K": 2, "L": 3, "M": 4, "N": 5,
      "P": 7, "R": 9, "S": 2, "T": 3, "U": 4, "V": 5, "W": 6, "X": 7, "Y": 8, "Z": 9,
    ]
    let characters = Array(text)
    guard characters.count == 17 else { return false }
    let values = characters.map { letters[$0] ?? $0.wholeNumberValue ?? 0 }
    let rest = weighted(values[...], [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return characters[8] == (rest == 10 ? "X" : Character(String(rest)))
  }

  /// A day that there is, year first or last; between 1900 and 2099.
  private static func isDate(_ match: ArraySlice<Unicode.Scalar>) -> Bool {
    let parts = String(String.UnicodeScalarView(match)).split { !$0.isNumber }.compactMap { Int($0) }
    if parts.count == 2 { return (1...31).contains(parts[0]) && (1900...2099).contains(parts[1]) }
    guard parts.count == 3 else { return false }
    let (year, rest) = parts[0] > 31 ? (parts[0], [parts[1], parts[2]]) : (parts[2], [parts[0], parts[1]])
    return (1900...2099).contains(year) && rest.allSatisfy { (1...31).contains($0) }
      && rest.contains { $0 <= 12 }
  }

  /// The last letter of a codice fiscale (Decreto Ministeriale 23 December 1976).
  private static func isItalianCode(_ text: String) -> Bool {
    let odd = [
      1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ]
    let scalars = Array(text.unicodeScalars)
    guard scalars.count == 16, let last = scalars.last else { return false }
    var sum = 0
    for (i, scalar) in scalars.dropLast().enumerated() {
      let value = digit(scalar) ?? Int(scalar.value) - 65
      guard odd.indices.contains(value) else { return false }
      sum += i % 2 == 0 ? odd[value] : value
    }
    return sum % 26 == Int(last.value) - 65
  }

  /// Macie user guide, "Managed data identifiers for financial information": never reported.
  static let testCards: Set<String> = [
    "122000000000003", "2222405343248877", "2222990905257051", "2223007648726984", "2223577120017656",
    "30569309025904", "34343434343434", "3528000700000000", "3530111333300000", "3566002020360505",
    "36148900647913", "36700102000000", "371449635398431", "378282246310005", "378734493671000",
    "38520000023237", "4012888888881881", "4111111111111111", "4222222222222", "4444333322221111",
    "4462030000000000", "4484070000000000", "4911830000000", "4917300800000000", "4917610000000000",
    "4917610000000000003", "5019717010103742", "5105105105105100", "5111010030175156", "5185540810000019",
    "5200828282828210", "5204230080000017", "5204740009900014", "5420923878724339", "5454545454545454",
    "5455330760000018", "5506900490000436", "5506900490000444", "5506900510000234", "5506920809243667",
    "5506922400634930", "5506927427317625", "5553042241984105", "5555553753048194", "5555555555554444",
    "5610591081018250", "6011000990139424", "6011000400000000", "6011111111111117", "630490017740292441",
    "630495060000000000", "6331101999990016", "6759649826438453", "6799990100000000019",
  ]
}
