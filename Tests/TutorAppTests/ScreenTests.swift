import AWSClient
import Cells
import Lessons
import ProgressStore
import ServiceModels
import TestKit
import Testing
import TutorUI

@testable import LabEngine
@testable import TutorApp

/// The screen over a real run: keys in, frames out. What a single state looks like is `TutorUI`'s to prove; here the
/// states are those the engine brings about.
@MainActor @Suite(.serialized) struct ScreenTests {
  nonisolated static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40)]

  /// Compares frames with goldens, in order.
  private func expect(
    _ frames: [Frame], _ names: [String], _ size: Size, run: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(frames.count == names.count, sourceLocation: sourceLocation)
    var scrubber = Scrubber(run: run)
    for (frame, name) in zip(frames, names) {
      #expect(frame.size == size, sourceLocation: sourceLocation)
      expectSnapshot(
        scrubber.scrub(frame.text) + "\n", "\(name)-\(size.width)x\(size.height).txt", in: "TutorAppTests",
        sourceLocation: sourceLocation)
    }
  }

  /// A run of our lesson, brought to the end of a section by an earlier process, at the place where that one left.
  private func stopped(
    _ home: Home, after last: String, at place: String, pace: Pace = .instant
  ) async throws -> OpenRun {
    try await workThrough(home, last, place)
    return try await home.resume(pace: pace)
  }

  private func workThrough(_ home: Home, _ last: String, _ place: String) async throws {
    let opened = try await home.begin(ourLesson)
    for section in opened.session.lesson.sections {
      try await work(opened.session, section)
      if section.id == last { break }
    }
    try await opened.session.save(section: place)
    await opened.close()
  }

  @Test(arguments: sizes)
  func `the first page, a block that ran, and the help`(size: Size) async throws {
    let home = try Home()
    let opened = try await home.begin(ourLesson)
    let section = try #require(opened.session.lesson.sections.firstIndex { $0.id == "create-key" })
    let pages = String(repeating: "n ", count: pagesTo(section, opened.session.lesson))
    let frames = try await Stage(opened: opened).play(
      "frame \(pages) frame 2*Enter frame ? frame Escape v frame Escape q Enter", size)
    expect(
      frames, ["first-page", "step-1", "step-1-run", "help", "variables"], size, run: opened.session.run.id)
    #expect(try await opened.session.outstanding().count == 2)
    #expect(try await opened.session.progress().section == "create-key")
  }

  /// How often to turn the page to get there: headings with nothing under them are passed.
  private func pagesTo(_ target: Int, _ lesson: Lesson) -> Int {
    lesson.sections[1...target].filter { !($0.content.count <= 1 && $0.blocks.isEmpty && $0.checks.isEmpty) }
      .count
  }

  @Test(arguments: sizes)
  func `a checkpoint that fails says what was expected and what was found`(size: Size) async throws {
    let home = try Home()
    let opened = try await stopped(home, after: "create-bucket", at: "data-is-encrypted")
    try await stray(opened)
    let frames = try await Stage(opened: opened).play("c frame G frame q Enter", size)
    expect(frames, ["checkpoint-failed", "checkpoint-failed-end"], size, run: opened.session.run.id)
    #expect(frames.last?.text.contains("AES256") == true)
  }

  /// Puts S3's own encryption back, past the lesson and its ledger.
  private func stray(_ opened: OpenRun) async throws {
    _ = try await opened.session.client.call(
      "s3", "DeleteBucketEncryption", ["Bucket": "ai-lab-data-111122223333-us-east-1"])
  }

  @Test(arguments: sizes)
  func `a check waits beside the lesson, and is there again in the next process`(size: Size) async throws {
    let home = try Home()
    try await waits(home, size)
    // Nobody asks again: the next process goes on by itself, and time passes.
    let next = try await home.resume()
    let stage = Stage(opened: next)
    let frames = try await stage.watch(
      [
        .when("Passed: The scan is complete", .key(.character("p"))),
        .when("Checkpoint 2 of 2", .key(.character("G"))),
        .when("Checkpoint 2 of 2", .key(.character("q"))), .when("Leave the lesson?", .key(.enter)),
      ], size)
    expect(frames.count > 2 ? [frames[2]] : [], ["both-passed"], size, run: next.session.run.id)
    #expect(try await next.session.progress().checks.filter { $0.verdict == .passed }.count == 2)
  }

  private func waits(_ home: Home, _ size: Size) async throws {
    let opened = try await stopped(
      home, after: "data-is-encrypted", at: "macie-has-found", pace: .times(0.000_001))
    let frames = try await Stage(opened: opened).play("c G frame n frame q Enter", size)
    expect(frames, ["waiting", "waiting-elsewhere"], size, run: opened.session.run.id)
    #expect(try await opened.session.progress().checks.first { $0.id == "findings" }?.verdict == .waiting)
  }

  @Test(arguments: sizes)
  func `the teardown is planned, applied and verified on the screen`(size: Size) async throws {
    let home = try Home()
    let opened = try await stopped(home, after: "macie-has-found", at: "clean-up")
    let run = opened.session.run.id
    let frames = try await Stage(opened: opened).play("T frame Enter frame Enter frame q", size)
    expect(frames, ["teardown-plan", "teardown-done", "teardown-closed"], size, run: run)
    #expect(opened.dump == (try emptyAccount()))
    #expect(try await opened.session.outstanding() == [])
    #expect(try home.workshop().summaries().map(\.state) == ["torn-down"])
  }

  @Test func `a plan that is declined removes nothing`() async throws {
    let home = try Home()
    let opened = try await stopped(home, after: "create-key", at: "create-bucket")
    let before = opened.dump
    _ = try await Stage(opened: opened).play("T Escape q Enter", Size(width: 80, height: 24))
    #expect(opened.dump == before)
    #expect(try await opened.session.outstanding().count == 2)
  }

  @Test func `the terminal may change its size while a block runs`() async throws {
    let home = try Home()
    let path = try home.lesson(LabTexts.blocks("echo begun\nsleep 100", "echo two"))
    let opened = try await home.begin(path, pace: .times(0.000_001))
    let small = Size(width: 60, height: 16)
    let frames = try await Stage(opened: opened).watch(
      [
        .when("Blocks", .key(.character("n"))),
        .when("echo begun", .key(.enter)),
        .when("$ sleep 100", .resized(Size(width: 120, height: 40))),
        .when("$ sleep 100", .resized(Size(width: 20, height: 5))),
        .when("20", .resized(small)),
        .when("sleep 100", .key(.control("c"))),
        .when("stopped", .key(.character("q"))),
      ], Size(width: 80, height: 24))
    #expect(frames.map(\.size.width) == [80, 80, 80, 120, 20, 60, 60])
    #expect(try await opened.session.progress().executions["step-1-1"]?.nextStatement == 1)
  }

  @Test func `a run that is left while a block runs goes on where it was`() async throws {
    let home = try Home()
    let path = try home.lesson(LabTexts.blocks("A=1\nsleep 100\necho \"went on with $A\""))
    try await leftRunning(home, path)
    let opened = try await home.resume()
    let frames = try await Stage(opened: opened).play("frame Enter frame q", Size(width: 80, height: 24))
    #expect(frames.last?.text.contains("went on with 1") == true)
    let commands = try await opened.session.progress().transcript.filter { $0.kind == .command }.map(\.text)
    #expect(commands == ["A=1", "sleep 100", "sleep 100", "echo \"went on with $A\""])
  }

  private func leftRunning(_ home: Home, _ path: String) async throws {
    let opened = try await home.begin(path, pace: .times(0.000_001))
    _ = try await Stage(opened: opened).watch(
      [
        .when("Blocks", .key(.character("n"))), .when("A=1", .key(.enter)),
        .when("$ sleep 100", .key(.character("q"))), .when("Leave the lesson?", .key(.enter)),
      ], Size(width: 80, height: 24))
  }

  @Test func `an error of aws and a syntax error are shown where they belong`() async throws {
    let home = try Home()
    let path = try home.lesson(
      LabTexts.blocks("aws s3api head-bucket --bucket no-such-bucket-1", "select x in a; do echo; done"))
    let opened = try await home.begin(path)
    let size = Size(width: 80, height: 24)
    let frames = try await Stage(opened: opened).play("n Enter frame ] Enter frame Escape q", size)
    #expect(frames.first?.text.contains("An error occurred (404)") == true)
    var scrubber = Scrubber(run: opened.session.run.id)
    // The message names the file; its folder differs.
    let text = frames.map(\.text).joined(separator: "\n\n").replacing(home.path, with: "HOME")
    #expect(text.contains("select"))
    expectSnapshot(scrubber.scrub(frames[0].text) + "\n", "aws-error-80x24.txt", in: "TutorAppTests")
  }

  // MARK: - For an audience

  @Test(arguments: sizes)
  func `a demonstration types, runs and goes on with one key, and shows the speaker notes`(size: Size)
    async throws
  {
    let home = try Home()
    let opened = try await home.begin(ourLesson)
    let section = try #require(opened.session.lesson.sections.firstIndex { $0.id == "before-you-begin" })
    let pages = String(repeating: "n ", count: pagesTo(section, opened.session.lesson))
    var stage = Stage(opened: opened)
    // So fast that nobody waits.
    stage.demo = 1e9
    let frames = try await stage.play(
      "\(pages) s frame s Enter frame Enter frame Enter frame 2*PageDown frame PageDown frame q Enter", size)
    expect(
      frames, ["demo-notes", "demo-page", "demo-typed", "demo-ran", "demo-typed-2", "demo-ran-2"], size,
      run: opened.session.run.id)
  }

  @Test(arguments: sizes + [Size(width: 100, height: 30)])
  func `one key plays our lesson to its end, teardown included`(size: Size) async throws {
    let home = try Home()
    let opened = try await home.begin(ourLesson)
    var stage = Stage(opened: opened)
    stage.demo = 1e9
    let frames = try await stage.play("300*PageDown frame q Enter", size)
    let progress = try await opened.session.progress()
    let path = opened.session.lesson.sections.filter { $0.kind != .teardown }.flatMap(\.blocks).map(\.id)
    #expect(progress.executions.filter { $0.value.status == .done }.keys.sorted() == path.sorted())
    // Nobody reads here: the scan may still be waited for when the teardown comes, which ends the wait.
    let verdicts = Dictionary(uniqueKeysWithValues: progress.checks.map { ($0.id, $0.verdict) })
    #expect(verdicts["encryption"] == .passed)
    #expect([.passed, .waiting].contains(verdicts["findings"]))
    #expect(try await opened.session.outstanding() == [])
    #expect(opened.dump == (try emptyAccount()))
    #expect(frames.count == 1)
  }
}
