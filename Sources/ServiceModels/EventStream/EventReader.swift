import OrderedJSON
import Wire

/// Reads the events that an operation answers with, as they arrive: bytes in, modelled values out.
///
/// An event is an object with one member, its type: `{"Records": {"Payload": ...}}`. Types that the model does not know
/// are passed over, as botocore does.
package struct EventReader: Sendable {
  /// What an RPC protocol sends before the first event: the members of the output that are no stream.
  package private(set) var initialResponse: Value?
  private let operation: Operation
  private let stream: Shape
  private var decoder = EventMessageDecoder()

  /// Nil if `operation` does not answer with events.
  package init?(_ operation: Operation) {
    guard let stream = operation.outputEventStream?.shape else { return nil }
    self.operation = operation
    self.stream = stream
  }

  /// Adds what arrived.
  package mutating func append(_ bytes: [UInt8]) { decoder.append(bytes) }

  /// The next event; nil until more bytes arrive.
  /// - Throws: `.fault` for an error or exception among the events, which ends them; `.malformed` for bytes that are no
  ///   stream of events, and for an event that is not what the model says.
  package mutating func next() throws(ProtocolError) -> Value? {
    while let message = try nextMessage() {
      switch message.text(":message-type") {
      case "error":
        throw .fault(
          ServiceFault(
            code: message.text(":error-code") ?? "", message: message.text(":error-message") ?? "",
            httpStatus: 400))
      case "exception": throw .fault(try exception(message))
      default:
        guard let type = message.text(":event-type") else { continue }
        if type == "initial-response" {
          if initialResponse == nil { initialResponse = try initial(message) }
        } else if let member = stream.member(type) {
          return .object([
            type: try within(type) { () throws(ProtocolError) in try event(message, member.shape) }
          ])
        }
      }
    }
    return nil
  }

  /// To be called at the end of the stream.
  /// - Throws: `.malformed` if it ends within a message.
  package func finish() throws(ProtocolError) {
    do {
      try decoder.finish()
    } catch {
      throw .malformed("\(error)")
    }
  }

  private mutating func nextMessage() throws(ProtocolError) -> EventMessage? {
    do {
      return try decoder.next()
    } catch {
      throw .malformed("\(error)")
    }
  }

  // MARK: messages as values

  private func initial(_ message: EventMessage) throws(ProtocolError) -> Value {
    guard let shape = operation.output, !message.payload.isEmpty else { return .object(Fields()) }
    return try body(message.payload, shape) { !$0.isEventStream }
  }

  private func event(_ message: EventMessage, _ shape: Shape) throws(ProtocolError) -> Value {
    var values: [String: Value] = [:]
    for member in shape.members where member.isEventHeader {
      if let header = message[member.name] { values[member.name] = header.value(member.shape.kind) }
    }
    if let payload = shape.members.first(where: \.isEventPayload) {
      values[payload.name] = try within(payload.name) { () throws(ProtocolError) -> Value? in
        switch payload.shape.kind {
        case .blob: .blob(message.payload)
        case .string: .string(String(decoding: message.payload, as: UTF8.self))
        default: message.payload.isEmpty ? nil : try content(message.payload, payload)
        }
      }
    } else if !message.payload.isEmpty, shape.members.contains(where: { !$0.isEventHeader }) {
      let rest = try body(message.payload, shape) { !$0.isEventHeader }
      for field in rest.object ?? Fields() { values[field.name] = field.value }
      if shape.isUnion || rest["SDK_UNKNOWN_MEMBER"] != nil { return rest }
    }
    return .object(
      Fields(shape.members.compactMap { member in values[member.name].map { .init(member.name, $0) } }))
  }

  /// An exception is one of the stream's members; its name is its code.
  private func exception(_ message: EventMessage) throws(ProtocolError) -> ServiceFault {
    let code = message.text(":exception-type") ?? ""
    let shape = stream.member(code)?.shape
    var fault = ServiceFault(code: code, message: "", httpStatus: shape?.httpStatus ?? 400)
    // Like any error: what cannot be read of it does not hide that it is one.
    guard let shape, let value = try? event(message, shape) else { return fault }
    fault.message = (value["message"] ?? value["Message"])?.string ?? ""
    fault.fields = Fields((value.object ?? Fields()).filter { $0.name.lowercased() != "message" })
    return fault
  }

  private var isXML: Bool {
    switch operation.model.protocolName {
    case .json, .restJSON: false
    case .query, .ec2, .restXML: true
    }
  }

  private var style: JSONBody.Style { operation.model.protocolName == .json ? .jsonAnswer : .restAnswer }

  private func body(
    _ bytes: [UInt8], _ shape: Shape, keep: (Member) -> Bool
  ) throws(ProtocolError) -> Value {
    isXML
      ? try XMLBody.parse(structure: XMLParser.parse(bytes), shape, keep: keep)
      : try JSONBody.parse(structure: JSONBody.parse(bytes), shape, style: style, keep: keep)
  }

  private func content(_ bytes: [UInt8], _ member: Member) throws(ProtocolError) -> Value {
    isXML
      ? try XMLBody.parse(XMLParser.parse(bytes), member)
      : try JSONBody.parse(JSONBody.parse(bytes), member, style: style)
  }
}

extension EventMessage.HeaderValue {
  /// As a value; a number where a time is modelled is one in milliseconds.
  fileprivate func value(_ kind: Kind) -> Value {
    switch self {
    case .bool(let flag): .bool(flag)
    case .byte(let number): .integer(Int64(number))
    case .short(let number): .integer(Int64(number))
    case .integer(let number): .integer(Int64(number))
    case .long(let number):
      kind == .timestamp ? .timestamp(Timestamp(milliseconds: number)) : .integer(number)
    case .bytes(let bytes): .blob(bytes)
    case .string(let text): .string(text)
    case .timestamp(let time): .timestamp(time)
    case .uuid(let bytes): .blob(bytes)
    }
  }
}
