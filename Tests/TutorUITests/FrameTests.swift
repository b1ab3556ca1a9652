import Cells
import Lessons
import TestKit
import Testing
import TutorUI

/// Screens as goldens: the text a person reads, then the runs of styles.
@Suite struct FrameTests {
  static let sizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60),
    Size(width: 60, height: 16),
  ]

  @Test("the first page", arguments: sizes)
  func firstPage(size: Size) throws {
    expect(try sampleState(size), "first-page", size)
  }

  @Test("a step whose block has run, with output, an error and remarks", arguments: sizes)
  func ranStep(size: Size) throws {
    let state = try ranState(size)
    expect(state, "step-run", size)
  }

  @Test(
    "a step while its statement runs", arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
  func runningStep(size: Size) throws {
    let state = try sampleState(size).at(Page.step1)
    let block = try #require(state.currentBlock)
    let line = try #require(state.lesson.block(block)).firstTextLine + 1
    expect(
      state.after(
        .blockStarted(block),
        .statementStarted(block, lines: line...line, text: "KEY_ID=$(aws kms create-key)")),
      "step-running", size)
  }

  @Test("details opened", arguments: [Size(width: 120, height: 40)])
  func details(size: Size) throws {
    expect(try sampleState(size).at(Page.step1).after(.key(.character("d"))), "details-open", size)
  }

  @Test(
    "a checkpoint not asked, failed, passed and waiting",
    arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)],
    ["open", "failed", "passed", "waiting"])
  func checkpoint(size: Size, name: String) throws {
    var state = try sampleState(size).at(Page.checkpoint)
    switch name {
    case "failed":
      state = state.after(
        .checkJudged(
          "encryption",
          Verdict(
            passed: false, expected: "SSEAlgorithm is aws:kms", found: "AES256", hint: "Run step 2 again.",
            asked: "s3 GetBucketEncryption")))
    case "passed":
      state = state.after(
        .checkJudged("encryption", Verdict(passed: true, found: "aws:kms", asked: "s3 GetBucketEncryption")))
    case "waiting": state = state.after(.checkWaiting("encryption", since: "10:04", next: "in 30 s"))
    default: break
    }
    expect(state, "checkpoint-\(name)", size)
  }

  @Test("the help over the page", arguments: sizes)
  func help(size: Size) throws {
    expect(try sampleState(size).after(.key(.character("?"))), "help", size)
  }

  @Test(
    "the teardown planned, at work and over",
    arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)],
    ["planning", "planned", "applying", "finished"])
  func teardown(size: Size, name: String) throws {
    var state = try sampleState(size).at(Page.teardown).after(.key(.character("T")))
    if name != "planning" { state = state.after(.teardownPlanned(samplePlan)) }
    if name == "applying" || name == "finished" {
      state = state.after(.key(.enter), .teardownAdvanced(item: "bucket", .removing))
    }
    if name == "finished" {
      state = state.after(
        .teardownAdvanced(item: "bucket", .verified),
        .teardownAdvanced(item: "key", .pending(until: "2026-12-01")),
        .teardownFinished(summary: "Everything is gone or on its way."))
    }
    expect(state, "teardown-\(name)", size)
  }

  @Test("tables fit, wide glyphs in their columns", arguments: sizes)
  func tables(size: Size) throws {
    expect(try sampleState(size).at(Page.tables), "tables", size)
  }

  @Test("CJK, emoji, combining marks, long words and addresses", arguments: sizes)
  func scripts(size: Size) throws {
    expect(try sampleState(size).at(Page.scripts), "scripts", size)
  }

  @Test(
    "a demonstration types, and shows its notes",
    arguments: [Size(width: 80, height: 24), Size(width: 120, height: 40)])
  func demo(size: Size) throws {
    var state = try sampleState(size, isDemo: true).at(Page.step1)
    let block = try #require(state.currentBlock)
    state = state.after(.key(.space), .demoTyped(block, characters: 40))
    expect(state, "demo-typing", size)
    expect(state.after(.key(.character("s"))), "demo-notes", size)
  }

  @Test("questions, messages and variables", arguments: [Size(width: 80, height: 24)])
  func overlays(size: Size) throws {
    let state = try sampleState(size).at(Page.step2)
    expect(
      state.after(
        .outstandingChanged([OutstandingResource(name: "KMS key 0987dcba", note: "1 USD a month")]),
        .key(.character("q"))),
      "quit", size)
    expect(
      state.after(
        .message(
          MessageView(
            .error, "This block uses a construct Cairn's shell does not know.",
            text: ["secret/lesson.md:14:3", "    coproc aws kms list-keys"],
            hint: "Use a plain command instead."))),
      "message", size)
    expect(
      state.after(
        .variablesChanged([
          VariableRow(
            name: "KEY_ID", value: "0987dcba-09fe-87dc-65ba-ab0987654321", origin: "step 1, line 17"),
          VariableRow(name: "BUCKET", value: "secret-111122223333"),
        ]), .key(.character("v"))),
      "variables", size)
  }

  @Test("glyphs of the furniture in ASCII, for terminals without UTF-8")
  func ascii() throws {
    let size = Size(width: 120, height: 40)
    var state = try ranState(size)
    state.usesASCII = true
    expect(state, "ascii", size)
    // What is left is the lesson's own text.
    let own = Set("日本語")
    #expect(render(state).text.allSatisfy { $0.isASCII || own.contains($0) })
  }

  @Test("a live account is called live")
  func live() throws {
    let size = Size(width: 80, height: 24)
    var state = try sampleState(size)
    state.banner.mode = .live
    #expect(render(state).text.contains(" LIVE"))
    #expect(!render(state).text.contains("PRACTICE"))
  }

  @Test(
    "a screen too small says what is needed",
    arguments: [Size(width: 59, height: 15), Size(width: 60, height: 15)])
  func tooSmall(size: Size) throws {
    expect(try sampleState(size), "too-small", size)
  }

  private func ranState(_ size: Size) throws -> TutorState {
    var state = try sampleState(size).at(Page.step1)
    let blocks = try #require(state.shownSection?.blocks.map(\.id))
    state = state.after(
      .blockStarted(blocks[0]),
      .statementStarted(
        blocks[0], lines: 1...1, text: "KEY_ID=$(aws kms create-key --query KeyMetadata.KeyId --output text)"),
      .statementStarted(blocks[0], lines: 2...2, text: "echo \"key: $KEY_ID\""),
      .blockPrinted(blocks[0], .standardOutput, "key: 0987dcba-09fe-87dc-65ba-ab0987654321\n"),
      .blockExited(blocks[0], .done))
    return state.after(
      .blockStarted(blocks[1]),
      .statementStarted(
        blocks[1], lines: 1...1,
        text: "aws kms create-alias --alias-name alias/secret --target-key-id $KEY_ID"),
      .blockPrinted(
        blocks[1], .standardError,
        "\nAn error occurred (AlreadyExistsException) when calling the CreateAlias operation: An alias with the name "
          + "alias/secret already exists\n"),
      .remark("The alias belongs to another key of this account."),
      .blockExited(blocks[1], .failed(status: 254)))
  }

  private func expect(
    _ state: TutorState, _ name: String, _ size: Size, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectSnapshot(
      render(state).dump, "\(name)-\(size).txt", in: "TutorUITests", sourceLocation: sourceLocation)
  }
}
