/// A key as pressed.
package struct Key: Hashable, Sendable {
  package enum Code: Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backTab, backspace, delete, insert
    case up, down, left, right, home, end, pageUp, pageDown
    case function(Int)
  }

  package struct Modifiers: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let control = Modifiers(rawValue: 1)
    package static let alternate = Modifiers(rawValue: 2)
    package static let shift = Modifiers(rawValue: 4)
  }

  package var code: Code
  package var modifiers: Modifiers

  package init(_ code: Code, _ modifiers: Modifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A plain character key.
  package static func character(_ character: Character) -> Key { Key(.character(character)) }
  /// A letter with Ctrl held.
  package static func control(_ character: Character) -> Key { Key(.character(character), .control) }

  package static let enter = Key(.enter)
  package static let escape = Key(.escape)
  package static let tab = Key(.tab)
  package static let backTab = Key(.backTab)
  package static let space = Key(.character(" "))
}

/// What the mouse did.
package struct Mouse: Hashable, Sendable {
  package enum Action: Hashable, Sendable { case click, wheelUp, wheelDown }
  package var action: Action
  package var at: Point

  package init(_ action: Action, at point: Point) {
    self.action = action
    at = point
  }
}

/// What a terminal reports.
package enum TerminalInput: Hashable, Sendable {
  case key(Key)
  /// Text pasted at once (bracketed paste), newlines as `\n`.
  case paste(String)
  case mouse(Mouse)
  case resized(Size)
  /// The process was stopped and goes on: draw everything again.
  case resumed
  /// The terminal is gone, or somebody asked the process to end: save and leave.
  case hungUp
}
