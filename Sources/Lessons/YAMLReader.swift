import CYAML

/// Reads the YAML of front matter and annotations into `LessonValue`s.
///
/// The core schema's scalars only; anchors, aliases and tags are refused: a lesson needs none of them, and without
/// them a document cannot grow beyond its text.
enum YAMLReader {
  struct Problem: Error, Hashable {
    /// One clause, without a full stop.
    var message: String
    var line: Int
    var column: Int
  }

  static let deepest = 24

  /// - Parameter firstLine: the line of the lesson's file that holds the first line of `text`.
  /// - Throws: `Problem`, with its place in the file.
  static func read(_ text: String, firstLine: Int) throws(Problem) -> LessonValue {
    var events: [Event] = []
    if let problem = scan(text, firstLine: firstLine, into: &events) { throw problem }
    var composer = Composer(events: events[...])
    guard !events.isEmpty else { return .null }
    return try composer.value(depth: 0)
  }

  fileprivate struct Event {
    enum Kind {
      case scalar(String, isPlain: Bool)
      case listStart, listEnd, mapStart, mapEnd
    }

    var kind: Kind
    var line: Int
    var column: Int
  }

  /// The events of the one document in `text`; what is wrong with it, if something is.
  private static func scan(_ text: String, firstLine: Int, into events: inout [Event]) -> Problem? {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      return Problem(message: "there is no memory to read it", line: firstLine, column: 1)
    }
    defer { yaml_parser_delete(&parser) }
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer -> Problem? in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var documents = 0
      var depth = 0
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
          return Problem(
            message: parser.problem.map { String(cString: $0) } ?? "it is no YAML",
            line: firstLine + Int(clamping: parser.problem_mark.line),
            column: 1 + Int(clamping: parser.problem_mark.column))
        }
        defer { yaml_event_delete(&event) }
        let line = firstLine + Int(clamping: event.start_mark.line)
        let column = 1 + Int(clamping: event.start_mark.column)
        func problem(_ message: String) -> Problem { Problem(message: message, line: line, column: column) }
        // Here and not only in the composer: libyaml takes quadratic time over what is nested without end.
        if event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT { depth += 1 }
        if event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT { depth -= 1 }
        if depth > deepest { return problem("it is nested too deeply") }
        switch event.type {
        case YAML_STREAM_END_EVENT: return nil
        case YAML_DOCUMENT_START_EVENT:
          documents += 1
          if documents > 1 { return problem("it holds more than one document") }
        case YAML_ALIAS_EVENT: return problem("aliases (*name) have no meaning here")
        case YAML_SCALAR_EVENT:
          let scalar = event.data.scalar
          if scalar.anchor != nil || scalar.tag != nil {
            return problem("anchors and tags have no meaning here")
          }
          let value = String(
            decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
          let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
          events.append(Event(kind: .scalar(value, isPlain: isPlain), line: line, column: column))
        case YAML_SEQUENCE_START_EVENT:
          let start = event.data.sequence_start
          if start.anchor != nil || start.tag != nil {
            return problem("anchors and tags have no meaning here")
          }
          events.append(Event(kind: .listStart, line: line, column: column))
        case YAML_MAPPING_START_EVENT:
          let start = event.data.mapping_start
          if start.anchor != nil || start.tag != nil {
            return problem("anchors and tags have no meaning here")
          }
          events.append(Event(kind: .mapStart, line: line, column: column))
        case YAML_SEQUENCE_END_EVENT: events.append(Event(kind: .listEnd, line: line, column: column))
        case YAML_MAPPING_END_EVENT: events.append(Event(kind: .mapEnd, line: line, column: column))
        default: break
        }
      }
    }
  }

  private struct Composer {
    var events: ArraySlice<Event>

    mutating func value(depth: Int) throws(Problem) -> LessonValue {
      guard let event = events.popFirst() else { return .null }
      // `scan` has refused what is deeper.
      guard depth <= YAMLReader.deepest else { return .null }
      switch event.kind {
      case .scalar(let text, let isPlain): return isPlain ? YAMLReader.plainScalar(text) : .string(text)
      case .listStart:
        var elements: [LessonValue] = []
        while let next = events.first {
          if case .listEnd = next.kind { break }
          elements.append(try value(depth: depth + 1))
        }
        events = events.dropFirst()
        return .list(elements)
      case .mapStart:
        var members: [LessonValue.Member] = []
        while let next = events.first {
          if case .mapEnd = next.kind { break }
          guard case .scalar(let key, _) = next.kind else {
            throw Problem(message: "a key must be a word", line: next.line, column: next.column)
          }
          events = events.dropFirst()
          if members.contains(where: { $0.key == key }) {
            throw Problem(message: "the key \"\(key)\" occurs twice", line: next.line, column: next.column)
          }
          members.append(LessonValue.Member(key: key, value: try value(depth: depth + 1), line: next.line))
        }
        events = events.dropFirst()
        return .map(members)
      case .listEnd, .mapEnd: return .null  // libyaml pairs them; never reached
      }
    }
  }

  /// An unquoted scalar by the core schema (YAML 1.2, 10.3.2).
  private static func plainScalar(_ text: String) -> LessonValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : Substring(text)
    guard let first = unsigned.utf8.first, (48...57).contains(first) || first == 46 else {
      return .string(text)
    }
    let isNumeric = unsigned.utf8.allSatisfy { (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }
    return isNumeric && Double(text) != nil ? .number(text) : .string(text)
  }
}
