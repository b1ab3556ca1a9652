import OrderedJSON
import TestKit
import Testing

@testable import LabEngine
@testable import Lessons

private let answer = """
  {"Rules": [{"SSE": {"SSEAlgorithm": "aws:kms", "Key": "arn:key/1"}, "BucketKeyEnabled": true}],
   "findingIds": [], "count": 2, "name": "a-b", "empty": {"a": [], "b": {}}}
  """

/// Path into the answer, comparison, whether it holds.
private let comparisons: [(String?, Lessons.Expectation.Comparison, Bool)] = [
  ("Rules[0].SSE.SSEAlgorithm", .equals(.string("aws:kms")), true),
  ("Rules[0].SSE.SSEAlgorithm", .equals(.string("AES256")), false),
  ("Rules[0].SSE.Key", .equals(.string("${KEY}")), true),
  ("Rules[0].SSE.Key", .notEquals(.string("${KEY}")), false),
  ("Rules[0].BucketKeyEnabled", .equals(.bool(true)), true),
  ("Rules[0].BucketKeyEnabled", .equals(.string("true")), true),
  ("count", .equals(.string("2")), true),
  ("count", .equals(.number("2.0")), true),
  ("count", .equals(.number("3")), false),
  ("findingIds", .notEmpty, false),
  ("empty", .notEmpty, false),
  ("Rules", .notEmpty, true),
  ("Rules", .count(1), true),
  ("findingIds", .count(1), false),
  ("nosuch", .exists(false), true),
  ("nosuch", .exists(true), false),
  ("name", .contains(.string("-")), true),
  ("name", .matches("^a-[a-z]$"), true),
  ("name", .matches("^b"), false),
  (nil, .hasMember(name: "SSEAlgorithm", value: .string("aws:kms")), true),
  (nil, .hasMember(name: "SSEAlgorithm", value: .string("AES256")), false),
  (nil, .hasMember(name: "Nowhere", value: nil), false),
]

@Suite struct ExpectationTests {
  @Test(arguments: comparisons)
  func `a comparison holds or not`(path: String?, comparison: Lessons.Expectation.Comparison, holds: Bool)
    throws
  {
    let expectation = Lessons.Expectation(path: path, comparison: comparison, hint: "", line: 1)
    let finding = try expectation.finding(in: JSON.parse(answer)) { $0 == "KEY" ? "arn:key/1" : nil }
    #expect(finding.holds == holds, "\(finding.expected); found \(finding.found)")
  }

  @Test func `a variable that is not set is named`() throws {
    let expectation = Lessons.Expectation(
      path: "count", comparison: .equals(.string("${GONE}")), hint: "", line: 1)
    #expect(throws: CheckProblem.unset("GONE")) {
      try expectation.finding(in: JSON.parse(answer)) { _ in nil }
    }
  }

  @Test func `a path that is no JMESPath is the lesson's fault`() throws {
    let expectation = Lessons.Expectation(path: "a[", comparison: .notEmpty, hint: "", line: 1)
    do {
      _ = try expectation.finding(in: JSON.parse(answer)) { _ in nil }
      Issue.record("it passed")
    } catch CheckProblem.path(let path, _) {
      #expect(path == "a[")
    }
  }

  @Test func `characters that arrive in pieces are put together`() {
    var pieces = UTF8Pieces()
    let bytes = Array("aé作👩".utf8)
    var text = ""
    for byte in bytes { text += pieces.append([byte]) }
    #expect(text + pieces.finish() == "aé作👩")
    #expect(pieces.append([0xE4, 0xBD]) == "")
    #expect(pieces.finish() == "\u{FFFD}")
  }
}
