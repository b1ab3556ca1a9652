import OrderedJSON
import ServiceModels
import TestKit
import Testing

@testable import AWSCommand

@Suite struct ShorthandTests {
  @Test(.enabled(if: Conformance.isPresent)) func `Every recorded shorthand text reads as in the CLI`() throws
  {
    let outcomes = try Conformance.rows("shorthand").map { row -> (id: String, problem: String?) in
      let id = row["id"]?.string ?? ""
      let input = row["input"]?.string ?? ""
      do throws(ShorthandError) {
        let value = try ShorthandParser.parse(input)
        guard let expected = row["expected"] else {
          return (id, "read as \(value.plainJSON), an error was expected")
        }
        return (id, value.plainJSON == expected ? nil : "\(value.plainJSON) instead of \(expected)")
      } catch {
        guard let expected = row["error"]?.string else { return (id, error.message) }
        return (id, error.message == expected ? nil : "\(error.message) instead of \(expected)")
      }
    }
    Conformance.judge("shorthand", outcomes)
  }

  @Test func `Hostile nesting ends in an error`() {
    let deep = "a=" + String(repeating: "[", count: 100_000)
    #expect(throws: ShorthandError.self) { try ShorthandParser.parse(deep) }
    #expect(throws: ShorthandError.self) {
      try ShorthandParser.parse("a=" + String(repeating: "{b=", count: 100_000))
    }
  }
}
