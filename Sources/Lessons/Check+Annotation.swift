extension Check {
  /// Reads a `check` annotation (`docs/LESSON-FORMAT.md`).
  ///
  /// - Parameter problems: takes everything that is wrong with it, by line of the file.
  /// - Returns: nil if it asks nothing that could be asked.
  init?(annotation value: LessonValue, lines: ClosedRange<Int>, problems: ProblemList) {
    guard let members = value.members else {
      problems.add("A check is a YAML mapping, such as \"call: kms DescribeKey\".", lines.lowerBound)
      return nil
    }
    let reader = CheckReader(problems: problems)
    reader.rejectUnknown(
      members, known: ["id", "title", "hint", "wait", "ask", "call", "command", "input", "let", "expect"])
    var queries: [CheckQuery] = []
    if let ask = members.first(where: { $0.key == "ask" }) {
      for other in members where ["call", "command", "input", "let", "expect"].contains(other.key) {
        problems.add("\"\(other.key)\" belongs into one of the questions of \"ask\".", other.line)
      }
      guard let questions = ask.value.elements, !questions.isEmpty else {
        problems.add("\"ask\" is a list of questions.", ask.line)
        return nil
      }
      for question in questions {
        guard let members = question.members else {
          problems.add("Each question of \"ask\" is a mapping with a \"call\" or a \"command\".", ask.line)
          continue
        }
        reader.rejectUnknown(members, known: ["call", "command", "input", "let", "expect"])
        if let query = reader.query(members, line: members.first?.line ?? ask.line) { queries.append(query) }
      }
    } else if let query = reader.query(members, line: members.first?.line ?? lines.lowerBound) {
      queries.append(query)
    }
    guard !queries.isEmpty else { return nil }
    self.init(
      id: value["id"]?.scalar ?? "", title: value["title"]?.scalar ?? "", queries: queries,
      patience: members.first { $0.key == "wait" }.flatMap { reader.patience($0) },
      hint: value["hint"]?.scalar ?? "",
      lines: lines)
  }
}

/// What is wrong with a check, sentence by sentence. A class: the readers of its parts add to the one list.
final class ProblemList {
  private(set) var items: [(message: String, line: Int)] = []

  func add(_ message: String, _ line: Int) { items.append((message, line)) }
}

private struct CheckReader {
  var problems: ProblemList

  private func report(_ message: String, _ line: Int) { problems.add(message, line) }

  static let operators = ["equals", "notEquals", "contains", "exists", "notEmpty", "count", "matches"]

  func rejectUnknown(_ members: [LessonValue.Member], known: [String]) {
    for member in members where !known.contains(member.key) {
      report("\"\(member.key)\" means nothing here; known are \(known.joined(separator: ", ")).", member.line)
    }
  }

  func query(_ members: [LessonValue.Member], line: Int) -> CheckQuery? {
    func member(_ key: String) -> LessonValue.Member? { members.first { $0.key == key } }
    let question: CheckQuery.Question
    if let call = member("call") {
      let words = call.value.scalar?.split(separator: " ").map(String.init) ?? []
      guard words.count == 2 else {
        report("\"call\" names a service and an operation, such as \"kms DescribeKey\".", call.line)
        return nil
      }
      let input = member("input")
      if let input, input.value.members == nil {
        report("\"input\" is a mapping of the operation's members.", input.line)
        return nil
      }
      question = .call(service: words[0], operation: words[1], input: input?.value ?? .map([]))
    } else if let command = member("command") {
      guard let text = command.value.scalar, text.hasPrefix("aws ") else {
        report(
          "\"command\" is an aws command, such as \"aws kms describe-key --key-id $KEY_ID\".", command.line)
        return nil
      }
      question = .command(text)
    } else {
      report("A check needs a \"call\" or a \"command\" to ask.", line)
      return nil
    }
    var captures: [CheckQuery.Capture] = []
    if let names = member("let") {
      for name in names.value.members ?? [] {
        guard isVariableName(name.key), let path = name.value.scalar else {
          report("\"let\" maps variable names to JMESPaths; \"\(name.key)\" does not.", name.line)
          continue
        }
        captures.append(CheckQuery.Capture(name: name.key, path: path))
      }
      if names.value.members == nil { report("\"let\" maps variable names to JMESPaths.", names.line) }
    }
    let lastLine = members.map(\.line).max() ?? line
    return CheckQuery(
      question: question, expectations: member("expect").map(expectations) ?? [], captures: captures,
      lines: line...max(line, lastLine))
  }

  /// One mapping, or a list of them.
  private func expectations(_ member: LessonValue.Member) -> [Expectation] {
    let items = member.value.members.map { [LessonValue.map($0)] } ?? member.value.elements ?? []
    if items.isEmpty { report("\"expect\" is a list of a path and an operator each.", member.line) }
    return items.compactMap { item in
      guard let members = item.members else {
        report("Each expectation is a mapping, such as {path: Account, exists: true}.", member.line)
        return nil
      }
      return expectation(members, line: members.first?.line ?? member.line)
    }
  }

  private func expectation(_ members: [LessonValue.Member], line: Int) -> Expectation? {
    rejectUnknown(members, known: ["path", "hint"] + Self.operators)
    let found = members.filter { Self.operators.contains($0.key) }
    guard let first = found.first, found.count == 1 else {
      report("An expectation has exactly one operator: \(Self.operators.joined(separator: ", ")).", line)
      return nil
    }
    guard let comparison = comparison(first) else { return nil }
    func text(_ key: String) -> String? { members.first { $0.key == key }?.value.scalar }
    return Expectation(path: text("path"), comparison: comparison, hint: text("hint") ?? "", line: line)
  }

  private func comparison(_ member: LessonValue.Member) -> Expectation.Comparison? {
    switch (member.key, member.value) {
    case ("equals", let value): return .equals(value)
    case ("notEquals", let value): return .notEquals(value)
    case ("contains", let value): return .contains(value)
    case ("exists", .bool(let wanted)): return .exists(wanted)
    case ("notEmpty", .bool(true)): return .notEmpty
    case ("count", .number(let text)):
      if let count = Int(text), count >= 0 { return .count(count) }
      report("\"count\" is a whole number.", member.line)
    case ("matches", let value):
      if let pattern = value.scalar { return .matches(pattern) }
      report("\"matches\" is an extended regular expression.", member.line)
    case ("count", _): report("\"count\" is a whole number.", member.line)
    case ("notEmpty", _): report("\"notEmpty\" is true or left out.", member.line)
    default: report("\"\(member.key)\" is true or false.", member.line)
    }
    return nil
  }

  /// `30m`, or `{every: 15s, for: 30m}`.
  func patience(_ member: LessonValue.Member) -> Patience? {
    let every = member.value["every"].map { $0.scalar.flatMap { duration($0) } } ?? Patience.usualInterval
    let length = (member.value.scalar ?? member.value["for"]?.scalar).flatMap { duration($0) }
    if let members = member.value.members { rejectUnknown(members, known: ["every", "for"]) }
    guard let every, let length, every > 0 else {
      report("\"wait\" is a time such as 30m, or {every: 15s, for: 30m}.", member.line)
      return nil
    }
    return Patience(every: every, duration: length)
  }
}

extension Patience {
  /// How often a check asks where nobody said.
  static let usualInterval: Double? = 15
}
