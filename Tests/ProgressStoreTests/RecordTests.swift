import ProgressStore
import Testing

@Suite struct RecordTests {
  let scratch: Scratch
  let store: ProgressStore

  init() throws {
    scratch = try Scratch()
    store = try ProgressStore.open(at: scratch.store)
  }

  @Test func `a run's id is the lesson's, made short and plain, with four characters`() throws {
    let run = try store.createRun(draft, at: 5, suffix: { "7k2f" })
    #expect(run.id == "secure-ai-training-data-7k2f")
    #expect(try store.run(run.id) == run)
    #expect(try store.run("secure") == run)
  }

  @Test func `a taken id is drawn again`() throws {
    var suffixes = ["aaaa", "aaaa", "bbbb"]
    let ids = try (0..<2).map { _ in try store.createRun(draft, at: 5, suffix: { suffixes.removeFirst() }).id
    }
    #expect(ids == ["secure-ai-training-data-aaaa", "secure-ai-training-data-bbbb"])
    #expect(try store.run("secure") == nil)
  }

  @Test func `the latest run is the one worked on last that is not torn down`() throws {
    let first = try store.createRun(draft, at: 1)
    let second = try store.createRun(draft, at: 2)
    #expect(try store.latestRun()?.id == second.id)
    try store.setSection("step-1", ofRun: first.id, at: 3)
    #expect(try store.latestRun(lessonID: draft.lessonID)?.id == first.id)
    try store.setState(.tornDown, ofRun: first.id, at: 4)
    #expect(try store.latestRun()?.id == second.id)
    #expect(try store.latestRun(lessonID: "other") == nil)
    #expect(try store.run(first.id)?.endedAt == 4)
  }

  @Test func `a statement's end, session and variables are one transaction`() throws {
    let run = try store.createRun(draft, at: 1)
    let execution = try store.beginExecution(run: run.id, section: "s", block: "b", at: 2)
    let variable = VariableRecord(name: "KEY", value: "k", block: "b", statement: 0, setAt: 3)
    try store.commitStatement(execution.id, next: 1, snapshot: "{1}", variables: [variable], at: 3)
    #expect(try store.latestExecution(run: run.id, block: "b")?.nextStatement == 1)
    #expect(try store.session(run: run.id) == "{1}")
    #expect(try store.variables(run: run.id) == [variable])
    // An execution nobody began: nothing of it is kept.
    #expect(throws: StoreError.missing(kind: "execution", id: "99")) {
      try store.commitStatement(99, next: 1, snapshot: "{2}", at: 4)
    }
    #expect(try store.session(run: run.id) == "{1}")
  }

  @Test func `an interrupted execution resumes as itself at its next statement`() throws {
    let run = try store.createRun(draft, at: 1)
    let execution = try store.beginExecution(run: run.id, section: "s", block: "b", at: 2)
    try store.commitStatement(execution.id, next: 3, snapshot: nil, at: 3)
    let interrupted = try store.interruptRunningExecutions(run: run.id, at: 4)
    #expect(interrupted.map(\.id) == [execution.id])
    #expect(interrupted.map(\.status) == [.interrupted])
    let resumed = try store.resumeExecution(execution.id, at: 5)
    #expect(resumed.status == .running)
    #expect(resumed.nextStatement == 3)
    try store.endExecution(execution.id, status: .done, exitStatus: 0, at: 6)
    #expect(try store.interruptRunningExecutions(run: run.id, at: 7) == [])
    #expect(try store.beginExecution(run: run.id, section: "s", block: "b", at: 8).ordinal == 2)
  }

  @Test func `the transcript keeps its order and gives its tail`() throws {
    let run = try store.createRun(draft, at: 1)
    let texts = ["a", "b", "c", "d"]
    try store.appendTranscript(
      texts.map { TranscriptEntry(kind: .standardOutput, text: $0, at: 1) }, run: run.id)
    let all = try store.transcript(run: run.id)
    #expect(all.map(\.text) == texts)
    #expect(try store.transcript(run: run.id, last: 2).map(\.text) == ["c", "d"])
    #expect(try store.transcript(run: run.id, after: all[1].id).map(\.text) == ["c", "d"])
  }

  @Test func `a check has one verdict, the last`() throws {
    let run = try store.createRun(draft, at: 1)
    var check = CheckRecord(id: "c", verdict: .waiting, expected: "e", found: "f", at: 2, waitingSince: 2)
    try store.saveCheck(check, run: run.id)
    check.verdict = .passed
    check.waitingSince = nil
    try store.saveCheck(check, run: run.id)
    #expect(try store.checks(run: run.id) == [check])
  }
}
