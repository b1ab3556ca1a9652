import LabEngine
import Lessons
import ProgressStore
import TestKit
import Testing

@testable import TutorApp

@Suite struct PlainTutorTests {
  // MARK: - Whole lessons

  @Test func `our lesson passes, is recorded, and comes down to an untouched account`() async throws {
    let home = try Home()
    let played = try await Played(home.begin(ourLesson), tearsDown: true)
    #expect(played.status == 0)
    #expect(played.before == (try emptyAccount()))
    #expect(played.after == played.before)
    #expect(played.outstanding == [])
    var scrubber = Scrubber(run: played.run)
    expectSnapshot(scrubber.scrub(played.text), "our-lesson.txt", in: "TutorAppTests")

    // Once more, as `cairn teardown` without a name does: nothing to do, and no error.
    let again = try await tornDown(home)
    #expect(again.isClean)
    expectSnapshot(scrubber.scrub(again.text), "teardown-again.txt", in: "TutorAppTests")
    #expect(again.dump == played.before)
    #expect(try home.workshop().summaries().map(\.state) == ["torn-down"])
  }

  @Test func `a lab without annotations runs to its end, honestly without findings`() async throws {
    let home = try Home()
    let opened = try await home.begin(home.lesson(LabTexts.unannotated))
    #expect(opened.session.lesson.checks.map(\.isInferred) == [true, true])
    let played = try await Played(opened)
    #expect(played.status == 1)
    #expect(played.text.contains("checkpoint passed: Checkpoint 1"))
    #expect(played.text.contains("checkpoint not passed: Checkpoint 2"))
    var scrubber = Scrubber(run: played.run)
    expectSnapshot(scrubber.scrub(played.text), "unannotated-lab.txt", in: "TutorAppTests")
  }

  @Test func `what a lab without annotations left is taken down by a later process`() async throws {
    let home = try Home()
    let played = try await Played(home.begin(home.lesson(LabTexts.unannotated)))
    #expect(played.after != played.before)
    #expect(!played.outstanding.isEmpty)
    let teardown = try await tornDown(home)
    #expect(teardown.isClean)
    #expect(teardown.dump == played.before)
    var scrubber = Scrubber(run: played.run)
    expectSnapshot(scrubber.scrub(teardown.text), "unannotated-teardown.txt", in: "TutorAppTests")
  }

  @Test(.enabled(if: publishedLab != nil, "the lab as published is not beside the repository"))
  func `the lab as published runs unmodified, and Macie says why it finds nothing`() async throws {
    let home = try Home()
    let played = try await Played(home.begin(try #require(publishedLab)), tearsDown: true)
    #expect(played.status == 1)
    let remarks = played.text.split(separator: "\n").filter { $0.hasPrefix("practice account: ") }
    for reason in [
      "allows AWSServiceRoleForAmazonMacie kms:Decrypt",
      "000-11-2222 (row 2, column SSN) is no Social Security number: area 000 is never given out",
      "999-88-7777 (row 3, column SSN) is no Social Security number: area 999 is never given out",
    ] {
      #expect(remarks.contains { $0.contains(reason) })
    }
    let verdicts = played.text.split(separator: "\n").filter { $0.hasPrefix("checkpoint ") }
    #expect(
      verdicts == [
        "checkpoint passed: Checkpoint 1: Verify Encryption",
        "checkpoint not passed: Checkpoint 2: View Macie Findings",
      ])
    #expect(played.after == played.before)
  }

  // MARK: - With a learner

  static let reading = """
    # Small

    Read *this* first.

    ## Step 1: Say it

    It is **plain** `text`, with a [link](https://example.com).

    ```bash
    WORD=hello
    echo $WORD
    ```

    ```bash
    false
    ```

    ## Step 2: Say more

    | A | B |
    | - | - |
    | 1 | 2 |

    ```bash
    echo "$WORD again"
    ```

    """

  /// Answers, and the blocks that are done afterwards. Input that ends is a learner who leaves.
  @Test(arguments: [
    (["", "", "q"], ["step-1-say-it-1"]), (["q"], []), (["Q"], []), ([], []), (["yes"], ["step-1-say-it-1"]),
  ])
  func `q leaves with 130 and what was done stays done`(answers: [String], done: [String]) async throws {
    let home = try Home()
    let played = try await Played(home.begin(home.lesson(Self.reading)), answers: answers)
    #expect(played.status == 130)
    let resumed = try await home.resume()
    let progress = try await resumed.session.progress()
    #expect(progress.executions.filter { $0.value.status == .done }.keys.sorted() == done)
    #expect(progress.section == "step-1-say-it")
    await resumed.close()
  }

  @Test func `prose is printed as plain text, and a block that fails is offered again`() async throws {
    let home = try Home()
    let played = try await Played(home.begin(home.lesson(Self.reading)), answers: ["", "", "y", "q"])
    #expect(played.status == 130)
    var scrubber = Scrubber(run: played.run)
    expectSnapshot(scrubber.scrub(played.text), "interactive.txt", in: "TutorAppTests")
  }

  @Test func `who leaves has nothing taken down, whatever was to happen at the end`() async throws {
    let home = try Home()
    let lesson = try home.lesson(LabTexts.blocks("aws kms create-key --query KeyMetadata.KeyState", "echo"))
    let played = try await Played(home.begin(lesson), answers: ["y", "q"], tearsDown: true)
    #expect(played.status == 130)
    #expect(played.outstanding.count == 1)
  }

  @Test func `a lesson resumed without a screen leaves out what is done`() async throws {
    let home = try Home()
    let lesson = Self.reading.replacing("false\n", with: "true\n")
    _ = try await Played(home.begin(home.lesson(lesson)), answers: ["", "q"])
    let played = try await Played(home.resume())
    #expect(played.status == 0)
    #expect(played.text.contains("done before: step-1-say-it-1"))
    #expect(!played.text.contains("WORD=hello"))
    #expect(played.text.contains("hello again"))
  }
}

/// A teardown by a process of its own.
struct TornDown {
  var isClean: Bool
  var text: String
  var dump: String
}

func tornDown(_ home: Home) async throws -> TornDown {
  let opened = try await home.workshop().openForTeardown(run: nil, pace: .instant)
  let paper = Paper()
  let teardown = PlainTeardown(write: paper.write)
  let agreed = try await teardown.agree(opened.session, assumesYes: true, read: { nil })
  #expect(agreed)
  let isClean = try await teardown.perform(opened.session)
  let dump = opened.dump
  await opened.close()
  return TornDown(isClean: isClean, text: paper.text, dump: dump)
}
