import ProgressStore
import Testing

@Suite struct UndoPointTests {
  let scratch: Scratch
  let store: ProgressStore
  let run: RunRecord
  let other: RunRecord

  init() throws {
    scratch = try Scratch()
    store = try ProgressStore.open(at: scratch.store)
    run = try store.createRun(draft, at: 1)
    other = try store.createRun(draft, at: 1)
  }

  /// All that a point keeps.
  private func everything(_ run: RunRecord) throws -> [String] {
    let now = try #require(try store.run(run.id))
    return [
      "\(now.state) \(now.section ?? "-") \(now.endedAt ?? -1)", "\(try store.executions(run: run.id))",
      "\(try store.session(run: run.id) ?? "-")", "\(try store.variables(run: run.id))",
      "\(try store.checks(run: run.id))", "\(try store.resources(run: run.id))",
      "\(try store.unsettledCalls(run: run.id))",
    ]
  }

  private func work(_ run: RunRecord, _ mark: String) throws {
    let execution = try store.beginExecution(run: run.id, section: "s-\(mark)", block: "b-\(mark)", at: 5)
    let call = try store.recordIntent(
      LedgerIntent(
        run: run.id,
        place: CallPlace(section: "s", block: "b", execution: execution.id, statement: 0, ordinal: 0),
        service: "s3", operation: "CreateBucket", region: "us-east-1", input: "{}", digest: mark, at: 6))
    try store.recordOutcome(
      LedgerOutcome(kind: .created, at: 7), ofCall: call.id,
      resources: [
        .exists(
          ResourceDraft(
            type: "s3-bucket", identity: mark, region: "global", name: "it's \"\(mark)\"\n", details: "[1]",
            origin: .created, earlier: nil))
      ])
    // Text that looks like JSON, that is none, and that is empty.
    let texts = ["{\"a\": null}", "[]", "null", "12", "", "'\"\\ \u{1}é👩‍💻", "$[0]"]
    let variables = texts.enumerated().map { index, text in
      VariableRecord(
        name: "\(mark)\(index)", value: text, block: index == 0 ? nil : "b",
        statement: index == 0 ? nil : index,
        setAt: .max)
    }
    try store.commitStatement(
      execution.id, next: 1, passed: mark, snapshot: "{\"m\": \"\(mark)\"}", variables: variables, at: 8)
    try store.endExecution(execution.id, status: .done, exitStatus: mark == "a" ? nil : 0, at: 9)
    try store.saveCheck(
      CheckRecord(id: "c", verdict: .passed, expected: mark, found: "", hint: nil, at: 9, waitingSince: nil),
      run: run.id)
  }

  @Test func `a run is taken back to what it was, another is left alone`() throws {
    try work(run, "a")
    try work(other, "a")
    let (before, others) = (try everything(run), try everything(other))
    #expect(try store.addUndoPoint(run: run.id, name: "one", block: "b-b", keeping: 30, at: 20) == [])
    try work(run, "b")
    _ = try store.recordIntent(
      LedgerIntent(
        run: run.id, place: nil, service: "s3", operation: "CreateBucket", region: "us-east-1", input: "{}",
        digest: "x", at: 6))
    try store.setState(.finished, ofRun: run.id, at: 21)
    #expect(try store.addUndoPoint(run: run.id, name: "two", block: "b-c", keeping: 30, at: 22) == [])
    #expect(try everything(run) != before)
    let point = try #require(try store.undoPoints(run: run.id).first)
    #expect([point.name, point.block, "\(point.isUndoing)"] == ["one", "b-b", "false"])
    try store.beginUndo(point.id)
    #expect(try store.undoPoints(run: run.id).map(\.isUndoing) == [true, false])
    try store.finishUndo(
      point.id, run: run.id, transcript: [TranscriptEntry(kind: .notice, text: "undone", at: 23)], at: 23)
    #expect(try everything(run) == before)
    #expect(try everything(other) == others)
    #expect(try store.undoPoints(run: run.id) == [])
    #expect(try store.transcript(run: run.id).map(\.text) == ["undone"])
    #expect(throws: StoreError.self) { try store.finishUndo(point.id, run: run.id, transcript: [], at: 24) }
    // An execution's number is not given out again: the ledger goes by it.
    let next = try store.beginExecution(run: run.id, section: "s", block: "b-b", at: 30)
    #expect(next.id > 3)
    #expect(next.ordinal == 1)
  }

  @Test func `only the last points are kept`() throws {
    for number in 1...5 {
      let gone = try store.addUndoPoint(run: run.id, name: "p\(number)", block: "b", keeping: 3, at: 1)
      #expect(gone == (number > 3 ? ["p\(number - 3)"] : []))
    }
    #expect(try store.undoPoints(run: run.id).map(\.name) == ["p3", "p4", "p5"])
    #expect(throws: StoreError.self) {
      try store.addUndoPoint(run: "nosuch", name: "p", block: "b", keeping: 3, at: 1)
    }
  }
}
