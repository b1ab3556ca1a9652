/// The INI dialect of `~/.aws/config` and `~/.aws/credentials`.
///
/// Rules are Python's `configparser` as botocore's `configloader.py` uses it: `[section]`, `key = value` or
/// `key: value`, `#` and `;` comments on lines of their own, indented lines continue a value; a value that
/// consists of continuation lines alone is itself a set of `key = value`.
package struct INIFile: Hashable, Sendable {
  package struct Section: Hashable, Sendable {
    /// As written between the brackets.
    package var name: String
    package var values: [String: String]
    /// Nested settings: `s3 =` and indented lines below.
    package var nested: [String: [String: String]]
  }

  package private(set) var sections: [Section] = []

  /// Where a file breaks the rules: a 1-based line.
  package struct Fault: Error, Hashable, Sendable {
    package var line: Int
  }

  package init() {}

  package init(_ text: String) throws(Fault) {
    var number = 0
    var key: String?
    for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let line = stripped(raw)
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if raw.first == " " || raw.first == "\t", let open = key, !sections.isEmpty {
        continueValue(open, line)
        continue
      }
      if line.hasPrefix("[") {
        guard let end = line.firstIndex(of: "]") else { throw Fault(line: number) }
        let name = stripped(line[line.index(after: line.startIndex)..<end])
        sections.append(Section(name: name, values: [:], nested: [:]))
        key = nil
        continue
      }
      guard !sections.isEmpty, let (name, value) = INIFile.assignment(line) else { throw Fault(line: number) }
      sections[sections.count - 1].values[name] = value
      key = name
    }
  }

  private mutating func continueValue(_ key: String, _ line: String) {
    let last = sections.count - 1
    if sections[last].values[key]?.isEmpty == true || sections[last].nested[key] != nil,
      let (name, value) = INIFile.assignment(line)
    {
      sections[last].nested[key, default: [:]][name] = value
    } else {
      sections[last].values[key, default: ""] += "\n" + line
    }
  }

  private static func assignment(_ line: String) -> (String, String)? {
    guard let cut = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
    let name = stripped(line[..<cut]).lowercased()
    guard !name.isEmpty else { return nil }
    return (name, stripped(line[line.index(after: cut)...]))
  }

  /// The section of that kind and name: `[profile x]`, `[services x]`, `[sso-session x]`; quotes around the name
  /// are allowed. Later sections of the same name win key by key.
  package func section(_ kind: String?, _ name: String) -> Section? {
    var found: Section?
    for section in sections where INIFile.matches(section.name, kind, name) {
      found = found ?? Section(name: section.name, values: [:], nested: [:])
      found?.values.merge(section.values) { $1 }
      found?.nested.merge(section.nested) { $1 }
    }
    return found
  }

  private static func matches(_ header: String, _ kind: String?, _ name: String) -> Bool {
    guard let kind else { return header == name }
    guard header.hasPrefix(kind), let blank = header.dropFirst(kind.count).first, blank.isWhitespace else {
      return false
    }
    let rest = stripped(header.dropFirst(kind.count))
    return rest == name || rest == "\"\(name)\"" || rest == "'\(name)'"
  }
}

func stripped(_ text: some StringProtocol) -> String {
  var text = Substring(text)
  while let last = text.last, last.isWhitespace { text.removeLast() }
  while let first = text.first, first.isWhitespace { text.removeFirst() }
  return String(text)
}
