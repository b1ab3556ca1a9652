import Cells
import Lessons

extension Keymap {
  /// The table.
  static let rows: [Row] = [
    Row(
      [.demo], [.enter, .space, Key(.pageDown)], .primary, "Go on: type, run, check, next page",
      footer: primaryWord, unless: whyNotPrimary),
    Row(
      [.lesson], [.enter], .primary, "Run the marked block; then judge the checkpoint; then go on",
      footer: primaryWord, unless: whyNotPrimary),
    Row(
      [.lesson], [.character("n"), Key(.right), Key(.pageDown)], .next, "Next page",
      footer: { scene in
        guard scene.section + 1 < scene.lesson.sections.count, scene.primaryAction != .next else {
          return nil
        }
        // In a demonstration the one key does it all, unless it stands before something that fails.
        let isStuck = scene.currentBlock.map { scene.state.state(ofBlock: $0).hasFailed } ?? false
        return scene.demo == nil || isStuck ? "next" : nil
      },
      unless: { $0.section + 1 < $0.lesson.sections.count ? nil : "This is the last page." }),
    Row(
      [.lesson], [.character("p"), Key(.left), Key(.pageUp)], .previous, "Page before",
      footer: { $0.section > 0 && $0.demo == nil ? "back" : nil },
      unless: { $0.section > 0 ? nil : "This is the first page." }),
    Row([.lesson], [.character("j"), Key(.down)], .scrollDown, "Scroll down a line"),
    Row([.lesson], [.character("k"), Key(.up)], .scrollUp, "Scroll up a line"),
    Row(
      [.lesson], [.space, .control("f")], .pageDown, "Scroll down a screenful",
      footer: { $0.canScrollDown && $0.demo == nil && $0.primaryAction != .more ? "more" : nil }),
    Row([.lesson], [Key(.backspace), .control("b")], .pageUp, "Scroll up a screenful"),
    Row([.lesson], [.character("g"), Key(.home)], .toTop, "Scroll to the top"),
    Row(
      [.lesson], [.character("G"), Key(.end)], .toBottom,
      "Scroll to the end; the console follows its output again"),
    Row(
      [.console], [Key(.pageDown), .space, .control("f")], .pageDown, "Scroll the console down a screenful"),
    Row(
      [.console], [Key(.pageUp), Key(.backspace), .control("b")], .pageUp,
      "Scroll the console up a screenful", footer: { _ in "earlier" }),
    Row([.console], [.escape], .switchFocus, "Back to the lesson", footer: { _ in "lesson" }),
    Row(
      [.lesson], [.tab, .backTab], .switchFocus, "Switch between lesson and console",
      footer: { $0.demo == nil ? ($0.focus == .lesson ? "console" : "lesson") : nil }),
    Row(
      [.lesson], [.character("x"), .control("c")], .cancel, "Stop what is running",
      footer: { $0.runningBlock == nil ? nil : "stop" },
      unless: { $0.runningBlock == nil ? "Nothing is running." : nil }),
    Row(
      [.lesson], [.character("c")], .judge, "Judge the checkpoint now",
      footer: { state in
        guard state.demo == nil, state.shownSection?.checks.isEmpty == false else { return nil }
        if case .judge = state.primaryAction { return nil }
        return "check"
      },
      unless: whyNotJudge),
    Row(
      [.lesson], [.character("d"), .character("o")], .toggleDetails,
      "Open the next details in view; close the last",
      footer: { $0.details == nil || $0.demo != nil ? nil : "details" },
      unless: { $0.details == nil ? "There are no details to open on this page." : nil }),
    Row(
      [.lesson], [.character("]")], .nextBlock, "Mark the next code block",
      unless: { $0.hasBlocksToMark ? nil : "This page has no code block to mark." }),
    Row(
      [.lesson], [.character("[")], .previousBlock, "Mark the code block before",
      unless: { $0.hasBlocksToMark ? nil : "This page has no code block to mark." }),
    Row(
      [.lesson], [.character("r")], .redo, "Run the marked block, or the last one, again", unless: whyNotRedo),
    Row(
      [.lesson], [.character("u")], .undo,
      "Undo the last block: account, variables and files as before it (practice only)", unless: whyNotUndo),
    Row(
      [.lesson], [.character("w")], .skipWait, "Skip ten minutes of waiting (practice only)",
      footer: {
        $0.demo == nil && whyNotSkip($0) == nil && !$0.waitingChecks.isEmpty ? "skip" : nil
      },
      unless: whyNotSkip),
    Row(
      [.lesson], [.character("v")], .variables, "Variables and who set them",
      footer: { $0.variables.isEmpty || $0.demo != nil ? nil : "variables" }),
    Row(
      [.lesson], [.character("T")], .teardown, "Teardown: see what is removed, then remove it",
      footer: {
        $0.outstanding.isEmpty || $0.primaryAction == .teardown || $0.demo != nil ? nil : "teardown"
      },
      unless: { $0.runningBlock == nil ? nil : "A block is running; x stops it, then T." }),
    Row(
      [.lesson], [.character("s")], .notes, "Open or close the speaker notes",
      footer: { state in
        guard state.demo != nil else { return nil }
        if state.showsNotes { return "close notes" }
        return state.shownSection?.notes.isEmpty == false ? "notes" : nil
      },
      unless: { $0.demo == nil ? "Speaker notes are shown in demonstrations only (cairn demo)." : nil }),
    Row([.lesson], [.character("?"), Key(.function(1))], .help, "This help", footer: { _ in "keys" }),
    Row(
      [.lesson], [.character("q")], .quit, "Save and quit", footer: { $0.demo == nil ? "save and quit" : nil }
    ),
    Row([.lesson, .reading, .plan, .question], [.control("l")], .redraw, "Draw the screen anew"),

    Row(
      [.plan], [.enter, .character("y")], .confirm, "Remove what the plan lists; when it is over, close",
      footer: { state in
        switch state.teardown?.phase {
        case .planned where state.teardown?.hasWork == true: "remove all of it"
        case .planned, .finished: "close"
        default: nil
        }
      },
      unless: { state in
        switch state.teardown?.phase {
        case .planning: "The plan is still being made."
        case .applying: "It is being removed; every line shows how far it is."
        default: nil
        }
      }),
    Row(
      [.plan], [.escape, .character("q"), .character("n")], .decline, "Close; what is being removed goes on",
      footer: { state in
        switch state.teardown?.phase {
        case .planned: state.teardown?.hasWork == true ? "keep everything" : nil
        case .planning, .applying: "close"
        case .finished, nil: nil
        }
      }),

    Row([.question], [.enter, .character("y")], .confirm, "Yes", footer: { $0.question?.yes }),
    Row([.question], [.escape, .character("n"), .character("q")], .decline, "No", footer: { _ in "stay" }),
    Row(
      [.question], [.character("T")], .teardown, "Teardown instead, where things still exist",
      footer: { $0.outstanding.isEmpty || $0.question?.action != .quit ? nil : "teardown first" },
      unless: { $0.question?.action == .quit ? nil : "First answer the question." }),

    Row(
      [.reading], [.escape, .enter, .character("q"), .character("?"), .character("v")], .close, "Close",
      footer: { _ in "close" }),
    Row([.reading, .plan], [.character("j"), Key(.down)], .scrollDown, "Scroll down a line"),
    Row([.reading, .plan], [.character("k"), Key(.up)], .scrollUp, "Scroll up a line"),
    Row([.reading, .plan], [.space, Key(.pageDown)], .pageDown, "Scroll down a screenful"),
    Row([.reading, .plan], [Key(.backspace), Key(.pageUp)], .pageUp, "Scroll up a screenful"),
    Row([.reading, .plan], [.character("g"), Key(.home)], .toTop, "Scroll to the top"),
    Row([.reading, .plan], [.character("G"), Key(.end)], .toBottom, "Scroll to the end"),
  ]

  @Sendable private static func primaryWord(_ state: Scene) -> String? {
    switch state.primaryAction {
    case .run(let id): if case .failed = state.state.state(ofBlock: id) { "run again" } else { "run" }
    case .show: "see the block"
    case .judge(let id): if case .judged = state.state.state(ofCheck: id) { "check again" } else { "check" }
    case .teardown: "teardown"
    case .more: "more"
    case .next: "next"
    case .type: "type"
    case .finishTyping: "show it all"
    case .nothing: nil
    }
  }

  @Sendable private static func whyNotPrimary(_ state: Scene) -> String? {
    switch state.primaryAction {
    case .run, .type:
      if state.runningBlock != nil { return "A block is running; x stops it." }
      return state.isTearingDown ? "The teardown is at work; wait for its end." : nil
    case .judge(let id):
      if state.state.state(ofCheck: id) == .asking { return "The account is being asked; one moment." }
      return state.runningBlock == nil ? nil : "A block is running; x stops it."
    case .nothing:
      let rest = state.outstanding.isEmpty || state.isTornDown ? "" : "T takes everything down, "
      return "This is the end of the lesson; \(rest)q saves and quits."
    case .teardown: return state.runningBlock == nil ? nil : "A block is running; x stops it."
    case .more, .next, .finishTyping, .show: return nil
    }
  }

  @Sendable private static func whyNotJudge(_ state: Scene) -> String? {
    guard let checks = state.shownSection?.checks, !checks.isEmpty else {
      return "This page has no checkpoint."
    }
    if state.runningBlock != nil { return "A block is running; the account is asked when it has ended." }
    if checks.contains(where: { state.state.state(ofCheck: $0.id) == .asking }) {
      return "The account is being asked; one moment."
    }
    return nil
  }

  @Sendable private static func whyNotUndo(_ state: Scene) -> String? {
    if state.banner.mode == .live {
      return "Only the practice account can be taken back; T takes down what the lesson put up."
    }
    if state.runningBlock != nil { return "A block is running; x stops it." }
    if state.isTearingDown { return "The teardown is at work; wait for its end." }
    return state.undoable == nil ? "No block has run that could be undone." : nil
  }

  @Sendable private static func whyNotSkip(_ state: Scene) -> String? {
    if state.banner.mode == .live { return "The time of your own account cannot be hurried." }
    return state.waitingChecks.isEmpty && state.runningBlock == nil ? "Nothing waits." : nil
  }

  @Sendable private static func whyNotRedo(_ state: Scene) -> String? {
    if state.runningBlock != nil { return "A block is running; x stops it." }
    if state.isTearingDown { return "The teardown is at work; wait for its end." }
    return state.blockToRedo == nil ? "No block of this page has run yet." : nil
  }
}

extension TutorState {
  /// The question on top, if one is asked.
  var question: Confirmation? {
    if case .confirm(let question) = overlays.last { question } else { nil }
  }

  /// Whether the speaker notes lie over the page.
  var showsNotes: Bool { if case .notes = overlays.last { true } else { false } }

  /// Whether the page has a code block that could be marked.
  var hasBlocksToMark: Bool { shownSection.map { !runnableBlocks(in: $0).isEmpty } ?? false }

  /// The block `r` runs: the marked one if it has run, or the last of the page that has.
  var blockToRedo: BlockID? {
    guard let section = shownSection else { return nil }
    let ran = runnableBlocks(in: section).map(\.id).filter { state(ofBlock: $0) != .notRun }
    if let selectedBlock, ran.contains(selectedBlock) { return selectedBlock }
    return ran.last
  }
}
