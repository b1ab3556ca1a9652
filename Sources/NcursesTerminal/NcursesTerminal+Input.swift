import CNcurses
import Cells

extension NcursesTerminal {
  /// What an event of the shim means; nil for one that means nothing.
  func input(_ event: ct_event) -> TerminalInput? {
    switch Int(event.kind) {
    case Int(CT_CHARACTER): return .key(key(UInt32(clamping: event.code)))
    case Int(CT_KEY): return named(Int(event.code)).map { .key($0) }
    case Int(CT_MOUSE):
      let action: Mouse.Action = event.code == 2 ? .wheelUp : event.code == 3 ? .wheelDown : .click
      return .mouse(Mouse(action, at: Point(x: Int(event.x), y: Int(event.y))))
    case Int(CT_PASTE_BEGIN): return .paste(pasted())
    default: return nil
    }
  }

  private func key(_ code: UInt32) -> Key {
    switch code {
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return escaped()
    case 8, 127: return Key(.backspace)
    case 0: return Key(.character(" "), .control)
    case 1...26: return Unicode.Scalar(code + 96).map { .control(Character($0)) } ?? .escape
    case 28...31: return Unicode.Scalar(code + 64).map { .control(Character($0)) } ?? .escape
    default: return Unicode.Scalar(code).map { .character(Character($0)) } ?? .character("\u{FFFD}")
    }
  }

  /// Escape alone, or the key that came with Alt (terminals send ESC and the key at once).
  private func escaped() -> Key {
    let next = ct_next()
    switch Int(next.kind) {
    case Int(CT_CHARACTER) where next.code != 27:
      var key = key(UInt32(clamping: next.code))
      key.modifiers.insert(.alternate)
      return key
    case Int(CT_KEY):
      var key = named(Int(next.code)) ?? .escape
      key.modifiers.insert(.alternate)
      return key
    default: return .escape
    }
  }

  private func named(_ code: Int) -> Key? {
    let table: [Int: Key.Code] = [
      Int(CT_KEY_UP): .up, Int(CT_KEY_DOWN): .down, Int(CT_KEY_LEFT): .left, Int(CT_KEY_RIGHT): .right,
      Int(CT_KEY_HOME): .home, Int(CT_KEY_END): .end, Int(CT_KEY_PAGE_UP): .pageUp,
      Int(CT_KEY_PAGE_DOWN): .pageDown, Int(CT_KEY_BACKSPACE): .backspace, Int(CT_KEY_DELETE): .delete,
      Int(CT_KEY_INSERT): .insert, Int(CT_KEY_ENTER): .enter, Int(CT_KEY_BACKTAB): .backTab,
    ]
    if let found = table[code] { return Key(found) }
    let function = code - Int(CT_KEY_FUNCTION)
    return (1...24).contains(function) ? Key(.function(function)) : nil
  }

  /// Collects what is pasted, up to its end mark or a megabyte; line ends become newlines.
  private func pasted() -> String {
    var text = String.UnicodeScalarView()
    var idle = 0
    while text.count < 1_000_000 {
      let event = ct_next()
      switch Int(event.kind) {
      case Int(CT_PASTE_END): return String(text)
      case Int(CT_CHARACTER):
        idle = 0
        if let scalar = Unicode.Scalar(UInt32(clamping: event.code)) {
          text.append(scalar == "\r" ? "\n" : scalar)
        }
      case Int(CT_NONE):
        // The rest is on its way; a terminal that never sends the end mark must not hold us.
        idle += 1
        if idle > 20 || ct_wait(50) == 0 { return String(text) }
      default: break
      }
    }
    return String(text)
  }
}
