import Wire

/// One thing wrong with an input, in botocore's words.
package struct ValidationProblem: Hashable, Sendable, CustomStringConvertible {
  /// `Tags[0].TagKey`; `input` for the whole.
  package var path: String
  /// The whole sentence: `Missing required parameter in input: "KeyId"`.
  package var message: String
  package var description: String { message }
}

extension Operation {
  /// What is wrong with `input`, in botocore's words and order; empty if nothing is.
  ///
  /// Checked are names, types, required members and minima. Maxima, patterns and enumerations are the service's to
  /// judge: botocore leaves them to it, since models lag behind.
  package func validate(_ input: Value) -> [ValidationProblem] {
    guard let shape = self.input else {
      guard let fields = input.object, !fields.isEmpty else { return [] }
      return fields.names.map {
        ValidationProblem(path: "input", message: "Unknown parameter in input: \"\($0)\", must be one of: ")
      }
    }
    var validator = Validator()
    validator.check(input, shape, isHostLabel: false, path: "", depth: 0)
    return validator.problems
  }
}

extension Shape {
  /// What is wrong with `value` as a value of this shape, such as an answer that somebody made up.
  package func validate(_ value: Value) -> [ValidationProblem] {
    var validator = Validator()
    validator.check(value, self, isHostLabel: false, path: "", depth: 0)
    return validator.problems
  }
}

private struct Validator {
  var problems: [ValidationProblem] = []

  mutating func check(_ value: Value, _ shape: Shape, isHostLabel: Bool, path: String, depth: Int) {
    guard depth < 256 else {
      return report(path, "Invalid parameter \(shown(path)): it is nested too deeply")
    }
    if shape.isDocument { return }
    switch (shape.kind, value) {
    case (.structure, .object(let fields)): checkStructure(fields, shape, path, depth)
    case (.list, .list(let items)):
      checkLength(items.count, shape, isHostLabel, path)
      guard let element = shape.element else { return }
      for (index, item) in items.enumerated() {
        check(item, element.shape, isHostLabel: false, path: "\(path)[\(index)]", depth: depth + 1)
      }
    case (.map, .object(let fields)):
      guard let key = shape.key, let element = shape.value else { return }
      for field in fields {
        check(
          .string(field.name), key.shape, isHostLabel: false, path: "\(path) (key: \(field.name))",
          depth: depth + 1)
        check(field.value, element.shape, isHostLabel: false, path: "\(path).\(field.name)", depth: depth + 1)
      }
    case (.string, .string(let text)): checkLength(text.unicodeScalars.count, shape, isHostLabel, path)
    case (.integer, .integer(let number)), (.long, .integer(let number)):
      checkRange(Double(number), String(number), shape, path)
    case (.float, .integer(let number)), (.double, .integer(let number)):
      checkRange(Double(number), String(number), shape, path)
    case (.float, .double(let number)), (.double, .double(let number)):
      checkRange(number, value.pythonText, shape, path)
    // Python's booleans are whole numbers.
    case (.boolean, .bool), (.integer, .bool), (.long, .bool): break
    case (.blob, .blob), (.blob, .string): break
    case (.timestamp, .timestamp), (.timestamp, .integer), (.timestamp, .double): break
    case (.timestamp, .string(let text)) where Timestamp(parsing: text) != nil: break
    default:
      report(
        path,
        "Invalid type for parameter \(shown(path)), value: \(value.pythonText), type: \(value.pythonType), "
          + "valid types: \(validTypes(shape.kind))")
    }
  }

  private mutating func checkStructure(_ fields: Fields, _ shape: Shape, _ path: String, _ depth: Int) {
    let names = shape.members.map(\.name).joined(separator: ", ")
    if shape.isUnion {
      if fields.isEmpty {
        report(path, "Must set one of the following keys for tagged unionstructure \(shown(path)): \(names).")
      } else if fields.count > 1 {
        report(
          path,
          "Invalid number of parameters set for tagged union structure \(shown(path)). "
            + "Can only set one of the following keys: \(names).")
      }
    }
    for name in shape.requiredMembers where fields[name] == nil {
      report(path, "Missing required parameter in \(shown(path)): \"\(name)\"")
    }
    for field in fields where shape.member(field.name) == nil {
      report(path, "Unknown parameter in \(shown(path)): \"\(field.name)\", must be one of: \(names)")
    }
    for field in fields {
      guard let member = shape.member(field.name), !(member.isJSONValue && member.location == .header) else {
        continue
      }
      check(
        field.value, member.shape, isHostLabel: member.isHostLabel, path: "\(path).\(field.name)",
        depth: depth + 1)
    }
  }

  private mutating func checkLength(_ count: Int, _ shape: Shape, _ isHostLabel: Bool, _ path: String) {
    // What becomes part of the host must not be empty, whatever the shape says.
    let least = shape.minimum ?? (isHostLabel ? 1 : -.infinity)
    guard Double(count) < least else { return }
    report(
      path,
      "Invalid length for parameter \(shown(path)), value: \(count), valid min length: \(shape.minimumText ?? "1")"
    )
  }

  private mutating func checkRange(_ number: Double, _ text: String, _ shape: Shape, _ path: String) {
    guard let least = shape.minimum, number < least else { return }
    report(
      path,
      "Invalid value for parameter \(shown(path)), value: \(text), valid min value: \(shape.minimumText ?? "")"
    )
  }

  private mutating func report(_ path: String, _ message: String) {
    problems.append(ValidationProblem(path: shown(path), message: message))
  }

  private func shown(_ path: String) -> String {
    path.isEmpty ? "input" : path.hasPrefix(".") ? String(path.dropFirst()) : path
  }

  private func validTypes(_ kind: Kind) -> String {
    switch kind {
    case .structure, .map: "<class 'dict'>"
    case .list: "<class 'list'>, <class 'tuple'>"
    case .string: "<class 'str'>"
    case .integer, .long: "<class 'int'>"
    case .float, .double: "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>"
    case .boolean: "<class 'bool'>"
    case .blob: "<class 'bytes'>, <class 'bytearray'>, file-like object"
    case .timestamp: "<class 'datetime.datetime'>, timestamp-string"
    }
  }
}

extension Value {
  /// The name of the Python type that botocore would have been given.
  fileprivate var pythonType: String {
    switch self {
    case .null: "<class 'NoneType'>"
    case .bool: "<class 'bool'>"
    case .integer: "<class 'int'>"
    case .double: "<class 'float'>"
    case .string: "<class 'str'>"
    case .blob: "<class 'bytes'>"
    case .timestamp: "<class 'datetime.datetime'>"
    case .list: "<class 'list'>"
    case .object: "<class 'dict'>"
    }
  }

  /// As Python's `str` shows it.
  fileprivate var pythonText: String {
    if case .string(let text) = self { text } else { pythonRepresentation }
  }

  /// As Python's `repr` shows it.
  private var pythonRepresentation: String {
    switch self {
    case .null: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .integer(let number): String(number)
    case .double(let number):
      number.isNaN ? "nan" : number.isInfinite ? (number < 0 ? "-inf" : "inf") : number.description
    case .string(let text): quoted(text)
    case .blob(let bytes): "b" + quoted(String(decoding: bytes, as: UTF8.self))
    case .timestamp(let time): time.isoformat
    case .list(let items): "[" + items.map(\.pythonRepresentation).joined(separator: ", ") + "]"
    case .object(let fields):
      "{" + fields.map { "\(quoted($0.name)): \($0.value.pythonRepresentation)" }.joined(separator: ", ")
        + "}"
    }
  }

  private func quoted(_ text: String) -> String {
    let mark: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var out = String(mark)
    for character in text {
      switch character {
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case mark: out += "\\\(character)"
      default: out.append(character)
      }
    }
    return out + String(mark)
  }
}
