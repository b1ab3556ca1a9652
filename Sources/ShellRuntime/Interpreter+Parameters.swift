import Glibc
import ShellSyntax

extension Interpreter {
  /// What an expansion of a parameter gives.
  enum Expansion {
    case text(String)
    /// The word of `${NAME:-word}`, still to be expanded where it stands.
    case operand(Word)
    /// The elements of `$@` or an array, joined for `$*`.
    case list([String], isJoined: Bool)
  }

  private enum Found {
    case unset
    case text(String)
    case list([String], isJoined: Bool)
  }

  func evaluate(_ parameter: Parameter, _ place: Place) throws -> Expansion {
    switch parameter.operation {
    case .names(let isJoined):
      let names = state.variables.keys.filter { $0.hasPrefix(parameter.name) }.sorted()
      return .list(names, isJoined: isJoined)
    case .keys:
      let keys = variable(parameter.name)?.elements.map(\.key) ?? []
      return .list(keys, isJoined: parameter.index == .joined)
    case .indirect: return try evaluateIndirect(parameter, place)
    case .length: return .text(String(try length(parameter)))
    default: break
    }
    let found = try find(parameter)
    if case .fallback(let kind, let testsEmpty, let word) = parameter.operation {
      return try fallBack(parameter, found, kind, testsEmpty, word)
    }
    let value: Found
    if case .unset = found {
      try checkSet(parameter)
      value = .text("")
    } else {
      value = found
    }
    return try apply(parameter.operation, to: value, of: parameter, place)
  }

  private func evaluateIndirect(_ parameter: Parameter, _ place: Place) throws -> Expansion {
    guard case .text(let target) = try find(parameter) else {
      complain("\(parameter.name): invalid indirect expansion")
      throw Interrupt.discarded(1)
    }
    var other = parameter
    other.operation = .value
    other.name = target
    other.index = nil
    if let open = target.firstIndex(of: "["), target.hasSuffix("]") {
      other.name = String(target[..<open])
      let inside = String(target[target.index(after: open)...].dropLast())
      other.index =
        switch inside {
        case "@": .all
        case "*": .joined
        default: .at(Word(parts: [.literal(inside)], range: parameter.range))
        }
    }
    return try evaluate(other, place)
  }

  // MARK: Values

  private func find(_ parameter: Parameter) throws -> Found {
    let name = parameter.name
    if let special = special(name) { return special }
    guard let variable = variable(name) else {
      switch parameter.index {
      case .all: return .list([], isJoined: false)
      case .joined: return .list([], isJoined: true)
      default: return .unset
      }
    }
    switch parameter.index {
    case .all: return .list(variable.elements.map(\.value), isJoined: false)
    case .joined: return .list(variable.elements.map(\.value), isJoined: true)
    case .at(let word):
      let text = try expandToString(word)
      if case .associative(let elements, _) = variable.value {
        return elements[text].map(Found.text) ?? .unset
      }
      var index: Int64
      do { index = try arithmetic(text, for: "") } catch is ArithmeticFailure { throw Interrupt.discarded(1) }
      let elements = variable.elements
      if index < 0, let last = elements.last.flatMap({ Int64($0.key) }) { index += last + 1 }
      return elements.first { Int64($0.key) == index }.map { .text($0.value) } ?? .unset
    case nil:
      return variable.scalar.map(Found.text) ?? .unset
    }
  }

  private func special(_ name: String) -> Found? {
    switch name {
    case "@": return .list(state.positional, isJoined: false)
    case "*": return .list(state.positional, isJoined: true)
    case "#": return .text(String(state.positional.count))
    case "?": return .text(String(state.lastStatus))
    case "$": return .text(String(getpid()))
    case "!": return state.lastBackground.map { .text(String($0)) } ?? .unset
    case "-":
      let letters = Option.allCases.filter { state.options.contains($0) }.compactMap(\.letter)
      return .text("h" + String(letters) + "B")
    case "0": return .text("sh")
    default: break
    }
    guard let first = name.utf8.first, first >= 48, first <= 57 else { return nil }
    guard let number = Int(name), number >= 1, number <= state.positional.count else { return .unset }
    return .text(state.positional[number - 1])
  }

  /// `set -u`
  private func checkSet(_ parameter: Parameter) throws {
    guard state.options.contains(.nounset) else { return }
    let shown: String
    if case .at(let word)? = parameter.index {
      shown = "\(parameter.name)[\(Printer.source(of: word))]"
    } else {
      shown =
        parameter.name.utf8.first.map { $0 >= 48 && $0 <= 57 || $0 == 33 } ?? false
        ? "$\(parameter.name)" : parameter.name
    }
    complain("\(shown): unbound variable")
    throw Interrupt.exit(1)
  }

  private func length(_ parameter: Parameter) throws -> Int {
    if parameter.name == "@" || parameter.name == "*" { return state.positional.count }
    switch try find(parameter) {
    case .unset:
      try checkSet(parameter)
      return 0
    case .text(let text): return text.unicodeScalars.count
    case .list(let items, _): return items.count
    }
  }

  // MARK: Operations

  private func fallBack(
    _ parameter: Parameter, _ found: Found, _ kind: Parameter.Fallback, _ testsEmpty: Bool, _ word: Word
  ) throws -> Expansion {
    let isMissing: Bool
    let value: Expansion
    switch found {
    case .unset: (isMissing, value) = (true, .text(""))
    case .text(let text): (isMissing, value) = (testsEmpty && text.isEmpty, .text(text))
    case .list(let items, let isJoined):
      isMissing = items.isEmpty || (testsEmpty && items.allSatisfy(\.isEmpty))
      value = .list(items, isJoined: isJoined)
    }
    switch kind {
    case .use: return isMissing ? .operand(word) : value
    case .alternative: return isMissing ? .text("") : .operand(word)
    case .assign:
      if !isMissing { return value }
      let text = try expandToString(word)
      guard Self.isName(parameter.name) else {
        complain("$\(parameter.name): cannot assign in this way")
        throw Interrupt.discarded(1)
      }
      var index: String?
      if case .at(let word)? = parameter.index { index = try expandToString(word) }
      try assign(
        ExpandedAssignment(name: parameter.name, index: index, appends: false, value: .scalar(text)))
      return .text(text)
    case .fail:
      if !isMissing { return value }
      let text = try expandToString(word)
      let reason = text.isEmpty ? (testsEmpty ? "parameter null or not set" : "parameter not set") : text
      complain("\(parameter.name): \(reason)")
      throw Interrupt.exit(1)
    }
  }

  private func apply(
    _ operation: Parameter.Operation, to found: Found, of parameter: Parameter, _ place: Place
  ) throws -> Expansion {
    if case .slice(let offset, let length) = operation { return try slice(found, parameter, offset, length) }
    let change = try transformation(operation)
    switch found {
    case .unset: return .text("")
    case .text(let text): return .text(change(text))
    case .list(let items, let isJoined): return .list(items.map(change), isJoined: isJoined)
    }
  }

  private func transformation(_ operation: Parameter.Operation) throws -> (String) -> String {
    switch operation {
    case .remove(let isSuffix, let longest, let word):
      let pattern = try expandToPattern(word)
      return { text in
        let scalars = Array(text.unicodeScalars)
        if isSuffix {
          let end = pattern.matchStart(scalars, longest: longest) ?? scalars.count
          return String(String.UnicodeScalarView(scalars[..<end]))
        }
        let start = pattern.matchEnd(scalars, from: 0, longest: longest) ?? 0
        return String(String.UnicodeScalarView(scalars[start...]))
      }
    case .replace(let scope, let word, let replacement):
      let pattern = try expandToPattern(word)
      let new = try replacement.map { try expandToString($0) } ?? ""
      return { Self.replace(scope, pattern, new, in: $0) }
    case .changeCase(let isUpper, let all, let word):
      let pattern = try word.map { try expandToPattern($0) }
      return { text in
        var result = ""
        for (number, scalar) in text.unicodeScalars.enumerated() {
          let one = String(Character(scalar))
          let applies = (all || number == 0) && pattern?.matches(one) ?? true
          result += applies ? (isUpper ? one.uppercased() : one.lowercased()) : one
        }
        return result
      }
    case .transform(let letter):
      switch letter {
      case "U": return { $0.uppercased() }
      case "L": return { $0.lowercased() }
      case "u": return { $0.prefix(1).uppercased() + $0.dropFirst() }
      default:
        return { text in
          "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
      }
    default: return { $0 }
    }
  }

  private static func replace(
    _ scope: Parameter.Scope, _ pattern: Pattern, _ new: String, in text: String
  ) -> String {
    let scalars = Array(text.unicodeScalars)
    if pattern.elements.isEmpty, scope != .start, scope != .end { return text }
    func joined(_ start: Int, _ end: Int) -> String {
      String(String.UnicodeScalarView(scalars[..<start])) + new
        + String(String.UnicodeScalarView(scalars[end...]))
    }
    switch scope {
    case .start: return pattern.matchEnd(scalars, from: 0).map { joined(0, $0) } ?? text
    case .end: return pattern.matchStart(scalars, longest: true).map { joined($0, scalars.count) } ?? text
    case .first, .every:
      var result = String.UnicodeScalarView()
      var place = 0
      while place < scalars.count {
        if let end = pattern.matchEnd(scalars, from: place), end > place {
          result.append(contentsOf: new.unicodeScalars)
          place = end
          if scope == .first {
            result.append(contentsOf: scalars[place...])
            return String(result)
          }
        } else {
          result.append(scalars[place])
          place += 1
        }
      }
      return String(result)
    }
  }

  private func slice(_ found: Found, _ parameter: Parameter, _ offset: Word, _ length: Word?) throws
    -> Expansion
  {
    func number(_ word: Word) throws -> Int {
      do {
        let value = try arithmetic(expandToString(word.parts, isQuoted: true), for: "\(parameter.name): ")
        return Int(max(-1_000_000_000, min(1_000_000_000, value)))
      } catch is ArithmeticFailure {
        throw Interrupt.discarded(1)
      }
    }
    var start = try number(offset)
    let count = try length.map { try number($0) }
    var items: [String]
    var isText = false
    var isJoined = false
    switch found {
    case .unset: return .text("")
    case .text(let text):
      items = text.unicodeScalars.map { String(Character($0)) }
      isText = true
    case .list(let list, let joins):
      items = list
      isJoined = joins
      // `${@:0}` begins with the shell's own name.
      if parameter.name == "@" || parameter.name == "*" { items.insert("sh", at: 0) }
    }
    if start < 0 { start += items.count }
    guard start >= 0, start <= items.count else { return isText ? .text("") : .list([], isJoined: isJoined) }
    var end = items.count
    if let count {
      end = count < 0 ? items.count + count : min(items.count, start + count)
      if count < 0, !isText || end < start {
        complain("\(parameter.name): \(count): substring expression < 0")
        throw Interrupt.discarded(1)
      }
    }
    let part = Array(items[start..<max(start, end)])
    return isText ? .text(part.joined()) : .list(part, isJoined: isJoined)
  }
}
