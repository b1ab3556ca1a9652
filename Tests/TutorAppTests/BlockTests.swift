import Foundation
import LabEngine
import Lessons
import PracticeAccount
import ProgressStore
import Synchronization
import Testing

@testable import TutorApp

@Suite struct BlockTests {
  // MARK: - Errors

  struct Failing: Sendable, CustomTestStringConvertible {
    var program: String
    var status: Int32
    /// What the learner reads, whole.
    var error: String
    var testDescription: String { program }
  }

  static let usage = """

    usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
    To see help text, you can run:

      aws help
      aws <command> help
      aws <command> <subcommand> help

    """

  @Test(arguments: [
    Failing(
      program: "aws s3api list-objects-v2 --bucket nowhere-at-all-1", status: 254,
      error: """

        aws: [ERROR]: An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: \
        The specified bucket does not exist

        """),
    Failing(
      program: "aws s3api create-bukcet --bucket x", status: 252,
      error: """

        aws: [ERROR]: An error occurred (ParamValidation): argument operation: Found invalid choice 'create-bukcet'

        Maybe you meant:

          * create-bucket

        """ + usage),
    Failing(
      program: "aws s4api create-bucket --bucket x", status: 252,
      error: """

        aws: [ERROR]: An error occurred (ParamValidation): argument command: Found invalid choice 's4api'

        Maybe you meant:

          * s3api

        """ + usage),
    Failing(
      program: "aws s3api create-bucket --bucket xyz --regoin us-east-1", status: 252,
      error: usage + "\n\naws: [ERROR]: Unknown options: --regoin, us-east-1\n"),
  ])
  func `an error of aws is printed as the AWS CLI prints it, and stops the block there`(row: Failing)
    async throws
  {
    let home = try Home()
    let opened = try await home.begin(home.lesson(LabTexts.blocks("A=1\n\(row.program)\necho not reached")))
    let ran = try await printed("step-1-1", in: opened)
    #expect(ran.end == BlockEnd(.failed, status: row.status))
    #expect(ran.error == row.error)
    #expect(ran.statements == ["A=1", row.program])
    #expect(ran.output == "")
    #expect(try await opened.session.variables().map(\.name) == ["A"])
  }

  @Test func `run again goes on at the statement that failed, with the variables set before`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      home.lesson(
        LabTexts.blocks(
          "N=$(date +%N)\nNAME=try-again-bucket\naws s3api get-bucket-location --bucket $NAME\necho \"found $NAME\"",
          "aws s3api create-bucket --bucket try-again-bucket")))
    let first = try await run("step-1-1", in: opened)
    #expect(first.end == BlockEnd(.failed, status: 254))
    let before = first.variables["N"]
    // Again without having put it right: the same statement, and that alone.
    #expect(try await run("step-1-1", in: opened).statements.count == 1)
    _ = try await run("step-1-2", in: opened)
    let second = try await run("step-1-1", in: opened)
    #expect(second.end == BlockEnd(.done, status: 0))
    #expect(second.statements == ["aws s3api get-bucket-location --bucket $NAME", "echo \"found $NAME\""])
    #expect(second.text.hasSuffix("found try-again-bucket\n"))
    #expect(second.variables == [:])
    #expect(try await opened.session.variables().first { $0.name == "N" }?.value == before)
    // It is done now: once more is from the start.
    #expect(try await run("step-1-1", in: opened).statements.count == 4)
    await opened.close()
  }

  @Test func `a block that ended badly is tried again from the command that failed`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      home.lesson(
        LabTexts.blocks(
          "echo one\ntest -f later.txt", "touch later.txt", "false\necho two\nexit 3\necho never")))
    #expect(try await run("step-1-1", in: opened).end == BlockEnd(.failed, status: 1))
    let again = try await run("step-1-1", in: opened)
    #expect(again.statements == ["test -f later.txt"])
    #expect(again.end.state == .failed)
    _ = try await run("step-1-2", in: opened)
    #expect(try await run("step-1-1", in: opened).end.state == .done)
    // What came after a failure has run: only the last is repeated.
    #expect(try await run("step-1-3", in: opened).statements == ["false", "echo two", "exit 3"])
    let exit = try await run("step-1-3", in: opened)
    #expect(exit.statements == ["exit 3"])
    #expect(exit.end == BlockEnd(.failed, status: 3))
    await opened.close()
  }

  @Test func `a check that fails beside a running block does not stop it`() async throws {
    let home = try Home()
    let lesson =
      LabTexts.blocks("aws kms list-keys --query 'length(Keys)'; sleep 1; false\necho went on")
      + "\n### Checkpoint 1: No\n\n```bash\naws s3api get-bucket-encryption --bucket no-such-bucket-1\n```\n"
    let opened = try await home.begin(home.lesson(lesson))
    let check = try #require(opened.session.lesson.checks.first)
    let session = opened.session
    let asked = Mutex(false)
    let end = try await session.run(block: "step-1-1") { event in
      // Between the call that succeeded and the program that fails.
      guard case .printed = event,
        !asked.withLock({
          let was = $0; $0 = true; return was
        })
      else { return }
      let verdict = await session.ask(check)
      #expect(verdict.state == .failed)
    }
    #expect(end.state == .done)
    await opened.close()
  }

  @Test func `anew begins at the first statement, whatever came before`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      home.lesson(LabTexts.blocks("echo one\naws s3api head-bucket --bucket no-such-bucket-1")))
    _ = try await run("step-1-1", in: opened)
    #expect(try await run("step-1-1", in: opened, anew: true).statements.count == 2)
    await opened.close()
  }

  /// Program, fence, how it ends.
  @Test(arguments: [
    (
      "aws s3api head-bucket --bucket no-such-bucket-1\necho shown", "bash {expect=failure}",
      BlockEnd.State.done, "shown\n"
    ),
    ("aws s3api head-bucket --bucket no-such-bucket-1", "bash {expect=failure}", .done, ""),
    // A program of the shell that fails goes on, as in bash; the last status counts.
    ("false\necho shown", "bash", .done, "shown\n"),
    ("echo shown\nfalse", "bash", .failed, "shown\n"),
    ("set -e\nfalse\necho not reached", "bash", .failed, ""),
    // An aws that fails where the program provides for it is no reason to stop.
    (
      "aws s3api head-bucket --bucket no-such-bucket-1 || echo missing\necho shown", "bash", .done,
      "missing\nshown\n"
    ),
    (
      "if ! aws s3api head-bucket --bucket no-such-bucket-1; then echo missing; fi", "bash", .done,
      "missing\n"
    ),
    ("X=$(aws s3api head-bucket --bucket no-such-bucket-1)\necho not reached", "bash", .failed, ""),
    ("exit 3\necho not reached", "bash", .failed, ""),
    ("exit\necho not reached", "bash", .done, ""),
  ])
  func `what a failure means depends on the program and on the fence`(
    program: String, info: String, state: BlockEnd.State, output: String
  ) async throws {
    let home = try Home()
    let ran = try await printed("step-1-1", in: home.begin(home.lesson(LabTexts.blocks(program, info: info))))
    #expect(ran.end.state == state)
    #expect(ran.output == output)
  }

  /// A program, the construct that is named, and its line in the program.
  @Test(arguments: [
    ("echo hello\nselect x in a b; do echo $x; done", "`select`", 2),
    ("coproc cat", "`coproc`", 1),
    ("echo a\n\nif true; then\n  echo b", "`fi` of `if`", 4),
    ("echo 'never closed", "quote", 1),
  ])
  func `what the lab shell cannot read is named with its line in the lesson, and nothing of it runs`(
    program: String, construct: String, line: Int
  ) async throws {
    let home = try Home()
    let path = try home.lesson(LabTexts.blocks(program))
    let ran = try await printed("step-1-1", in: home.begin(path))
    let diagnostic = try #require(ran.diagnostics.first)
    #expect(ran.end == BlockEnd(.failed, status: 2))
    #expect(ran.statements == [])
    let text = diagnostic.rendered()
    #expect(text.contains(construct), "\(text)")
    // Six lines come before the block's first.
    #expect(diagnostic.line == 6 + line, "\(text)")
    #expect(text.contains(path))
    #expect(
      diagnostic.excerpt
        == program.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[line - 1])
  }

  @Test func `lines of statements are lines of the lesson's file`() async throws {
    let home = try Home()
    let ran = try await printed(
      "step-1-1", in: home.begin(home.lesson(LabTexts.blocks("echo a\n\necho \\\n  b"))))
    #expect(ran.lines == [7...7, 9...10])
  }

  // MARK: - Stopping

  @Test(arguments: [
    "sleep 100", "command sleep 100", "tail -f /dev/null", "while true; do :; done",
    "X=$(sleep 100)", "sleep 100 | cat", "(sleep 100)",
  ])
  func `cancel stops what runs, and the session stays usable`(program: String) async throws {
    let home = try Home()
    let lesson = try home.lesson(LabTexts.blocks("A=1\n\(program)\necho not reached", "echo \"still $A\""))
    // A practice clock that would take years.
    let opened = try await home.begin(lesson, pace: .times(0.000_001))
    let (starts, continuation) = AsyncStream<String>.makeStream()
    let session = opened.session
    let running = Task {
      defer { continuation.finish() }
      return try await session.run(block: "step-1-1") { event in
        if case .statementStarted(_, let text, _) = event, text != "A=1" { continuation.yield(text) }
      }
    }
    var iterator = starts.makeAsyncIterator()
    #expect(await iterator.next() == program)
    running.cancel()
    #expect(try await running.value.state == .cancelled)
    #expect(try await run("step-1-2", in: opened).output == "still 1\n")
    // It would go on at the statement that was stopped.
    let progress = try await session.progress()
    #expect(progress.executions["step-1-1"]?.nextStatement == 1)
    #expect(progress.executions["step-1-1"]?.status == .failed)
    await opened.close()
  }

  // MARK: - Files

  @Test(arguments: [
    ("policy.json", "policy.json", true), ("docs/a.txt", "docs/a.txt", true), ("../up.txt", "", false),
    ("/tmp/cairn-absolute.txt", "", false), ("a/../../b", "", false),
  ])
  func `a block with a file is written into the run's folder and nowhere else`(
    name: String, path: String, isWritten: Bool
  ) async throws {
    let home = try Home()
    let opened = try await home.begin(
      home.lesson(LabTexts.blocks("{\"a\": 1}", info: "json {file=\"\(name)\"}")))
    let ran = try await printed("step-1-1", in: opened)
    #expect((ran.end.state == .done) == isWritten)
    #expect(ran.diagnostics.count == (isWritten ? 0 : 1))
    let file = try home.workshop().places.work(of: opened.session.run.id) + "/" + path
    if isWritten { #expect(try String(contentsOfFile: file, encoding: .utf8) == "{\"a\": 1}\n") }
    #expect(!FileManager.default.fileExists(atPath: "/tmp/cairn-absolute.txt"))
  }

  @Test func `a practice block sees nothing of the learner's own credentials`() async throws {
    let home = try Home()
    let workshop = try home.workshop([
      "AWS_PROFILE": "mine", "AWS_ACCESS_KEY_ID": "AKIAMINE", "AWS_SESSION_TOKEN": "secret", "OTHER": "mine",
    ])
    let lesson = try home.lesson(
      LabTexts.blocks("env | sort | grep -e mine -e MINE -e secret\necho \"$HOME\""))
    let opened = try await workshop.begin(lesson: lesson, on: .practice(region: nil), pace: .instant)
    let ran = try await printed("step-1-1", in: opened)
    #expect(ran.output == workshop.places.work(of: opened.session.run.id) + "\n")
  }
}
