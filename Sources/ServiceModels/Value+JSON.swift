import OrderedJSON
import Wire

extension Value {
  /// A document: JSON that no shape describes.
  package init(document json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .number(let number):
      self =
        number.isInteger ? number.int.map { .integer($0) } ?? .double(number.double) : .double(number.double)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(elements.map { Value(document: $0) })
    case .object(let members):
      self = .object(Fields(members.map { Fields.Field($0.key, Value(document: $0.value)) }))
    }
  }

  /// As the AWS CLI v2 prints it: timestamps ISO 8601 with their offset, blobs Base64, members in the order of
  /// the model where there is one. What does not fit its shape (a policy that was decoded, say) prints as it is.
  package func json(shape: Shape?) -> JSON {
    switch self {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .number(JSONNumber(number))
    case .double(let number):
      return specialNumberName(number).map { .string($0) } ?? .number(JSONNumber(number))
    case .string(let text): return .string(text)
    case .blob(let bytes): return .string(base64Encoded(bytes))
    case .timestamp(let time): return .string(time.isoformat)
    case .list(let elements):
      // A list where a structure is modelled holds the events of a stream.
      let item = shape?.element?.shape ?? (shape?.kind == .structure ? shape : nil)
      return .array(elements.map { $0.json(shape: item) })
    case .object(let fields):
      var out = JSONObject()
      if let shape, shape.kind == .structure, !shape.isDocument {
        for member in shape.members {
          if let value = fields[member.name] { out[member.name] = value.json(shape: member.shape) }
        }
        for field in fields where shape.member(field.name) == nil {
          out[field.name] = field.value.json(shape: nil)
        }
      } else {
        for field in fields { out[field.name] = field.value.json(shape: shape?.value?.shape) }
      }
      return .object(out)
    }
  }

  /// JSON without a shape: members in the order in which they stand.
  package var plainJSON: JSON { json(shape: nil) }

  /// Compact JSON text with the members of every object in ascending order: equal values, equal text.
  package static func canonicalText(_ value: Value) -> String { value.sorted.plainJSON.text() }

  private var sorted: Value {
    switch self {
    case .list(let elements): .list(elements.map(\.sorted))
    case .object(let fields):
      .object(
        Fields(
          fields.map { Fields.Field($0.name, $0.value.sorted) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }))
    default: self
    }
  }

  /// Reads what the AWS CLI takes as `--cli-input-json`: member names are the API's, blobs Base64, timestamps ISO 8601 or
  /// seconds. What does not fit (unknown members, null, other types) is kept as it is, so that `validate` names it.
  /// - Throws: `.unfit` for a blob that is not Base64, and for nesting deeper than 256.
  package init(json: JSON, shape: Shape) throws(ProtocolError) {
    self = try Value.read(json, shape, depth: 0)
  }

  private static func read(_ json: JSON, _ shape: Shape, depth: Int) throws(ProtocolError) -> Value {
    guard depth < 256 else { throw .unfit(path: "", detail: "is nested too deeply") }
    switch (shape.kind, json) {
    case (.structure, .object(let members)) where !shape.isDocument:
      var fields: [Fields.Field] = []
      for (key, value) in members {
        guard let member = shape.member(key) else {
          fields.append(Fields.Field(key, Value(document: value)))
          continue
        }
        fields.append(
          Fields.Field(
            key,
            try within(key) { () throws(ProtocolError) in try read(value, member.shape, depth: depth + 1) }))
      }
      return .object(Fields(fields))
    case (.list, .array(let elements)):
      guard let element = shape.element?.shape else { return Value(document: json) }
      var out: [Value] = []
      for (index, item) in elements.enumerated() {
        out.append(
          try within("[\(index)]") { () throws(ProtocolError) in try read(item, element, depth: depth + 1) })
      }
      return .list(out)
    case (.map, .object(let members)):
      guard let element = shape.value?.shape else { return Value(document: json) }
      var fields: [Fields.Field] = []
      for (key, value) in members {
        fields.append(
          Fields.Field(
            key, try within(key) { () throws(ProtocolError) in try read(value, element, depth: depth + 1) }))
      }
      return .object(Fields(fields))
    case (.timestamp, .string(let text)):
      return Timestamp(parsing: text).map { .timestamp($0) } ?? .string(text)
    case (.timestamp, .number(let number)): return .timestamp(Timestamp(seconds: number.double))
    case (.blob, .string(let text)):
      guard let bytes = base64Decoded(text) else { throw .unfit(path: "", detail: "is not Base64") }
      return .blob(bytes)
    case (.float, .number(let number)), (.double, .number(let number)): return .double(number.double)
    default: return Value(document: json)
    }
  }
}
