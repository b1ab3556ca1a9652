import JMESPath
import OrderedJSON
import TestKit
import Testing

@testable import AWSCommand

@Suite struct OutputFormatTests {
  @Test(.enabled(if: Conformance.isPresent)) func `Recorded results print as in the CLI`() throws {
    let rows = try Conformance.rows("output-format")
    let outcomes = rows.map { row -> (id: String, problem: String?) in
      let id = row["id"]?.string ?? ""
      do {
        let query = try row["query"]?.string.map { try JMESPathExpression($0) }
        var response = row["response"]?.object ?? JSONObject()
        response["ResponseMetadata"] = nil
        let text = try OutputFormatter.text(
          .object(response), format: row["output"]?.string ?? "", query: query,
          title: row["operation"]?.string ?? "",
          columns: 80)
        if row["error"] != nil { return (id, "an error was expected") }
        let expected = row["stdout"]?.string ?? ""
        return (id, text == expected ? nil : "differs\n\(difference(expected, text))")
      } catch {
        return (id, row["error"] != nil ? nil : "\(error)")
      }
    }
    Conformance.judge("output-format", outcomes)
  }
}
