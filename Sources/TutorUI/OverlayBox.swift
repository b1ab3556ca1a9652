import Cells
import Lessons

/// What an overlay shows, and the box it is shown in.
struct OverlayBox {
  let title: String
  let titleRole: Role
  let rows: [StyledText]
  let area: Rect

  /// How many rows are seen at once.
  var textHeight: Int { max(1, area.height - 2) }

  init(_ overlay: Overlay, _ state: TutorState, in room: Rect) {
    let width: Int
    switch overlay {
    case .confirm: width = min(room.width, 68)
    case .notes: width = room.width
    case .teardown, .variables: width = min(room.width, 96)
    case .help, .message: width = min(room.width, 84)
    }
    let text = OverlayText(state: state, width: max(10, width - 6))
    switch overlay {
    case .help:
      (title, titleRole) = ("Keys", .overlayTitle)
      rows = text.help()
    case .teardown:
      (title, titleRole) = ("Teardown", .overlayTitle)
      rows = text.teardown()
    case .variables:
      (title, titleRole) = ("Variables", .overlayTitle)
      rows = text.variables()
    case .notes:
      (title, titleRole) = ("Speaker notes", .overlayTitle)
      rows = text.notes()
    case .message(let message, _):
      title =
        message.severity == .note ? "Note" : message.severity == .warning ? "Warning" : "Something is wrong"
      titleRole = message.severity == .note ? .overlayTitle : message.severity == .warning ? .warning : .error
      rows = text.message(message)
    case .confirm(let question):
      (title, titleRole) = (question.title, .overlayTitle)
      rows = text.question(question)
    }
    let height = min(room.height, rows.count + 2)
    if case .notes = overlay {
      // Notes lie at the foot, so that the page above stays in view.
      let tall = min(height, max(5, room.height / 2))
      area = Rect(x: room.minX, y: room.maxY - tall + 1, width: width, height: tall)
    } else {
      area = room.centered(Size(width: width, height: height))
    }
  }
}

/// The rows of the overlays.
struct OverlayText {
  let state: TutorState
  let width: Int

  private var symbols: Symbols { state.symbols }

  private func wrapped(_ text: StyledText, lead: StyledText = "") -> [StyledText] {
    let indent = StyledText(String(repeating: " ", count: lead.width))
    return text.wrapped(to: max(1, width - lead.width)).enumerated()
      .map { ($0.offset == 0 ? lead : indent) + $0.element }
  }

  private func wrapped(_ text: String, _ style: Style = .plain, lead: StyledText = "") -> [StyledText] {
    wrapped(StyledText(text, style), lead: lead)
  }

  /// The keys, from the table; what cannot be done now says why.
  func help() -> [StyledText] {
    var rows: [StyledText] = [""]
    let scene = Scene(state)
    let contexts: [KeyContext] = state.demo == nil ? [.lesson, .console, .reading, .plan] : [.demo, .lesson]
    for context in contexts {
      if rows.count > 1 { rows.append("") }
      rows.append(StyledText(context.title, Style(.subheading)))
      for row in Keymap.rows(in: context) {
        if context == .lesson, state.demo != nil, row.command == .primary { continue }
        let keys = row.keys.map { $0.name(usesASCII: state.usesASCII) }.joined(separator: " ")
        let lead = StyledText(keys.padded(to: 17) + " ", Style(.footerKey))
        var text = StyledText(row.title)
        if context != .plan, let reason = row.whyDisabled(scene) {
          text = StyledText(row.title, Style(.muted))
          text.append("  (not now: \(reason.sentenceStart))", Style(.muted))
        }
        rows += wrapped(text, lead: lead)
      }
    }
    return rows + [""]
  }

  func variables() -> [StyledText] {
    guard !state.variables.isEmpty else {
      return ["", "No variable is set yet. A block that sets one puts it here.", ""]
    }
    let column = min(24, max(4, state.variables.map { displayWidth($0.name) }.max() ?? 4))
    var rows: [StyledText] = [""]
    for variable in state.variables {
      let name = variable.name.truncated(to: column, ellipsis: symbols.ellipsis).padded(to: column)
      rows += wrapped(variable.value, lead: StyledText(name + "  ", Style(.variable)))
      if !variable.origin.isEmpty {
        rows += wrapped(
          variable.origin, Style(.muted), lead: StyledText(String(repeating: " ", count: column + 2)))
      }
    }
    return rows + [""]
  }

  func notes() -> [StyledText] {
    guard let section = state.shownSection, !section.notes.isEmpty else {
      return ["This page has no speaker notes."]
    }
    let current = state.currentBlock
    var rows: [StyledText] = []
    for note in section.notes {
      if !rows.isEmpty { rows.append("") }
      let isNow = note.beforeBlock != nil && note.beforeBlock == current
      rows += wrapped(
        StyledText(note.text, isNow ? Style(.strong) : .plain),
        lead: StyledText((isNow ? symbols.current : " ") + " ", Style(.current)))
    }
    return rows
  }

  func message(_ message: MessageView) -> [StyledText] {
    var rows: [StyledText] = [""] + wrapped(message.title, Style(.strong))
    for (index, text) in message.text.enumerated() {
      if index == 0 { rows.append("") }
      rows +=
        text.hasPrefix("    ") ? StyledText(text, Style(.code)).wrapped(to: width, .anywhere) : wrapped(text)
    }
    if !message.hint.isEmpty {
      rows.append("")
      rows += wrapped(message.hint, lead: StyledText("\(symbols.arrow) ", Style(.info)))
    }
    return rows + [""]
  }

  func question(_ question: Confirmation) -> [StyledText] {
    var rows: [StyledText] = [""]
    for (index, text) in question.text.enumerated() {
      // A list ends before what comes after it.
      if index > 0, question.text[index - 1].hasPrefix("  "), !text.hasPrefix("  ") { rows.append("") }
      rows +=
        text.hasPrefix("  ")
        ? wrapped(String(text.dropFirst(4)), lead: StyledText(String(text.prefix(4)))) : wrapped(text)
    }
    return rows + [""]
  }

  /// The plan, or how far it has come.
  func teardown() -> [StyledText] {
    guard let view = state.teardown else { return ["", "Nothing is planned.", ""] }
    var rows: [StyledText] = [""]
    switch view.phase {
    case .planning:
      return rows
        + wrapped("\(symbols.running) Looking at what this run created \(symbols.ellipsis)", Style(.running))
        + [""]
    case .planned where !view.hasWork: rows += wrapped("Nothing is left to remove.", Style(.strong))
    case .planned:
      let planned = view.items.filter { $0.state == .planned }.count
      let count = planned == 1 ? "One resource" : "\(planned) resources"
      let whose = state.banner.mode == .live ? "account \(state.banner.account)" : "the practice account"
      rows += wrapped("\(count) of this run will be removed from \(whose), in this order:", Style(.strong))
    case .applying: rows += wrapped("Removing \(symbols.ellipsis)", Style(.strong))
    case .finished(let summary): rows += wrapped(summary, Style(.strong))
    }
    if !view.removals.isEmpty { rows.append("") }
    for (index, item) in view.removals.enumerated() { rows += row(item, number: index + 1) }
    let kept = view.items.filter { if case .kept = $0.state { true } else { false } }
    if !kept.isEmpty {
      rows += ["", StyledText("Kept", Style(.subheading))]
      for item in kept { rows += row(item, number: nil) }
    }
    if !view.notes.isEmpty {
      rows += ["", StyledText("Costs", Style(.subheading))]
      for note in view.notes {
        rows += wrapped(note, lead: StyledText("\(symbols.bullets[0]) ", Style(.muted)))
      }
    }
    return rows + [""]
  }

  private func row(_ item: TeardownView.Item, number: Int?) -> [StyledText] {
    let (mark, role, word): (String, Role, String) =
      switch item.state {
      case .planned: (number.map { "\($0)." } ?? symbols.notYet, .muted, "")
      case .removing: (symbols.running, .running, "removing \(symbols.ellipsis)")
      case .gone: (symbols.done, .ok, "gone")
      case .verified: (symbols.done, .ok, "gone, verified")
      case .pending(let until): (symbols.waiting, .warning, "pending until \(until)")
      case .failed(let reason): (symbols.failed, .error, "failed: \(reason)")
      case .kept(let reason): (symbols.notYet, .muted, reason)
      }
    let lead = StyledText(
      String(repeating: " ", count: max(0, 3 - displayWidth(mark))) + mark + " ", Style(role))
    let indent = StyledText(String(repeating: " ", count: lead.width))
    var rows: [StyledText]
    let title = StyledText(item.title)
    if !word.isEmpty, lead.width + title.width + 3 + displayWidth(word) <= width, !item.state.hasReason {
      let gap = width - lead.width - title.width - displayWidth(word)
      rows = [lead + title + StyledText(String(repeating: " ", count: gap)) + StyledText(word, Style(role))]
    } else {
      rows = wrapped(title, lead: lead)
      if !word.isEmpty { rows += wrapped(word, Style(role), lead: indent) }
    }
    // What would be done is of interest until it is done.
    if !item.detail.isEmpty, item.state == .planned || state.teardown?.phase == .planned {
      rows += wrapped(item.detail, Style(.muted), lead: indent)
    }
    return rows
  }
}

extension TeardownView.ItemState {
  fileprivate var hasReason: Bool {
    switch self {
    case .failed, .kept: true
    default: false
    }
  }
}

extension String {
  /// A sentence as it stands after a colon: without its last full stop, its first letter small.
  fileprivate var sentenceStart: String {
    let text = hasSuffix(".") ? String(dropLast()) : self
    let second = text.dropFirst().first
    return second?.isLowercase == true ? text.prefix(1).lowercased() + text.dropFirst() : text
  }
}
