import Cells
import Lessons
import Testing
import TutorUI

/// A small generator with a seed, so that a failing case can be had again.
struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, sides)))
  }

  mutating func pick<T>(_ values: [T]) -> T { values[roll(values.count)] }
}

@Suite struct LawTests {
  static let texts = [
    "plain\n", "no newline", "作作作作作作作作作作作作作作作作作作作作\n", "\u{1B}[31mred\u{1B}[0m\n", "a\tb\r\nc\rd\n",
    "👩‍💻🇩🇪é\u{301}\u{301}\n", "", "\n\n\n",
    String(repeating: "x", count: 9000), "\u{0}\u{7}\u{8}\u{9B}31m\u{202E}",
  ]

  /// Any event at all, sensible or not.
  static func event(_ dice: inout Dice, _ state: TutorState) -> TutorEvent {
    let blocks = state.lesson.runnableBlocks.map(\.id) + ["unknown"]
    let checks = state.lesson.checks.map(\.id) + ["unknown"]
    let text = dice.pick(texts)
    switch dice.roll(24) {
    case 0...9:
      let keys =
        KeyContext.allCases.flatMap { Keymap.rows(in: $0).flatMap(\.keys) } + [
          .character("z"), Key(.function(9)),
        ]
      return .key(dice.pick(keys))
    case 10: return .resized(Size(width: dice.roll(220), height: dice.roll(70)))
    case 11: return .blockStarted(dice.pick(blocks))
    case 12:
      return .blockPrinted(dice.pick(blocks), dice.roll(2) == 0 ? .standardOutput : .standardError, text)
    case 13:
      return .blockExited(
        dice.pick(blocks), dice.pick([.done, .failed(status: 1), .refused(text), .interrupted]))
    case 14: return .checkWaiting(dice.pick(checks), since: text, next: text)
    case 15:
      return .checkJudged(
        dice.pick(checks), Verdict(passed: dice.roll(2) == 0, expected: text, found: text, hint: text))
    case 16: return .remark(text)
    case 17: return .teardownPlanned(dice.roll(2) == 0 ? samplePlan : TeardownView(items: []))
    case 18:
      return .teardownAdvanced(
        item: dice.pick(["bucket", "key", "unknown"]), dice.pick([.removing, .verified, .failed(text)]))
    case 19: return dice.roll(2) == 0 ? .teardownFinished(summary: text) : .clockTicked(text)
    case 20: return .message(MessageView(.error, text, text: [text, text], hint: text))
    case 21:
      return .mouse(
        Mouse(
          dice.pick([.click, .wheelUp, .wheelDown]), at: Point(x: dice.roll(240) - 10, y: dice.roll(80) - 5)))
    case 22 where dice.roll(2) == 0:
      return dice.roll(2) == 0
        ? .undoableChanged(dice.pick(blocks)) : .undone(dice.pick(blocks), RestoredProgress())
    case 22: return .outstandingChanged([OutstandingResource(name: text, note: text)])
    default: return .variablesChanged([VariableRow(name: text, value: text, origin: text)])
    }
  }

  @Test("any state at any size is drawn in exactly that size, whole and the same twice", arguments: 0..<24)
  func frames(seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    var state = try sampleState(
      Size(width: 60 + dice.roll(100), height: 16 + dice.roll(40)), isDemo: seed % 3 == 0)
    state.usesASCII = seed % 4 == 0
    for step in 0..<40 {
      let event = LawTests.event(&dice, state)
      _ = update(&state, on: event)
      if state.lessonScroll < 0 { Issue.record("scrolled above the top after \(event)") }
      guard step % 2 == 0 else { continue }
      let frame = render(state)
      #expect(frame.size == state.size, "seed \(seed), \(event)")
      #expect(frame == render(state), "seed \(seed), \(event)")
      #expect(isWhole(frame), "seed \(seed), \(event)")
      #expect(isHarmless(frame), "seed \(seed), \(event)")
    }
  }

  @Test(
    "colouring code changes none of its characters, however broken it is",
    arguments: ["bash", "json", "python"])
  func code(language: String) throws {
    var dice = Dice(state: 7)
    let pieces = [
      "$", "${", "$(", "\"", "'", "\\", "#", "a=", "if ", "作", "}", ")", " ", "-x", "|", "&&", "<<EOF", "1e9",
      "null",
      "{", "[", ":", ",", "$1", "é",
    ]
    for _ in 0..<60 {
      let lines = (0..<4).map { _ in "x" + (0..<dice.roll(12)).map { _ in dice.pick(pieces) }.joined() + "y" }
      let lesson = try Lesson.parse(
        "# T\n\n```\(language)\n\(lines.joined(separator: "\n"))\n```\n", path: "t.md")
      var state = TutorState(
        lesson: lesson, banner: Banner(mode: .live, account: "1", region: "r"),
        size: Size(width: 200, height: 40))
      state.usesASCII = true
      let text = render(state).text
      for line in lines { #expect(text.contains("| " + line) || text.contains("# " + line), "\(lines)") }
    }
  }

  @Test(
    "one key plays the lesson to its end",
    arguments: [(Key.enter, false), (.enter, true), (.space, true), (Key(.pageDown), true)],
    [Size(width: 80, height: 24), Size(width: 160, height: 50), Size(width: 60, height: 16)])
  func oneKey(_ play: (key: Key, isDemo: Bool), size: Size) throws {
    var state = try sampleState(size, isDemo: play.isDemo)
    var presses = 0
    var queue: [TutorEvent] = []
    while presses < 200 {
      let isOver =
        if case .finished = state.teardown?.phase { state.section + 1 == state.lesson.sections.count } else {
          false
        }
      if isOver, state.overlays.isEmpty { break }
      if queue.isEmpty {
        queue.append(.key(play.key))
        presses += 1
      }
      for effect in update(&state, on: queue.removeFirst()) {
        switch effect {
        case .runBlock(let id):
          queue += [.blockStarted(id), .blockPrinted(id, .standardOutput, "ok\n"), .blockExited(id, .done)]
        case .judge(let id): queue.append(.checkJudged(id, Verdict(passed: true)))
        case .planTeardown: queue.append(.teardownPlanned(samplePlan))
        case .applyTeardown:
          queue += [
            .teardownAdvanced(item: "bucket", .verified), .teardownAdvanced(item: "key", .gone),
            .teardownFinished(summary: "Everything is gone."),
          ]
        case .typeBlock(let id): queue.append(.demoTyped(id, characters: 5))
        case .quit: Issue.record("left")
        default: break
        }
      }
    }
    #expect(presses < 200, "stuck on \(state.shownSection?.id ?? "")")
    #expect(state.lesson.sections.flatMap(\.checks).allSatisfy { state.state(ofCheck: $0.id).hasPassed })
    for section in state.lesson.sections where section.isOnPath { #expect(state.state(of: section) == .done) }
  }

  @Test("whatever the height, a block that Enter brings into view is run by the next Enter")
  func reaching() throws {
    for height in 16...40 {
      for width in [60, 80, 120, 160] {
        var state = try sampleState(Size(width: width, height: height)).at(Page.step1)
        state.transcript.append(.note, "before")
        state.focus = height % 2 == 0 ? .lesson : .console
        for id in state.runnableBlocks(in: state.lesson.sections[Page.step1]).map(\.id) {
          var effects: [TutorEffect] = []
          for _ in 0..<2 where effects.isEmpty { effects = update(&state, on: .key(.enter)) }
          #expect(effects == [.runBlock(id)], "\(width)x\(height)")
          _ = update(&state, on: .blockExited(id, .done))
        }
      }
    }
  }

  @Test("every size from nothing to large is drawn")
  func sizes() throws {
    let state = try sampleState().at(Page.tables)
    for width in stride(from: 0, through: 210, by: 7) {
      for height in stride(from: 0, through: 64, by: 9) {
        var state = state
        state.size = Size(width: width, height: height)
        let frame = render(state)
        #expect(frame.size == state.size)
        #expect(isWhole(frame))
      }
    }
  }

  @Test("a page turned to a size and back shows the same")
  func resizing() throws {
    let state = try sampleState(Size(width: 80, height: 24)).after(
      .key(.character("j")), .key(.character("j")), .key(.character("j")), .key(.character("j")))
    let back = state.after(.resized(Size(width: 120, height: 40)), .resized(Size(width: 80, height: 24)))
    #expect(render(back).size == render(state).size)
    let wide = state.after(.resized(Size(width: 90, height: 24)), .resized(Size(width: 80, height: 24)))
    #expect(render(wide).text == render(state).text)
  }

  /// Every continuation follows a wide glyph, every wide glyph has its continuation.
  private func isWhole(_ frame: Frame) -> Bool {
    (0..<frame.size.height).allSatisfy { y in
      let row = Array(frame.surface.row(y))
      return row.indices.allSatisfy { x in
        if row[x].isContinuation { return x > 0 && row[x - 1].glyph?.width == 2 }
        return row[x].glyph?.width == 1 || (x + 1 < row.count && row[x + 1].isContinuation)
      }
    }
  }

  /// No cell holds anything that could drive a terminal.
  private func isHarmless(_ frame: Frame) -> Bool {
    (0..<frame.size.height).allSatisfy { y in
      frame.surface.row(y).allSatisfy { cell in
        cell.glyph.map {
          $0.character.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
        } ?? true
      }
    }
  }
}
