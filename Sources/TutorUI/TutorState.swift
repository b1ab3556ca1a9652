import Cells
import Lessons

/// All that the screen is drawn from.
package struct TutorState: Equatable, Sendable {
  package enum Pane: Hashable, Sendable { case lesson, console }

  /// What a demonstration adds.
  package struct Demo: Hashable, Sendable {
    /// The block being typed, and how many of its characters are; nil between blocks.
    package var typing: Typing?
    /// The block whose command is on the console already, typed by the demonstration.
    package var echoed: BlockID?

    package struct Typing: Hashable, Sendable {
      package var block: BlockID
      package var characters: Int

      package init(block: BlockID, characters: Int) {
        self.block = block
        self.characters = characters
      }
    }

    package init() {}
  }

  package let lesson: Lesson
  package var banner: Banner
  package var size: Size
  /// Whether glyphs outside ASCII are avoided.
  package var usesASCII = false

  /// The shown section, an index into `lesson.sections`.
  package var section = 0
  /// The ids of the sections that were shown.
  package var visited: Set<String> = []
  package var focus = Pane.lesson
  /// The first row of the lesson pane that is shown.
  package var lessonScroll = 0
  /// Details that are not as the author left them, by the line they begin on.
  package var toggledDetails: Set<Int> = []
  /// The block that Enter runs, if the learner chose one.
  package var selectedBlock: BlockID?

  package var blocks: [BlockID: BlockState] = [:]
  package var checks: [CheckID: CheckState] = [:]
  package var transcript = Transcript()
  package var variables: [VariableRow] = []
  package var outstanding: [OutstandingResource] = []
  package var teardown: TeardownView?
  /// The block that can be undone; nil if there is none.
  package var undoable: BlockID?

  /// Whether the learner has agreed to work on this account; asked before the first block on a live one.
  package var hasAgreed = false

  package var overlays: [Overlay] = []
  /// A sentence shown until the next key; empty for none.
  package var status = ""
  /// There while the lesson is demonstrated.
  package var demo: Demo?

  package init(lesson: Lesson, banner: Banner, size: Size, isDemo: Bool = false) {
    self.lesson = lesson
    self.banner = banner
    self.size = size
    demo = isDemo ? Demo() : nil
    if let first = lesson.sections.first { visited = [first.id] }
  }
}

/// What lies over the panes. The number is the first row shown.
package enum Overlay: Hashable, Sendable {
  case help(scroll: Int)
  case teardown(scroll: Int)
  case variables(scroll: Int)
  case notes(scroll: Int)
  case message(MessageView, scroll: Int)
  case confirm(Confirmation)

  package var scroll: Int {
    get {
      switch self {
      case .help(let row), .teardown(let row), .variables(let row), .notes(let row), .message(_, let row): row
      case .confirm: 0
      }
    }
    set {
      switch self {
      case .help: self = .help(scroll: newValue)
      case .teardown: self = .teardown(scroll: newValue)
      case .variables: self = .variables(scroll: newValue)
      case .notes: self = .notes(scroll: newValue)
      case .message(let message, _): self = .message(message, scroll: newValue)
      case .confirm: break
      }
    }
  }
}

/// A question with consequences.
package struct Confirmation: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case runAgain(BlockID)
    /// Work on the live account, beginning with this block.
    case workLive(BlockID)
    case undo(BlockID)
    case quit
  }

  package var action: Action
  package var title: String
  /// Paragraphs.
  package var text: [String]
  /// What Enter does, in a word or two.
  package var yes: String

  package init(_ action: Action, title: String, text: [String], yes: String) {
    self.action = action
    self.title = title
    self.text = text
    self.yes = yes
  }
}
