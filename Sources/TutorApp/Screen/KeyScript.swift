import Cells

extension ScriptedTerminal.Step {
  /// Reads a script of keys: words between blanks. A word is a character (`n`, `?`), a key's name (`Enter`, `PageDown`,
  /// `C-c`), `WIDTHxHEIGHT` (a new size), or `frame`. A number and `*` repeat a word: `3*n`.
  ///
  /// - Returns: nil with the word that is none of these.
  package static func parse(_ script: String) -> Result<[ScriptedTerminal.Step], UnknownKey> {
    var steps: [ScriptedTerminal.Step] = []
    for word in script.split(whereSeparator: \.isWhitespace) {
      var times = 1
      var name = Substring(word)
      if let star = word.firstIndex(of: "*"), let count = Int(word[..<star]), (1...10_000).contains(count) {
        times = count
        name = word[word.index(after: star)...]
      }
      guard let step = step(String(name)) else { return .failure(UnknownKey(word: String(word))) }
      steps += Array(repeating: step, count: times)
    }
    return .success(steps)
  }

  package struct UnknownKey: Error, Sendable {
    package let word: String
  }

  private static let names: [String: Key.Code] = [
    "enter": .enter, "escape": .escape, "esc": .escape, "tab": .tab, "backtab": .backTab,
    "backspace": .backspace,
    "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end, "pageup": .pageUp,
    "pagedown": .pageDown, "space": .character(" "),
  ]

  private static func step(_ word: String) -> ScriptedTerminal.Step? {
    if word.lowercased() == "frame" { return .frame }
    if word.count == 1, let character = word.first { return .input(.key(.character(character))) }
    if let code = names[word.lowercased()] { return .input(.key(Key(code))) }
    if word.hasPrefix("C-"), word.count == 3, let letter = word.last { return .input(.key(.control(letter))) }
    let sides = word.split(separator: "x").compactMap { Int($0) }
    if sides.count == 2, sides.allSatisfy({ (1...1000).contains($0) }) {
      return .input(.resized(Size(width: sides[0], height: sides[1])))
    }
    return nil
  }
}
