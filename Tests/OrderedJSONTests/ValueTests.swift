import OrderedJSON
import Testing

struct ValueTests {
  @Test("members keep their order; a key set again keeps its place")
  func order() throws {
    var object = try #require(try JSON.parse(#"{"z":1,"a":2,"z":3}"#).object)
    #expect(object.keys == ["z", "a"])
    object["a"] = nil
    object["b"] = 4
    object["a"] = 5
    #expect(JSON.object(object).text() == #"{"z":3,"b":4,"a":5}"#)
    #expect(object.contains("b") && !object.contains("c"))
  }

  @Test("big objects find, replace and remove their members")
  func bigObjects() {
    var object = JSONObject()
    for i in 0..<100 { object["k\(i)"] = .int(i) }
    for i in stride(from: 0, to: 100, by: 2) { object["k\(i)"] = nil }
    object["k51"] = "new"
    #expect(object.count == 50)
    #expect(object["k50"] == nil)
    #expect(object["k51"] == "new")
    #expect(object["k99"]?.int == 99)
    #expect(object.keys.first == "k1")
  }

  @Test(
    "equal regardless of order, by value of numbers, by bytes of strings",
    arguments: [
      (#"{"a":1,"b":2}"#, #"{"b":2,"a":1.0}"#, true),
      ("1", "1.0", true), ("1", "1e0", true), ("100", "1e2", true), ("1", "2", false), ("0", "-0", true),
      ("9007199254740993", "9007199254740992.0", false),
      ("123456789012345678901234567890", "123456789012345678901234567891", false),
      ("1", "true", false), ("0", "false", false), ("null", "0", false), ("[1,2]", "[2,1]", false),
      (#"{"a":null}"#, "{}", false),
      ("\"\u{e9}\"", "\"e\u{301}\"", false),
      ("{\"\u{e9}\":1,\"e\u{301}\":2}", "{\"e\u{301}\":2,\"\u{e9}\":1}", true),
    ])
  func equality(a: String, b: String, isEqual: Bool) throws {
    let (a, b) = (try JSON.parse(a), try JSON.parse(b))
    #expect((a == b) == isEqual)
    if isEqual { #expect(a.hashValue == b.hashValue) }
  }

  @Test("values are reached by key and index, or are nil")
  func access() throws {
    let value: JSON = ["list": [1, 2.5, "x", nil, true], "n": 3]
    #expect(value["list"]?[0]?.int == 1)
    #expect(value["list"]?[1]?.double == 2.5)
    #expect(value["list"]?[1]?.int == nil)
    #expect(value["list"]?[2]?.string == "x")
    #expect(value["list"]?[3]?.isNull == true)
    #expect(value["list"]?[4]?.bool == true)
    #expect(value["list"]?[5] == nil)
    #expect(value["list"]?[-1] == nil)
    #expect(value["x"]?["y"] == nil)
    #expect(value["n"]?["y"] == nil)
    #expect(try JSON.parse("3.0").int == 3)
    #expect(try JSON.parse("1e30").int == nil)
  }

  @Test(
    "numbers that were computed print as Python's",
    arguments: [
      (Double.nan, "NaN"), (.infinity, "Infinity"), (-.infinity, "-Infinity"), (0.0, "0.0"), (-0.0, "-0.0"),
      (1e16, "1e+16"), (1e15, "1000000000000000.0"), (0.0001, "0.0001"), (0.00001, "1e-05"), (1.5, "1.5"),
      (1e100, "1e+100"), (-2.5e-10, "-2.5e-10"), (123456789.125, "123456789.125"),
    ])
  func doubles(value: Double, text: String) {
    #expect(JSON.double(value).text() == text)
  }

  @Test(
    "only the JSON grammar makes a number of a literal",
    arguments: ["", "01", "+1", "1.", ".5", "1e", "0x1", " 1", "--1"])
  func badLiterals(text: String) {
    #expect(JSONNumber(literal: text) == nil)
  }
}
