import JMESPath
import OrderedJSON
import TestKit
import Testing

/// The compliance suite of jmespath.org as jmespath.py carries it, and our own queries over AWS outputs.
@Suite(.enabled(if: conformanceDirectory != nil, "no conformance data: set CONFORMANCE_DIR"))
struct ConformanceTests {
  private static let files = [
    "compliance/basic", "compliance/benchmarks", "compliance/boolean", "compliance/current",
    "compliance/escape",
    "compliance/filters", "compliance/functions", "compliance/identifiers", "compliance/indices",
    "compliance/literal", "compliance/multiselect", "compliance/pipe", "compliance/slice",
    "compliance/syntax",
    "compliance/unicode", "compliance/wildcard", "legacy/literal",
  ]

  @Test("every case of the suite gives its result or its error", arguments: files)
  func suite(file: String) throws {
    let path = "\(conformanceDirectory ?? "")/jmespath/\(file).json"
    var count = 0
    for group in try JSON.parse(contents(of: path)).array ?? [] {
      for row in group["cases"]?.array ?? [] {
        count += 1
        let expression = try #require(row["expression"]?.string)
        expect(row, outcome(of: expression, in: group["given"] ?? .null), "\(file): \(expression)")
      }
    }
    #expect(count > 0)
  }

  @Test("queries over AWS outputs give the library's results and words")
  func ownQueries() throws {
    let folder = "\(conformanceDirectory ?? "")/jmespath"
    let documents = try JSON.parse(contents(of: "\(folder)/own-aws-documents.json"))
    let lines = try contents(of: "\(folder)/own-aws-queries.jsonl").split(separator: "\n")
    for line in lines {
      let row = try JSON.parse(String(line))
      let id = row["id"]?.string ?? ""
      let given = try #require(documents[row["given"]?.string ?? ""])
      let expression = try #require(row["expression"]?.string)
      let found = outcome(of: expression, in: given)
      expect(row, found, "\(id): \(expression)")
      if let message = row["message"]?.string, case .failure(let error) = found {
        #expect(error.message == message, "\(id)")
      }
    }
    #expect(lines.count > 100)
  }

  private func outcome(of expression: String, in document: JSON) -> Result<JSON, JMESPathError> {
    do throws(JMESPathError) {
      return .success(try JMESPathExpression(expression).search(document))
    } catch {
      return .failure(error)
    }
  }

  private func expect(_ row: JSON, _ found: Result<JSON, JMESPathError>, _ name: String) {
    switch found {
    case .success(let value):
      #expect(row["error"] == nil, "\(name) gave \(value)")
      if let result = row["result"] { #expect(value == result, "\(name)") }
    case .failure(let error):
      #expect(row["error"]?.string == error.kind.rawValue, "\(name): \(error.message)")
    }
  }
}
