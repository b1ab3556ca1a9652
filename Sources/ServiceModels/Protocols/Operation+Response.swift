import OrderedJSON
import Wire

extension Operation {
  /// What a service answered: the output, members in model order.
  ///
  /// A streaming payload that the transport wrote to a file (`.file`) is left out.
  /// A stream of events becomes the list of them, each an object with one member, its type; see `EventReader` for
  /// events as they arrive.
  /// - Throws: `.fault` for a status of 300 and above, for S3's errors under a status of 200, and for an error among
  ///   events; `.malformed` with a sentence for a body that is not what the model says.
  package func response(_ response: HTTPResponse) throws(ProtocolError) -> Value {
    guard response.status < 300 else { throw .fault(fault(from: response)) }
    guard let shape = output else { return .object(Fields()) }
    do {
      return try read(response, shape)
    } catch {
      throw unreadable(error, response)
    }
  }

  private func read(_ response: HTTPResponse, _ shape: Shape) throws(ProtocolError) -> Value {
    switch model.protocolName {
    case .json:
      if let stream = outputEventStream { return try parseEvents(stream, shape, response) }
      return try JSONBody.parse(
        structure: JSONBody.parse(bytes(of: response)), shape, style: .jsonAnswer)
    case .query, .ec2: return try parseXMLResult(response, shape)
    case .restJSON, .restXML: return try parseREST(response, shape)
    }
  }

  private func parseXMLResult(_ response: HTTPResponse, _ shape: Shape) throws(ProtocolError) -> Value {
    let body = bytes(of: response)
    if body.isEmpty, shape.members.isEmpty { return .object(Fields()) }
    let root = try document(body)
    if model.protocolName == .query, let result = root[resultWrapper ?? "\(name)Result"] {
      return try XMLBody.parse(structure: result, shape)
    }
    if let resultWrapper, !shape.members.isEmpty { throw .malformed("the response has no \(resultWrapper)") }
    return try XMLBody.parse(structure: root, shape)
  }

  private func parseREST(_ response: HTTPResponse, _ shape: Shape) throws(ProtocolError) -> Value {
    var values = RESTBinding.parse(response, shape)
    if let payload = outputPayload {
      if let value = try parsePayload(payload, response) { values[payload.name] = value }
    } else {
      let body = try parseBody(response, shape)
      for field in body.object ?? Fields() { values[field.name] = field.value }
      if shape.isUnion || body["SDK_UNKNOWN_MEMBER"] != nil { return body }
    }
    return .object(
      Fields(shape.members.compactMap { member in values[member.name].map { .init(member.name, $0) } }))
  }

  private func parseBody(_ response: HTTPResponse, _ shape: Shape) throws(ProtocolError) -> Value {
    guard shape.members.contains(where: { !$0.isInHead }) else { return .object(Fields()) }
    let body = bytes(of: response)
    if model.protocolName == .restJSON {
      return try JSONBody.parse(structure: JSONBody.parse(body), shape, style: .restAnswer) { !$0.isInHead }
    }
    if body.isEmpty { return .object(Fields()) }
    let root = try document(body)
    if isS3, let departure = try S3Departures.parse(root, self, response) { return departure }
    return try XMLBody.parse(structure: root, shape) { !$0.isInHead }
  }

  private func parsePayload(_ member: Member, _ response: HTTPResponse) throws(ProtocolError) -> Value? {
    guard case .bytes(let body) = response.body else { return nil }
    switch member.shape.kind {
    case .blob: return body.isEmpty && !member.isStreaming ? nil : .blob(body)
    case .string: return .string(String(decoding: body, as: UTF8.self))
    default:
      if member.isEventStream { return .list(try events(body).events) }
      if body.isEmpty { return nil }
      return try within(member.name) { () throws(ProtocolError) in
        if model.protocolName == .restJSON {
          return try JSONBody.parse(JSONBody.parse(body), member, style: .restAnswer)
        }
        let root = try document(body)
        if isS3 { try S3Departures.refuseError(root, response) }
        return try XMLBody.parse(root, member)
      }
    }
  }

  /// The output of an RPC protocol that streams: the initial response and the events.
  private func parseEvents(
    _ stream: Member, _ shape: Shape, _ response: HTTPResponse
  ) throws(ProtocolError) -> Value {
    guard case .bytes(let body) = response.body else { return .object(Fields()) }
    let (initial, events) = try events(body)
    guard let initial else { throw .malformed("the stream does not begin with an initial response") }
    return .object(
      Fields(
        shape.members.compactMap { member in
          (member === stream ? .list(events) : initial[member.name]).map { .init(member.name, $0) }
        }))
  }

  /// All events of a stream that is there whole.
  private func events(_ body: [UInt8]) throws(ProtocolError) -> (initial: Value?, events: [Value]) {
    guard var reader = EventReader(self) else { return (nil, []) }
    reader.append(body)
    var events: [Value] = []
    while let event = try reader.next() { events.append(event) }
    try reader.finish()
    return (reader.initialResponse, events)
  }

  var isS3: Bool { model.endpointPrefix == "s3" && model.protocolName == .restXML }

  /// The XML of a body. A web page may be XML too, and with its members missing it would read as an empty answer.
  private func document(_ body: [UInt8]) throws(ProtocolError) -> XMLElement {
    let root = try XMLParser.parse(body)
    guard root.name.lowercased() != "html" else { throw .malformed("its root element is \(root.name)") }
    return root
  }

  func bytes(of response: HTTPResponse) -> [UInt8] {
    if case .bytes(let bytes) = response.body { bytes } else { [] }
  }
}
