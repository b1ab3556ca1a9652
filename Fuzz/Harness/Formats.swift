import AWSClient
import Compression
import JMESPath
import OrderedJSON
import ShellSyntax
import SigV4
import Wire

@testable import AWSCommand
@testable import ServiceModels

/// Any bytes as XML. What was read, written and read again is the same, if its names may stand alone.
func readXML(_ bytes: borrowing [UInt8]) {
  guard let root = try? XMLParser.parse(copy bytes), hasPlainNames(root) else { return }
  var writer = XMLWriter()
  write(root, &writer)
  guard let again = try? XMLParser.parse(writer.bytes), isSame(root, again) else {
    broken("XML that was written reads back as it was")
  }
}

/// What is left of `a:1`, `a:` or `a:b:c` without its prefix is no name, or one with a prefix again.
private func hasPlainNames(_ element: XMLElement) -> Bool {
  let starts = element.name.utf8.first.map { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A } ?? false
  return starts && !element.name.utf8.contains(0x3A) && element.children.allSatisfy(hasPlainNames)
}

/// Character data first: the reader joins it, wherever it stood.
private func write(_ element: XMLElement, _ writer: inout XMLWriter) {
  writer.element(element.name) { writer in
    writer.text(element.text)
    for child in element.children { write(child, &writer) }
  }
}

private func isSame(_ a: XMLElement, _ b: XMLElement) -> Bool {
  a.name == b.name && a.text.utf8.elementsEqual(b.text.utf8) && a.children.count == b.children.count
    && zip(a.children, b.children).allSatisfy(isSame)
}

/// Any bytes as JSON. What was read, printed in either way and read again is the same.
func readJSON(_ bytes: borrowing [UInt8]) {
  guard let value = try? JSON.parse(bytes: copy bytes) else { return }
  for text in [value.text(), value.text(indent: 4), value.text(indent: nil, ensureASCII: true)] {
    guard let again = try? JSON.parse(text), again == value, again.hashValue == value.hashValue else {
      broken("JSON that was printed reads back as it was")
    }
  }
}

/// An expression, a line feed, and a document (without one: a fixed document).
func readJMESPath(_ bytes: borrowing [UInt8]) {
  let parts = (copy bytes).split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
  guard let expression = try? JMESPathExpression(String(decoding: parts[0], as: UTF8.self)) else { return }
  let document = parts.count > 1 ? try? JSON.parse(bytes: Array(parts[1])) : nil
  _ = try? expression.search(document ?? sampleDocument).text()
}

private let sampleDocument: JSON = [
  "a": [
    ["b": 1, "c": "x", "d": [1, 2.5, nil, true]], ["b": -9_223_372_036_854_775_807, "c": "é", "d": []],
  ],
  "b": ["x": 1e308, "y": "2026-11-23", "z": nil], "c": "", "d": [3, 1, 2], "e": ["q", "p", ""], "f": false,
]

/// Any text as a configuration file; every section is looked up by what it is called.
func readINI(_ bytes: borrowing [UInt8]) {
  guard let file = try? INIFile(String(decoding: copy bytes, as: UTF8.self)) else { return }
  for section in file.sections {
    _ = file.section(nil, section.name)
    for kind in ["profile", "services", "sso-session"] where section.name.hasPrefix(kind) {
      _ = file.section(kind, String(section.name.dropFirst(kind.count + 1)))
    }
  }
}

/// Any text as the shorthand of an option's value.
func readShorthand(_ bytes: borrowing [UInt8]) {
  _ = try? ShorthandParser.parse(String(decoding: copy bytes, as: UTF8.self))
}

/// Any text as a script. What was read and printed can be read again.
func readShell(_ bytes: borrowing [UInt8]) {
  _ = try? parse(String(decoding: copy bytes, as: UTF8.self))
}

/// Any text as each of the small things that stand in messages.
func readWire(_ bytes: borrowing [UInt8]) {
  let text = String(decoding: copy bytes, as: UTF8.self)
  let decoded = percentDecoded(text, plusIsSpace: true)
  guard percentDecoded(percentEncoded(decoded)).utf8.elementsEqual(decoded.utf8) else {
    broken("what is percent-encoded decodes to what it was")
  }
  guard base64Decoded(base64Encoded(copy bytes)) == copy bytes else {
    broken("what is Base64-encoded decodes to what it was")
  }
  _ = base64Decoded(text)
  if let time = Timestamp(parsing: text) {
    _ = (time.iso8601, time.httpDate, time.amzDate, time.amzDay, time.seconds)
  }
  if let url = URLParts(text) { _ = (url.host, url.isIP) }
  _ = RuleFunctions.parseURL(text)
  _ = URITemplate(text)
  _ = try? decodeChunks(copy bytes)
  _ = try? gunzip(copy bytes, limit: 1 << 16)
}
