import Testing

@testable import PracticeAccount

/// What managed data identifiers find, and patterns as the learner may write them.
struct MacieDetectionTests {
  /// A number that an identifier finds, and text that it must not report.
  private static let rows: [(id: String, found: String, notFound: String)] = [
    (
      "AWS_CREDENTIALS", "aws_secret_access_key = abcdEFGHijklMNOPqrstUVWXyz0123456789+/ab",
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    ),
    (
      "GCP_API_KEY", "google cloud key AIza\(String(repeating: "x", count: 35))",
      "AIza\(String(repeating: "x", count: 35))"
    ),
    (
      "HTTP_BASIC_AUTH_HEADER", "Authorization: Basic QWxhZGRpbjpPcGVuU2VzYW1l",
      "Authorization: Bearer QWxhZGRpbjpP"
    ),
    ("JSON_WEB_TOKEN", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0x.c2ln", "eyJhbGciOiJIUzI1NiJ9"),
    (
      "OPENSSH_PRIVATE_KEY",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5v\n-----END OPENSSH PRIVATE KEY-----",
      "-----BEGIN OPENSSH PRIVATE KEY-----"
    ),
    (
      "PGP_PRIVATE_KEY",
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBGFAKEFAKEFAKE\n-----END PGP PRIVATE KEY BLOCK-----",
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nlQOYBGFAKEFAKEFAKE\n-----END PGP PUBLIC KEY BLOCK-----"
    ),
    (
      "PKCS", "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAFAKE\n-----END RSA PRIVATE KEY-----",
      "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEAFAKE\n-----END CERTIFICATE-----"
    ),
    (
      "PUTTY_PRIVATE_KEY", "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 6\n",
      "Encryption: none\nComment: x\nPublic-Lines: 6\n"
    ),
    (
      "STRIPE_CREDENTIALS", "sk_live_" + String(repeating: "aB3", count: 8),
      "sk_test_" + String(repeating: "aB3", count: 8)
    ),
    ("BANK_ACCOUNT_NUMBER", "checking account 000123456789", "account 12345678"),
    ("CREDIT_CARD_EXPIRATION", "expiry 09/27", "expiry 13/27"),
    ("CREDIT_CARD_MAGNETIC_STRIPE", "swipe %B4539578763621486^DOE/JOHN^2709101000?", "swipe %B4539^DOE?"),
    ("CREDIT_CARD_NUMBER", "card 4539-5787-6362-1486", "card 4111-1111-1111-1111"),
    ("CREDIT_CARD_NUMBER_(NO_KEYWORD)", "4539578763621486", "4539578763621487"),
    ("CREDIT_CARD_SECURITY_CODE", "cvv 123", "123"),
    ("UK_BANK_ACCOUNT_NUMBER", "GB82 WEST 1234 5698 7654 32", "GB83 WEST 1234 5698 7654 32"),
    ("GERMANY_BANK_ACCOUNT_NUMBER", "DE89370400440532013000", "DE89370400440532013001"),
    ("AUSTRALIA_TAX_FILE_NUMBER", "tfn 123 456 782", "tfn 123 456 783"),
    ("BRAZIL_CPF_NUMBER", "CPF 111.444.777-35", "CPF 111.444.777-36"),
    ("CANADA_DRIVERS_LICENSE", "driver's licence A1234-56789-01234", "A1234-56789-01234"),
    ("CANADA_PASSPORT_NUMBER", "passport AB123456", "passport A123456"),
    ("CANADA_SOCIAL_INSURANCE_NUMBER", "SIN 130 692 544", "SIN 130 692 545"),
    ("DATE_OF_BIRTH", "dob: 1980-02-29", "dob: 1980-22-29"),
    ("DRIVERS_LICENSE", "driver license D1234567", "license D1234567"),
    ("FRANCE_NATIONAL_IDENTIFICATION_NUMBER", "cni 880692310285", "880692310285"),
    ("FRANCE_PASSPORT_NUMBER", "passeport 12AB34567", "passeport 12AB3456"),
    ("FRANCE_PHONE_NUMBER", "téléphone 01 23 45 67 89", "01 23 45 67 89"),
    ("FRANCE_TAX_IDENTIFICATION_NUMBER", "tax id 30 23 217 600 053", "tax id 90 23 217 600 053"),
    ("GERMANY_NATIONAL_IDENTIFICATION_NUMBER", "Personalausweis T220001293", "T220001293"),
    ("GERMANY_PASSPORT_NUMBER", "Reisepass C01X00T47", "Reisepass A01X00T47"),
    ("GERMANY_TAX_IDENTIFICATION_NUMBER", "Steuer ID 86095742719", "Steuer ID 86095742718"),
    ("HTTP_COOKIE", "Set-Cookie: id=abc; Secure", "Cookie"),
    ("INDIA_AADHAAR_NUMBER", "aadhaar 2341 2341 2346", "aadhaar 2341 2341 2347"),
    ("INDIA_PERMANENT_ACCOUNT_NUMBER", "PAN number ABCPE1234F", "PAN number ABCDE1234F"),
    (
      "ITALY_NATIONAL_IDENTIFICATION_NUMBER", "codice fiscale RSSMRA85T10A562S",
      "codice fiscale RSSMRA85T10A562T"
    ),
    ("ITALY_PASSPORT_NUMBER", "passaporto YA1234567", "passaporto Y1234567"),
    ("LATITUDE_LONGITUDE", "coordinates 48.8584, 2.2945", "coordinates 48, 2"),
    ("PHONE_NUMBER", "phone (212) 555-0143", "(212) 555-0143"),
    ("SPAIN_DNI_NUMBER", "DNI 12345678Z", "DNI 12345678A"),
    ("SPAIN_NIE_NUMBER", "NIE X1234567L", "NIE X1234567A"),
    ("SPAIN_NIF_NUMBER", "NIF 12345678Z", "NIF 12345678A"),
    ("SPAIN_PASSPORT_NUMBER", "pasaporte AAA123456", "pasaporte AA123456"),
    ("SPAIN_SOCIAL_SECURITY_NUMBER", "seguridad social 281234567840", "seguridad social 281234567841"),
    ("UK_DRIVERS_LICENSE", "driving licence MORGA657054SM9IJ", "driving licence MORGA677054SM9IJ"),
    ("UK_ELECTORAL_ROLL_NUMBER", "electoral number AB1234", "AB1234"),
    ("UK_NATIONAL_INSURANCE_NUMBER", "nino AB 12 34 56 C", "nino GB 12 34 56 C"),
    ("UK_PASSPORT_NUMBER", "passport 123456789", "passport 12345678"),
    ("UK_PHONE_NUMBER", "tel +44 20 7946 0958", "+44 20 7946 0958"),
    ("UK_TAX_IDENTIFICATION_NUMBER", "UTR 12345 67890", "UTR 12345 6789"),
    ("USA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "itin 900-70-1234", "itin 900-66-1234"),
    ("USA_PASSPORT_NUMBER", "passport A12345678", "A12345678"),
    ("USA_SOCIAL_SECURITY_NUMBER", "ssn 123-45-6789", "ssn 666-45-6789"),
    ("VEHICLE_IDENTIFICATION_NUMBER", "vin 1HGCM82633A004352", "vin 1HGCM82633A004353"),
    ("UK_NHS_NUMBER", "NHS 943 476 5919", "NHS 943 476 5918"),
    ("USA_MEDICARE_BENEFICIARY_IDENTIFIER", "MBI 1EG4-TE5-MK73", "MBI 1SG4-TE5-MK73"),
    ("USA_NATIONAL_DRUG_CODE", "NDC 0777-3105-02", "NDC 777-3105-02"),
    ("USA_NATIONAL_PROVIDER_IDENTIFIER", "NPI 1234567893", "NPI 1234567894"),
    ("US_DRUG_ENFORCEMENT_AGENCY_NUMBER", "DEA number AB1234563", "DEA number AB1234564"),
  ]

  private func count(_ id: String, _ text: String) throws -> Int {
    let identifier = try #require(ManagedDataIdentifier.all.first { $0.id == id }, "no \(id)")
    let scan = try #require(
      SensitiveDataScan(Array(text.utf8), key: "a.txt", plan: DetectionPlan(managed: [identifier])))
    return ScanReport(scan).hits.reduce(0) { $0 + $1.places.count }
  }

  @Test func `each managed identifier finds a real number and leaves one that cannot be`() throws {
    for row in Self.rows {
      #expect(try count(row.id, row.found) == 1, "\(row.id): \(row.found)")
      #expect(try count(row.id, row.notFound) == 0, "\(row.id): \(row.notFound)")
    }
  }

  @Test func `every identifier but the IBANs has a row, and a pattern`() {
    let named = Set(Self.rows.map(\.id))
    let without = ManagedDataIdentifier.all.map(\.id).filter {
      !named.contains($0) && !$0.hasSuffix("_BANK_ACCOUNT_NUMBER")
    }
    #expect(without == [])
    #expect(ManagedDataIdentifier.all.filter { $0.pattern == nil }.map(\.id) == [])
    #expect(Set(ManagedDataIdentifier.all.map(\.id)).count == ManagedDataIdentifier.all.count)
  }

  @Test func `the recommended set is the user guide's`() {
    let recommended = Set(ManagedDataIdentifier.selected("RECOMMENDED", []).map(\.id))
    for id in [
      "AWS_CREDENTIALS", "PKCS", "CREDIT_CARD_NUMBER", "USA_SOCIAL_SECURITY_NUMBER", "UK_PASSPORT_NUMBER",
    ] {
      #expect(recommended.contains(id), "\(id)")
    }
    for id in ["PHONE_NUMBER", "DATE_OF_BIRTH", "JSON_WEB_TOKEN", "BANK_ACCOUNT_NUMBER", "UK_NHS_NUMBER"] {
      #expect(!recommended.contains(id), "\(id)")
    }
    #expect(ManagedDataIdentifier.selected("EXCLUDE", ["PKCS"]).count == ManagedDataIdentifier.all.count - 1)
    #expect(ManagedDataIdentifier.selected("INCLUDE", ["PKCS"]).map(\.id) == ["PKCS"])
    #expect(ManagedDataIdentifier.selected("NONE", []).isEmpty)
  }

  @Test(arguments: [
    ("a+b", "aab ab b", ["aab", "ab"]), ("a|ab|abc", "abcab", ["abc", "ab"]),
    (#"\d{3}-\d{2}"#, "x123-45y", ["123-45"]),
    (#"\bEMP-\d{4,6}\b"#, "EMP-12345 XEMP-1234 EMP-1234567", ["EMP-12345"]),
    ("(?i)secret", "SeCrEt", ["SeCrEt"]),
    ("[^a-c]+", "abxyc", ["xy"]), ("(?:ab)*c", "ababc c", ["ababc", "c"]), ("^a", "a\na", ["a"]),
    ("(?m)^a$", "a\na", ["a", "a"]), (#"[\d.]+"#, "v1.2", ["1.2"]), (".", "a\nb", ["a", "b"]),
    ("x?", "axa", ["x"]),
    ("é", "café", ["é"]), ("[[:upper:]]{2}", "aBCd", ["BC"]), (#"\x41\t"#, "A\t", ["A\t"]),
    ("a{,2}", "a{,2}", ["a{,2}"]),
  ])
  func `a pattern finds the leftmost longest`(pattern: String, text: String, found: [String]) throws {
    var machine = PatternMachine()
    let scalars = Array(text.unicodeScalars)
    let ranges = machine.matches(of: try TextPattern(pattern), in: scalars)
    #expect(ranges.map { SensitiveDataScan.text(scalars, $0.lowerBound, $0.upperBound) } == found)
  }

  @Test(arguments: [
    "(", ")", "[a", "a**", "*a", #"(a)\1"#, "(?=a)", "(?<!a)b", "(?<n>a)", "a{2,1}", "a{9999}", "a++",
    #"\p{L}"#, "\\",
    "((a{500}){500})", #"\b*"#, "[z-a]", "[[:nope:]]",
  ])
  func `what is no pattern, or too large a one, is refused`(pattern: String) {
    #expect(throws: TextPattern.Problem.self) { try TextPattern(pattern) }
  }

  @Test(arguments: [
    "(a+)+$", "(a|aa)+$", "(.*)(.*)(.*)(.*)(.*)x", "a.*b", "(?:(?:(?:a*)*)*)*b", "(a?){50}a{50}b",
  ])
  func `a hostile pattern is stopped in time`(pattern: String) throws {
    var machine = PatternMachine(budget: 500_000)
    _ = machine.matches(of: try TextPattern(pattern), in: Array(repeating: "a", count: 20_000))
    #expect(machine.budget > -50_000)
  }

  @Test func `groups nest only so deep`() {
    let deep = String(repeating: "(", count: 500) + String(repeating: ")", count: 500)
    #expect(throws: TextPattern.Problem.self) { try TextPattern(deep) }
  }

  @Test(arguments: [
    ("e", true), (#""a b""#, true), ("a c", false), ("?x ?error", true), ("error -fatal", true),
    ("error -disk", false),
    ("%er+or%", true), ("%^b%", false),
  ])
  func `terms fit`(pattern: String, fits: Bool) throws {
    #expect(try FilterPattern(pattern).fits("error: a b on disk") == fits)
  }

  @Test(arguments: [
    (#"{ $.level = "error" }"#, true), (#"{ $.level = "err*" && $.code >= 500 }"#, true),
    (#"{ $.level != "error" || $.code < 500 }"#, false), ("{ $.user.id = 7 }", true),
    ("{ $.tags[1] = b }", true),
    ("{ $.none NOT EXISTS }", true), ("{ $.gone IS NULL }", true),
    ("{ ($.code = 1) || ($.ok IS TRUE) }", true),
  ])
  func `conditions on JSON fit`(pattern: String, fits: Bool) throws {
    let message = #"{"level":"error","code":503,"user":{"id":7},"tags":["a","b"],"gone":null,"ok":true}"#
    #expect(try FilterPattern(pattern).fits(message) == fits)
  }

  @Test(arguments: ["{", "{ $. = 1 }", "{ $.a }", "[a, b]", "%(", #""a"#, "{ $.a = 1 } x"])
  func `a filter pattern that is none is refused`(pattern: String) {
    #expect(throws: FilterPattern.Problem.self) { try FilterPattern(pattern) }
  }
}
