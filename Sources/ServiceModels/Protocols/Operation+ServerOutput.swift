import Digests
import OrderedJSON
import Wire

extension Operation {
  /// The answer of a server.
  /// - Throws: `.unfit` where `output` does not fit the model: a fault of the handler, never of the caller.
  package func response(output: Value, requestID: String) throws(ProtocolError) -> HTTPResponse {
    var response = HTTPResponse(status: successStatus)
    model.addRequestID(requestID, &response)
    if let writer = EventWriter(self), let shape = self.output, output[writer.stream.name]?.blob == nil {
      try addHead(output, shape, &response)
      setBody(try writer.bytes(output, shape), "application/vnd.amazon.eventstream", &response)
      return response
    }
    switch model.protocolName {
    case .json:
      guard let shape = self.output else { return response }
      response.headers.add("Content-Type", "application/x-amz-json-\(model.jsonVersion)")
      response.body = .bytes(Array(try JSONBody.build(structure: output, shape).text().utf8))
    case .query: try buildQuery(output, requestID, &response)
    case .ec2: try buildEC2(output, requestID, &response)
    case .restJSON, .restXML:
      guard let shape = self.output else { return response }
      try buildREST(output, shape, &response)
    }
    return response
  }

  private func buildQuery(
    _ output: Value, _ requestID: String, _ response: inout HTTPResponse
  ) throws(ProtocolError) {
    var writer = XMLWriter()
    try writer.element("\(name)Response", namespace: model.xmlNamespace) { writer throws(ProtocolError) in
      if let shape = self.output {
        try XMLBody.build(
          structure: output, shape, name: resultWrapper ?? "\(name)Result", namespace: nil, into: &writer)
      }
      writer.element("ResponseMetadata") { $0.element("RequestId", text: requestID) }
    }
    response.headers.add("Content-Type", "text/xml")
    response.body = .bytes(writer.bytes)
  }

  private func buildEC2(_ output: Value, _ requestID: String, _ response: inout HTTPResponse)
    throws(ProtocolError)
  {
    var writer = XMLWriter(declaration: true)
    let namespace = XMLNamespace(uri: "http://ec2.amazonaws.com/doc/\(model.apiVersion)/")
    try writer.element("\(name)Response", namespace: namespace) { writer throws(ProtocolError) in
      writer.element("requestId", text: requestID)
      guard let shape = self.output else { return writer.element("return", text: "true") }
      for (member, value) in try givenMembers(output, shape) {
        try within(member.name) { () throws(ProtocolError) in
          try XMLBody.build(value, member, name: member.locationName, into: &writer)
        }
      }
    }
    response.headers.add("Content-Type", "text/xml;charset=UTF-8")
    response.body = .bytes(writer.bytes)
  }

  private func buildREST(_ output: Value, _ shape: Shape, _ response: inout HTTPResponse)
    throws(ProtocolError)
  {
    try addHead(output, shape, &response)
    guard httpMethod != "HEAD" else { return }
    if let payload = outputPayload {
      if let value = output[payload.name] { try buildPayload(payload, value, &response) }
    } else if shape.members.contains(where: { !$0.isInHead }) {
      try buildBody(output, shape, &response)
    } else if model.protocolName == .restJSON, response.status != 204 {
      setBody(Array("{}".utf8), "application/json", &response)
    }
  }

  /// What stands in status and headers.
  private func addHead(_ output: Value, _ shape: Shape, _ response: inout HTTPResponse) throws(ProtocolError)
  {
    for (member, value) in try givenMembers(output, shape) {
      try within(member.name) { () throws(ProtocolError) in
        switch member.location {
        case .header:
          if let text = try headerText(value, member) { response.headers.add(member.locationName, text) }
        case .headers:
          for field in value.object ?? Fields() {
            response.headers.add(member.locationName + field.name, field.value.string ?? "")
          }
        case .statusCode: response.status = value.integer.flatMap { Int(exactly: $0) } ?? response.status
        default: break
        }
      }
    }
  }

  private func buildBody(_ output: Value, _ shape: Shape, _ response: inout HTTPResponse)
    throws(ProtocolError)
  {
    if model.protocolName == .restJSON {
      let json = try JSONBody.build(structure: output, shape) { !$0.isInHead }
      return setBody(Array(json.text().utf8), "application/json", &response)
    }
    var writer = XMLWriter(declaration: true)
    let root =
      (isS3 ? S3Departures.rootNames[name] : nil) ?? outputRootName ?? shape.traits.locationName ?? shape.name
    let namespace = isS3 ? S3Departures.namespace : model.xmlNamespace
    if isS3, name == "GetBucketLocation" {
      writer.element(root, namespace: namespace, text: output["LocationConstraint"]?.string ?? "")
    } else {
      try XMLBody.build(structure: output, shape, name: root, namespace: namespace, into: &writer) {
        !$0.isInHead
      }
    }
    setBody(writer.bytes, "application/xml", &response)
  }

  private func buildPayload(_ member: Member, _ value: Value, _ response: inout HTTPResponse)
    throws(ProtocolError)
  {
    switch (member.shape.kind, value) {
    case (_, .blob(let bytes)): setBody(bytes, "application/octet-stream", &response)
    case (.string, .string(let text)), (.blob, .string(let text)):
      setBody(Array(text.utf8), "text/plain", &response)
    default:
      try within(member.name) { () throws(ProtocolError) in
        if model.protocolName == .restJSON {
          let json = try JSONBody.build(value, member)
          setBody(Array(json.text().utf8), "application/json", &response)
        } else {
          var writer = XMLWriter(declaration: true)
          if member.shape.kind == .structure {
            try XMLBody.build(
              structure: value, member.shape, name: xmlRootName(of: member),
              namespace: isS3 ? S3Departures.namespace : member.xmlNamespace, into: &writer)
          } else {
            try XMLBody.build(value, member, name: xmlRootName(of: member), into: &writer)
          }
          setBody(writer.bytes, "application/xml", &response)
        }
      }
    }
  }

  private func setBody(_ bytes: [UInt8], _ type: String, _ response: inout HTTPResponse) {
    response.body = .bytes(bytes)
    if response.headers["Content-Type"] == nil { response.headers.add("Content-Type", type) }
  }
}

extension ServiceModel {
  /// The headers that name the request, as the service spells them.
  func addRequestID(_ requestID: String, _ response: inout HTTPResponse) {
    if endpointPrefix == "s3", protocolName == .restXML {
      response.headers.add("x-amz-request-id", requestID)
      response.headers.add("x-amz-id-2", hostID(requestID))
    } else {
      response.headers.add("x-amzn-RequestId", requestID)
    }
  }

  /// S3's second id. It is opaque; ours follows from the first.
  func hostID(_ requestID: String) -> String { base64Encoded(sha256(Array(requestID.utf8))) }
}
