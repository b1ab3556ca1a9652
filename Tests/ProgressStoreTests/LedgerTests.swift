import ProgressStore
import Testing

@Suite struct LedgerTests {
  let scratch: Scratch
  let store: ProgressStore
  let run: RunRecord

  init() throws {
    scratch = try Scratch()
    store = try ProgressStore.open(at: scratch.store)
    run = try store.createRun(draft, at: 1)
  }

  func intent(statement: Int = 0, ordinal: Int = 0) -> LedgerIntent {
    LedgerIntent(
      run: run.id,
      place: CallPlace(section: "s", block: "b", execution: 7, statement: statement, ordinal: ordinal),
      service: "kms", operation: "CreateKey", region: "us-east-1", input: "{}", digest: "d", token: "t",
      probe: "{}",
      at: 10)
  }

  func bucket(_ origin: ResourceOrigin = .created, earlier: String? = nil) -> ResourceDraft {
    ResourceDraft(
      type: "s3-bucket", identity: "b", region: "global", name: "S3 bucket b", details: "{}", origin: origin,
      earlier: earlier)
  }

  func object(_ key: String, version: String = "v") -> ResourceDraft {
    ResourceDraft(
      type: "s3-object", identity: "b/\(key)", region: "global", name: key, details: "{}",
      parentType: "s3-bucket",
      parentIdentity: "b", origin: .created)
  }

  @Test func `an intent is unsettled until its outcome is known`() throws {
    let call = try store.recordIntent(intent())
    #expect(try store.unsettledCalls(run: run.id) == [call])
    #expect(try store.call(run: run.id, execution: 7, statement: 0, ordinal: 0) == call)
    let outcome = LedgerOutcome(kind: .created, response: "{}", identities: "[1]", at: 11)
    try store.recordOutcome(outcome, ofCall: call.id)
    #expect(try store.unsettledCalls(run: run.id) == [])
    #expect(try store.calls(run: run.id, execution: 7, statement: 0).map(\.outcome) == [outcome])
    try store.recordOutcome(LedgerOutcome(kind: .unknown, at: 12), ofCall: call.id)
    #expect(try store.unsettledCalls(run: run.id).map(\.id) == [call.id])
    try store.reopenIntent(call.id, at: 20)
    let open = try #require(try store.unsettledCalls(run: run.id).first)
    #expect(open.outcome == nil)
    #expect(open.intent.at == 20)
    #expect(open.intent.token == "t")
  }

  @Test func `an outcome and its resources are one transaction`() throws {
    let call = try store.recordIntent(intent())
    try store.recordOutcome(
      LedgerOutcome(kind: .created, at: 11), ofCall: call.id,
      resources: [.exists(bucket()), .exists(object("k"))])
    #expect(try store.resources(run: run.id).map(\.state) == [.live, .live])
    #expect(try store.resources(run: run.id).map(\.call) == [call.id, call.id])
    #expect(throws: StoreError.missing(kind: "call", id: "99")) {
      try store.recordOutcome(
        LedgerOutcome(kind: .created, at: 12), ofCall: 99, resources: [.exists(object("z"))])
    }
    #expect(try store.resources(run: run.id).count == 2)
  }

  @Test func `what is inside goes with what goes`() throws {
    try store.change([.exists(bucket()), .exists(object("a")), .exists(object("b"))], run: run.id, at: 1)
    try store.change([.gone(type: "s3-bucket", identity: "b", region: "global")], run: run.id, at: 2)
    #expect(try store.resources(run: run.id).map(\.state) == [.gone, .gone, .gone])
    #expect(try store.resources(run: run.id).filter(\.isOutstanding) == [])
  }

  @Test func `a scheduled deletion carries its date and what is inside`() throws {
    try store.change([.exists(bucket()), .exists(object("a"))], run: run.id, at: 1)
    try store.change(
      [.pendingDeletion(type: "s3-bucket", identity: "b", region: "global", until: 99)], run: run.id, at: 2)
    #expect(try store.resources(run: run.id).map(\.state) == [.pendingDeletion, .pendingDeletion])
    #expect(try store.resources(run: run.id).map(\.until) == [99, 99])
  }

  @Test func `the first origin and the first earlier value stay`() throws {
    try store.change([.exists(bucket(.changed, earlier: "1"))], run: run.id, at: 1)
    try store.change([.exists(bucket(.created, earlier: "2"))], run: run.id, at: 2)
    let known = try #require(
      try store.resource(run: run.id, type: "s3-bucket", identity: "b", region: "global"))
    #expect(known.draft.origin == .changed)
    #expect(known.draft.earlier == "1")
    #expect(known.isOutstanding)
  }

  @Test func `what was gone belongs to whoever makes it again`() throws {
    try store.change([.exists(bucket())], run: run.id, at: 1)
    try store.change([.gone(type: "s3-bucket", identity: "b", region: "global")], run: run.id, at: 2)
    try store.change([.exists(bucket(.existedBefore))], run: run.id, at: 3)
    let known = try #require(try store.resources(run: run.id).first)
    #expect(known.draft.origin == .existedBefore)
    #expect(known.createdAt == 3)
    #expect(!known.isOutstanding)
  }

  @Test func `a resource is known to all runs`() throws {
    try store.change([.exists(bucket())], run: run.id, at: 1)
    #expect(try store.isKnown(type: "s3-bucket", identity: "b", region: "global"))
    #expect(try !store.isKnown(type: "s3-bucket", identity: "c", region: "global"))
  }

  @Test func `a teardown's journal keeps when each step began and how it ended`() throws {
    func step(_ state: TeardownState, at time: Int64? = nil, ended: Int64? = nil) -> TeardownStepRecord {
      TeardownStepRecord(
        ordinal: 0, type: "t", identity: "i", region: "r", title: "T", action: "delete", state: state,
        startedAt: time,
        endedAt: ended)
    }
    let teardown = try store.beginTeardown(run: run.id, steps: [step(.planned)], at: 5)
    #expect(try store.run(run.id)?.state == .tearingDown)
    try store.saveTeardownStep(step(.running, at: 6), teardown: teardown.id)
    try store.saveTeardownStep(step(.done, ended: 7), teardown: teardown.id)
    try store.endTeardown(teardown.id, state: .done, runState: .tornDown, at: 8)
    let found = try #require(try store.latestTeardown(run: run.id))
    #expect(found.teardown.state == .done)
    #expect(found.steps == [step(.done, at: 6, ended: 7)])
    #expect(try store.run(run.id)?.state == .tornDown)
  }

  @Test func `forgetting a run forgets all of it`() throws {
    let call = try store.recordIntent(intent())
    try store.recordOutcome(
      LedgerOutcome(kind: .created, at: 2), ofCall: call.id, resources: [.exists(bucket())])
    try store.deleteRun(run.id)
    #expect(try store.runs() == [])
    #expect(try store.calls(run: run.id) == [])
    #expect(try store.resources(run: run.id) == [])
  }
}
