import OrderedJSON

/// A value as Python's `str` writes it; jmespath.py's messages quote values so.
func pythonText(_ value: JSON) -> String {
  if case .string(let text) = value { text } else { pythonRepresentation(value) }
}

/// A value as Python's `repr` writes it: `{'a': [1, 'b', None, True]}`.
func pythonRepresentation(_ value: JSON) -> String {
  switch value {
  case .null: "None"
  case .bool(let value): value ? "True" : "False"
  case .number(let number): pythonNumber(number)
  case .string(let text): pythonRepresentation(text)
  case .array(let elements): "[" + elements.map(pythonRepresentation).joined(separator: ", ") + "]"
  case .object(let members):
    "{"
      + members.map { pythonRepresentation($0.key) + ": " + pythonRepresentation($0.value) }
      .joined(separator: ", ") + "}"
  }
}

private func pythonNumber(_ number: JSONNumber) -> String {
  let double = number.double
  if number.isInteger || double.isFinite { return number.text }
  return double.isNaN ? "nan" : double < 0 ? "-inf" : "inf"
}

private func pythonRepresentation(_ text: String) -> String {
  let scalars = text.unicodeScalars
  let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
  var out = String.UnicodeScalarView([quote])
  for scalar in scalars {
    switch scalar {
    case "\n": out.append(contentsOf: "\\n".unicodeScalars)
    case "\r": out.append(contentsOf: "\\r".unicodeScalars)
    case "\t": out.append(contentsOf: "\\t".unicodeScalars)
    case "\\", quote: out.append(contentsOf: ["\\", scalar])
    default:
      if isPrintable(scalar) {
        out.append(scalar)
      } else {
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        let hex = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: max(0, width - hex.utf8.count))
        out.append(contentsOf: "\\\(letter)\(zeros)\(hex)".unicodeScalars)
      }
    }
  }
  out.append(quote)
  return String(out)
}

/// Python's `str.isprintable`: neither "Other" nor "Separator" in the Unicode database, but the space is.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  if scalar == " " { return true }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
    .spaceSeparator:
    return false
  default: return true
  }
}

/// The name of a value's Python type, which some messages give.
func pythonTypeName(_ value: JSON) -> String {
  switch value {
  case .null: "NoneType"
  case .bool: "bool"
  case .number(let number): number.isInteger ? "int" : "float"
  case .string: "str"
  case .array: "list"
  case .object: "dict"
  }
}
