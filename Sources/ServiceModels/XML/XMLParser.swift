import CExpat

/// Reads XML with expat. Document type declarations are refused, and with them every entity but XML's own
/// five: no AWS service sends one, and expanding them is how small documents become large ones.
struct XMLParser {
  /// Elements within elements; AWS's deepest responses have about 20.
  static let maximumDepth = 128

  /// The root element of `bytes`.
  static func parse(_ bytes: [UInt8]) throws(ProtocolError) -> XMLElement {
    guard let parser = XML_ParserCreate("UTF-8") else { throw .malformed("no memory for an XML parser") }
    defer { XML_ParserFree(parser) }
    let state = XMLParserState(parser: parser)
    return try withExtendedLifetime(state) { () throws(ProtocolError) -> XMLElement in
      XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
      XML_SetElementHandler(parser, started, ended)
      XML_SetCharacterDataHandler(parser, characters)
      XML_SetStartDoctypeDeclHandler(parser, doctype)
      guard let length = Int32(exactly: bytes.count) else {
        throw .malformed("XML of \(bytes.count) bytes is too large")
      }
      let status = bytes.withUnsafeBufferPointer { buffer in
        buffer.withMemoryRebound(to: CChar.self) { XML_Parse(parser, $0.baseAddress, length, 1) }
      }
      if let refusal = state.refusal { throw .malformed(refusal) }
      guard status == XML_STATUS_OK, let root = state.root else {
        let reason = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
        let line = XML_GetCurrentLineNumber(parser)
        let column = XML_GetCurrentColumnNumber(parser)
        throw .malformed("\(reason) at line \(line), column \(column) of the XML")
      }
      return root
    }
  }
}

/// What the handlers share during one parse; it lives on one thread.
private final class XMLParserState {
  let parser: OpaquePointer
  var open: [XMLElement] = []
  var root: XMLElement?
  var refusal: String?

  init(parser: OpaquePointer) { self.parser = parser }

  func refuse(_ reason: String) {
    refusal = refusal ?? reason
    XML_StopParser(parser, 0)
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> XMLParserState? {
    context.map { Unmanaged<XMLParserState>.fromOpaque($0).takeUnretainedValue() }
  }
}

private func started(
  _ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?,
  _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) {
  guard let state = XMLParserState.of(context), let name else { return }
  guard state.open.count < XMLParser.maximumDepth else {
    return state.refuse("elements are nested deeper than \(XMLParser.maximumDepth)")
  }
  var element = XMLElement(name: localName(String(cString: name)))
  var position = 0
  while let key = attributes?[position], let value = attributes?[position + 1] {
    element.attributes.append((String(cString: key), String(cString: value)))
    position += 2
  }
  state.open.append(element)
}

private func ended(_ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?) {
  guard let state = XMLParserState.of(context), let element = state.open.popLast() else { return }
  if state.open.isEmpty {
    state.root = element
  } else {
    state.open[state.open.count - 1].children.append(element)
  }
}

private func characters(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<CChar>?, _ length: Int32) {
  guard let state = XMLParserState.of(context), let text, !state.open.isEmpty else { return }
  let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
  state.open[state.open.count - 1].text += String(decoding: bytes, as: UTF8.self)
}

private func doctype(
  _ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?, _ system: UnsafePointer<CChar>?,
  _ publicID: UnsafePointer<CChar>?, _ hasInternalSubset: Int32
) {
  XMLParserState.of(context)?.refuse("the XML has a document type declaration")
}

private func localName(_ name: String) -> String {
  name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
}
