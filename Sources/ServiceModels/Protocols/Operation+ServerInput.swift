import OrderedJSON
import Wire

extension Operation {
  /// What a server is asked for: the input, members in model order.
  ///
  /// A streaming payload whose body is a file is left out: the handler has the request.
  /// - Throws: `.malformed` or `.unfit`; a server answers with its service's error for a malformed request.
  package func input(from request: HTTPRequest) throws(ProtocolError) -> Value {
    guard let shape = self.input else { return .object(Fields()) }
    switch model.protocolName {
    case .json:
      return try JSONBody.parse(structure: JSONBody.parse(bytes(of: request)), shape, style: .jsonRequest)
    case .query, .ec2:
      let body = String(decoding: bytes(of: request), as: UTF8.self)
      let form = request.query.isEmpty ? body : body.isEmpty ? request.query : "\(request.query)&\(body)"
      return try QueryForm.parse(QueryTree.parse(form), structure: shape, isEC2: model.protocolName == .ec2)
    case .restJSON, .restXML:
      var values = try RESTBinding.parse(request, path: model.modelledPath(of: request), shape, template)
      if let payload = inputPayload {
        if let value = try parsePayload(payload, request) { values[payload.name] = value }
      } else {
        for field in try parseBody(request, shape).object ?? Fields() { values[field.name] = field.value }
      }
      return .object(
        Fields(shape.members.compactMap { member in values[member.name].map { .init(member.name, $0) } }))
    }
  }

  private func parseBody(_ request: HTTPRequest, _ shape: Shape) throws(ProtocolError) -> Value {
    let body = bytes(of: request)
    guard !body.isEmpty, shape.members.contains(where: { $0.location == nil }) else {
      return .object(Fields())
    }
    if model.protocolName == .restJSON {
      return try JSONBody.parse(structure: JSONBody.parse(body), shape, style: .restRequest) {
        $0.location == nil
      }
    }
    return try XMLBody.parse(structure: XMLParser.parse(body), shape) { $0.location == nil }
  }

  private func parsePayload(_ member: Member, _ request: HTTPRequest) throws(ProtocolError) -> Value? {
    guard case .bytes(let body) = request.body else { return nil }
    switch member.shape.kind {
    case .blob: return .blob(body)
    case .string: return .string(String(decoding: body, as: UTF8.self))
    default:
      if member.isEventStream { return .blob(body) }
      if body.isEmpty { return nil }
      return try within(member.name) { () throws(ProtocolError) in
        model.protocolName == .restJSON
          ? try JSONBody.parse(JSONBody.parse(body), member, style: .restRequest)
          : try XMLBody.parse(XMLParser.parse(body), member)
      }
    }
  }

  private func bytes(of request: HTTPRequest) -> [UInt8] {
    if case .bytes(let bytes) = request.body { bytes } else { [] }
  }
}
