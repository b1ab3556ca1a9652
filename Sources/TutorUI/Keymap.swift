import Cells

/// The keys: one table answers them, and draws the footer, the help and docs/KEYS.md.
package enum Keymap {
  /// A row of the table.
  package struct Row: Sendable {
    package let contexts: [KeyContext]
    package let keys: [Key]
    package let command: Command
    /// What it does, for the help.
    package let title: String
    /// Why it can do nothing now, in a sentence; nil if it can.
    package let whyDisabled: @Sendable (Scene) -> String?
    /// The word in the footer, from what is shown; nil where it has no place there now.
    package let inFooter: @Sendable (Scene) -> String?

    init(
      _ contexts: [KeyContext], _ keys: [Key], _ command: Command, _ title: String,
      footer: @escaping @Sendable (Scene) -> String? = { _ in nil },
      unless: @escaping @Sendable (Scene) -> String? = { _ in nil }
    ) {
      self.contexts = contexts
      self.keys = keys
      self.command = command
      self.title = title
      whyDisabled = unless
      inFooter = footer
    }
  }

  /// The rows that answer in a context, in the order of the help.
  package static func rows(in context: KeyContext) -> [Row] {
    rows.filter { $0.contexts.contains(context) }
  }

  /// The row for a key; nil if it means nothing there. What a demonstration and the console do not say for themselves
  /// is as in the lesson.
  package static func row(for key: Key, in context: KeyContext) -> Row? {
    for context in context.andBelow {
      if let row = rows.first(where: { $0.contexts.contains(context) && $0.keys.contains(key) }) {
        return row
      }
    }
    return nil
  }

  /// The words of the footer: key and word, the most important first.
  package static func footer(_ scene: Scene) -> [(key: String, title: String)] {
    let contexts = scene.keyContext.andBelow
    var commands: Set<Command> = []
    var words: [(key: String, title: String)] = []
    for context in contexts {
      for row in rows where row.contexts.contains(context) && !commands.contains(row.command) {
        guard let title = row.inFooter(scene), row.whyDisabled(scene) == nil, let key = row.keys.first else {
          continue
        }
        commands.insert(row.command)
        words.append((key.name(usesASCII: scene.usesASCII), title))
      }
    }
    return words
  }

  /// The whole table as Markdown, for docs/KEYS.md.
  package static var markdown: String {
    var lines = [
      "# Keys", "",
      "Written from the table in `Sources/TutorUI/Keymap+Rows.swift`; `?` shows it on the screen.", "",
    ]
    for context in KeyContext.allCases {
      lines += ["## \(context.title)", "", "| key | what it does |", "| --- | --- |"]
      for row in rows(in: context) {
        let keys = row.keys.map { "`\($0.name(usesASCII: false))`" }.joined(separator: " ")
        lines.append("| \(keys) | \(row.title) |")
      }
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }
}

extension TutorState {
  /// Whose keys answer: the top overlay's, or the lesson's.
  package var keyContext: KeyContext {
    switch overlays.last {
    case .help, .variables, .message: .reading
    case .teardown: .plan
    case .confirm: .question
    // Notes are no obstacle: the presenter goes on while they are open.
    case .notes, nil: demo != nil ? .demo : focus == .console ? .console : .lesson
    }
  }
}

extension Key {
  /// The key as it is written for people: `Enter`, `Ctrl-L`, `→`.
  package func name(usesASCII: Bool) -> String {
    let name: String =
      switch code {
      case .character(" "): "Space"
      case .character(let character): String(character)
      case .enter: "Enter"
      case .escape: "Esc"
      case .tab: "Tab"
      case .backTab: "Shift-Tab"
      case .backspace: "Backspace"
      case .delete: "Del"
      case .insert: "Ins"
      case .up: usesASCII ? "Up" : "↑"
      case .down: usesASCII ? "Down" : "↓"
      case .left: usesASCII ? "Left" : "←"
      case .right: usesASCII ? "Right" : "→"
      case .home: "Home"
      case .end: "End"
      case .pageUp: "PgUp"
      case .pageDown: "PgDn"
      case .function(let number): "F\(number)"
      }
    let letter = modifiers.contains(.control) ? name.uppercased() : name
    return (modifiers.contains(.control) ? "Ctrl-" : "") + (modifiers.contains(.alternate) ? "Alt-" : "")
      + letter
  }
}
