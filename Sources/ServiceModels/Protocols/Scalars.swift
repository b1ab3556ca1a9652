import OrderedJSON
import Wire

// Scalars as text, for everything but JSON bodies: headers, labels, queries, forms and XML.

/// The text of a scalar, or an error that says what was given instead.
func scalarText(_ value: Value, _ member: Member, timestamps: TimestampFormat) throws(ProtocolError) -> String
{
  switch (member.shape.kind, value) {
  case (.timestamp, .timestamp(let time)): return timestampText(time, member.timestampFormat ?? timestamps)
  case (.blob, .blob(let bytes)): return base64Encoded(bytes)
  case (.blob, .string(let text)): return base64Encoded(Array(text.utf8))
  case (.boolean, .bool(let flag)): return flag ? "true" : "false"
  case (.integer, _), (.long, _):
    if let number = value.integer { return String(number) }
  case (.float, _), (.double, _):
    if let number = value.double { return numberText(value, number) }
  case (.string, .string(let text)): return text
  default: break
  }
  throw .unfit(path: "", detail: "is \(value.kindName) where \(member.shape.kind.rawValue) is expected")
}

/// A point in time in one of the three formats.
func timestampText(_ time: Timestamp, _ format: TimestampFormat) -> String {
  switch format {
  case .iso8601: time.iso8601
  case .rfc822: time.httpDate
  case .unixTimestamp: time.epochSeconds
  }
}

/// A number as Python prints it; the three that JSON cannot say by name.
private func numberText(_ value: Value, _ number: Double) -> String {
  if case .integer(let whole) = value { return String(whole) }
  return specialNumberName(number) ?? number.description
}

/// `NaN`, `Infinity`, `-Infinity`; nil for ordinary numbers.
func specialNumberName(_ number: Double) -> String? {
  number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : nil
}

/// Reads a number with those three names.
func readDouble(_ text: String) -> Double? {
  switch text {
  case "NaN": .nan
  case "Infinity": .infinity
  case "-Infinity": -.infinity
  default: Double(text)
  }
}

/// The scalar that `text` spells.
func scalar(_ text: String, _ member: Member) throws(ProtocolError) -> Value {
  let kind = member.shape.kind
  switch kind {
  case .string: return .string(text)
  case .boolean:
    switch text.lowercased() {
    case "true": return .bool(true)
    case "false": return .bool(false)
    default: break
    }
  case .integer, .long: if let number = Int64(text) { return .integer(number) }
  case .float, .double: if let number = readDouble(text) { return .double(number) }
  case .blob: if let bytes = base64Decoded(text) { return .blob(bytes) }
  case .timestamp: if let time = Timestamp(parsing: text) { return .timestamp(time) }
  case .list, .map, .structure: break
  }
  // What a model calls sensitive is in no message.
  let shown = member.isSensitive || member.shape.isSensitive ? "a text" : "\"\(text.prefix(80))\""
  throw .unfit(path: "", detail: "is \(shown) where \(kind.rawValue) is expected")
}

extension Value {
  /// What this is, for messages.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer: "integer"
    case .double: "double"
    case .string: "string"
    case .blob: "blob"
    case .timestamp: "timestamp"
    case .list: "list"
    case .object: "structure"
    }
  }
}

/// Runs `body` and puts `name` before the path of the error that it throws.
func within<T>(_ name: @autoclosure () -> String, _ body: () throws(ProtocolError) -> T) throws(ProtocolError)
  -> T
{
  do {
    return try body()
  } catch .unfit(let path, let detail) {
    let joint = path.isEmpty || path.hasPrefix("[") ? "" : "."
    throw .unfit(path: name() + joint + path, detail: detail)
  } catch {
    throw error
  }
}

/// The members of a structure that are given, each with its model; unknown ones are an error, `.null` is absent.
func givenMembers(_ value: Value, _ shape: Shape) throws(ProtocolError) -> [(member: Member, value: Value)] {
  guard case .object(let fields) = value else {
    throw .unfit(path: "", detail: "is \(value.kindName) where structure is expected")
  }
  var given: [(member: Member, value: Value)] = []
  given.reserveCapacity(fields.count)
  for field in fields {
    guard let member = shape.member(field.name) else {
      throw .unfit(path: field.name, detail: "is unknown to \(shape.name)")
    }
    if case .null = field.value { continue }
    given.append((member, field.value))
  }
  return given
}
