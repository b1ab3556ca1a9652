import OrderedJSON
import Testing

/// Rows are what Python 3.11's `json` says of the same text.
struct ParseTests {
  @Test("errors have Python's words and place", arguments: errors)
  func refuses(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.description == message)
  }

  @Test("numbers keep their digits and are printed as Python prints them", arguments: numbers)
  func number(literal: String, printed: String) throws {
    let number = try #require(try JSON.parse(literal).number)
    #expect(number.literal == literal)
    #expect(JSON.number(number).text() == printed)
  }

  @Test("a literal beyond a double stays as it is")
  func hugeNumbers() throws {
    let number = try #require(try JSON.parse("-1e999").number)
    #expect(number.text == "-1e999")
    #expect(number.double == -.infinity)
    #expect(number.int == nil)
  }

  @Test("printed compact, indented and in ASCII as Python prints it", arguments: documents)
  func printed(text: String, compact: String, indented: String, ascii: String) throws {
    let value = try JSON.parse(text)
    #expect(value.text() == compact)
    #expect(value.text(indent: 4) == indented)
    #expect(value.text(ensureASCII: true) == ascii)
    #expect(try JSON.parse(value.text(indent: 2)) == value)
  }

  @Test("bytes that are not UTF-8 are refused where they begin", arguments: badUTF8)
  func badBytes(bytes: [UInt8], offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(bytes: bytes) }
    #expect(error?.offset == offset)
  }

  @Test(
    "a lone surrogate becomes U+FFFD", arguments: ["\\ud800", "\\udc00", "\\ud800\\ud800\\udc00", "\\ud800x"])
  func loneSurrogate(escape: String) throws {
    let text = try #require(try JSON.parse("\"\(escape)\"").string)
    #expect(text.unicodeScalars.first == "\u{FFFD}")
  }

  @Test("nesting is bounded", arguments: ["[", "{\"a\":"])
  func nesting(open: String) throws {
    let close = open == "[" ? "]" : "}"
    func nested(_ depth: Int) -> String {
      String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
    }
    let deepest = try JSON.parse(nested(JSON.maximumDepth))
    #expect(deepest == deepest)
    #expect(deepest.text() == nested(JSON.maximumDepth))
    let error = #expect(throws: JSONError.self) { try JSON.parse(nested(JSON.maximumDepth + 1)) }
    #expect(error?.message == "Nested deeper than 512 levels")
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: open, count: 200_000)) }
  }

  @Test("random bytes are refused or read, and what is read prints to itself")
  func randomBytes() throws {
    var generator = SplitMix(state: 20_261_123)
    let alphabet =
      Array("[]{}:,\"\\u0123456789abcdefnrtlse.+- \n\u{e9}\u{1F600}".utf8) + [0x00, 0x80, 0xFF, 0xED]
    for _ in 0..<20_000 {
      let count = Int(generator.next() % 24)
      let bytes = (0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      guard let value = try? JSON.parse(bytes: bytes) else { continue }
      #expect(try JSON.parse(value.text()).text() == value.text())
    }
  }
}

/// A small generator with a seed, so that a failure comes back.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

private let badUTF8: [([UInt8], Int)] = [
  ([0x22, 0x80, 0x22], 1), ([0xC0, 0xAF], 0), ([0xE0, 0x80, 0x80], 0), ([0xED, 0xA0, 0x80], 0),
  ([0x20, 0xF4, 0x90, 0x80, 0x80], 1), ([0xF0, 0x9F, 0x98], 0), ([0x22, 0xC3], 1), ([0xF8, 0x80], 0),
]

private let errors: [(String, String)] = [
  ("", "Expecting value: line 1 column 1 (char 0)"),
  ("   ", "Expecting value: line 1 column 4 (char 3)"),
  ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
  ("[", "Expecting value: line 1 column 2 (char 1)"),
  ("[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
  ("[1,", "Expecting value: line 1 column 4 (char 3)"),
  ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
  ("{\"a\"", "Expecting ':' delimiter: line 1 column 5 (char 4)"),
  ("{\"a\":", "Expecting value: line 1 column 6 (char 5)"),
  ("{\"a\":1", "Expecting ',' delimiter: line 1 column 7 (char 6)"),
  ("{\"a\":1,", "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"),
  ("{\"a\":1,}", "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"),
  ("{a:1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
  ("{'a':1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
  ("{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"),
  ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
  ("tru", "Expecting value: line 1 column 1 (char 0)"),
  ("nul", "Expecting value: line 1 column 1 (char 0)"),
  ("-", "Expecting value: line 1 column 1 (char 0)"),
  ("-x", "Expecting value: line 1 column 1 (char 0)"),
  ("01", "Extra data: line 1 column 2 (char 1)"),
  ("1.", "Extra data: line 1 column 2 (char 1)"),
  ("1.e2", "Extra data: line 1 column 2 (char 1)"),
  ("1e", "Extra data: line 1 column 2 (char 1)"),
  ("1e+", "Extra data: line 1 column 2 (char 1)"),
  ("1 2", "Extra data: line 1 column 3 (char 2)"),
  ("\"abc", "Unterminated string starting at: line 1 column 1 (char 0)"),
  ("\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"),
  ("\"\\x\"", "Invalid \\escape: line 1 column 2 (char 1)"),
  ("\"\\u12\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
  ("\"\\u12G4\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
  ("\"\\ud83d\\u12\"", "Invalid \\uXXXX escape: line 1 column 9 (char 8)"),
  ("{\"é\": x}", "Expecting value: line 1 column 7 (char 6)"),
  ("{\n \"a\": [1,\n  2,\n  x]}", "Expecting value: line 4 column 3 (char 19)"),
  ("\u{feff}1", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
  ("[}", "Expecting value: line 1 column 2 (char 1)"),
  ("{]", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
  ("\"\\", "Unterminated string starting at: line 1 column 1 (char 0)"),
  ("{\"a\":1 \"b\":2}", "Expecting ',' delimiter: line 1 column 8 (char 7)"),
  (".5", "Expecting value: line 1 column 1 (char 0)"),
  ("+1", "Expecting value: line 1 column 1 (char 0)"),
  ("[\"a\tb\"]", "Invalid control character at: line 1 column 4 (char 3)"),
  ("\u{b}1", "Expecting value: line 1 column 1 (char 0)"),
  ("[1,,2]", "Expecting value: line 1 column 4 (char 3)"),
  ("{,}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
  ("\"\\u1 34\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
  ("\"\\u+123\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
  ("\"é\\q\"", "Invalid \\escape: line 1 column 3 (char 2)"),
  ("{\"a\":}", "Expecting value: line 1 column 6 (char 5)"),
  ("\"\"x", "Extra data: line 1 column 3 (char 2)"),
  ("\"\\u00e9", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
  ("\"\\ud83d\\ude00", "Invalid \\uXXXX escape: line 1 column 9 (char 8)"),
  ("nullx", "Extra data: line 1 column 5 (char 4)"),
  ("[1}", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
  ("{\"a\":[1}", "Expecting ',' delimiter: line 1 column 8 (char 7)"),
  ("[\"a\",\n\n\"b\" \"c\"]", "Expecting ',' delimiter: line 3 column 5 (char 11)"),
]

private let numbers: [(String, String)] = [
  ("0", "0"),
  ("-0", "0"),
  ("1", "1"),
  ("-1", "-1"),
  ("123456789012345678901234567890", "123456789012345678901234567890"),
  ("-9223372036854775808", "-9223372036854775808"),
  ("9223372036854775808", "9223372036854775808"),
  ("1.0", "1.0"),
  ("0.1", "0.1"),
  ("-0.0", "-0.0"),
  ("1e3", "1000.0"),
  ("1E3", "1000.0"),
  ("1e16", "1e+16"),
  ("1e15", "1000000000000000.0"),
  ("123456789012345680.0", "1.2345678901234568e+17"),
  ("9007199254740993", "9007199254740993"),
  ("1e-5", "1e-05"),
  ("0.0001", "0.0001"),
  ("0.00001", "1e-05"),
  ("1.5e-7", "1.5e-07"),
  ("1e22", "1e+22"),
  ("5e-324", "5e-324"),
  ("1.7976931348623157e308", "1.7976931348623157e+308"),
  ("123456.789", "123456.789"),
  ("-123456.789e-10", "-1.23456789e-05"),
  ("1e+5", "100000.0"),
  ("100000000000000000000.0", "1e+20"),
  ("9999999999999998.0", "9999999999999998.0"),
  ("2e15", "2000000000000000.0"),
  ("12345678.9e8", "1234567890000000.0"),
  ("3.0e-4", "0.0003"),
  ("0.30000000000000004", "0.30000000000000004"),
  ("1.10", "1.1"),
  ("100.0", "100.0"),
  ("0e5", "0.0"),
  ("-1E-400", "-0.0"),
]

/// Text, compact, indented by 4, compact in ASCII.
private let documents: [(String, String, String, String)] = [
  (
    "{}",
    "{}",
    "{}",
    "{}"
  ),
  (
    "[]",
    "[]",
    "[]",
    "[]"
  ),
  (
    "[[]]",
    "[[]]",
    "[\n    []\n]",
    "[[]]"
  ),
  (
    "[{}]",
    "[{}]",
    "[\n    {}\n]",
    "[{}]"
  ),
  (
    "{\"a\":{}}",
    "{\"a\":{}}",
    "{\n    \"a\": {}\n}",
    "{\"a\":{}}"
  ),
  (
    "{\"b\":1,\"a\":[true,false,null]}",
    "{\"b\":1,\"a\":[true,false,null]}",
    "{\n    \"b\": 1,\n    \"a\": [\n        true,\n        false,\n        null\n    ]\n}",
    "{\"b\":1,\"a\":[true,false,null]}"
  ),
  (
    "{\"a\":1,\"b\":2,\"a\":3}",
    "{\"a\":3,\"b\":2}",
    "{\n    \"a\": 3,\n    \"b\": 2\n}",
    "{\"a\":3,\"b\":2}"
  ),
  (
    "\"\\u00e9\\u0001\\n\\t\\\"\\\\\\/\\b\\f\\r\u{7f}\"",
    "\"é\\u0001\\n\\t\\\"\\\\/\\b\\f\\r\u{7f}\"",
    "\"é\\u0001\\n\\t\\\"\\\\/\\b\\f\\r\u{7f}\"",
    "\"\\u00e9\\u0001\\n\\t\\\"\\\\/\\b\\f\\r\\u007f\""
  ),
  (
    "\"\\ud83d\\ude00\"",
    "\"😀\"",
    "\"😀\"",
    "\"\\ud83d\\ude00\""
  ),
  (
    "[1.50,1e2,-0]",
    "[1.5,100.0,0]",
    "[\n    1.5,\n    100.0,\n    0\n]",
    "[1.5,100.0,0]"
  ),
  (
    "  [ 1 , [ 2 ] ]  ",
    "[1,[2]]",
    "[\n    1,\n    [\n        2\n    ]\n]",
    "[1,[2]]"
  ),
  (
    "{\"\":\"\"}",
    "{\"\":\"\"}",
    "{\n    \"\": \"\"\n}",
    "{\"\":\"\"}"
  ),
  (
    "\"作é \"",
    "\"作é \"",
    "\"作é \"",
    "\"\\u4f5c\\u00e9\\u2028\""
  ),
]
