import AWSClient
import OrderedJSON
import ServiceModels
import Wire

/// Turns the words given for one option into a value of its member's shape.
///
/// Order and rules are the AWS CLI's: `file://` and `fileb://` first, then shorthand where the shape is complex
/// and the text does not begin like JSON, then JSON, then a scalar. Source: AWS CLI user guide, "Specifying
/// parameter values for the AWS CLI".
struct ParameterReader {
  let session: Session
  /// With the hyphens, for complaints.
  let option: String
  let member: Member

  private var shape: Shape { member.shape }

  /// The value for `words`; for everything but lists there is exactly one.
  func value(_ words: [String]) throws(CommandFailure) -> Value {
    // A single word may name a file that holds the whole value.
    if words.count == 1, let loaded = try loadFile(words[0]) {
      switch loaded {
      case .string(let text): return try read([text], isFile: true)
      default: return try read(bytes: loaded)
      }
    }
    return try read(words, isFile: false)
  }

  private func read(bytes value: Value) throws(CommandFailure) -> Value {
    guard shape.kind == .blob || shape.kind == .list, case .blob(let bytes) = value else {
      // Bytes for a text: they must be text.
      guard let bytes = value.blob, let text = String(validating: bytes, as: UTF8.self) else {
        throw .parsing(option, "the file's bytes are no text")
      }
      return try read([text], isFile: true)
    }
    return shape.kind == .list ? .list([.blob(bytes)]) : .blob(bytes)
  }

  private func read(_ words: [String], isFile: Bool) throws(CommandFailure) -> Value {
    if shape.isDocument { return Value(plain: try json(words.first ?? "")) }
    switch shape.kind {
    case .structure, .map, .list:
      return try complex(words, isFile: isFile)
    case .blob where member.isStreaming || shape.isStreaming:
      return try stream(words.first ?? "")
    case .string where member.isJSONValue:
      return .string(words.first ?? "")
    default:
      return try scalar(words.first ?? "", shape)
    }
  }

  // MARK: Lists, maps, structures

  private func complex(_ words: [String], isFile: Bool) throws(CommandFailure) -> Value {
    let first = words.first.map { trimmed($0) } ?? ""
    if !first.hasPrefix("["), !first.hasPrefix("{"), takesShorthand(shape) { return try shorthand(words) }
    guard shape.kind == .list else {
      let text = words.first ?? ""
      guard first.hasPrefix("{") else { throw .parsing(option, "Invalid JSON:\n\(text)") }
      return try Value(plain: json(text))
    }
    if words.count == 1 || isFile, first.hasPrefix("[") { return Value(plain: try json(words.first ?? "")) }
    guard let element = shape.element?.shape else { return .list([]) }
    var values: [Value] = []
    for word in words {
      switch element.kind {
      case .structure, .map, .list:
        if element.isDocument || trimmed(word).hasPrefix("{") || trimmed(word).hasPrefix("[") {
          values.append(Value(plain: try json(word)))
        } else {
          throw .parsing(option, "Invalid JSON:\n\(word)")
        }
      default: values.append(try scalar(word, element))
      }
    }
    return .list(values)
  }

  /// Structures, maps, and lists of these, unless they are documents.
  private func takesShorthand(_ shape: Shape) -> Bool {
    switch shape.kind {
    case .structure: !shape.isDocument
    case .map: !(shape.value?.shape.isDocument ?? false)
    case .list:
      shape.element.map { [.structure, .list, .map].contains($0.shape.kind) && takesShorthand($0.shape) }
        ?? false
    default: false
    }
  }

  private func shorthand(_ words: [String]) throws(CommandFailure) -> Value {
    // A structure whose only member is `Value` takes the bare word.
    if shape.kind == .structure, shape.members.count == 1, shape.members[0].name == "Value",
      shape.members[0].shape.kind == .string, let word = words.first, !word.contains("=")
    {
      return .object(["Value": .string(word)])
    }
    var parsed: [Value] = []
    for word in words {
      do throws(ShorthandError) {
        let value = try ShorthandParser.parse(word) { (path) throws(ShorthandError) -> Value? in
          do throws(CommandFailure) {
            return try loadFile(path)
          } catch {
            throw ShorthandError(message: error.text, isSyntax: false)
          }
        }
        parsed.append(value)
      } catch {
        if error.message.hasPrefix("\naws: ") { throw CommandFailure(text: error.message, exitCode: 252) }
        throw .parsing(option, error.message)
      }
    }
    let value: Value = shape.kind == .list ? .list(parsed) : parsed.first ?? .object(Fields())
    return try ShorthandModel.fitted(value, shape)
  }

  // MARK: Scalars and JSON

  private func scalar(_ text: String, _ shape: Shape) throws(CommandFailure) -> Value {
    switch shape.kind {
    case .integer, .long: return .integer(try integer(text))
    case .float, .double: return .double(try number(text))
    case .boolean: return .bool(text.lowercased() != "false" && !text.isEmpty)
    default: return .string(text)
    }
  }

  private func json(_ text: String) throws(CommandFailure) -> JSON {
    do {
      return try JSON.parse(text)
    } catch {
      throw .parsing(option, "Invalid JSON: \(error)\nJSON received: \(text)")
    }
  }

  /// A streaming blob is the path of a file, whose bytes are sent from the disk.
  private func stream(_ path: String) throws(CommandFailure) -> Value {
    let full = session.path(path)
    guard isRegularFile(full) else { throw .parsing(option, "Blob values must be a path to a file.") }
    return .string(full)
  }

  // MARK: Files

  /// What `file://` (text) or `fileb://` (bytes) names; nil for other words.
  func loadFile(_ word: String) throws(CommandFailure) -> Value? {
    let isBinary = word.hasPrefix("fileb://")
    guard isBinary || word.hasPrefix("file://") else { return nil }
    let given = expanded(String(word.dropFirst(isBinary ? 8 : 7)), session.context.environment)
    let bytes: [UInt8]
    do {
      bytes = try readFile(absolute(given, in: session.context.workingDirectory))
    } catch {
      throw .parsing(option, "Unable to load paramfile \(word): \(error.text(naming: given))")
    }
    if isBinary { return .blob(bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .parsing(
        option,
        "Unable to load paramfile (\(given)), text contents could not be decoded.  If this is a binary file, "
          + "please use the fileb:// prefix instead of the file:// prefix.")
    }
    return .string(text)
  }
}

/// A whole number as the CLI complains about it.
func integer(_ text: String) throws(CommandFailure) -> Int64 {
  guard let value = pythonInteger(text) else {
    throw .plain("invalid literal for int() with base 10: \(pythonQuoted(text))")
  }
  return value
}

func number(_ text: String) throws(CommandFailure) -> Double {
  guard let value = pythonFloat(text) else {
    throw .plain("could not convert string to float: \(pythonQuoted(text))")
  }
  return value
}

extension Value {
  /// JSON as it is, without a shape: no timestamps, no blobs.
  init(plain json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let value):
      if value.isInteger, let whole = value.int {
        self = .integer(whole)
      } else {
        self = .double(value.double)
      }
    case .string(let value): self = .string(value)
    case .array(let values): self = .list(values.map { Value(plain: $0) })
    case .object(let members):
      var fields = Fields()
      for (key, value) in members { fields[key] = Value(plain: value) }
      self = .object(fields)
    }
  }
}
