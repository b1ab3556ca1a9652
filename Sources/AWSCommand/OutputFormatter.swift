import JMESPath
import OrderedJSON

/// Prints a result in one of the CLI's formats.
enum OutputFormatter {
  /// The text for a whole result; empty if there is nothing to print.
  ///
  /// - Parameter isPage: one of several; only streamed YAML tells them apart.
  /// - Throws: `CommandFailure` for a format that nobody knows, or where the query fails.
  static func text(
    _ result: JSON, format: String, isPage: Bool = false, query: JMESPathExpression?, title: String,
    columns: Int
  ) throws(CommandFailure) -> String {
    let shown = try queried(result, query)
    switch format {
    case "json":
      // An operation without output prints nothing.
      if case .object(let members) = shown, members.isEmpty { return "" }
      return shown.text(indent: 4) + "\n"
    case "text": return TextFormat.text(shown)
    case "table": return try TableFormat.text(shown, title: title, columns: columns)
    case "yaml", "yaml-stream":
      if !isPage, case .object(let members) = shown, members.isEmpty { return "" }
      return try YAMLWriter.text(format == "yaml" ? shown : .array([shown]))
    case "off": return ""
    default: throw .plain("Unknown output type: \(format)")
    }
  }

  static func queried(_ result: JSON, _ query: JMESPathExpression?) throws(CommandFailure) -> JSON {
    guard let query else { return result }
    do {
      return try query.search(result)
    } catch {
      throw .plain(error.message)
    }
  }
}

/// A scalar as Python's `str()` writes it.
func pythonText(_ value: JSON) -> String {
  switch value {
  case .null: "None"
  case .bool(let flag): flag ? "True" : "False"
  case .number(let number): number.text
  case .string(let text): text
  case .array, .object: pythonLiteral(value)
  }
}

/// A value as Python's `repr()` writes it.
private func pythonLiteral(_ value: JSON) -> String {
  switch value {
  case .string(let text): pythonQuoted(text)
  case .array(let values): "[" + values.map { pythonLiteral($0) }.joined(separator: ", ") + "]"
  case .object(let members):
    "{" + members.map { "\(pythonQuoted($0.key)): \(pythonLiteral($0.value))" }.joined(separator: ", ") + "}"
  default: pythonText(value)
  }
}
