/// What a key can ask for.
package enum Command: String, Hashable, Sendable, CaseIterable {
  case primary, next, previous
  case scrollDown, scrollUp, pageDown, pageUp, toTop, toBottom
  case switchFocus, judge, toggleDetails, nextBlock, previousBlock, redo, cancel, undo, skipWait
  case variables, teardown, notes, help, quit, redraw
  case close, confirm, decline
}

/// Where a key has its meaning.
package enum KeyContext: String, Hashable, Sendable, CaseIterable {
  case lesson, console, demo, reading, plan, question

  /// The contexts whose keys answer, the first first.
  var andBelow: [KeyContext] { self == .demo || self == .console ? [self, .lesson] : [self] }

  /// The heading in the help and in docs/KEYS.md.
  package var title: String {
    switch self {
    case .lesson: "In the lesson"
    case .console: "In the console, and all of the above"
    case .demo: "In a demonstration"
    case .reading: "In lists and messages"
    case .plan: "In the teardown plan"
    case .question: "In a question"
    }
  }
}
