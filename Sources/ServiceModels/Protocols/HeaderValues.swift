import OrderedJSON
import Wire

// Values that travel in headers.

/// The text of a value for a header; nil for an empty list, which is not sent.
func headerText(_ value: Value, _ member: Member) throws(ProtocolError) -> String? {
  if member.isJSONValue { return base64Encoded(Array(value.plainJSON.text().utf8)) }
  guard member.shape.kind == .list else { return try scalarText(value, member, timestamps: .rfc822) }
  guard case .list(let elements) = value, let element = member.shape.element else {
    throw .unfit(path: "", detail: "is \(value.kindName) where list is expected")
  }
  var texts: [String] = []
  for item in elements where item != .null {
    let text = try scalarText(item, element, timestamps: .rfc822)
    let needsQuotes = element.shape.kind == .string && text.utf8.contains { $0 == 0x22 || $0 == 0x2C }
    texts.append(needsQuotes ? quoted(text) : text)
  }
  return texts.isEmpty ? nil : texts.joined(separator: ",")
}

/// The value of a header's text.
func headerValue(_ text: String, _ member: Member) throws(ProtocolError) -> Value {
  if member.isJSONValue {
    guard let bytes = base64Decoded(text), let json = try? JSON.parse(bytes: bytes) else {
      throw .unfit(path: "", detail: "is no JSON in Base64")
    }
    return Value(document: json)
  }
  guard member.shape.kind == .list, let element = member.shape.element else {
    return try scalar(text, member)
  }
  let isDateList =
    element.shape.kind == .timestamp && (element.timestampFormat ?? .rfc822) == .rfc822
  var out: [Value] = []
  for item in isDateList ? datesOfList(text) : itemsOfList(text) { out.append(try scalar(item, element)) }
  return .list(out)
}

private func quoted(_ text: String) -> String {
  var out = "\""
  for character in text {
    if character == "\"" || character == "\\" { out.append("\\") }
    out.append(character)
  }
  return out + "\""
}

/// The items of a comma-separated list; commas in quotes do not separate (RFC 9110, section 5.6.1).
private func itemsOfList(_ text: String) -> [String] {
  var items: [String] = []
  var item = ""
  var isQuoted = false
  var wasQuoted = false
  var isEscaped = false
  func finish() {
    items.append(wasQuoted ? item : trimmedSpaces(item))
    item = ""
    wasQuoted = false
  }
  for character in text {
    if isEscaped {
      item.append(character)
      isEscaped = false
    } else if isQuoted, character == "\\" {
      isEscaped = true
    } else if character == "\"", isQuoted || item.allSatisfy({ $0 == " " || $0 == "\t" }) {
      if !isQuoted { item = "" }
      isQuoted.toggle()
      wasQuoted = true
    } else if character == ",", !isQuoted {
      finish()
    } else if !(wasQuoted && !isQuoted && (character == " " || character == "\t")) {
      item.append(character)
    }
  }
  finish()
  return items
}

/// HTTP dates hold a comma each: every second one separates.
private func datesOfList(_ text: String) -> [String] {
  let parts = text.split(separator: ",").map { trimmedSpaces(String($0)) }
  return stride(from: 0, to: parts.count - 1, by: 2).map { "\(parts[$0]), \(parts[$0 + 1])" }
}

private func trimmedSpaces(_ text: String) -> String {
  let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
  return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
}
