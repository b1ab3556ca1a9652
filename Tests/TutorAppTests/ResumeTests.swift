import AWSClient
import Foundation
import Lessons
import OrderedJSON
import PracticeAccount
import PracticeServer
import ProgressStore
import ServiceModels
import ShellSyntax
import SigV4
import Synchronization
import TestKit
import Testing
import Wire

@testable import LabEngine
@testable import TutorApp

/// What a run is to its learner; equal before and after a restart.
struct Standing: Equatable {
  var variables: [String: String]
  var transcript: [String]
  var done: [String]
  var passed: [String]
  var section: String?
  var outstanding: [String]
  var account: String

  init(_ opened: OpenRun) async throws {
    let session = opened.session
    let progress = try await session.progress()
    variables = Dictionary(uniqueKeysWithValues: try await session.variables().map { ($0.name, $0.value) })
    transcript = progress.transcript.map { "\($0.kind.rawValue) \($0.block ?? "-") \($0.text)" }
    done = progress.executions.filter { $0.value.status == .done }.keys.sorted()
    passed = progress.checks.filter { $0.verdict == .passed }.map(\.id).sorted()
    section = progress.section
    outstanding = try await session.outstanding().map(\.title)
    account = opened.dump
  }
}

/// Works through one section as a learner does.
func work(_ session: LabSession, _ section: Section, _ tell: @escaping LabEvents = { _ in }) async throws {
  try await session.save(section: section.id)
  guard section.kind != .teardown else { return }
  for block in section.blocks {
    let end = try await session.run(block: block.id, tell)
    #expect(end.state == .done, "\(block.id)")
  }
  for check in section.checks {
    let verdict = try await session.judge(check: check.id, tell)
    #expect(verdict.passed, "\(check.id)")
  }
}

@Suite struct ResumeTests {
  @Test func `a run stopped after each section goes on in a new process as it was`() async throws {
    let home = try Home()
    let sections = try Lesson.load(path: ourLesson).sections.filter {
      !$0.blocks.isEmpty && $0.kind != .teardown
    }
    #expect(sections.count == 8)
    var last: Standing?
    for section in sections {
      let opened = if last == nil { try await home.begin(ourLesson) } else { try await home.resume() }
      if let last { #expect(try await Standing(opened) == last, "before \(section.id)") }
      #expect(opened.session.findings == [])
      try await work(opened.session, section)
      last = try await Standing(opened)
      await opened.close()
    }
    #expect(last?.variables["MACIE_BEFORE"] == "OFF")
    #expect(last?.passed == ["encryption", "findings"])
    #expect(try home.workshop().summaries().map(\.state) == ["finished"])
    let teardown = try await tornDown(home)
    #expect(teardown.isClean)
    #expect(teardown.dump == (try emptyAccount()))
  }

  @Test func `folder, functions and unexported variables are there again`() async throws {
    let home = try Home()
    let lesson = try home.lesson(
      LabTexts.blocks(
        "mkdir -p a/b; cd a/b\nLIST=(one 'two three')\nexport SHOWN=yes\nHIDDEN=no\nsay() { echo \"said $1\"; }\nset -u",
        "say \"${LIST[1]}\"; pwd | sed 's,.*/work,,'\nenv | grep -c '^HIDDEN' || true; printenv SHOWN\necho $NOTHING"
      ))
    _ = try await printed("step-1-1", in: home.begin(lesson))
    let after = try await printed("step-1-2", in: home.resume())
    #expect(after.text.hasPrefix("said two three\n/a/b\n0\nyes\n"))
    #expect(after.text.contains("NOTHING: unbound variable"))
  }

  @Test func `an interrupted block goes on at its first statement that has not ended`() async throws {
    let home = try Home()
    let lesson = try home.lesson(LabTexts.blocks("A=1\nB=2\necho $A$B\nC=3\necho $A$B$C"))
    let run = try await begun(home, lesson)
    // What a process leaves that dies while the third statement runs: two have ended, the execution has not.
    let store = try home.workshop().store
    let execution = try store.beginExecution(run: run, section: "step-1", block: "step-1-1", at: 1)
    let session = try #require(try await sessionText(after: "A=1\nB=2"))
    let passed = try parse("A=1\nB=2").digest(upTo: 2)
    try store.commitStatement(
      execution.id, next: 2, passed: passed, snapshot: session, variables: [], at: 2)

    let opened = try await home.resume()
    #expect(
      opened.session.findings == [
        "step-1-1 was interrupted; running it goes on at the command it stopped at."
      ])
    let executions = try await opened.session.progress().executions
    #expect(executions.mapValues(\.status) == ["step-1-1": .interrupted])
    let after = try await printed("step-1-1", in: opened)
    #expect(after.statements == ["echo $A$B", "C=3", "echo $A$B$C"])
    #expect(after.text == "12\n123\n")
    #expect(try store.executions(run: run).map(\.status) == [.done])
  }

  @Test func `a check that waits goes on waiting from its first time`() async throws {
    let home = try Home()
    let lesson = try home.lesson(
      "# Wait\n\n## Checkpoint 1: There\n\n<!-- check:\nid: there\nwait: {every: 10s, for: 60s}\nask:\n"
        + "  - call: kms ListAliases\n    expect:\n      - {path: \"Aliases[?AliasName=='alias/there']\", notEmpty: true}\n-->\n"
    )
    let began = try await beginsToWait(home, lesson)
    try await stillWaits(home, began)
    try await patienceEnds(home, began)
  }

  /// A wait that lasts for months: the learner leaves in the middle of it.
  @Test func `a question that is broken off says nothing of the account`() async throws {
    let home = try Home()
    let lesson = try home.lesson(
      "# Never\n\n## Checkpoint 1: There\n\n<!-- check:\nid: there\nask:\n"
        + "  - call: kms ListAliases\n    expect:\n      - {path: nosuch, exists: true}\n-->\n")
    let opened = try await home.begin(lesson)
    let session = opened.session
    let asked = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await session.judge(check: "there") { _ in }
    }
    #expect(try await asked.value.state == .waiting)
    #expect(try await session.progress().checks.isEmpty)
    #expect(try await session.judge(check: "there") { _ in }.state == .failed)
    await opened.close()
  }

  private func beginsToWait(_ home: Home, _ lesson: String) async throws -> Timestamp {
    let opened = try await home.begin(lesson, pace: .times(0.000_001))
    let began = try await leftWaiting("there", opened)
    await opened.close()
    return began
  }

  private func stillWaits(_ home: Home, _ began: Timestamp) async throws {
    let opened = try await home.resume(pace: .times(0.000_001))
    try opened.practice?.account.clock.advance(seconds: 20)
    let again = try await leftWaiting("there", opened)
    #expect(again == began)
    await opened.close()
  }

  private func patienceEnds(_ home: Home, _ began: Timestamp) async throws {
    let opened = try await home.resume()
    let waits = Mutex<[Timestamp]>([])
    let verdict = try await opened.session.judge(check: "there") { event in
      if case .checkWaiting(_, _, let since, let until) = event {
        #expect(since == began)
        #expect(until == began.adding(seconds: 60))
        waits.withLock { $0.append(since) }
      }
    }
    #expect(verdict.state == .failed)
    // 20 of the 60 seconds have passed: 10 s each, not six of them.
    #expect((3...4).contains(waits.withLock { $0.count }))
    #expect(opened.session.clock.now >= began.adding(seconds: 60))
    #expect(opened.session.clock.now < began.adding(seconds: 80))
    await opened.close()
  }

  @Test func `an edited lesson is noticed once, and what is done stays done`() async throws {
    let home = try Home()
    let text = LabTexts.blocks("A=1", "echo $A")
    let path = try home.lesson(text)
    _ = try await printed("step-1-1", in: home.begin(path))
    _ = try home.lesson(text.replacing("echo $A", with: "echo new $A"))
    try await editedIsNoticed(home)
    let again = try await home.resume()
    #expect(again.session.findings == [])
    await again.close()
  }

  @Test(arguments: [
    ("A=2\nB=2\necho $A$B", ["A=2", "B=2", "echo $A$B"], "22\n"),
    ("A=1\nB=2\necho mended $A$B", ["echo mended $A$B"], "mended 12\n"),
    ("A=1", ["A=1"], ""),
  ])
  func `a block that stopped and was edited goes on only after what still reads the same`(
    edited: String, statements: [String], text: String
  ) async throws {
    let home = try Home()
    let path = try home.lesson(LabTexts.blocks("A=1\nB=2\naws s3api head-bucket --bucket nosuch-bucket"))
    _ = try await printed("step-1-1", in: home.begin(path))
    _ = try home.lesson(LabTexts.blocks(edited))
    let after = try await printed("step-1-1", in: home.resume())
    #expect(after.statements == statements)
    #expect(after.text == text)
  }

  private func editedIsNoticed(_ home: Home) async throws {
    let opened = try await home.resume()
    #expect(
      opened.session.findings == ["The lesson has been edited since this run began; what is done stays done."]
    )
    #expect(await opened.session.isDone(block: "step-1-1"))
    #expect(try await printed("step-1-2", in: opened).text == "new 1\n")
  }

  @Test func `without its lesson a run is not resumed, but taken down`() async throws {
    let home = try Home()
    let path = try home.lesson(LabTexts.blocks("aws s3api create-bucket --bucket gone-lesson-bucket"))
    _ = try await printed("step-1-1", in: home.begin(path))
    try FileManager.default.removeItem(atPath: path)
    let error = await #expect(throws: TutorError.self) { _ = try await home.resume() }
    let text = error?.diagnostic.rendered() ?? ""
    #expect(text.contains(path))
    #expect(text.contains("cairn teardown"))
    let teardown = try await tornDown(home)
    #expect(teardown.isClean)
    #expect(teardown.text.contains("gone-lesson-bucket"))
    #expect(teardown.dump == (try emptyAccount()))
  }

  @Test func `a run does not go on with another account's credentials`() async throws {
    let home = try Home()
    let lesson = try home.lesson(LabTexts.blocks("echo"))
    let models = ModelCatalog(directory: repositoryRoot + "/assets/models")
    let ours = try PracticeAccount(catalog: models, directory: nil)
    let other = try PracticeAccount(catalog: models, directory: nil, accountID: "222233334444")
    let server = try await PracticeServer.start(account: ours)
    let otherServer = try await PracticeServer.start(account: other)
    func environment(_ account: PracticeAccount, _ server: PracticeServer) -> [String: String] {
      [
        "AWS_ACCESS_KEY_ID": account.accessKey.accessKeyID,
        "AWS_SECRET_ACCESS_KEY": account.accessKey.secretAccessKey, "AWS_ENDPOINT_URL": server.endpointURL,
        "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
      ]
    }
    let live = try await home.workshop(environment(ours, server))
      .begin(lesson: lesson, on: .live(profile: nil, region: nil), pace: .instant)
    #expect(live.session.run.mode == .live)
    #expect(live.practice == nil)
    let run = live.session.run.id
    await live.close()
    let stranger = try home.workshop(environment(other, otherServer))
    let error = await #expect(throws: LabError.self) {
      _ = try await stranger.resume(run: run, pace: .instant)
    }
    #expect(
      error?.diagnostic.rendered() == """
        error: run \(run) belongs to account 111122223333
          These credentials reach account 222233334444.
          hint: Use the credentials the run was begun with, or begin a new run.
        """)
    // The refusal leaves no lock behind.
    let again = try await home.workshop(environment(ours, server)).resume(run: run, pace: .instant)
    await again.close()
    await server.stop()
    await otherServer.stop()
  }

  @Test func `live without credentials says so and begins nothing`() async throws {
    let home = try Home()
    let lesson = try home.lesson(LabTexts.blocks("echo"))
    let workshop = try home.workshop(["AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1"])
    let error = await #expect(throws: LabError.self) {
      _ = try await workshop.begin(lesson: lesson, on: .live(profile: nil, region: nil), pace: .instant)
    }
    #expect(error?.diagnostic.hint.contains("Leave out --live") == true)
    #expect(try workshop.summaries() == [])
  }
}

/// Begins a run and leaves it at once; its id.
private func begun(_ home: Home, _ lesson: String) async throws -> String {
  let opened = try await home.begin(lesson)
  await opened.close()
  return opened.session.run.id
}

/// The stored session after a program has run in a run of its own home.
private func sessionText(after program: String) async throws -> String? {
  let other = try Home()
  let opened = try await other.begin(other.lesson(LabTexts.blocks(program)))
  _ = try await opened.session.run(block: "step-1-1") { _ in }
  let text = try other.workshop().store.session(run: opened.session.run.id)
  await opened.close()
  return text
}

/// Judges until the check waits, then leaves; since when it waits.
private func leftWaiting(_ check: String, _ opened: OpenRun) async throws -> Timestamp {
  let (waits, continuation) = AsyncStream<Timestamp>.makeStream()
  let session = opened.session
  let judging = Task {
    defer { continuation.finish() }
    return try await session.judge(check: check) { event in
      if case .checkWaiting(_, _, let since, _) = event { continuation.yield(since) }
    }
  }
  var iterator = waits.makeAsyncIterator()
  let since = try #require(await iterator.next())
  judging.cancel()
  #expect(try await judging.value.state == .waiting)
  return since
}
