import ServiceModels

/// What is wrong with a shorthand text; the text is the AWS CLI's.
struct ShorthandError: Error, Hashable {
  var message: String
  /// Told apart, since a list of values ends where the next `key=` begins.
  var isSyntax = true
}

/// The shorthand syntax of option values: `Key=a,Value=b`, `Rules=[{A={B=c}}]`, `Body@=file://x`.
///
/// Reads text to strings, lists and objects; the shape turns them into numbers and booleans afterwards.
/// Source: AWS CLI user guide, "Using shorthand syntax with the AWS CLI"; character classes as the CLI's parser has
/// them, which stops at characters beyond U+FFFF.
struct ShorthandParser {
  /// Bound on nested lists and objects.
  static let maximumDepth = 200

  private let text: [Unicode.Scalar]
  private var index = 0
  private var depth = 0
  /// Reads `file://` and `fileb://` values after `@=`; nil for other values.
  private let loadFile: (String) throws(ShorthandError) -> Value?

  /// Reads a whole text.
  static func parse(
    _ text: String,
    loadFile: (String) throws(ShorthandError) -> Value? = { (_) throws(ShorthandError) in nil }
  ) throws(ShorthandError) -> Value {
    try withoutActuallyEscaping(loadFile) { (load) throws(ShorthandError) -> Value in
      var parser = ShorthandParser(text, load)
      return .object(try parser.parameter())
    }
  }

  private init(_ text: String, _ loadFile: @escaping (String) throws(ShorthandError) -> Value?) {
    self.text = Array(text.unicodeScalars)
    self.loadFile = loadFile
  }

  private var current: Unicode.Scalar? { index < text.count ? text[index] : nil }

  // MARK: Grammar

  private mutating func parameter() throws(ShorthandError) -> Fields {
    var fields = Fields()
    let (key, value) = try keyAndValue()
    fields[key] = value
    var last = index
    while index < text.count {
      try expect(",", skippingBlanks: true)
      let (key, value) = try keyAndValue()
      if fields[key] != nil { throw duplicate(key, at: last + 1) }
      fields[key] = value
      last = index
    }
    return fields
  }

  private mutating func keyAndValue() throws(ShorthandError) -> (String, Value) {
    let name = key()
    let loads = try separator()
    if current == "[" { return (name, try list(loads)) }
    if current == "{" { return (name, try object()) }
    return (name, try commaSeparated(loads))
  }

  /// `=` or `@=`; true for the latter.
  private mutating func separator() throws(ShorthandError) -> Bool {
    skipBlanks()
    let loads = current == "@"
    if loads {
      index += 1
      skipBlanks()
    }
    try expect("=", skippingBlanks: true)
    return loads
  }

  private mutating func key() -> String {
    var name = String.UnicodeScalarView()
    while let scalar = current, isKeyScalar(scalar) {
      name.append(scalar)
      index += 1
    }
    return String(name)
  }

  private mutating func commaSeparated(_ loads: Bool) throws(ShorthandError) -> Value {
    if current == nil { return .string("") }
    let first = try firstValue(loads)
    skipBlanks()
    guard current == "," else { return first }
    try expect(",", skippingBlanks: true)
    var values = [first]
    while true {
      do {
        let value = try secondValue(loads)
        skipBlanks()
        if current == nil {
          values.append(value)
          break
        }
        try expect(",", skippingBlanks: true)
        values.append(value)
      } catch {
        // What looked like one more value is the next key: back to the comma before it.
        guard error.isSyntax, index < text.count else { throw error }
        while index > 0, text[index] != "," { index -= 1 }
        break
      }
    }
    return values.count == 1 ? first : .list(values)
  }

  private mutating func list(_ loads: Bool) throws(ShorthandError) -> Value {
    try descend()
    defer { depth -= 1 }
    try expect("[", skippingBlanks: true)
    var values: [Value] = []
    while current != "]" {
      values.append(try element(loads))
      skipBlanks()
      if current != "]" {
        try expect(",")
        skipBlanks()
      }
    }
    try expect("]")
    return .list(values)
  }

  private mutating func element(_ loads: Bool) throws(ShorthandError) -> Value {
    if current == "[" { return try list(loads) }
    if current == "{" { return try object() }
    return try firstValue(loads)
  }

  private mutating func object() throws(ShorthandError) -> Value {
    try descend()
    defer { depth -= 1 }
    try expect("{", skippingBlanks: true)
    var fields = Fields()
    while current != "}" {
      let name = key()
      let loads = try separator()
      let value = try element(loads)
      skipBlanks()
      if current != "}" {
        try expect(",")
        skipBlanks()
      }
      fields[name] = value
    }
    try expect("}")
    return .object(fields)
  }

  private mutating func firstValue(_ loads: Bool) throws(ShorthandError) -> Value {
    if let quoted = try quotedValue() { return try loaded(quoted, loads) }
    return try loaded(bareValue(follows: isFirstFollow) ?? "", loads)
  }

  private mutating func secondValue(_ loads: Bool) throws(ShorthandError) -> Value {
    if let quoted = try quotedValue() { return try loaded(quoted, loads) }
    guard let value = bareValue(follows: isSecondFollow) else { throw expected("<second>", "<none>") }
    return try loaded(value, loads)
  }

  private func loaded(_ value: String, _ loads: Bool) throws(ShorthandError) -> Value {
    if loads, let file = try loadFile(value) { return file }
    return .string(value)
  }

  // MARK: Words

  private mutating func bareValue(follows: (Unicode.Scalar) -> Bool) -> String? {
    var value = String.UnicodeScalarView()
    while let scalar = current {
      if scalar == "\\", index + 1 < text.count, text[index + 1] == "," {
        value.append(",")
        index += 2
      } else if value.isEmpty ? isStart(scalar) : follows(scalar) {
        value.append(scalar)
        index += 1
      } else {
        break
      }
    }
    guard !value.isEmpty else { return nil }
    while let last = value.last, last.properties.isWhitespace { value.removeLast() }
    return String(value)
  }

  private mutating func quotedValue() throws(ShorthandError) -> String? {
    guard let quote = current, quote == "'" || quote == "\"" else { return nil }
    guard let end = closingQuote(quote) else {
      throw expected(quote == "'" ? "<singled quoted>" : "<double quoted>", "<none>")
    }
    let inner = Array(text[(index + 1)..<end])
    index = end + 1
    return String(unescaped(unescaped(inner, quote), "\\").map(Character.init))
  }

  /// Where the value ends. A backslash guards a quote, but for the last one of a text that would not end otherwise.
  private func closingQuote(_ quote: Unicode.Scalar) -> Int? {
    var position = index + 1
    var guarded: Int?
    while position < text.count {
      if text[position] == "\\", position + 1 < text.count,
        text[position + 1] == quote || text[position + 1] == "\\"
      {
        if text[position + 1] == quote { guarded = position + 1 }
        position += 2
      } else if text[position] == quote {
        return position
      } else {
        position += 1
      }
    }
    return guarded
  }

  private func unescaped(_ scalars: [Unicode.Scalar], _ escaped: Unicode.Scalar) -> [Unicode.Scalar] {
    var out: [Unicode.Scalar] = []
    var i = 0
    while i < scalars.count {
      if scalars[i] == "\\", i + 1 < scalars.count, scalars[i + 1] == escaped { i += 1 }
      out.append(scalars[i])
      i += 1
    }
    return out
  }

  private mutating func skipBlanks() {
    while let scalar = current, isBlank(scalar) { index += 1 }
  }

  private mutating func expect(
    _ wanted: Unicode.Scalar, skippingBlanks: Bool = false
  ) throws(ShorthandError) {
    if skippingBlanks { skipBlanks() }
    guard let actual = current else { throw expected(String(wanted), "EOF") }
    guard actual == wanted else { throw expected(String(wanted), String(actual)) }
    index += 1
    if skippingBlanks { skipBlanks() }
  }

  private mutating func descend() throws(ShorthandError) {
    depth += 1
    if depth > ShorthandParser.maximumDepth {
      throw ShorthandError(message: "nested too deeply", isSyntax: false)
    }
  }

  // MARK: Complaints

  private func expected(_ wanted: String, _ actual: String) -> ShorthandError {
    ShorthandError(message: "Expected: '\(wanted)', received: '\(actual)' for input:\n \(marked(index))")
  }

  private func duplicate(_ key: String, at position: Int) -> ShorthandError {
    ShorthandError(
      message: "Second instance of key \"\(key)\" encountered for input:\n\(marked(position))\n"
        + "This is often because there is a preceding \",\" instead of a space.", isSyntax: false)
  }

  /// The text with a caret under `position`, on a line of its own.
  private func marked(_ position: Int) -> String {
    let bound = min(position, text.count)
    let lineStart = text[..<bound].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let lineEnd = text[bound...].firstIndex(of: "\n") ?? text.count
    func string(_ part: ArraySlice<Unicode.Scalar>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: part)
      return String(view)
    }
    return string(text[..<lineEnd]) + "\n" + String(repeating: " ", count: position - lineStart) + "^"
      + string(text[lineEnd...])
  }
}
