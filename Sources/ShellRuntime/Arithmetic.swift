/// An arithmetic expression failed and has been reported.
struct ArithmeticFailure: Error {}

/// Evaluates the integer expressions of `$(( ))` (POSIX 2.6.4 and bash's `**`, `,`, `++`): 64 bits, wrapping around.
struct Arithmetic {
  struct Failure: Error {
    var reason: String
    var token: String
  }

  private let text: [UInt8]
  private var index = 0
  private var depth: Int
  /// Above zero in the branch not taken of `?:`, `&&` and `||`.
  private var skipped = 0
  private let read: (String, Int64?) throws -> String
  private let write: (String, Int64?, Int64) throws -> Void

  /// - Parameters:
  ///   - read: the value of a variable, or of an element of an array.
  ///   - write: gives it a value.
  init(
    _ text: String, depth: Int = 0, read: @escaping (String, Int64?) throws -> String,
    write: @escaping (String, Int64?, Int64) throws -> Void
  ) {
    self.text = Array(text.utf8)
    self.depth = depth
    self.read = read
    self.write = write
  }

  mutating func value() throws -> Int64 {
    skipBlanks()
    if index == text.count { return 0 }
    let value = try comma()
    if index < text.count { throw failure("syntax error in expression") }
    return value
  }

  private func failure(_ reason: String) -> Failure {
    Failure(reason: reason, token: String(decoding: text[min(index, text.count)...], as: UTF8.self))
  }

  private mutating func skipBlanks() {
    while index < text.count, [32, 9, 10, 13].contains(text[index]) { index += 1 }
  }

  private func at(_ ahead: Int) -> UInt8? { index + ahead < text.count ? text[index + ahead] : nil }

  private mutating func take(_ op: String, notBefore: String = "") -> Bool {
    let bytes = Array(op.utf8)
    guard index + bytes.count <= text.count, text[index..<(index + bytes.count)].elementsEqual(bytes) else {
      return false
    }
    if let next = at(bytes.count), notBefore.utf8.contains(next) { return false }
    index += bytes.count
    skipBlanks()
    return true
  }

  // MARK: Levels, loosest first

  private mutating func comma() throws -> Int64 {
    var value = try assignment()
    while take(",") { value = try assignment() }
    return value
  }

  private static let assignments = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="]

  private mutating func assignment() throws -> Int64 {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw failure("expression recursion level exceeded") }
    let start = index
    if let name = name() {
      let element = try subscript_()
      for op in Self.assignments where take(op, notBefore: op == "=" ? "=" : "") {
        let right = try assignment()
        let value = op == "=" ? right : try combine(String(op.dropLast()), try variable(name, element), right)
        if skipped == 0 { try write(name, element, value) }
        return value
      }
      index = start
    }
    return try conditional()
  }

  private mutating func conditional() throws -> Int64 {
    let condition = try binary(0)
    guard take("?") else { return condition }
    let first = try skipping(condition == 0) { parser throws in try parser.comma() }
    guard take(":") else { throw failure("`:' expected for conditional expression") }
    let second = try skipping(condition != 0) { parser throws in try parser.assignment() }
    return condition != 0 ? first : second
  }

  private mutating func skipping(_ skips: Bool, _ body: (inout Arithmetic) throws -> Int64) throws -> Int64 {
    if skips { skipped += 1 }
    defer { if skips { skipped -= 1 } }
    return try body(&self)
  }

  /// Operators by level, and what must not follow them for them to be meant.
  private static let levels: [[(op: String, notBefore: String)]] = [
    [("||", "")], [("&&", "")], [("|", "|=")], [("^", "=")], [("&", "&=")], [("==", ""), ("!=", "")],
    [("<=", ""), (">=", ""), ("<", "<"), (">", ">")], [("<<", "="), (">>", "=")], [("+", "="), ("-", "=")],
    [("*", "*="), ("/", "="), ("%", "=")],
  ]

  private mutating func binary(_ level: Int) throws -> Int64 {
    guard level < Self.levels.count else { return try power() }
    var left = try binary(level + 1)
    scan: while true {
      for (op, notBefore) in Self.levels[level] where take(op, notBefore: notBefore) {
        if op == "||" || op == "&&" {
          let isDecided = (op == "||") == (left != 0)
          let right = try skipping(isDecided) { parser throws in try parser.binary(level + 1) }
          left = (op == "||" ? left != 0 || right != 0 : left != 0 && right != 0) ? 1 : 0
        } else {
          left = try combine(op, left, try binary(level + 1))
        }
        continue scan
      }
      return left
    }
  }

  private mutating func power() throws -> Int64 {
    let base = try unary()
    guard take("**") else { return base }
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw failure("expression recursion level exceeded") }
    var exponent = try power()
    if exponent < 0 {
      if skipped > 0 { return 0 }
      throw failure("exponent less than 0")
    }
    var result: Int64 = 1
    var square = base
    while exponent > 0 {
      if exponent & 1 == 1 { result &*= square }
      square &*= square
      exponent >>= 1
    }
    return result
  }

  private mutating func unary() throws -> Int64 {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw failure("expression recursion level exceeded") }
    if take("++") { return try step(1, isPrefix: true) }
    if take("--") { return try step(-1, isPrefix: true) }
    if take("!", notBefore: "=") { return try unary() == 0 ? 1 : 0 }
    if take("~") { return ~(try unary()) }
    if take("-") { return 0 &- (try unary()) }
    if take("+") { return try unary() }
    return try primary()
  }

  private mutating func step(_ by: Int64, isPrefix: Bool) throws -> Int64 {
    guard let name = name() else { return by < 0 ? try unary() : try unary() }
    let element = try subscript_()
    let value = try variable(name, element) &+ by
    if skipped == 0 { try write(name, element, value) }
    return value
  }

  private mutating func primary() throws -> Int64 {
    if take("(") {
      let value = try comma()
      guard take(")") else { throw failure("missing `)'") }
      return value
    }
    if let name = name() {
      let element = try subscript_()
      let value = try variable(name, element)
      for (op, by) in [("++", Int64(1)), ("--", -1)] where take(op) {
        if skipped == 0 { try write(name, element, value &+ by) }
      }
      return value
    }
    guard let first = at(0), first >= 48, first <= 57 else {
      throw failure("syntax error: operand expected")
    }
    return try number()
  }

  // MARK: Atoms

  private mutating func name() -> String? {
    var end = index
    while end < text.count,
      text[end] == 95 || (text[end] | 0x20 >= 97 && text[end] | 0x20 <= 122)
        || (end > index && text[end] >= 48 && text[end] <= 57)
    {
      end += 1
    }
    if end == index { return nil }
    let name = String(decoding: text[index..<end], as: UTF8.self)
    index = end
    skipBlanks()
    return name
  }

  private mutating func subscript_() throws -> Int64? {
    guard take("[") else { return nil }
    let value = try comma()
    guard take("]") else { throw failure("bad array subscript") }
    return value
  }

  private mutating func number() throws -> Int64 {
    let start = index
    while let byte = at(0),
      byte == 64 || byte == 95 || byte == 35 || (byte | 0x20 >= 97 && byte | 0x20 <= 122)
        || (byte >= 48 && byte <= 57)
    {
      index += 1
    }
    let word = String(decoding: text[start..<index], as: UTF8.self)
    skipBlanks()
    var digits = Substring(word)
    var base: Int64 = 10
    if let mark = word.firstIndex(of: "#") {
      guard let given = Int64(word[..<mark]), given >= 2, given <= 64 else {
        throw Failure(reason: "invalid arithmetic base", token: word)
      }
      base = given
      digits = word[word.index(after: mark)...]
    } else if word.hasPrefix("0x") || word.hasPrefix("0X") {
      base = 16
      digits = word.dropFirst(2)
    } else if word.hasPrefix("0"), word.count > 1 {
      base = 8
      digits = word.dropFirst()
    }
    var value: Int64 = 0
    for byte in digits.utf8 {
      let digit: Int64 =
        switch byte {
        case 48...57: Int64(byte) - 48
        case 97...122: Int64(byte) - 87
        case 65...90: base <= 36 ? Int64(byte) - 55 : Int64(byte) - 29
        case 64: 62
        case 95: 63
        default: 64
        }
      guard digit < base else { throw Failure(reason: "value too great for base", token: word) }
      value = value &* base &+ digit
    }
    return value
  }

  /// A variable's value, itself an expression.
  private func variable(_ name: String, _ element: Int64?) throws -> Int64 {
    if skipped > 0 { return 0 }
    let text = try read(name, element)
    if let number = Int64(text), !text.hasPrefix("0"), !text.hasPrefix("+") { return number }
    var inner = Arithmetic(text, depth: depth + 1, read: read, write: write)
    if depth > 60 { throw failure("expression recursion level exceeded") }
    return try inner.value()
  }

  private func combine(_ op: String, _ left: Int64, _ right: Int64) throws -> Int64 {
    switch op {
    case "+": return left &+ right
    case "-": return left &- right
    case "*": return left &* right
    case "/", "%":
      if right == 0 {
        if skipped > 0 { return 0 }
        throw Failure(reason: "division by 0", token: String(right))
      }
      if right == -1 { return op == "/" ? 0 &- left : 0 }
      return op == "/" ? left / right : left % right
    case "<<": return left &<< right
    case ">>": return left &>> right
    case "&": return left & right
    case "|": return left | right
    case "^": return left ^ right
    case "==": return left == right ? 1 : 0
    case "!=": return left != right ? 1 : 0
    case "<": return left < right ? 1 : 0
    case ">": return left > right ? 1 : 0
    case "<=": return left <= right ? 1 : 0
    default: return left >= right ? 1 : 0
    }
  }
}

extension Interpreter {
  /// Evaluates an expression over this shell's variables.
  ///
  /// - Throws: `ArithmeticFailure` after saying what is wrong; `command` begins the message.
  func arithmetic(_ text: String, for command: String) throws -> Int64 {
    if let number = Int64(text), !text.hasPrefix("0"), !text.hasPrefix("+") { return number }
    var parser = Arithmetic(
      text,
      read: { [self] name, element in
        guard let variable = variable(name) else {
          if state.options.contains(.nounset) {
            complain("\(name): unbound variable")
            throw Interrupt.exit(1)
          }
          return "0"
        }
        guard let element else { return variable.scalar ?? "0" }
        return variable.elements.first { $0.key == String(element) }?.value ?? "0"
      },
      write: { [self] name, element, value in
        try assign(
          ExpandedAssignment(
            name: name, index: element.map(String.init), appends: false, value: .scalar(String(value))))
      })
    do {
      return try parser.value()
    } catch let failure as Arithmetic.Failure {
      complain("\(command)\(text): \(failure.reason) (error token is \"\(failure.token)\")")
      throw ArithmeticFailure()
    }
  }
}
