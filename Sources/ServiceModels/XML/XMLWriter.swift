/// Writes XML as text, without white space between elements.
struct XMLWriter {
  private(set) var bytes: [UInt8] = []
  /// Where the content of the element opened last begins.
  private var contentStart = -1

  init(declaration: Bool = false) {
    if declaration { bytes += Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8) }
  }

  /// Writes an element, its content by `content`.
  mutating func element<E: Error>(
    _ name: String, namespace: XMLNamespace? = nil, attributes: [(name: String, value: String)] = [],
    _ content: (inout XMLWriter) throws(E) -> Void
  ) throws(E) {
    open(name, namespace: namespace, attributes: attributes)
    try content(&self)
    close(name)
  }

  /// Writes an element that holds only text.
  mutating func element(_ name: String, namespace: XMLNamespace? = nil, text: String) {
    open(name, namespace: namespace, attributes: [])
    self.text(text)
    close(name)
  }

  private mutating func open(
    _ name: String, namespace: XMLNamespace?, attributes: [(name: String, value: String)]
  ) {
    bytes.append(0x3C)
    bytes += Array(name.utf8)
    if let namespace {
      attribute(namespace.prefix.map { "xmlns:\($0)" } ?? "xmlns", namespace.uri)
    }
    for (name, value) in attributes { attribute(name, value) }
    bytes.append(0x3E)
    contentStart = bytes.count
  }

  /// An element without content is `<name />`, as botocore writes it: checksums of bodies cover these bytes.
  private mutating func close(_ name: String) {
    if bytes.count == contentStart {
      bytes.removeLast()
      bytes += [0x20, 0x2F, 0x3E]
      return
    }
    bytes += [0x3C, 0x2F]
    bytes += Array(name.utf8)
    bytes.append(0x3E)
  }

  private mutating func attribute(_ name: String, _ value: String) {
    bytes.append(0x20)
    bytes += Array(name.utf8)
    bytes += [0x3D, 0x22]
    escape(value, inAttribute: true)
    bytes.append(0x22)
  }

  mutating func text(_ text: String) { escape(text) }

  /// Escapes markup; a carriage return would become a line feed on the way in, so it goes as a reference,
  /// as do the two line separators of XML 1.1. Control characters that XML 1.0 forbids become U+FFFD.
  /// In an attribute a reader would make spaces of line feeds and tabs (XML 1.0, section 3.3.3).
  private mutating func escape(_ text: String, inAttribute: Bool = false) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": bytes += Array("&amp;".utf8)
      case "<": bytes += Array("&lt;".utf8)
      case ">": bytes += Array("&gt;".utf8)
      case "\"": bytes += Array("&quot;".utf8)
      case "\r": bytes += Array("&#xD;".utf8)
      case "\u{85}": bytes += Array("&#x85;".utf8)
      case "\u{2028}": bytes += Array("&#x2028;".utf8)
      case "\t" where inAttribute: bytes += Array("&#x9;".utf8)
      case "\n" where inAttribute: bytes += Array("&#xA;".utf8)
      case "\t", "\n": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": bytes += Array("\u{FFFD}".utf8)
      default: bytes += Array(String(scalar).utf8)
      }
    }
  }
}
