import Glibc
import JMESPath
import Lessons
import OrderedJSON

/// What one expectation came to.
struct ExpectationFinding: Hashable, Sendable {
  var holds: Bool
  /// What had to hold: `Rules[0].SSEAlgorithm is "aws:kms"`.
  var expected: String
  /// What was there.
  var found: String
}

extension Expectation {
  /// Looks at an answer. `lookup` gives the values of `${NAME}`.
  ///
  /// - Throws: `CheckProblem` if the path is no JMESPath or names a variable without a value.
  func finding(in answer: JSON, _ lookup: (String) -> String?) throws(CheckProblem) -> ExpectationFinding {
    let value = try selected(from: answer, lookup)
    let subject = path ?? "the answer"
    func result(_ holds: Bool, _ expected: String) -> ExpectationFinding {
      ExpectationFinding(holds: holds, expected: "\(subject) \(expected)", found: excerpt(value))
    }
    switch comparison {
    case .equals(let wanted):
      let wanted = try expanded(wanted, lookup)
      return result(alike(value, wanted), "is \(excerpt(wanted.json))")
    case .notEquals(let unwanted):
      let unwanted = try expanded(unwanted, lookup)
      return result(!alike(value, unwanted), "is not \(excerpt(unwanted.json))")
    case .contains(let part):
      let part = try expanded(part, lookup)
      return result(contains(value, part), "contains \(excerpt(part.json))")
    case .exists(true): return result(value != .null, "is there")
    case .exists(false): return result(value == .null, "is not there")
    case .notEmpty: return result(!isHollow(value), "is not empty")
    case .count(let count):
      return result(size(of: value) == count, "has \(count) \(count == 1 ? "entry" : "entries")")
    case .matches(let pattern):
      return result(try matches(value.string ?? "", pattern), "matches \(pattern)")
    case .hasMember(let name, let wanted):
      let wanted: LessonValue? = if let wanted { try expanded(wanted, lookup) } else { nil }
      let holds = hasMember(value, name) { member in wanted.map { alike(member, $0) } ?? true }
      return result(holds, "has \"\(name)\"" + (wanted.map { ": \(excerpt($0.json))" } ?? ""))
    }
  }

  private func selected(from answer: JSON, _ lookup: (String) -> String?) throws(CheckProblem) -> JSON {
    guard let path else { return answer }
    guard case .string(let text) = try expanded(.string(path), lookup) else { return answer }
    do {
      return try JMESPathExpression(text).search(answer)
    } catch {
      throw .path(text, reason: error.message)
    }
  }
}

/// Why a question cannot be put or its answer not be read.
enum CheckProblem: Error, Hashable {
  case unset(String)
  case path(String, reason: String)
  case pattern(String)
  case call(String, message: String, hint: String)
}

func expanded(_ value: LessonValue, _ lookup: (String) -> String?) throws(CheckProblem) -> LessonValue {
  do {
    return try value.expanded(lookup)
  } catch {
    throw .unset(error.name)
  }
}

extension LessonValue {
  /// The value as JSON. A number that JSON cannot write stays a string.
  var json: JSON {
    switch self {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let text): (try? JSON.parse(text)) ?? .string(text)
    case .string(let text): .string(text)
    case .list(let elements): .array(elements.map(\.json))
    case .map(let members):
      .object(members.reduce(into: JSONObject()) { $0[$1.key] = $1.value.json })
    }
  }
}

/// Equal as JSON; a string, which may have been a variable, also equals a number or boolean written alike.
private func alike(_ value: JSON, _ wanted: LessonValue) -> Bool {
  if value == wanted.json { return true }
  guard case .string(let text) = wanted else {
    if case .number(let text) = wanted { return value.double.map { $0 == Double(text) } ?? false }
    return false
  }
  switch value {
  case .number, .bool: return value.text() == text
  default: return false
  }
}

private func contains(_ value: JSON, _ part: LessonValue) -> Bool {
  switch value {
  case .array(let elements): elements.contains { alike($0, part) }
  case .string(let text): part.scalar.map { text.contains($0) } ?? false
  case .object(let object): part.scalar.map { object[$0] != nil } ?? false
  default: false
  }
}

/// Nothing in it: null, `""`, or lists and objects that hold only such.
func isHollow(_ value: JSON) -> Bool {
  switch value {
  case .null: true
  case .string(let text): text.isEmpty
  case .array(let elements): elements.allSatisfy(isHollow)
  case .object(let object): object.allSatisfy { isHollow($0.value) }
  default: false
  }
}

private func size(of value: JSON) -> Int? {
  switch value {
  case .array(let elements): elements.count
  case .object(let object): object.reduce(0) { count, _ in count + 1 }
  case .string(let text): text.count
  default: nil
  }
}

private func hasMember(_ value: JSON, _ name: String, _ isWanted: (JSON) -> Bool) -> Bool {
  switch value {
  case .array(let elements): elements.contains { hasMember($0, name, isWanted) }
  case .object(let object):
    object.contains { ($0.key == name && isWanted($0.value)) || hasMember($0.value, name, isWanted) }
  default: false
  }
}

/// POSIX extended regular expressions, by the C library.
private func matches(_ text: String, _ pattern: String) throws(CheckProblem) -> Bool {
  var expression = regex_t()
  guard regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) == 0 else { throw .pattern(pattern) }
  defer { regfree(&expression) }
  return regexec(&expression, text, 0, nil, 0) == 0
}

/// A value short enough for one line of a verdict.
private func excerpt(_ value: JSON) -> String {
  if value == .null { return "nothing" }
  let text = value.text()
  return text.count <= 160 ? text : text.prefix(157) + "..."
}
