import CYAML
import OrderedJSON

/// Writes values as `--output yaml` shows them: block style, keys sorted, lines folded at 80 columns.
///
/// libyaml's emitter chooses the style of every scalar, as it does for the AWS CLI; what is told here is which texts
/// must not be written plain because YAML 1.2 would read them as something else.
enum YAMLWriter {
  /// A document that ends with a line feed.
  ///
  /// - Throws: `CommandFailure` where the emitter refuses, which well-formed text does not make it do.
  static func text(_ value: JSON) throws(CommandFailure) -> String {
    // A bare scalar would need `...` behind it in YAML; JSON is YAML and does not.
    switch value {
    case .object, .array: break
    default: return value.text() + "\n"
    }
    let gathered = Gathered()
    let isWritten = withExtendedLifetime(gathered) { emit(value, into: gathered) }
    guard isWritten else { throw .plain("The result cannot be written as YAML.") }
    return String(decoding: gathered.bytes, as: UTF8.self)
  }

  /// Where libyaml's output lands; touched only while `emit` runs.
  private final class Gathered {
    var bytes: [UInt8] = []
  }

  private static func emit(_ value: JSON, into gathered: Gathered) -> Bool {
    var emitter = yaml_emitter_t()
    guard yaml_emitter_initialize(&emitter) == 1 else { return false }
    defer { yaml_emitter_delete(&emitter) }
    yaml_emitter_set_unicode(&emitter, 1)
    yaml_emitter_set_encoding(&emitter, YAML_UTF8_ENCODING)
    yaml_emitter_set_output(
      &emitter,
      { data, buffer, size in
        guard let data, let buffer else { return 0 }
        let gathered = Unmanaged<Gathered>.fromOpaque(data).takeUnretainedValue()
        gathered.bytes += UnsafeBufferPointer(start: buffer, count: size)
        return 1
      }, Unmanaged.passUnretained(gathered).toOpaque())
    var event = yaml_event_t()
    func send(_ isMade: Int32) -> Bool { isMade == 1 && yaml_emitter_emit(&emitter, &event) == 1 }

    func scalar(_ text: String, tag: String, plain: Bool, quoted: Bool) -> Bool {
      var bytes = Array(text.utf8)
      var tagBytes = Array("tag:yaml.org,2002:\(tag)".utf8) + [0]
      // A null pointer would mean that there is no value.
      if bytes.isEmpty { bytes.reserveCapacity(1) }
      return bytes.withUnsafeMutableBufferPointer { value in
        tagBytes.withUnsafeMutableBufferPointer { tag in
          var empty: UInt8 = 0
          return withUnsafeMutablePointer(to: &empty) { nothing in
            send(
              yaml_scalar_event_initialize(
                &event, nil, tag.baseAddress, value.isEmpty ? nothing : value.baseAddress,
                Int32(clamping: value.count), plain ? 1 : 0, quoted ? 1 : 0, YAML_ANY_SCALAR_STYLE))
          }
        }
      }
    }

    func node(_ value: JSON) -> Bool {
      switch value {
      case .null: return scalar("null", tag: "null", plain: true, quoted: false)
      case .bool(let flag): return scalar(flag ? "true" : "false", tag: "bool", plain: true, quoted: false)
      case .number(let number):
        let isWhole = number.isInteger
        return scalar(number.text.lowercased(), tag: isWhole ? "int" : "float", plain: true, quoted: false)
      case .string(let text): return scalar(text, tag: "str", plain: YAMLScalar.isText(text), quoted: true)
      case .array(let values):
        guard send(yaml_sequence_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE))
        else {
          return false
        }
        for value in values where !node(value) { return false }
        return send(yaml_sequence_end_event_initialize(&event))
      case .object(let members):
        guard send(yaml_mapping_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE)) else {
          return false
        }
        for key in members.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
          guard node(.string(key)), node(members[key] ?? .null) else { return false }
        }
        return send(yaml_mapping_end_event_initialize(&event))
      }
    }

    return send(yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING))
      && send(yaml_document_start_event_initialize(&event, nil, nil, nil, 1)) && node(value)
      && send(yaml_document_end_event_initialize(&event, 1)) && send(yaml_stream_end_event_initialize(&event))
  }
}
