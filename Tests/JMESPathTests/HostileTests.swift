import JMESPath
import OrderedJSON
import Testing

struct HostileTests {
  @Test(
    "deep nesting is refused, not followed",
    arguments: [
      "(", "[", "{a:", "!", "a[?", "foo(", "&", "a.[", "[*].[", "a||(",
    ])
  func deep(piece: String) {
    for count in [257, 100_000] {
      let text = String(repeating: piece, count: count)
      let error = #expect(throws: JMESPathError.self) { try JMESPathExpression(text) }
      #expect(error?.kind == .syntax)
    }
  }

  @Test(
    "chains that lean to the left are refused beyond 256 levels",
    arguments: ["||a", "&&a", "==a", "[]", "[*]", "[?a]"])
  func leaning(piece: String) throws {
    #expect(throws: JMESPathError.self) {
      try JMESPathExpression("a" + String(repeating: piece, count: 5_000))
    }
    let fine = try JMESPathExpression("a" + String(repeating: piece, count: 100))
    _ = try fine.search(["a": [[1]]])
  }

  @Test("long chains of fields, indexes and pipes are flat", arguments: [".a", "[0]", "|a"])
  func longChains(piece: String) throws {
    let expression = try JMESPathExpression("a" + String(repeating: piece, count: 20_000))
    #expect(try expression.search(["a": 1]) == .null)
  }

  @Test("nesting within the bound is evaluated")
  func nested() throws {
    let text = String(repeating: "(", count: 200) + "a" + String(repeating: ")", count: 200)
    #expect(try JMESPathExpression(text).search(["a": 1]) == 1)
    let lists = String(repeating: "[", count: 200) + "a" + String(repeating: "]", count: 200)
    _ = try JMESPathExpression(lists).search(["a": 1]).text()
  }

  @Test("random expressions are refused or evaluated without a trap")
  func random() {
    var state: UInt64 = 20_261_123
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let pieces = [
      "a", "b", ".", "[", "]", "[]", "[?", "*", "(", ")", "{", "}", ",", ":", "@", "&", "|", "||", "!", "==",
      "<", "`1`",
      "`\"x\"`", "'y'", "\"a\"", "0", "-1", "99999999999999999999", "length", "sort_by", "to_number", "\\",
      "`", "'", "\u{e9}",
    ]
    let document: JSON = ["a": [1, "x", ["b": nil]], "b": ["a": 2.5]]
    for _ in 0..<20_000 {
      let text = (0...next(10)).map { _ in pieces[next(pieces.count)] }.joined()
      guard let expression = try? JMESPathExpression(text) else { continue }
      _ = try? expression.search(document)
    }
  }

  @Test("expressions are equal by their text, byte by byte")
  func equality() throws {
    #expect(try JMESPathExpression("a.b") == JMESPathExpression("a.b"))
    #expect(try JMESPathExpression("a.b") != JMESPathExpression("a . b"))
    #expect(try JMESPathExpression("\"\u{e9}\"") != JMESPathExpression("\"e\u{301}\""))
  }
}
