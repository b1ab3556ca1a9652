/// One option of a command, as Python's argparse would know it.
struct OptionSpec: Hashable {
  enum Arity: Hashable {
    /// Takes one word.
    case one
    /// Takes every word up to the next option.
    case many
    /// Takes no word; stands for the given text.
    case flag(String)
    /// Takes a word if one follows.
    case optional(String)
    /// Takes one word each time it is given; option and word are kept in order.
    case append
  }

  /// With the hyphens: `--key-id`.
  var name: String
  /// Where the value is kept: the same for `--x` and `--no-x`.
  var destination: String
  var arity = Arity.one
  var choices: [String] = []
  /// The word must be a whole number.
  var isInteger = false
  var isRequired = false
  /// Options of one group stand for one another: one of them is enough.
  var group: String?

  init(
    _ name: String, _ destination: String? = nil, arity: Arity = .one, choices: [String] = [],
    isInteger: Bool = false, isRequired: Bool = false, group: String? = nil
  ) {
    self.name = name
    self.destination = destination ?? String(name.drop { $0 == "-" })
    self.arity = arity
    self.choices = choices
    self.isInteger = isInteger
    self.isRequired = isRequired
    self.group = group
  }
}

/// A word that is no option.
struct PositionalSpec: Hashable {
  var name: String
  var choices: [String]?
  /// How many words it takes, together.
  var count = 1
  var isRequired = true
}

/// What a command line said.
struct ParsedArguments: Hashable {
  /// Words by destination; a flag's is its text.
  var values: [String: [String]] = [:]
  /// Words of positionals by name.
  var positionals: [String: [String]] = [:]
  /// What nothing took, in order.
  var rest: [String] = []
  /// Appending options in the order in which they were given.
  var appended: [Appended] = []

  struct Appended: Hashable {
    var name: String
    var value: String
  }

  /// True if the option was given at all.
  func has(_ destination: String) -> Bool { values[destination] != nil }
  func first(_ destination: String) -> String? { values[destination]?.first }
}

/// Reads words by argparse's rules: exact names, unique prefixes, `--x=y`, what looks like an option.
///
/// Source: Python library reference, `argparse`, "Argument abbreviations" and "Arguments containing -".
struct ArgumentParser {
  var options: [OptionSpec]
  var positionals: [PositionalSpec] = []
  /// Called before anything after it is read (`--version`).
  var stopsAt: String?

  private enum Word {
    case value
    case option(OptionSpec, explicit: String?)
    case unknownOption
  }

  func parse(_ words: [String]) throws(CommandFailure) -> ParsedArguments {
    var result = ParsedArguments()
    var kinds: [Word] = []
    var onlyValues = false
    for word in words {
      if onlyValues {
        kinds.append(.value)
      } else if word == "--" {
        onlyValues = true
        kinds.append(.value)
      } else {
        kinds.append(try classify(word))
      }
    }
    var waiting = positionals[...]
    var i = 0
    while i < words.count {
      switch kinds[i] {
      case .unknownOption:
        result.rest.append(words[i])
        i += 1
      case .option(let option, let explicit):
        if option.name == stopsAt {
          result.values[option.destination] = [""]
          return result
        }
        i += 1
        i += try take(option, explicit, words, kinds, from: i, &result)
      case .value:
        i += try takePositional(words, kinds, from: i, &waiting, &result)
      }
    }
    try checkRequired(result, waiting)
    return result
  }

  // MARK: Classification

  private func classify(_ word: String) throws(CommandFailure) -> Word {
    guard word.hasPrefix("-"), word != "-" else { return .value }
    if let exact = options.first(where: { $0.name == word }) { return .option(exact, explicit: nil) }
    var stem = word
    var explicit: String?
    if let cut = word.firstIndex(of: "=") {
      stem = String(word[..<cut])
      explicit = String(word[word.index(after: cut)...])
      if let exact = options.first(where: { $0.name == stem }) { return .option(exact, explicit: explicit) }
    }
    if stem.hasPrefix("--") {
      let candidates = options.filter { $0.name.hasPrefix(stem) }
      if candidates.count > 1 {
        let names = candidates.map(\.name).joined(separator: ", ")
        throw .usage("ambiguous option: \(word) could match \(names)")
      }
      if let only = candidates.first { return .option(only, explicit: explicit) }
    }
    if isNegativeNumber(word) || word.contains(" ") { return .value }
    return .unknownOption
  }

  private func isNegativeNumber(_ word: String) -> Bool {
    let digits = word.dropFirst()
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, digits.contains(where: \.isNumber) else { return false }
    return parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } } && parts.last?.isEmpty == false
  }

  // MARK: Values

  /// Gives the option its words; returns how many it took.
  private func take(
    _ option: OptionSpec, _ explicit: String?, _ words: [String], _ kinds: [Word], from start: Int,
    _ result: inout ParsedArguments
  ) throws(CommandFailure) -> Int {
    var values: [String] = []
    if let explicit {
      if case .flag = option.arity {
        throw .usage("argument \(option.name): ignored explicit argument '\(explicit)'")
      }
      values = [explicit]
    } else {
      var end = start
      let bound: Int
      switch option.arity {
      case .one, .optional, .append: bound = 1
      case .many: bound = Int.max
      case .flag: bound = 0
      }
      while end < words.count, end - start < bound, case .value = kinds[end] { end += 1 }
      values = Array(words[start..<end])
    }
    let taken = explicit == nil ? values.count : 0
    switch option.arity {
    case .flag(let text): values = [text]
    case .optional(let text): if values.isEmpty { values = [text] }
    case .one, .append: if values.isEmpty { throw .usage("argument \(option.name): expected one argument") }
    case .many: break
    }
    for value in values {
      if !option.choices.isEmpty, !option.choices.contains(value) {
        throw .invalidChoice(option.name, value, of: option.choices)
      }
      if option.isInteger, pythonInteger(value) == nil {
        throw .usage("argument \(option.name): invalid int value: \(pythonQuoted(value))")
      }
    }
    if case .append = option.arity, let value = values.first {
      result.appended.append(.init(name: option.name, value: value))
    }
    result.values[option.destination] = values
    return taken
  }

  private func takePositional(
    _ words: [String], _ kinds: [Word], from start: Int, _ waiting: inout ArraySlice<PositionalSpec>,
    _ result: inout ParsedArguments
  ) throws(CommandFailure) -> Int {
    guard let next = waiting.first else {
      result.rest.append(words[start])
      return 1
    }
    var end = start
    while end < words.count, end - start < next.count, case .value = kinds[end] { end += 1 }
    // Too few in one row: argparse looks for the whole group further on.
    guard end - start == next.count else {
      result.rest.append(words[start])
      return 1
    }
    waiting = waiting.dropFirst()
    let values = Array(words[start..<end])
    if let choices = next.choices {
      for value in values where !choices.contains(value) {
        throw .invalidChoice(next.name, value, of: choices)
      }
    }
    result.positionals[next.name] = values
    return end - start
  }

  private func checkRequired(
    _ result: ParsedArguments, _ waiting: ArraySlice<PositionalSpec>
  ) throws(CommandFailure) {
    var missing = options.filter { $0.isRequired && $0.group == nil && !result.has($0.destination) }.map(
      \.name)
    missing += waiting.filter(\.isRequired).map(\.name)
    if !missing.isEmpty {
      throw .usage("the following arguments are required: \(missing.joined(separator: ", "))")
    }
    for option in options where option.isRequired && option.group != nil && !result.has(option.destination) {
      let names = options.filter { $0.group == option.group }.map(\.name).joined(separator: " ")
      throw .usage("one of the arguments \(names) is required")
    }
  }
}

/// Reads a whole number as Python's `int()`: blanks around, a sign, underscores between digits.
func pythonInteger(_ text: String) -> Int64? {
  var digits = trimmed(text)
  var isNegative = false
  if let sign = digits.first, sign == "+" || sign == "-" {
    isNegative = sign == "-"
    digits.removeFirst()
  }
  let parts = digits.split(separator: "_", omittingEmptySubsequences: false)
  guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
  return Int64((isNegative ? "-" : "") + parts.joined())
}

/// Reads a number as Python's `float()`, but for infinities and NaN, which no service takes.
func pythonFloat(_ text: String) -> Double? {
  guard let value = Double(trimmed(text)), value.isFinite, !text.lowercased().contains("x") else {
    return nil
  }
  return value
}

/// Without blanks around it.
func trimmed(_ text: some StringProtocol) -> String {
  var text = Substring(text)
  while let last = text.last, last.isWhitespace { text.removeLast() }
  while let first = text.first, first.isWhitespace { text.removeFirst() }
  return String(text)
}

/// A text as Python's `repr` writes it.
func pythonQuoted(_ text: String) -> String {
  let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
  var out = String(quote)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "\r": out += "\\r"
    case "\t": out += "\\t"
    case "'" where quote == "'": out += "\\'"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7F {
        out += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
  }
  return out + String(quote)
}
