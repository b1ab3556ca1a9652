import Foundation
import Lessons
import TestKit
import Testing

private let suites = [
  "commonmark-0.31.2-spec", "commonmark-head-extra", "gfm-0.29-spec", "gfm-extensions", "cmark-regression",
  "cmark-smart-punct",
]

@Suite("CommonMark's own examples", .enabled(if: conformanceDirectory != nil, "there is no conformance data"))
struct CommonMarkTests {
  @Test("Every example opens, with positions inside it", arguments: suites)
  func examples(suite: String) throws {
    let path = try #require(conformanceDirectory) + "/commonmark/\(suite).json"
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let examples = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(!examples.isEmpty)
    for example in examples {
      let markdown = try #require(example["markdown"] as? String)
      guard let lesson = try? Lesson.parse(markdown, path: "x.md") else { continue }
      expectSanePositions(lesson)
    }
  }
}
