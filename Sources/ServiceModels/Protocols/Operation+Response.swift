import OrderedJSON
import Wire

extension Operation {
  /// What a service answered: the output, members in model order.
  ///
  /// A streaming payload that the transport wrote to a file (`.file`) is left out.
  /// - Throws: `.fault` for a status of 300 and above, and for S3's errors under a status of 200; `.malformed` or
  ///   `.unfit` for a body that is not what the model says.
  package func response(_ response: HTTPResponse) throws(ProtocolError) -> Value {
    guard response.status < 300 else { throw .fault(fault(from: response)) }
    guard let shape = output else { return .object(Fields()) }
    switch model.protocolName {
    case .json:
      return try JSONBody.parse(
        structure: JSONBody.parse(bytes(of: response)), shape, numbers: .asWritten)
    case .query, .ec2: return try parseXMLResult(response, shape)
    case .restJSON, .restXML: return try parseREST(response, shape)
    }
  }

  private func parseXMLResult(_ response: HTTPResponse, _ shape: Shape) throws(ProtocolError) -> Value {
    let body = bytes(of: response)
    if body.isEmpty, shape.members.isEmpty { return .object(Fields()) }
    let root = try XMLParser.parse(body)
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
      return try JSONBody.parse(structure: JSONBody.parse(body), shape, numbers: .double) { !$0.isInHead }
    }
    if body.isEmpty { return .object(Fields()) }
    let root = try XMLParser.parse(body)
    if isS3, let departure = try S3Departures.parse(root, self, response) { return departure }
    return try XMLBody.parse(structure: root, shape) { !$0.isInHead }
  }

  private func parsePayload(_ member: Member, _ response: HTTPResponse) throws(ProtocolError) -> Value? {
    guard case .bytes(let body) = response.body else { return nil }
    switch member.shape.kind {
    case .blob: return body.isEmpty && !member.isStreaming ? nil : .blob(body)
    case .string: return .string(String(decoding: body, as: UTF8.self))
    default:
      if member.isEventStream { return .blob(body) }
      if body.isEmpty { return nil }
      return try within(member.name) { () throws(ProtocolError) in
        if model.protocolName == .restJSON {
          return try JSONBody.parse(JSONBody.parse(body), member, numbers: .double)
        }
        let root = try XMLParser.parse(body)
        if isS3 { try S3Departures.refuseError(root, response) }
        return try XMLBody.parse(root, member)
      }
    }
  }

  var isS3: Bool { model.endpointPrefix == "s3" && model.protocolName == .restXML }

  func bytes(of response: HTTPResponse) -> [UInt8] {
    if case .bytes(let bytes) = response.body { bytes } else { [] }
  }
}
