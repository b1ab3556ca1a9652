/// The INI dialect of `~/.aws/config` and `~/.aws/credentials`: what Python's `configparser.RawConfigParser` reads and
/// botocore's `configloader.py` makes of it.
///
/// `[section]`, `key = value` or `key: value`; `#` and `;` begin comments on lines of their own. A line that is indented
/// deeper than the key above it continues the value; a value of continuation lines alone is itself a set of
/// `key = value`. `[DEFAULT]` stands behind every section. A section or a key that is there twice is a fault.
package struct INIFile: Hashable, Sendable {
  package struct Section: Hashable, Sendable {
    /// As written between the brackets.
    package var name: String
    /// Keys are lower case. One with nested settings is here too, empty.
    package var values: [String: String]
    /// Nested settings: `s3 =` and indented lines below. Their keys keep their case.
    package var nested: [String: [String: String]]
  }

  package private(set) var sections: [Section] = []

  /// Where a file breaks the rules: a 1-based line.
  package struct Fault: Error, Hashable, Sendable {
    package var line: Int
  }

  package init() {}

  package init(_ text: String) throws(Fault) {
    var reader = INIReader()
    let isEnd: (Character) -> Bool = { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: isEnd) {
      try reader.take(line)
    }
    for section in reader.sections {
      var made = Section(name: section.name, values: [:], nested: [:])
      for entry in reader.defaults + section.entries { try INIFile.add(entry, to: &made) }
      sections.append(made)
    }
  }

  private static func add(_ entry: INIReader.Entry, to section: inout Section) throws(Fault) {
    var value = entry.value
    while let last = value.last, last.isWhitespace { value.removeLast() }
    section.nested[entry.key] = nil
    guard value.first == "\n" else {
      section.values[entry.key] = value
      return
    }
    section.values[entry.key] = ""
    var settings: [String: String] = [:]
    for line in value.split(whereSeparator: \.isNewline) where !stripped(line).isEmpty {
      guard let equals = line.firstIndex(of: "=") else { throw Fault(line: entry.line) }
      settings[stripped(line[..<equals])] = stripped(line[line.index(after: equals)...])
    }
    section.nested[entry.key] = settings
  }

  /// The section of that kind and name: `[profile x]`, `[services x]`, `[sso-session x]`; quotes around the name
  /// are allowed. Of several that differ in their quotes the last is taken.
  package func section(_ kind: String?, _ name: String) -> Section? {
    sections.last { INIFile.matches($0.name, kind, name) }
  }

  private static func matches(_ header: String, _ kind: String?, _ name: String) -> Bool {
    guard let kind else { return header == name }
    guard header.hasPrefix(kind), let blank = header.dropFirst(kind.count).first, blank.isWhitespace
    else {
      return false
    }
    let rest = stripped(header.dropFirst(kind.count))
    return rest == name || rest == "\"\(name)\"" || rest == "'\(name)'"
  }
}

/// Reads lines as `RawConfigParser._read` does.
private struct INIReader {
  struct Entry {
    var key: String
    var value: String
    var line: Int
  }

  /// What stands behind every section.
  var defaults: [Entry] = []
  var sections: [(name: String, entries: [Entry])] = []
  private var number = 0
  private var isInDefaults = false
  /// How deep the key above is indented, in characters.
  private var depth = 0
  /// Whether there is a key above in this section, whose value a line may continue.
  private var continues = false
  private var known: Set<[String]> = []

  mutating func take(_ raw: Substring) throws(INIFile.Fault) {
    number += 1
    let line = stripped(raw)
    if line.hasPrefix("#") || line.hasPrefix(";") { return }
    // An empty line within a value is part of it; at its end it falls away.
    if line.isEmpty { return add("\n") }
    let indentation = raw.prefix(while: \.isWhitespace).count
    if continues, indentation > depth { return add("\n" + line) }
    depth = indentation
    if line.hasPrefix("["), let end = line.lastIndex(of: "]"), line.dropFirst().startIndex < end {
      try open(String(line[line.dropFirst().startIndex..<end]))
    } else {
      try assign(line)
    }
  }

  private mutating func open(_ name: String) throws(INIFile.Fault) {
    continues = false
    isInDefaults = name == "DEFAULT"
    guard !isInDefaults else { return }
    guard known.insert([name]).inserted else { throw INIFile.Fault(line: number) }
    sections.append((name, []))
  }

  private mutating func assign(_ line: String) throws(INIFile.Fault) {
    guard isInDefaults || !sections.isEmpty,
      let cut = line.firstIndex(where: { $0 == "=" || $0 == ":" })
    else {
      throw INIFile.Fault(line: number)
    }
    let key = stripped(line[..<cut]).lowercased()
    let section = isInDefaults ? "DEFAULT" : sections.last?.name ?? ""
    guard !key.isEmpty, known.insert([section, key]).inserted else {
      throw INIFile.Fault(line: number)
    }
    let entry = Entry(key: key, value: stripped(line[line.index(after: cut)...]), line: number)
    if isInDefaults {
      defaults.append(entry)
    } else {
      sections[sections.count - 1].entries.append(entry)
    }
    continues = true
  }

  /// Adds to the value of the key above, if there is one.
  private mutating func add(_ text: String) {
    guard continues else { return }
    if isInDefaults {
      defaults[defaults.count - 1].value += text
    } else {
      let last = sections.count - 1
      sections[last].entries[sections[last].entries.count - 1].value += text
    }
  }
}

func stripped(_ text: some StringProtocol) -> String {
  var text = Substring(text)
  while let last = text.last, last.isWhitespace { text.removeLast() }
  while let first = text.first, first.isWhitespace { text.removeFirst() }
  return String(text)
}
