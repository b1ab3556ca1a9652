import JMESPath
import OrderedJSON
import ServiceModels
import Wire

/// A question to a document: a JMESPath expression, optionally cut down to what follows its last `after`
/// (the key id of a key's ARN).
package struct Expression: Sendable, Hashable {
  package var path: JMESPathExpression
  package var after: String?

  /// The value; nil if there is none, or the expression does not fit the document.
  package func value(in document: JSON) -> JSON? {
    guard let found = try? path.search(document), !found.isNull else { return nil }
    guard let after, let text = found.string else { return found }
    return .string(lastPart(of: text, after: after))
  }

  /// The value as text: a string itself, a number or boolean as JSON writes it.
  package func text(in document: JSON) -> String? {
    switch value(in: document) {
    case .string(let text)?: text.isEmpty ? nil : text
    case .number(let number)?: number.text
    case .bool(let flag)?: flag ? "true" : "false"
    default: nil
    }
  }

  /// Whether it holds: JMESPath's truth (null, false and the empty are false).
  package func holds(in document: JSON) -> Bool {
    guard let found = value(in: document) else { return false }
    switch found {
    case .bool(let flag): return flag
    case .string(let text): return !text.isEmpty
    case .array(let elements): return !elements.isEmpty
    case .object(let members): return !members.isEmpty
    case .number: return true
    case .null: return false
    }
  }
}

private func lastPart(of text: String, after separator: String) -> String {
  guard let mark = separator.last, separator.count == 1, let end = text.lastIndex(of: mark) else {
    return text
  }
  return String(text[text.index(after: end)...])
}

/// JSON in which strings that begin with `=` are expressions.
package indirect enum Template: Sendable, Hashable {
  case literal(JSON)
  case expression(Expression)
  case array([Template])
  case object([Field])

  package struct Field: Sendable, Hashable {
    package var name: String
    package var template: Template
  }

  /// The template filled in from `document`. Members whose expression has no value are left out.
  package func value(in document: JSON) -> Value {
    switch self {
    case .literal(let json): Value(plain: json)
    case .expression(let expression): expression.value(in: document).map(Value.init(plain:)) ?? .null
    case .array(let elements): .list(elements.map { $0.value(in: document) })
    case .object(let fields):
      .object(
        Fields(
          fields.compactMap { field in
            let value = field.template.value(in: document)
            return value == .null ? nil : Fields.Field(field.name, value)
          }))
    }
  }

  /// The names of the members at the top.
  package var memberNames: [String] {
    if case .object(let fields) = self { fields.map(\.name) } else { [] }
  }
}

extension Value {
  /// A value without a shape: whole numbers are integers, blobs and timestamps do not occur.
  package init(plain json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .number(let number): self = number.int.map(Value.integer) ?? .double(number.double)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map(Value.init(plain:)))
    case .object(let members):
      self = .object(Fields(members.map { Fields.Field($0.key, Value(plain: $0.value)) }))
    }
  }

  /// The value as expressions see it: timestamps in ISO 8601 (UTC), blobs only as their length.
  package var outline: JSON {
    switch self {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .number(JSONNumber(number))
    case .double(let number): return .number(JSONNumber(number))
    case .string(let text): return .string(text)
    case .blob(let bytes): return .string("(\(bytes.count) bytes)")
    case .timestamp(let time): return .string(time.iso8601)
    case .list(let elements): return .array(elements.map(\.outline))
    case .object(let fields): return .object(JSONObject(fields.map { ($0.name, $0.value.outline) }))
    }
  }

  /// The value at a dotted path of member names and list positions (`VpcEndpoints.0.State`); nil if there is
  /// none.
  package func at(_ path: String) -> Value? {
    var value = self
    for name in path.split(separator: ".") {
      if let list = value.list {
        guard let index = Int(name), list.indices.contains(index) else { return nil }
        value = list[index]
      } else {
        guard let member = value[String(name)] else { return nil }
        value = member
      }
    }
    return value
  }
}
