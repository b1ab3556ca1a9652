import OrderedJSON
import Wire

extension ServiceModel {
  /// An error in the protocol's own form. The answer to a HEAD request has no body.
  ///
  /// - Parameter operation: what was asked for; nil if no operation fitted.
  package func errorResponse(_ fault: ServiceFault, operation: Operation?, requestID: String) -> HTTPResponse
  {
    var response = HTTPResponse(status: fault.httpStatus)
    addRequestID(requestID, &response)
    let shape =
      operation?.errorShape(fault.code) ?? self.shape(fault.code).flatMap { $0.isException ? $0 : nil }
    switch protocolName {
    case .json:
      response.headers.add("Content-Type", "application/x-amz-json-\(jsonVersion)")
      if isQueryCompatible { response.headers.add("x-amzn-query-error", "\(fault.code);\(side(fault))") }
      var json = JSONObject()
      json["__type"] = .string(shape?.name ?? fault.code)
      fill(&json, fault, shape)
      response.body = .bytes(Array(JSON.object(json).text().utf8))
    case .restJSON:
      response.headers.add("Content-Type", "application/json")
      response.headers.add("x-amzn-ErrorType", fault.code)
      addHeaders(fault, shape, &response)
      var json = JSONObject()
      fill(&json, fault, shape)
      response.body = .bytes(Array(JSON.object(json).text().utf8))
    case .query:
      response.headers.add("Content-Type", "text/xml")
      response.body = .bytes(wrappedError(fault, shape, requestID))
    case .ec2:
      response.headers.add("Content-Type", "text/xml;charset=UTF-8")
      var writer = XMLWriter(declaration: true)
      writer.element("Response") { writer in
        writer.element("Errors") { writer in
          writer.element("Error") { writer in
            writer.element("Code", text: fault.code)
            writer.element("Message", text: fault.message)
          }
        }
        writer.element("RequestID", text: requestID)
      }
      response.body = .bytes(writer.bytes)
    case .restXML:
      response.headers.add("Content-Type", "application/xml")
      addHeaders(fault, shape, &response)
      response.body = .bytes(
        endpointPrefix == "s3" ? s3Error(fault, shape, requestID) : wrappedError(fault, shape, requestID))
    }
    if operation?.httpMethod == "HEAD" { response.body = .empty }
    return response
  }

  private func side(_ fault: ServiceFault) -> String { fault.httpStatus >= 500 ? "Receiver" : "Sender" }

  /// Message and modelled members of a JSON error. The message goes under the name that the model gives it.
  private func fill(_ json: inout JSONObject, _ fault: ServiceFault, _ shape: Shape?) {
    let message = shape?.members.first { $0.name.lowercased() == "message" && $0.location == nil }
    json[message?.locationName ?? "message"] = .string(fault.message)
    for field in fault.fields {
      guard let member = shape?.member(field.name) else {
        json[field.name] = field.value.plainJSON
        continue
      }
      if member.location == nil {
        json[member.locationName] = (try? JSONBody.build(field.value, member)) ?? field.value.plainJSON
      }
    }
  }

  private func addHeaders(_ fault: ServiceFault, _ shape: Shape?, _ response: inout HTTPResponse) {
    for field in fault.fields {
      if let member = shape?.member(field.name), member.location == .header,
        let text = try? headerText(field.value, member)
      {
        response.headers.add(member.locationName, text)
      }
    }
  }

  private func wrappedError(_ fault: ServiceFault, _ shape: Shape?, _ requestID: String) -> [UInt8] {
    var writer = XMLWriter()
    writer.element("ErrorResponse", namespace: xmlNamespace) { writer in
      writer.element("Error") { writer in
        writer.element("Type", text: side(fault))
        writer.element("Code", text: fault.code)
        writer.element("Message", text: fault.message)
        addFields(fault, shape, &writer)
      }
      writer.element("RequestId", text: requestID)
    }
    return writer.bytes
  }

  private func s3Error(_ fault: ServiceFault, _ shape: Shape?, _ requestID: String) -> [UInt8] {
    var writer = XMLWriter(declaration: true)
    writer.element("Error") { writer in
      writer.element("Code", text: fault.code)
      writer.element("Message", text: fault.message)
      addFields(fault, shape, &writer)
      writer.element("RequestId", text: requestID)
      writer.element("HostId", text: hostID(requestID))
    }
    return writer.bytes
  }

  private func addFields(_ fault: ServiceFault, _ shape: Shape?, _ writer: inout XMLWriter) {
    for field in fault.fields {
      if let member = shape?.member(field.name) {
        guard member.location == nil else { continue }
        // Written aside first: what does not fit its shape must not leave half an element behind.
        var trial = writer
        if (try? XMLBody.build(field.value, member, name: member.locationName, into: &trial)) != nil {
          writer = trial
          continue
        }
      }
      let json = field.value.plainJSON
      writer.element(field.name, text: json.string ?? json.text())
    }
  }
}
