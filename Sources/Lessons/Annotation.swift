/// What an HTML comment tells Cairn: `<!-- keyword: ... -->`. Any other comment is the author's own affair.
struct Annotation {
  enum Keyword: String, CaseIterable {
    /// YAML: a question to the live account.
    case check
    /// Text: what the presenter says.
    case note
    /// Text: help, shown when asked for.
    case hint
    /// YAML: the id and kind of the section it stands in.
    case section
  }

  var keyword: Keyword
  /// What follows the colon, as it stands.
  var body: String
  /// The line of the file that holds the first line of `body`.
  var bodyLine: Int
  /// The lines of the whole comment.
  var lines: ClosedRange<Int>

  /// Other tools' names for the same thing.
  private static let synonyms = ["speaker_note": Keyword.note, "speaker note": .note]

  init?(_ comment: MarkdownReader.Comment) {
    let text = comment.text
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let word = text[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let keyword = Keyword(rawValue: word) ?? Self.synonyms[word] else { return nil }
    self.keyword = keyword
    body = String(text[text.index(after: colon)...])
    bodyLine = comment.line + text[..<colon].count { $0 == "\n" }
    lines = comment.line...(comment.line + text.count { $0 == "\n" })
  }

  /// The body as text: without the blanks around it and the indentation its lines share. A first line of `|`, which
  /// YAML would want, is taken for what it means.
  var text: String {
    var lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last?.isWhitespace == true { line.removeLast() }
      return line
    }
    if let first = lines.first {
      let head = first.drop(while: \.isWhitespace)
      lines[0] = head == "|" ? "" : head
    }
    let indents = lines.dropFirst().filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }
    let shared = indents.min() ?? 0
    var result = lines.enumerated().map { $0 == 0 ? $1 : $1.dropFirst(shared) }[...]
    while result.first?.isEmpty == true { result.removeFirst() }
    while result.last?.isEmpty == true { result.removeLast() }
    return result.joined(separator: "\n")
  }

  /// The body as YAML, with lines counted in the lesson's file.
  func yaml() throws(YAMLReader.Problem) -> LessonValue {
    // The blanks that follow the colon would count as indentation of a value on its line.
    var rest = Substring(body)
    var line = bodyLine
    while let end = rest.firstIndex(of: "\n"), rest[..<end].allSatisfy(\.isWhitespace) {
      rest = rest[rest.index(after: end)...]
      line += 1
    }
    return try YAMLReader.read(String(rest), firstLine: line)
  }
}
