import CYAML
import ServiceModels
import Wire

/// Reads the document of `--cli-input-yaml`: YAML 1.2's scalars, `!!binary`, anchors, merge keys.
///
/// Bounded: at most 200 levels, and at most 200,000 values once aliases are followed.
struct YAMLInput {
  struct Malformed: Error {}

  /// - Throws: `Malformed` for what is no YAML, holds two documents, names a key twice or a tag that is not known.
  static func read(_ text: String) throws(Malformed) -> Value {
    var events: [Event] = []
    guard scan(text, into: &events) else { throw Malformed() }
    guard !events.isEmpty else { return .null }
    var reader = YAMLInput(events: events[...])
    return try reader.value(depth: 0)
  }

  private static let deepest = 200

  private enum Event {
    case scalar(String, tag: String?, isPlain: Bool, anchor: String?)
    case listStart(anchor: String?), listEnd
    case mapStart(anchor: String?), mapEnd
    case alias(String)
  }

  private var events: ArraySlice<Event>
  private var anchored: [String: Value] = [:]
  private var budget = 200_000

  private init(events: ArraySlice<Event>) { self.events = events }

  // MARK: Values

  private mutating func value(depth: Int) throws(Malformed) -> Value {
    guard depth < YAMLInput.deepest, let event = events.popFirst() else { throw Malformed() }
    try spend(1)
    let result: Value
    let anchor: String?
    switch event {
    case .scalar(let text, let tag, let isPlain, let name):
      anchor = name
      result = try YAMLInput.scalar(text, tag, isPlain)
    case .alias(let name):
      guard let known = anchored[name] else { throw Malformed() }
      try spend(YAMLInput.size(known))
      return known
    case .listStart(let name):
      anchor = name
      result = .list(try list(depth))
    case .mapStart(let name):
      anchor = name
      result = .object(try map(depth))
    case .listEnd, .mapEnd: throw Malformed()
    }
    if let anchor { anchored[anchor] = result }
    return result
  }

  private mutating func list(_ depth: Int) throws(Malformed) -> [Value] {
    var values: [Value] = []
    while let next = events.first {
      if case .listEnd = next {
        events.removeFirst()
        return values
      }
      values.append(try value(depth: depth + 1))
    }
    throw Malformed()
  }

  private mutating func map(_ depth: Int) throws(Malformed) -> Fields {
    var fields = Fields()
    var merged: [Fields] = []
    while let next = events.first {
      if case .mapEnd = next {
        events.removeFirst()
        for other in merged {
          for field in other where fields[field.name] == nil { fields[field.name] = field.value }
        }
        return fields
      }
      var merges = false
      if case .scalar("<<", nil, true, _) = next { merges = true }
      let key = try value(depth: depth + 1)
      let item = try value(depth: depth + 1)
      if merges {
        switch item {
        case .object(let other): merged.append(other)
        case .list(let others): merged += others.compactMap(\.object)
        default: throw Malformed()
        }
        continue
      }
      guard let name = YAMLInput.name(key), fields[name] == nil else { throw Malformed() }
      fields[name] = item
    }
    throw Malformed()
  }

  private mutating func spend(_ count: Int) throws(Malformed) {
    budget -= count
    if budget < 0 { throw Malformed() }
  }

  private static func size(_ value: Value) -> Int {
    switch value {
    case .list(let values): values.reduce(1) { $0 + size($1) }
    case .object(let fields): fields.reduce(1) { $0 + size($1.value) }
    default: 1
    }
  }

  private static func name(_ key: Value) -> String? {
    switch key {
    case .string(let text): text
    case .integer(let number): String(number)
    case .bool(let flag): flag ? "True" : "False"
    case .null: "None"
    default: nil
    }
  }

  // MARK: Scalars

  private static func scalar(_ text: String, _ tag: String?, _ isPlain: Bool) throws(Malformed) -> Value {
    switch tag {
    case nil: return isPlain ? plain(text) : .string(text)
    case "!", "tag:yaml.org,2002:str": return .string(text)
    case "tag:yaml.org,2002:binary":
      guard let bytes = base64Decoded(text.filter { !$0.isWhitespace }) else { throw Malformed() }
      return .blob(bytes)
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
      "tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp":
      return plain(text)
    default: throw Malformed()
    }
  }

  private static func plain(_ text: String) -> Value {
    switch YAMLScalar(plain: text) {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .integer(let value): .integer(value)
    case .number(let value): .double(value)
    case .timestamp: time(text)
    case .special, .text: .string(text)
    }
  }

  /// A time of YAML's own forms, `2026-01-01 10:00:00 +1` among them; text where the calendar has no such day.
  private static func time(_ text: String) -> Value {
    let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "T" || $0 == "t" })
    let joined = words.count > 1 ? words[0] + "T" + words.dropFirst().joined() : text
    return Timestamp(parsing: joined).map { .timestamp($0) } ?? .string(text)
  }

  // MARK: Events

  private static func scan(_ text: String, into events: inout [Event]) -> Bool {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return false }
    defer { yaml_parser_delete(&parser) }
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var documents = 0
      var depth = 0
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return false }
        defer { yaml_event_delete(&event) }
        switch event.type {
        case YAML_STREAM_END_EVENT: return true
        case YAML_DOCUMENT_START_EVENT:
          documents += 1
          if documents > 1 { return false }
        case YAML_ALIAS_EVENT:
          guard let name = string(event.data.alias.anchor) else { return false }
          events.append(.alias(name))
        case YAML_SCALAR_EVENT:
          let scalar = event.data.scalar
          let value = String(
            decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
          events.append(
            .scalar(
              value, tag: string(scalar.tag), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
              anchor: string(scalar.anchor)))
        case YAML_SEQUENCE_START_EVENT:
          depth += 1
          events.append(.listStart(anchor: string(event.data.sequence_start.anchor)))
        case YAML_MAPPING_START_EVENT:
          depth += 1
          events.append(.mapStart(anchor: string(event.data.mapping_start.anchor)))
        case YAML_SEQUENCE_END_EVENT:
          depth -= 1
          events.append(.listEnd)
        case YAML_MAPPING_END_EVENT:
          depth -= 1
          events.append(.mapEnd)
        default: break
        }
        // Here and not only above: libyaml takes quadratic time over what is nested without end.
        if depth > deepest { return false }
      }
    }
  }

  private static func string(_ bytes: UnsafeMutablePointer<UInt8>?) -> String? {
    bytes.map { String(cString: $0) }
  }
}
