import Lessons
import TestKit
import Testing

@Suite("Lint")
struct LintTests {
  /// A lesson, and the lines and summaries that lint has to say about it.
  struct Row: CustomTestStringConvertible {
    var testDescription: String
    var markdown: String
    var expected: [String]
  }

  static let rows = [
    Row(
      testDescription: "a good lesson", markdown: "# T\n\n## Step 1: A\n\n```bash\ntrue\n```\n", expected: []),
    Row(
      testDescription: "a block that is no program", markdown: "# T\n\n```bash\nif true; then\n```\n",
      expected: ["4 error This block is no shell program."]),
    Row(
      testDescription: "a block beyond the lab shell", markdown: "# T\n\n```bash\ncat <(true)\n```\n",
      expected: ["4 warning The lab shell does not run this block."]),
    Row(
      testDescription: "attributes",
      markdown:
        "# T\n\n```bash {id=Upper tiemout=5 timeout=soon expect=error}\ntrue\n```\n\n```json {file=../x}\n{}\n```\n",
      expected: [
        "3 error The attribute \"expect\" cannot be \"error\".",
        "3 error The attribute \"id\" cannot be \"Upper\".",
        "3 warning The attribute \"tiemout\" of this block means nothing to Cairn.",
        "3 error The attribute \"timeout\" cannot be \"soon\".",
        "7 error The attribute \"file\" cannot be \"../x\".",
      ]),
    Row(
      testDescription: "a check with an unknown variable",
      markdown: """
        # T

        ```bash
        A=1; export B=2; for C in x; do read D; done; (E=3); F=4 true
        ```

        <!-- check:
        call: kms DescribeKey
        input: {KeyId: "${A}${B}${C}${D}${AWS_REGION}${E}${F}"}
        let: {G: KeyMetadata.Arn}
        expect: {path: x, equals: "${H}$${I}"}
        -->
        """,
      expected: [
        "8 error The check \"t-check\" asks with ${E}, which no block of this lesson sets.",
        "8 error The check \"t-check\" asks with ${F}, which no block of this lesson sets.",
        "8 error The check \"t-check\" asks with ${H}, which no block of this lesson sets.",
      ]),
    Row(
      testDescription: "headings", markdown: "# T\n\n### Deep\n\n# Again\n\n```bash\ntrue\n```\n",
      expected: [
        "3 warning A heading of level 3 follows one of level 1.",
        "5 warning The lesson has a second title, \"Again\".",
      ]),
    Row(
      testDescription: "steps out of order",
      markdown: "# T\n\n## Step 1\n\n## Step 3\n\n## Step 1\n\n```bash\ntrue\n```\n",
      expected: ["5 warning Step 3 follows step 1."]),
    Row(
      testDescription: "equal ids",
      markdown:
        "# T\n\n## A\n<!-- section: {id: x} -->\n\n## B\n<!-- section: {id: x} -->\n\n```bash {id=y}\ntrue\n```\n\n```bash {id=y}\ntrue\n```\n",
      expected: ["6 error Two sections have the id \"x\".", "13 error Two code blocks have the id \"y\"."]),
  ]

  @Test("Each rule finds its mistake where it is, and nothing else", arguments: rows)
  func rules(row: Row) throws {
    let lesson = try Lesson.parse(row.markdown, path: "t.md")
    let found = lesson.lint().map { "\($0.line ?? 0) \($0.severity) \($0.summary)" }
    #expect(found == row.expected)
  }
}
