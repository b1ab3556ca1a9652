import Cells
import Lessons
import TestKit
import Testing
import TutorUI

/// A row: from a state, an event leads to exactly this change and exactly these effects.
struct Move: Sendable, CustomTestStringConvertible {
  let name: String
  let from: @Sendable (inout TutorState) -> Void
  let event: TutorEvent
  let change: @Sendable (inout TutorState) -> Void
  let effects: [TutorEffect]

  init(
    _ name: String, from: @escaping @Sendable (inout TutorState) -> Void = { _ in }, _ event: TutorEvent,
    effects: [TutorEffect] = [], change: @escaping @Sendable (inout TutorState) -> Void = { _ in }
  ) {
    self.name = name
    self.from = from
    self.event = event
    self.change = change
    self.effects = effects
  }

  var testDescription: String { name }
}

private func go(_ page: Int, _ state: inout TutorState) { state = state.at(page) }
/// Something has run, so that the console has its share of the screen.
private func used(_ state: inout TutorState) { state.transcript.append(.note, "before") }
private let first = "step-1-create-a-key-1"
private let second = "step-1-create-a-key-2"
private let bucket = "step-2-create-a-bucket-1"
private let encryption = "encryption"

private func position(_ section: String, _ visited: [String]) -> Position {
  Position(section: section, visited: Set(visited))
}

private let ids = [
  "keep-a-secret", "steps", "step-1-create-a-key", "step-2-create-a-bucket", "checkpoint-1-encryption-is-on",
  "clean-up", "troubleshooting",
]

@Suite struct UpdateTests {
  static let moves: [Move] = [
    // Enter.
    Move(
      "Enter runs the first block of the page", from: { go(Page.step1, &$0) }, .key(.enter),
      effects: [.runBlock(first)]),
    Move(
      "Enter runs the next block when the first is done",
      from: {
        go(Page.step1, &$0)
        used(&$0)
        $0.blocks[first] = .done
        $0.lessonScroll = 4
      }, .key(.enter), effects: [.runBlock(second)]),
    Move(
      "Enter runs a failed block again",
      from: {
        go(Page.step1, &$0)
        $0.blocks[first] = .failed(status: 254, reason: "")
      }, .key(.enter), effects: [.runBlock(first)]),
    Move(
      "Enter runs the block that was marked",
      from: {
        go(Page.step1, &$0)
        used(&$0)
        $0.selectedBlock = second
        $0.lessonScroll = 4
      }, .key(.enter), effects: [.runBlock(second)]),
    Move(
      "Enter says why it cannot while a block runs",
      from: {
        go(Page.step1, &$0)
        $0.blocks[first] = .running(lines: nil)
      }, .key(.enter)
    ) { $0.status = "A block is running; x stops it." },
    Move(
      "Enter turns the page when all is done",
      from: {
        go(Page.step2, &$0)
        $0.blocks[bucket] = .done
      }, .key(.enter), effects: [.saveProgress(position(ids[4], Array(ids[0...4])))]
    ) { go(Page.checkpoint, &$0) },
    Move(
      "Enter reads on before it turns the page",
      from: {
        go(Page.scripts, &$0)
        $0.size = Size(width: 60, height: 16)
        used(&$0)
        $0.section = Page.first
      }, .key(.enter)
    ) { $0.lessonScroll = 6 },
    Move(
      "Enter on a reading page turns it, past a heading without text", .key(.enter),
      effects: [.saveProgress(position(ids[2], [ids[0], ids[2]]))]
    ) {
      $0.section = Page.step1
      $0.visited = [ids[0], ids[2]]
    },
    Move(
      "Enter judges the checkpoint", from: { go(Page.checkpoint, &$0) }, .key(.enter),
      effects: [.judge(encryption)]
    ) {
      $0.checks[encryption] = .asking
    },
    Move(
      "Enter goes on while a checkpoint waits",
      from: {
        go(Page.checkpoint, &$0)
        $0.checks[encryption] = .waiting(since: "", next: "")
      }, .key(.enter), effects: [.saveProgress(position(ids[5], Array(ids[0...5])))]
    ) { go(Page.teardown, &$0) },
    Move(
      "Enter brings a block that is out of view into view before it runs it",
      from: {
        go(Page.step1, &$0)
        used(&$0)
        $0.size = Size(width: 60, height: 16)
      }, .key(.enter)
    ) { $0.lessonScroll = 4 },
    Move(
      "Enter on the teardown page asks for the plan", from: { go(Page.teardown, &$0) }, .key(.enter),
      effects: [.planTeardown]
    ) {
      $0.overlays = [.teardown(scroll: 0)]
      $0.teardown = TeardownView(phase: .planning, items: [])
    },
    // Pages.
    Move(
      "n turns the page", from: { go(Page.step1, &$0) }, .key(.character("n")),
      effects: [.saveProgress(position(ids[3], Array(ids[0...3])))]
    ) { go(Page.step2, &$0) },
    Move("p on the first page says so", .key(.character("p"))) { $0.status = "This is the first page." },
    Move("n on the last page says so", from: { go(Page.scripts, &$0) }, .key(.character("n"))) {
      $0.status = "This is the last page."
    },
    // Scrolling.
    Move(
      "j scrolls the lesson",
      from: {
        go(Page.step1, &$0)
        used(&$0)
      }, .key(.character("j"))
    ) { $0.lessonScroll = 1 },
    Move("k at the top stays", from: { go(Page.step1, &$0) }, .key(.character("k"))),
    Move("a page that fits does not scroll", from: { go(Page.checkpoint, &$0) }, .key(.character("j"))),
    Move("Tab goes to the console", .key(.tab)) { $0.focus = .console },
    // Checks.
    Move("c says that the page has no checkpoint", from: { go(Page.step1, &$0) }, .key(.character("c"))) {
      $0.status = "This page has no checkpoint."
    },
    Move(
      "c judges again what has passed",
      from: {
        go(Page.checkpoint, &$0)
        $0.checks[encryption] = .judged(Verdict(passed: true))
      }, .key(.character("c")), effects: [.judge(encryption)]
    ) { $0.checks[encryption] = .asking },
    Move("a check that waits says since when", .checkWaiting(encryption, since: "10:04", next: "in 30 s")) {
      $0.checks[encryption] = .waiting(since: "10:04", next: "in 30 s")
    },
    Move(
      "a verdict that comes while the learner is elsewhere is told in the status line",
      from: { $0.checks[encryption] = .waiting(since: "", next: "") },
      .checkJudged(encryption, Verdict(passed: true))
    ) {
      $0.checks[encryption] = .judged(Verdict(passed: true))
      $0.transcript.append(.done, "passed: Default encryption uses the key")
      $0.status = "Passed: Default encryption uses the key"
    },
    // Running.
    Move("x with nothing running says so", .key(.character("x"))) { $0.status = "Nothing is running." },
    Move(
      "x stops what is running", from: { $0.blocks[first] = .running(lines: nil) }, .key(.character("x")),
      effects: [.cancelRun]),
    Move(
      "Ctrl-C stops what is running", from: { $0.blocks[first] = .running(lines: nil) }, .key(.control("c")),
      effects: [.cancelRun]),
    Move(
      "Ctrl-C with nothing running leaves", .key(.control("c")),
      effects: [.saveProgress(position(ids[0], [ids[0]])), .quit]),
    Move(
      "a started block runs, and the console follows",
      from: { $0.transcript.top = Transcript.Place(line: 0, row: 0) }, .blockStarted(first)
    ) {
      $0.blocks[first] = .running(lines: nil)
      $0.transcript.top = nil
    },
    Move(
      "a statement is echoed as typed",
      .statementStarted(first, lines: 5...6, text: "aws kms \\\n  list-keys")
    ) {
      $0.blocks[first] = .running(lines: 5...6)
      $0.transcript.append(.command, "aws kms \\\n  list-keys")
    },
    Move(
      "a block that ends well is done", from: { $0.blocks[first] = .running(lines: nil) },
      .blockExited(first, .done)
    ) {
      $0.blocks[first] = .done
      $0.transcript.append(.done, "done")
    },
    Move("a block that fails keeps its status", .blockExited(first, .failed(status: 254))) {
      $0.blocks[first] = .failed(status: 254, reason: "")
      $0.transcript.append(.failed, "ended with status 254")
    },
    Move("a block that could not run says why", .blockExited(first, .refused("`coproc` is unsupported."))) {
      $0.blocks[first] = .failed(status: nil, reason: "`coproc` is unsupported.")
      $0.transcript.append(.failed, "`coproc` is unsupported.")
    },
    Move("a stopped block is interrupted", .blockExited(first, .interrupted)) {
      $0.blocks[first] = .interrupted
      $0.transcript.append(.failed, "stopped")
    },
    Move(
      "r asks before it runs again what is done",
      from: {
        go(Page.step2, &$0)
        $0.blocks[bucket] = .done
      }, .key(.character("r"))
    ) {
      $0.overlays = [
        .confirm(
          Confirmation(
            .runAgain(bucket), title: "Run this block again?",
            text: [
              "It has run to its end already. What it makes now comes on top of what it made before; the teardown knows both."
            ], yes: "run it again"))
      ]
    },
    Move("r with nothing run says so", from: { go(Page.step2, &$0) }, .key(.character("r"))) {
      $0.status = "No block of this page has run yet."
    },
    Move(
      "yes to running again runs",
      from: { $0.overlays = [.confirm(Confirmation(.runAgain(bucket), title: "", text: [], yes: ""))] },
      .key(.enter), effects: [.runBlock(bucket)]
    ) { $0.overlays = [] },
    Move(
      "] marks the next block",
      from: {
        go(Page.step1, &$0)
        used(&$0)
      }, .key(.character("]"))
    ) {
      $0.selectedBlock = second
      $0.lessonScroll = 4
    },
    // Details.
    Move("d says that there are none", from: { go(Page.step2, &$0) }, .key(.character("d"))) {
      $0.status = "There are no details to open on this page."
    },
    // Undo, and waits.
    Move(
      "u asks before it undoes", from: { $0.undoable = bucket }, .key(.character("u"))
    ) {
      $0.overlays = [
        .confirm(
          Confirmation(
            .undo(bucket), title: "Undo the block \(bucket)?",
            text: [
              "The practice account, the variables and the files of the run become what they were before it ran. What came after it, checks included, is undone with it."
            ], yes: "undo it"))
      ]
    },
    Move(
      "yes to undoing undoes",
      from: { $0.overlays = [.confirm(Confirmation(.undo(bucket), title: "", text: [], yes: ""))] },
      .key(.enter), effects: [.undo]
    ) { $0.overlays = [] },
    Move("u with nothing run says so", .key(.character("u"))) {
      $0.status = "No block has run that could be undone."
    },
    Move(
      "u waits for a running block",
      from: {
        $0.undoable = bucket
        $0.blocks[first] = .running(lines: nil)
      }, .key(.character("u"))
    ) { $0.status = "A block is running; x stops it." },
    Move(
      "a live account is not taken back",
      from: {
        $0.undoable = bucket
        $0.banner.mode = .live
      }, .key(.character("u"))
    ) { $0.status = "Only the practice account can be taken back; T takes down what the lesson put up." },
    Move(
      "what was undone is to be done again, where it stands",
      from: {
        go(Page.step2, &$0)
        $0.blocks[bucket] = .done
        $0.section = Page.first
      },
      .undone(bucket, RestoredProgress())
    ) {
      let visited = $0.visited
      go(Page.step2, &$0)
      $0.visited = visited
      $0.blocks = [:]
      $0.status = "Undone: \(bucket). Account, variables and files are as before it."
    },
    Move("w with nothing to wait for says so", .key(.character("w"))) { $0.status = "Nothing waits." },
    Move(
      "w skips a wait", from: { $0.checks[encryption] = .waiting(since: "", next: "") },
      .key(.character("w")),
      effects: [.skipWait]
    ) { $0.status = "Ten minutes of the account pass at once." },
    Move(
      "a live account's time is not hurried",
      from: {
        $0.checks[encryption] = .waiting(since: "", next: "")
        $0.banner.mode = .live
      }, .key(.character("w"))
    ) { $0.status = "The time of your own account cannot be hurried." },

    // Teardown.
    Move("T asks for the plan", .key(.character("T")), effects: [.planTeardown]) {
      $0.overlays = [.teardown(scroll: 0)]
      $0.teardown = TeardownView(phase: .planning, items: [])
    },
    Move(
      "T waits for a running block", from: { $0.blocks[first] = .running(lines: nil) }, .key(.character("T"))
    ) {
      $0.status = "A block is running; x stops it, then T."
    },
    Move(
      "a plan is not applied before it is there",
      from: {
        $0.overlays = [.teardown(scroll: 0)]
        $0.teardown = TeardownView(phase: .planning, items: [])
      }, .key(.enter)
    ) { $0.status = "The plan is still being made." },
    Move(
      "the plan, agreed to, is applied",
      from: {
        $0.overlays = [.teardown(scroll: 0)]
        $0.teardown = samplePlan
      }, .key(.enter), effects: [.applyTeardown]
    ) { $0.teardown?.phase = .applying },
    Move(
      "Esc keeps everything",
      from: {
        $0.overlays = [.teardown(scroll: 0)]
        $0.teardown = samplePlan
      }, .key(.escape)
    ) { $0.overlays = [] },
    Move(
      "an empty plan is closed, not applied",
      from: {
        $0.overlays = [.teardown(scroll: 0)]
        $0.teardown = TeardownView(items: [])
      }, .key(.enter)
    ) { $0.overlays = [] },
    Move(
      "a teardown at work is shown again, not planned again",
      from: { $0.teardown = TeardownView(phase: .applying, items: samplePlan.items) }, .key(.character("T"))
    ) {
      $0.overlays = [.teardown(scroll: 0)]
    },
    Move(
      "progress goes to its item", from: { $0.teardown = samplePlan }, .teardownAdvanced(item: "key", .gone)
    ) {
      $0.teardown?.items[1].state = .gone
    },
    Move(
      "progress of an unknown item changes nothing", from: { $0.teardown = samplePlan },
      .teardownAdvanced(item: "?", .gone)),
    // Leaving.
    Move(
      "q leaves when nothing speaks against it", .key(.character("q")),
      effects: [.saveProgress(position(ids[0], [ids[0]])), .quit]),
    Move(
      "q reminds of what still exists",
      from: { $0.outstanding = [OutstandingResource(name: "KMS key k", note: "1 USD a month")] },
      .key(.character("q"))
    ) {
      $0.overlays = [
        .confirm(
          Confirmation(
            .quit, title: "Leave the lesson?",
            text: [
              "One resource still exists in the practice account:", "  • KMS key k (1 USD a month)",
              "Your place is saved; cairn resume goes on from here.",
            ], yes: "save and quit"))
      ]
    },
    Move(
      "leaving stops what runs",
      from: {
        $0.blocks[first] = .running(lines: nil)
        $0.overlays = [.confirm(Confirmation(.quit, title: "", text: [], yes: ""))]
      }, .key(.enter), effects: [.cancelRun, .saveProgress(position(ids[0], [ids[0]])), .quit]
    ) { $0.overlays = [] },
    Move(
      "a terminal that is gone saves and leaves", .hungUp,
      effects: [.saveProgress(position(ids[0], [ids[0]])), .quit]),
    Move(
      "a check that could not be asked is open again", from: { $0.checks[encryption] = .asking },
      .checkAbandoned(encryption)
    ) {
      $0.checks[encryption] = .notAsked
    },
    Move(
      "a plan that could not be made is not waited for",
      from: {
        $0.overlays = [.teardown(scroll: 0)]
        $0.teardown = TeardownView(phase: .planning, items: [])
      }, .message(MessageView(.error, "No credentials."))
    ) {
      $0.overlays = [.message(MessageView(.error, "No credentials."), scroll: 0)]
      $0.teardown = nil
    },
    Move(
      "news of a keystroke that comes late takes nothing back",
      from: {
        $0.demo = TutorState.Demo()
        $0.demo?.typing = TutorState.Demo.Typing(block: bucket, characters: 52)
      }, .demoTyped(bucket, characters: 7)),
    Move(
      "Ctrl-C stops what runs, whatever lies over it",
      from: {
        $0.blocks[first] = .running(lines: nil)
        $0.overlays = [.help(scroll: 0)]
      }, .key(.control("c")), effects: [.cancelRun]),
    Move(
      "a block that starts after a teardown makes it open again",
      from: { $0.teardown = TeardownView(phase: .finished("All gone."), items: []) }, .blockStarted(first)
    ) {
      $0.blocks[first] = .running(lines: nil)
      $0.teardown = nil
    },
    // Overlays.
    Move("? opens the help", .key(.character("?"))) { $0.overlays = [.help(scroll: 0)] },
    Move(
      "Esc closes the top overlay only", from: { $0.overlays = [.help(scroll: 0), .variables(scroll: 0)] },
      .key(.escape)
    ) {
      $0.overlays = [.help(scroll: 0)]
    },
    Move("s says that notes belong to demonstrations", .key(.character("s"))) {
      $0.status = "Speaker notes are shown in demonstrations only (cairn demo)."
    },
    Move("Ctrl-L draws anew", .key(.control("l")), effects: [.redraw]),
    Move("a key without a meaning does nothing", .key(.character("Z"))),
    Move("pasted text does nothing here", .pasted("q\nT\n")),
    Move("a clock tick changes the banner alone", .clockTicked("0:05")) { $0.banner.clock = "0:05" },
    // Demonstrations.
    Move(
      "a demonstration types before it runs",
      from: {
        go(Page.step2, &$0)
        $0.demo = TutorState.Demo()
      }, .key(.space), effects: [.typeBlock(bucket)]
    ) {
      $0.demo?.typing = TutorState.Demo.Typing(block: bucket, characters: 0)
    },
    Move(
      "a key while it types shows the rest at once",
      from: {
        go(Page.step2, &$0)
        $0.demo = TutorState.Demo()
        $0.demo?.typing = TutorState.Demo.Typing(block: bucket, characters: 3)
      }, .key(Key(.pageDown)), effects: [.stopTyping]
    ) { $0.demo?.typing?.characters = 52 },
    Move(
      "what is typed runs on the next key",
      from: {
        go(Page.step2, &$0)
        $0.demo = TutorState.Demo()
        $0.demo?.typing = TutorState.Demo.Typing(block: bucket, characters: 52)
      }, .key(.enter), effects: [.runBlock(bucket)]),
    Move(
      "a typed block stands on the console when it starts",
      from: {
        go(Page.step2, &$0)
        $0.demo = TutorState.Demo()
        $0.demo?.typing = TutorState.Demo.Typing(block: bucket, characters: 52)
      }, .blockStarted(bucket)
    ) {
      $0.demo?.typing = nil
      $0.demo?.echoed = bucket
      $0.blocks[bucket] = .running(lines: nil)
      $0.transcript.append(.command, "aws s3api create-bucket --bucket secret-111122223333")
    },
  ]

  @Test("an event changes exactly this and asks for exactly that", arguments: moves)
  func move(_ move: Move) throws {
    var state = try sampleState()
    move.from(&state)
    var expected = state
    move.change(&expected)
    let effects = update(&state, on: move.event)
    #expect(effects == move.effects)
    // Not `state == expected` at once: what differs is to be read, not the whole lesson.
    #expect(state.lessonScroll == expected.lessonScroll)
    #expect(state.section == expected.section)
    #expect(state.overlays == expected.overlays)
    #expect(state.blocks == expected.blocks)
    #expect(state.transcript.lines == expected.transcript.lines)
    let isEqual = state == expected
    #expect(isEqual)
  }

  @Test("what was running when the run was left is interrupted when it is resumed")
  func restored() throws {
    let progress = RestoredProgress(
      position: position(ids[3], ids), blocks: [first: .done, bucket: .running(lines: 1...2)],
      checks: [encryption: .asking], transcript: [TranscriptLine(.note, "before")])
    let state = try sampleState().after(.progressRestored(progress))
    #expect(state.section == Page.step2)
    #expect(state.visited == Set(ids))
    #expect(state.blocks == [first: .done, bucket: .interrupted])
    #expect(state.checks == [encryption: .notAsked])
    #expect(state.transcript.lines == [TranscriptLine(.note, "before")])
    #expect(state.currentBlock == bucket)
  }

  @Test("a section stands as its blocks and checks do")
  func sections() throws {
    let state = try sampleState()
    let step = state.lesson.sections[Page.step1]
    let cases: [([BlockID: BlockState], SectionState)] = [
      ([:], .notYet), ([first: .done], .started), ([first: .done, second: .done], .done),
      ([first: .running(lines: nil)], .running),
      ([first: .done, second: .failed(status: 1, reason: "")], .failed),
      ([first: .interrupted], .interrupted),
    ]
    for (blocks, expected) in cases {
      var state = state
      state.blocks = blocks
      #expect(state.state(of: step) == expected)
    }
  }

  @Test("every context has its keys, no key means two things in one, and the table is in the Markdown")
  func keymap() {
    for context in KeyContext.allCases {
      let keys = Keymap.rows(in: context).flatMap(\.keys)
      #expect(!keys.isEmpty)
      #expect(Set(keys).count == keys.count, "\(context)")
    }
    #expect(
      Keymap.markdown.contains("| `Enter` | Run the marked block; then judge the checkpoint; then go on |"))
    #expect(Keymap.markdown.contains("## In the teardown plan"))
  }

  @Test("docs/KEYS.md is the table")
  func keysDocument() {
    expectSnapshot(Keymap.markdown, "../../../docs/KEYS.md", in: "TutorUITests")
  }

  @Test("the wheel scrolls what is under it, a click on the step list goes there")
  func mouse() throws {
    let state = try sampleState(Size(width: 120, height: 20)).at(Page.step1)
    #expect(state.after(.mouse(Mouse(.wheelDown, at: Point(x: 40, y: 8)))).lessonScroll == 3)
    let clicked = state.after(.mouse(Mouse(.click, at: Point(x: 6, y: 6))))
    #expect(clicked.section == Page.step2)
    #expect(state.after(.mouse(Mouse(.click, at: Point(x: 110, y: 18)))).focus == .console)
  }
}
