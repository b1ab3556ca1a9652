import Glibc
import ShellSyntax

/// A test that is none; it has been reported.
struct TestFailure: Error {}

extension Interpreter {
  // MARK: [[ ]]

  /// 0, 1, or 2 where the test itself is wrong.
  func test(_ expression: TestExpression) throws -> Int32 {
    do {
      return try holds(expression) ? 0 : 1
    } catch is TestFailure {
      return 2
    } catch is ArithmeticFailure {
      return 1
    }
  }

  private func holds(_ expression: TestExpression) throws -> Bool {
    switch expression {
    case .word(let word): return try !expandToString(word).isEmpty
    case .unary(let op, let word): return try unaryTest(op, try expandToString(word), for: "[[")
    case .not(let inner): return try !holds(inner)
    case .and(let left, let right): return try holds(left) && holds(right)
    case .or(let left, let right): return try holds(left) || holds(right)
    case .group(let inner): return try holds(inner)
    case .binary(let left, let op, let right):
      let subject = try expandToString(left)
      switch op {
      case "=", "==": return try expandToPattern(right).matches(subject)
      case "!=": return try !expandToPattern(right).matches(subject)
      case "=~": return try matchesExpression(subject, right)
      case "-eq", "-ne", "-lt", "-le", "-gt", "-ge":
        let a = try arithmetic(subject, for: "[[: ")
        let b = try arithmetic(try expandToString(right), for: "[[: ")
        return compare(op, a, b)
      default: return try binaryTest(subject, op, try expandToString(right), for: "[[")
      }
    }
  }

  /// `=~`: a POSIX extended regular expression; the match goes to `BASH_REMATCH`.
  private func matchesExpression(_ subject: String, _ word: Word) throws -> Bool {
    var pattern = ""
    for segment in try joined(word.parts, false) {
      for scalar in segment.text.unicodeScalars {
        if segment.isQuoted, "\\^$.|?*+()[]{}".unicodeScalars.contains(scalar) { pattern += "\\" }
        pattern.unicodeScalars.append(scalar)
      }
    }
    var expression = regex_t()
    guard regcomp(&expression, pattern, REG_EXTENDED) == 0 else {
      complain("[[: `\(pattern)' is no regular expression")
      throw TestFailure()
    }
    defer { regfree(&expression) }
    var matches = [regmatch_t](repeating: regmatch_t(), count: min(Int(expression.re_nsub) + 1, 100))
    let bytes = Array(subject.utf8)
    let found = regexec(&expression, subject, matches.count, &matches, 0) == 0
    var groups: [Int: String] = [:]
    if found {
      for (number, match) in matches.enumerated() {
        let (start, end) = (Int(match.rm_so), Int(match.rm_eo))
        let isIn = start >= 0 && end >= start && end <= bytes.count
        groups[number] = isIn ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
      }
    }
    state.variables["BASH_REMATCH"] = Variable(.indexed(groups))
    return found
  }

  /// As `set -x` shows it.
  func describe(_ expression: TestExpression) -> String {
    func text(_ word: Word) -> String { Printer.source(of: word) }
    switch expression {
    case .word(let word): return text(word)
    case .unary(let op, let word): return "\(op) \(text(word))"
    case .binary(let left, let op, let right): return "\(text(left)) \(op) \(text(right))"
    case .not(let inner): return "! \(describe(inner))"
    case .and(let left, let right): return "\(describe(left)) && \(describe(right))"
    case .or(let left, let right): return "\(describe(left)) || \(describe(right))"
    case .group(let inner): return "( \(describe(inner)) )"
    }
  }

  // MARK: test and [

  /// `test` and `[`: by the number of arguments (POSIX), then with `-a`, `-o` and parentheses.
  func test(_ words: [String], for command: String) throws -> Int32 {
    do {
      var parser = TestWords(shell: self, words: words, command: command)
      return try parser.evaluate() ? 0 : 1
    } catch is TestFailure {
      return 2
    }
  }

  private struct TestWords {
    let shell: Interpreter
    let words: [String]
    let command: String
    var index = 0
    var depth = 0

    mutating func evaluate() throws -> Bool {
      if let value = try byCount(words[...]) { return value }
      let value = try or()
      if index < words.count { throw failed("too many arguments") }
      return value
    }

    private func byCount(_ w: ArraySlice<String>) throws -> Bool? {
      let w = Array(w)
      switch w.count {
      case 0: return false
      case 1: return !w[0].isEmpty
      case 2:
        if w[0] == "!" { return w[1].isEmpty }
        if isUnary(w[0]) { return try shell.unaryTest(w[0], w[1], for: command) }
        throw failed("\(w[0]): unary operator expected")
      case 3:
        if isBinary(w[1]) { return try shell.binaryTest(w[0], w[1], w[2], for: command) }
        if w[1] == "-a" { return !w[0].isEmpty && !w[2].isEmpty }
        if w[1] == "-o" { return !w[0].isEmpty || !w[2].isEmpty }
        if w[0] == "!" { return try byCount(w[1...]).map { !$0 } }
        if w[0] == "(", w[2] == ")" { return !w[1].isEmpty }
        throw failed("\(w[1]): binary operator expected")
      case 4:
        if w[0] == "!" { return try byCount(w[1...]).map { !$0 } }
        if w[0] == "(", w[3] == ")" { return try byCount(w[1..<3]) }
        return nil
      default: return nil
      }
    }

    private mutating func or() throws -> Bool {
      var value = try and()
      while index < words.count, words[index] == "-o" {
        index += 1
        let right = try and()
        value = value || right
      }
      return value
    }

    private mutating func and() throws -> Bool {
      var value = try primary()
      while index < words.count, words[index] == "-a" {
        index += 1
        let right = try primary()
        value = value && right
      }
      return value
    }

    private mutating func primary() throws -> Bool {
      depth += 1
      defer { depth -= 1 }
      if depth > 100 { throw failed("too many arguments") }
      guard index < words.count else { throw failed("argument expected") }
      let word = words[index]
      if index + 2 < words.count, isBinary(words[index + 1]) {
        index += 3
        return try shell.binaryTest(word, words[index - 2], words[index - 1], for: command)
      }
      index += 1
      if word == "!" { return try !primary() }
      if word == "(" {
        let value = try or()
        guard index < words.count, words[index] == ")" else { throw failed("`)' expected") }
        index += 1
        return value
      }
      if isUnary(word), index < words.count {
        index += 1
        return try shell.unaryTest(word, words[index - 1], for: command)
      }
      return !word.isEmpty
    }

    private func isUnary(_ word: String) -> Bool {
      word.utf8.count == 2 && word.hasPrefix("-") && "bcdefghknoprstuvwxzGLNORS".contains(word.dropFirst())
    }

    private func isBinary(_ word: String) -> Bool {
      [
        "=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
      ].contains(word)
    }

    private func failed(_ reason: String) -> TestFailure {
      shell.complain("\(command): \(reason)")
      return TestFailure()
    }
  }

  // MARK: Operators

  fileprivate func unaryTest(_ op: String, _ text: String, for command: String) throws -> Bool {
    switch op {
    case "-n": return !text.isEmpty
    case "-z": return text.isEmpty
    case "-v": return isSet(text)
    case "-o": return Option(rawValue: text).map(state.options.contains) ?? false
    case "-R": return false
    // No descriptor of a lab is a terminal.
    case "-t": return false
    default: break
    }
    if text.isEmpty { return false }
    let path = absolute(text)
    let status = context.files.status(of: path, followingLinks: op != "-L" && op != "-h")
    switch op {
    case "-a", "-e": return status != nil
    case "-f": return status?.kind == .regular
    case "-d": return status?.kind == .directory
    case "-L", "-h": return status?.kind == .link
    case "-p": return status?.kind == .pipe
    case "-S": return status?.kind == .socket
    case "-b": return status?.kind == .block
    case "-c": return status?.kind == .character
    case "-s": return (status?.size ?? 0) > 0
    case "-r": return context.files.isReadable(path)
    case "-w": return context.files.isWritable(path)
    case "-x": return context.files.isExecutable(path)
    case "-u": return (status?.mode ?? 0) & 0o4000 != 0
    case "-g": return (status?.mode ?? 0) & 0o2000 != 0
    case "-k": return (status?.mode ?? 0) & 0o1000 != 0
    case "-N", "-O", "-G": return status != nil
    default:
      complain("\(command): \(op): unary operator expected")
      throw TestFailure()
    }
  }

  private func isSet(_ text: String) -> Bool {
    guard let open = text.firstIndex(of: "["), text.hasSuffix("]") else {
      return variable(text)?.scalar != nil
    }
    let key = String(text[text.index(after: open)...].dropLast())
    return variable(String(text[..<open]))?.elements.contains { $0.key == key } ?? false
  }

  fileprivate func binaryTest(_ left: String, _ op: String, _ right: String, for command: String) throws
    -> Bool
  {
    switch op {
    case "=", "==": return left == right
    case "!=": return left != right
    case "<": return left.utf8.lexicographicallyPrecedes(right.utf8)
    case ">": return right.utf8.lexicographicallyPrecedes(left.utf8)
    case "-nt", "-ot", "-ef": return compareFiles(left, op, right)
    default: break
    }
    func number(_ text: String) throws -> Int64 {
      let trimmed = text.trimmed
      if let value = Int64(trimmed) { return value }
      complain("\(command): \(text): integer expression expected")
      throw TestFailure()
    }
    return compare(op, try number(left), try number(right))
  }

  private func compareFiles(_ left: String, _ op: String, _ right: String) -> Bool {
    let a = context.files.status(of: absolute(left), followingLinks: true)
    let b = context.files.status(of: absolute(right), followingLinks: true)
    switch op {
    case "-ef": return a != nil && a?.identity == b?.identity
    case "-nt": return a.map { a in b.map { a.modified > $0.modified } ?? true } ?? false
    default: return b.map { b in a.map { $0.modified < b.modified } ?? true } ?? false
    }
  }

  private func compare(_ op: String, _ a: Int64, _ b: Int64) -> Bool {
    switch op {
    case "-eq": a == b
    case "-ne": a != b
    case "-lt": a < b
    case "-le": a <= b
    case "-gt": a > b
    default: a >= b
    }
  }
}

extension String {
  /// Without blanks and newlines at its ends.
  var trimmed: String {
    let scalars = unicodeScalars.drop { $0 == " " || $0 == "\t" || $0 == "\n" }
    var end = scalars.endIndex
    while end > scalars.startIndex, [" ", "\t", "\n"].contains(scalars[scalars.index(before: end)]) {
      end = scalars.index(before: end)
    }
    return String(scalars[..<end])
  }
}
