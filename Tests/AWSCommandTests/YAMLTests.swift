import OrderedJSON
import ServiceModels
import Testing

@testable import AWSCommand

@Suite struct YAMLTests {
  /// Documents and what they hold, shown as JSON; nil where they are refused.
  static let documents: [(String, String?)] = [
    ("a: 1", #"{"a":1}"#), ("a: '1'", #"{"a":"1"}"#), ("a: yes", #"{"a":"yes"}"#),
    ("a: True", #"{"a":true}"#),
    ("a: ~", #"{"a":null}"#), ("a:", #"{"a":null}"#), ("a: 0o17", #"{"a":15}"#), ("a: 0x1F", #"{"a":31}"#),
    ("a: 1_000", #"{"a":1000}"#), ("a: -1.5e3", #"{"a":-1500.0}"#), ("a: 1.", #"{"a":1.0}"#),
    ("a: 12:30", #"{"a":"12:30"}"#), ("a: !!str 1", #"{"a":"1"}"#),
    ("a: [x, {b: c}]", #"{"a":["x",{"b":"c"}]}"#),
    ("a: &x {b: 1}\nc: *x", #"{"a":{"b":1},"c":{"b":1}}"#),
    ("base: &x {b: 1, d: 2}\nc: {<<: *x, b: 3}", #"{"base":{"b":1,"d":2},"c":{"b":3,"d":2}}"#),
    ("", "null"), ("plain", #""plain""#), ("a: |\n  x\n  y\n", #"{"a":"x\ny\n"}"#),
    ("a: 1\na: 2", nil), ("a: [", nil), ("a: *nobody", nil), ("a: !own x", nil), ("---\na\n---\nb", nil),
    ("a: !!binary '?'", nil),
  ]

  @Test(arguments: documents) func `A document is read by YAML 1.2, or refused`(
    text: String, expected: String?
  ) {
    let found = try? YAMLInput.read(text).plainJSON.text()
    #expect(found == expected)
  }

  @Test func `A small document cannot become a large one`() {
    var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1...12 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [\([String](repeating: alias, count: 10).joined(separator: ","))]\n"
    }
    #expect(throws: YAMLInput.Malformed.self) { try YAMLInput.read(text) }
    #expect(throws: YAMLInput.Malformed.self) { try YAMLInput.read(String(repeating: "[", count: 10_000)) }
  }

  static let texts = [
    "", " ", "a", "true", "null", "~", "1", "1.5", ".5", "0o7", "2026-01-01", "2026-01-01T00:00:00Z", "yes",
    "=",
    "a: b", "a #b", "- a", "a\nb", "a\n", "\t", "é ✓ 😀", "'", "\"", "{", "[", "*", "&", "!", "%", "@", "`",
    "0x1F", "1_0", "-", "--", "...", "---", "key:", ": x", "\u{85}", "\u{feff}",
    String(repeating: "word ", count: 40),
  ]

  @Test(arguments: texts) func `What is written reads the same again`(text: String) throws {
    let value = JSON.object(JSONObject([("k", .array([.string(text)])), ("\(text)x", .string(text))]))
    let written = try YAMLWriter.text(value)
    #expect(try YAMLInput.read(written).plainJSON["k"]?[0]?.string == text, "\(written)")
  }
}
