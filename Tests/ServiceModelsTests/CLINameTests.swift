import OrderedJSON
import ServiceModels
import TestKit
import Testing

@Suite struct CLINameTests {
  @Test(.enabled(if: conformanceDirectory != nil))
  func `names become those of the AWS CLI`() throws {
    let folder = try #require(conformanceDirectory)
    var count = 0
    for line in try contents(of: "\(folder)/cli/xform-names.jsonl").split(separator: "\n") {
      let row = try JSON.parse(String(line))
      let name = try #require(row["name"]?.string)
      #expect(cliName(name) == row["cli"]?.string)
      count += 1
    }
    #expect(count > 3000)
  }
}
