import OrderedJSON
import Wire

/// A server's side of `EventReader`: modelled events as the bytes of a stream.
struct EventWriter {
  let operation: Operation
  let stream: Member

  init?(_ operation: Operation) {
    guard let stream = operation.outputEventStream else { return nil }
    self.operation = operation
    self.stream = stream
  }

  /// The stream for `output`: in an RPC protocol the initial response, then each event of the streaming member.
  func bytes(_ output: Value, _ shape: Shape) throws(ProtocolError) -> [UInt8] {
    var out: [UInt8] = []
    if operation.outputPayload == nil {
      let initial = try JSONBody.build(structure: output, shape) { $0 !== stream }
      out += try encoded("initial-response", [], Array(initial.text().utf8))
    }
    for (index, event) in (output[stream.name]?.list ?? []).enumerated() {
      out += try within("\(stream.name)[\(index)]") { () throws(ProtocolError) in
        guard let (member, value) = try givenMembers(event, stream.shape).first else {
          throw .unfit(path: "", detail: "has no type")
        }
        return try within(member.name) { () throws(ProtocolError) in try message(member, value) }
      }
    }
    return out
  }

  private func message(_ event: Member, _ value: Value) throws(ProtocolError) -> [UInt8] {
    var headers: [EventMessage.Header] = []
    var payload: [UInt8] = []
    for (member, value) in try givenMembers(value, event.shape) {
      if member.isEventHeader {
        headers.append(EventMessage.Header(member.name, try header(value)))
      } else if member.isEventPayload {
        payload = try content(value, member)
      }
    }
    let rest: (Member) -> Bool = { !$0.isEventHeader && !$0.isEventPayload }
    if event.shape.members.contains(where: rest) {
      if operation.model.protocolName == .restXML {
        var writer = XMLWriter()
        try XMLBody.build(
          structure: value, event.shape, name: event.shape.name, namespace: nil, into: &writer, keep: rest)
        payload = writer.bytes
      } else {
        payload = Array(try JSONBody.build(structure: value, event.shape, keep: rest).text().utf8)
      }
    }
    return try encoded(event.name, headers, payload)
  }

  private func header(_ value: Value) throws(ProtocolError) -> EventMessage.HeaderValue {
    switch value {
    case .bool(let flag): .bool(flag)
    case .integer(let number): Int32(exactly: number).map { .integer($0) } ?? .long(number)
    case .string(let text): .string(text)
    case .blob(let bytes): .bytes(bytes)
    case .timestamp(let time): .timestamp(time)
    case .null, .double, .list, .object:
      throw .unfit(path: "", detail: "is \(value.kindName), which no header of an event can hold")
    }
  }

  private func content(_ value: Value, _ member: Member) throws(ProtocolError) -> [UInt8] {
    switch value {
    case .blob(let bytes): return bytes
    case .string(let text): return Array(text.utf8)
    default:
      guard operation.model.protocolName == .restXML else {
        return Array(try JSONBody.build(value, member).text().utf8)
      }
      var writer = XMLWriter()
      try XMLBody.build(value, member, name: xmlRootName(of: member), into: &writer)
      return writer.bytes
    }
  }

  private func encoded(
    _ type: String, _ headers: [EventMessage.Header], _ payload: [UInt8]
  ) throws(ProtocolError) -> [UInt8] {
    let message = EventMessage(
      headers: [
        EventMessage.Header(":message-type", .string("event")),
        EventMessage.Header(":event-type", .string(type)),
      ] + headers, payload: payload)
    guard let bytes = message.encoded else { throw .unfit(path: type, detail: "is too long for an event") }
    return bytes
  }
}
