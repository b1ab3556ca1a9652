/// Reads the YAML between `---` and `---` at the head of a lesson.
///
/// - Returns: what it says, and the text with its lines blank, so that what follows keeps its line numbers.
func readFrontMatter(_ source: String, reporter: inout LessonReporter) -> (FrontMatter, String) {
  guard isFence(reporter.lines.first, "---"),
    let end = reporter.lines.indices.dropFirst().first(where: {
      isFence(reporter.lines[$0], "---") || isFence(reporter.lines[$0], "...")
    })
  else { return (FrontMatter(), source) }
  let yaml = reporter.lines[1..<end].joined(separator: "\n")
  let value: LessonValue
  do {
    value = try YAMLReader.read(yaml, firstLine: 2)
  } catch {
    // A rule between two paragraphs may look like front matter; only YAML makes it so.
    guard yaml.contains(":") else { return (FrontMatter(), source) }
    reporter.report(
      .error, "The front matter is no YAML: \(error.message).", line: error.line, column: error.column,
      hint: "Put values with special characters in quotes.")
    return (FrontMatter(), blanked(reporter.lines, through: end))
  }
  guard let members = value.members else {
    return (FrontMatter(), value == .null ? blanked(reporter.lines, through: end) : source)
  }
  var front = FrontMatter()
  for member in members { read(member, into: &front, reporter: &reporter) }
  return (front, blanked(reporter.lines, through: end))
}

private func read(_ member: LessonValue.Member, into front: inout FrontMatter, reporter: inout LessonReporter)
{
  func text() -> String? {
    if let text = member.value.scalar { return text }
    reporter.report(.error, "\"\(member.key)\" is a text.", line: member.line)
    return nil
  }
  func texts() -> [String] {
    if let text = member.value.scalar { return [text] }
    let texts = (member.value.elements ?? []).compactMap(\.scalar)
    if texts.isEmpty || texts.count != member.value.elements?.count {
      reporter.report(.error, "\"\(member.key)\" is a list of texts.", line: member.line)
    }
    return texts
  }
  switch member.key {
  case "id":
    front.id = text()
    if let id = front.id, id != Headings.slug(id) {
      front.id = Headings.slug(id)
      reporter.report(
        .warning, "The id \"\(id)\" is read as \"\(Headings.slug(id))\".", line: member.line,
        hint: "Use lower-case letters, digits, - and _.")
    }
  case "title": front.title = text()
  case "summary", "description": front.summary = text()
  case "region": front.region = text()
  case "minutes":
    front.minutes = member.value.scalar.flatMap { Int($0) }
    if front.minutes == nil { reporter.report(.error, "\"minutes\" is a whole number.", line: member.line) }
  case "cost": front.cost = text()
  case "services": front.services = texts()
  case "requires": front.requires = texts()
  default:
    reporter.report(
      .warning, "The front matter's \"\(member.key)\" means nothing to Cairn.", line: member.line,
      hint: "Known are id, title, summary, region, minutes, cost, services and requires.")
  }
}

private func isFence(_ line: Substring?, _ fence: String) -> Bool {
  guard let line, line.hasPrefix(fence) else { return false }
  return line.dropFirst(fence.count).allSatisfy(\.isWhitespace)
}

private func blanked(_ lines: [Substring], through end: Int) -> String {
  (lines.indices.map { $0 <= end ? "" : lines[$0] }).joined(separator: "\n") + "\n"
}
