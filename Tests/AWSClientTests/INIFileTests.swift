import Testing

@testable import AWSClient

@Suite struct INIFileTests {
  @Test func `Sections, comments, nested values and continued lines are read`() throws {
    let file = try INIFile(
      """
      # comment
      [default]
      region = eu-west-1
      s3 =
        addressing_style = path
        max_concurrent_requests=20
      ; another
      [profile "lab two"]
      output: text
      [services local]
      kms =
        endpoint_url = http://127.0.0.1:1
      """)
    #expect(file.section(nil, "default")?.values["region"] == "eu-west-1")
    #expect(file.section(nil, "default")?.nested["s3"]?["addressing_style"] == "path")
    #expect(file.section("profile", "lab two")?.values["output"] == "text")
    #expect(file.section("services", "local")?.nested["kms"]?["endpoint_url"] == "http://127.0.0.1:1")
    #expect(file.section("profile", "none") == nil)
  }

  @Test(arguments: [("region = x", 1), ("[a]\n[b", 2), ("[a]\nnonsense", 2)])
  func `A line that breaks the rules is named`(text: String, line: Int) {
    #expect(throws: INIFile.Fault(line: line)) { try INIFile(text) }
  }
}
