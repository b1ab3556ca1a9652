import ServiceModels
import Wire

/// Gives an input the types that only the shape knows: blobs and points in time. Everything else stays as it was
/// given, so that validation can name what does not fit.
struct InputTyping {
  /// Text for a blob is Base64 (the AWS CLI v2's default), or the bytes themselves.
  let takesBase64: Bool
  static let maximumDepth = 400

  func typed(_ value: Value, _ shape: Shape, depth: Int = 0) throws(CommandFailure) -> Value {
    guard depth < InputTyping.maximumDepth, !shape.isDocument else { return value }
    switch (shape.kind, value) {
    case (.structure, .object(let fields)):
      var result = fields
      for field in fields {
        guard let member = shape.member(field.name) else { continue }
        // A streaming blob is a path here; its bytes never pass through.
        if member.shape.kind == .blob, member.isStreaming || member.shape.isStreaming { continue }
        result[field.name] = try typed(field.value, member.shape, depth: depth + 1)
      }
      return .object(result)
    case (.map, .object(let fields)):
      guard let element = shape.value?.shape else { return value }
      var result = Fields()
      for field in fields { result[field.name] = try typed(field.value, element, depth: depth + 1) }
      return .object(result)
    case (.list, .list(let values)):
      guard let element = shape.element?.shape else { return value }
      var result: [Value] = []
      result.reserveCapacity(values.count)
      for item in values { result.append(try typed(item, element, depth: depth + 1)) }
      return .list(result)
    case (.blob, .string(let text)):
      return .blob(takesBase64 ? try decoded(text) : Array(text.utf8))
    case (.timestamp, .string(let text)):
      return Timestamp(parsing: text).map { .timestamp($0) } ?? value
    case (.timestamp, .integer(let seconds)): return .timestamp(Timestamp(seconds: Double(seconds)))
    case (.timestamp, .double(let seconds)): return .timestamp(Timestamp(seconds: seconds))
    default: return value
    }
  }

  /// Python's lenient `b64decode`: bytes outside the alphabet are passed over, the padding must be whole.
  private func decoded(_ text: String) throws(CommandFailure) -> [UInt8] {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw .plain("string argument should contain only ASCII characters")
    }
    var kept: [UInt8] = []
    var pads = 0
    for byte in text.utf8 {
      if byte == 0x3D {
        if kept.count % 4 >= 2 {
          pads += 1
          if kept.count % 4 + pads >= 4 { break }
        }
        continue
      }
      guard isBase64(byte) else { continue }
      kept.append(byte)
      pads = 0
    }
    guard (kept.count + pads) % 4 == 0, kept.count % 4 != 1 else {
      throw .plain("Invalid base64: \"\(text)\"")
    }
    return base64Decoded(String(decoding: kept, as: UTF8.self)) ?? []
  }

  private func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
    default: false
    }
  }
}
