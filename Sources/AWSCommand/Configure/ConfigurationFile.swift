/// The text of `~/.aws/config` or `~/.aws/credentials`, changed line by line: comments, blank lines, order and the
/// spelling of other keys stay.
///
/// Where a new key lands is the AWS CLI's rule: behind the last option of its section, or at the end of the file where
/// the section is the last.
struct ConfigurationFile {
  struct Entry: Hashable {
    var key: String
    var value: String
    /// The key within a nested setting: `s3 =` and indented lines.
    var nested: String?

    init(_ key: String, _ value: String, nested: String? = nil) {
      self.key = key
      self.value = value
      self.nested = nested
    }

    var lines: [String] {
      nested.map { ["\(key) =", "    \($0) = \(value)"] } ?? ["\(key) = \(value)"]
    }
  }

  /// Without their line ends.
  private var lines: [String]
  private var endsWithNewline: Bool

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    endsWithNewline = lines.last?.isEmpty ?? true
    if endsWithNewline, !lines.isEmpty { lines.removeLast() }
  }

  var text: String { lines.map { $0 + "\n" }.joined() }

  /// Sets the entries in a section, which is made if it is not there.
  mutating func update(_ section: String, _ entries: [Entry]) {
    guard let start = lines.firstIndex(where: { ConfigurationFile.isHeader($0, section) }) else {
      lines.append("[\(section)]")
      lines += entries.flatMap(\.lines)
      return
    }
    for entry in entries { set(entry, after: start) }
  }

  private mutating func set(_ entry: Entry, after start: Int) {
    let end = lines[(start + 1)...].firstIndex(where: { ConfigurationFile.header($0) != nil }) ?? lines.count
    var last = start
    for i in (start + 1)..<max(end, start + 1) {
      guard let found = ConfigurationFile.option(lines[i]) else { continue }
      last = i
      guard found.indent == 0, found.key == entry.key else { continue }
      if let nested = entry.nested {
        setNested(nested, entry.value, under: i, end: end)
      } else {
        lines[i] = entry.lines[0]
      }
      return
    }
    lines.insert(contentsOf: entry.lines, at: end == lines.count ? end : last + 1)
  }

  private mutating func setNested(_ key: String, _ value: String, under parent: Int, end: Int) {
    var last = parent
    for i in (parent + 1)..<max(end, parent + 1) {
      guard let found = ConfigurationFile.option(lines[i]) else { continue }
      if found.indent == 0 { break }
      last = i
      if found.key == key {
        lines[i] = String(repeating: " ", count: found.indent) + "\(key) = \(value)"
        return
      }
    }
    lines.insert("    \(key) = \(value)", at: last + 1)
  }

  // MARK: Lines

  private static func isHeader(_ line: String, _ section: String) -> Bool {
    guard let found = header(line) else { return false }
    if found == section { return true }
    // `[profile "a b"]` is the same section.
    guard let blank = section.firstIndex(of: " ") else { return false }
    return found == "\(section[..<blank]) \"\(section[section.index(after: blank)...])\""
  }

  /// What stands between the brackets.
  private static func header(_ line: String) -> String? {
    let text = line.drop(while: \.isWhitespace)
    guard text.first == "[", let end = text.firstIndex(of: "]") else { return nil }
    return String(text[text.index(after: text.startIndex)..<end])
  }

  private static func option(_ line: String) -> (key: String, indent: Int)? {
    let text = line.drop(while: { $0 == " " || $0 == "\t" })
    guard let first = text.first, first != "#", first != ";", first != "=", first != ":",
      let cut = text.firstIndex(where: { $0 == "=" || $0 == ":" })
    else { return nil }
    return (trimmed(text[..<cut]), line.count - text.count)
  }
}
