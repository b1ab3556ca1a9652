import AWSClient
import OrderedJSON
import PracticeAccount
import Resources
import ServiceModels
import Testing

@testable import LabEngine
@testable import Lessons

/// A check of two questions: the first takes a value for the second, and each may fail in its own way.
@Suite struct JudgeTests {
  typealias Verdict = LabEngine.Verdict

  private static func check(_ queries: [CheckQuery], hint: String = "the check's hint") -> Check {
    Check(id: "c", title: "C", queries: queries, hint: hint, lines: 1...1)
  }

  private static func call(
    _ service: String, _ operation: String, _ input: [(String, LessonValue)] = [], _ path: String? = nil,
    _ comparison: Lessons.Expectation.Comparison = .exists(true), hint: String = "",
    capturing captures: [(String, String)] = []
  ) -> CheckQuery {
    CheckQuery(
      question: .call(
        service: service, operation: operation,
        input: .map(input.map { .init(key: $0.0, value: $0.1, line: 1) })),
      expectations: [Lessons.Expectation(path: path, comparison: comparison, hint: hint, line: 1)],
      captures: captures.map { .init(name: $0.0, path: $0.1) }, lines: 1...1)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var check: Check
    var verdict: Verdict
    var testDescription: String { name }
  }

  static let rows = [
    Row(
      name: "passes, and says what was asked",
      check: check([
        call(
          "kms", "ListAliases", [], "Aliases[0].AliasName", .equals(.string("alias/a")),
          capturing: [("KEY", "Aliases[0].TargetKeyId")]),
        call(
          "kms", "DescribeKey", [("KeyId", .string("${KEY}"))], "KeyMetadata.KeyState",
          .equals(.string("Enabled"))),
      ]),
      verdict: Verdict(.passed, asked: ["kms ListAliases", "kms DescribeKey"])),
    Row(
      name: "the first that does not hold decides",
      check: check([
        call(
          "kms", "ListAliases", [], "Aliases[0].AliasName", .equals(.string("alias/b")), hint: "its own hint"),
        call("kms", "ListKeys"),
      ]),
      verdict: Verdict(
        .failed, expected: "Aliases[0].AliasName is \"alias/b\"", found: "\"alias/a\"", hint: "its own hint",
        asked: ["kms ListAliases"])),
    Row(
      name: "without a hint of its own it gives the check's",
      check: check([call("kms", "ListAliases", [], "Aliases", .count(2))]),
      verdict: Verdict(
        .failed, expected: "Aliases has 2 entries",
        found: "", hint: "the check's hint", asked: ["kms ListAliases"])),
    Row(
      name: "an error of the account is an answer",
      check: check([call("s3", "HeadBucket", [("Bucket", .string("nobody-has-this-1"))])], hint: ""),
      verdict: Verdict(
        .failed, expected: "s3 HeadBucket answers",
        found: "An error occurred (404) when calling the HeadBucket operation: Not Found",
        asked: ["s3 HeadBucket"])),
    Row(
      name: "a variable nobody has set",
      check: check([call("kms", "DescribeKey", [("KeyId", .string("${GONE}"))])]),
      verdict: Verdict(
        .unanswered, expected: "the variable GONE is set", found: "it is not",
        hint: "An earlier step sets GONE. Run that step first.", asked: ["kms DescribeKey"])),
    Row(
      name: "s3api is s3",
      check: check([call("s3api", "ListBuckets", [], "Buckets", .exists(true))]),
      verdict: Verdict(.passed, asked: ["s3api ListBuckets"])),
  ]

  @Test(arguments: rows)
  func `a verdict says what was expected, what was found and what to do`(row: Row) async throws {
    let lab = try Laboratory()
    let key = try await lab.byHand("kms", "CreateKey").at("KeyMetadata.KeyId")?.string ?? ""
    try await lab.byHand("kms", "CreateAlias", ["AliasName": "alias/a", "TargetKeyId": .string(key)])
    lab.network.forget()
    let judge = CheckJudge(client: lab.console, variable: { _ in nil }) { _ in
      CheckJudge.CommandAnswer(status: 1, output: "", error: "not asked for")
    }
    var verdict = await judge.verdict(of: row.check)
    // An answer is long and holds ids.
    if row.verdict.found.isEmpty, !verdict.found.isEmpty { verdict.found = "" }
    #expect(verdict == row.verdict)
  }

  /// What the command printed, and what the check makes of it.
  @Test(arguments: [
    (Int32(0), "[1, 2]", "", Verdict.State.passed, ""),
    (0, "[]", "", .failed, "[]"),
    (0, "plain text\n", "", .passed, ""),
    (0, "", "", .failed, "nothing"),
    (254, "", "\naws: [ERROR]: An error occurred (X)\n", .failed, "aws: [ERROR]: An error occurred (X)"),
  ])
  func `a lesson's own command is a question too`(
    status: Int32, output: String, error: String, state: Verdict.State, found: String
  ) async throws {
    let lab = try Laboratory()
    let judge = CheckJudge(client: lab.console, variable: { _ in nil }) { command in
      #expect(command == "aws x y")
      return CheckJudge.CommandAnswer(status: status, output: output, error: error)
    }
    let query = CheckQuery(
      question: .command("aws x y"),
      expectations: [Lessons.Expectation(path: nil, comparison: .notEmpty, hint: "", line: 1)], lines: 1...1)
    let verdict = await judge.verdict(of: Self.check([query]))
    #expect(verdict.state == state)
    #expect(verdict.found == found)
  }
}
