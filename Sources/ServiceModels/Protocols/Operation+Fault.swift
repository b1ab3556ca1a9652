import OrderedJSON
import Wire

extension Operation {
  /// The fault that an error response tells of. Never fails: what cannot be read falls back on the status. Whatever the
  /// content type says, the body decides what it is: gateways before a service answer in a form of their own.
  func fault(from response: HTTPResponse) -> ServiceFault {
    var fault = ServiceFault(
      code: String(response.status), message: reasonPhrase(response.status), httpStatus: response.status,
      requestID: requestID(of: response.headers))
    let body = bytes(of: response)
    switch model.protocolName {
    case .json, .restJSON:
      let json = try? JSONBody.parse(body)
      if json == nil, let root = errorDocument(body) { readXML(root, response, &fault) }
      readJSON(json ?? .null, response, &fault)
    case .query, .ec2, .restXML:
      if let root = errorDocument(body) {
        readXML(root, response, &fault)
      } else if !body.isEmpty, let json = try? JSONBody.parse(body), json.object != nil {
        readJSON(json, response, &fault)
      }
    }
    return fault
  }

  /// The body as XML, unless it is a web page.
  private func errorDocument(_ body: [UInt8]) -> XMLElement? {
    guard !body.isEmpty, let root = try? XMLParser.parse(body), root.name.lowercased() != "html" else {
      return nil
    }
    return root
  }

  // MARK: JSON

  private func readJSON(_ json: JSON, _ response: HTTPResponse, _ fault: inout ServiceFault) {
    let typeHeader = response.headers["x-amzn-errortype"]
    let inBody = json["__type"]?.string
    let plain = (json["code"] ?? json["Code"]).flatMap { $0.string ?? $0.number?.literal }
    let given =
      model.protocolName == .restJSON ? typeHeader ?? plain ?? inBody : inBody ?? typeHeader ?? plain
    if let given, case let code = bareCode(given), !code.isEmpty { fault.code = code }
    if json.object != nil {
      if let message = (json["message"] ?? json["Message"] ?? json["errorMessage"])?.string {
        fault.message = message
      } else if given != nil {
        fault.message = ""
      }
    }
    if let shape = errorShape(fault.code) {
      var values = RESTBinding.parse(response, shape)
      if let body = try? JSONBody.parse(structure: json, shape, style: .restAnswer, keep: { !$0.isInHead }) {
        for field in body.object ?? Fields() { values[field.name] = field.value }
      }
      fault.fields = modelledFields(shape, values)
    }
    // The code of a former query protocol wins: `AWS.SimpleQueueService.NonExistentQueue;Sender`.
    if let former = response.headers["x-amzn-query-error"]?.split(separator: ";"), former.count == 2,
      !former[0].isEmpty
    {
      fault.code = String(former[0])
    }
  }

  /// `aws.protocoltests#FooError:http://...` is `FooError`.
  private func bareCode(_ text: String) -> String {
    let head = text.prefix { $0 != ":" }
    return String(head.lastIndex(of: "#").map { head[head.index(after: $0)...] } ?? head)
  }

  // MARK: XML

  private func readXML(_ root: XMLElement, _ response: HTTPResponse, _ fault: inout ServiceFault) {
    let element = root.name == "Error" ? root : root["Error"] ?? root["Errors"]?["Error"]
    if let id = (root["RequestId"] ?? root["RequestID"] ?? root["requestId"])?.text { fault.requestID = id }
    guard let element = element ?? namelessError(root) else { return }
    fault.message = (element["Message"] ?? element["message"])?.text ?? ""
    if let code = element["Code"]?.text
      ?? (element["Message"] != nil && element.name != "Error" ? element.name : nil),
      !code.isEmpty
    {
      fault.code = code
    }
    if let shape = errorShape(fault.code) {
      var values = RESTBinding.parse(response, shape)
      // query puts modelled members beside code and message, or beside the Error element itself.
      for source in [root, element] {
        if let body = try? XMLBody.parse(structure: source, shape, keep: { !$0.isInHead }) {
          for field in body.object ?? Fields() { values[field.name] = field.value }
        }
      }
      fault.fields = modelledFields(shape, values)
    }
    if root.name == "Error" { readExtras(element, &fault) }
  }

  /// S3 tells more than its model knows: BucketName, Region, Endpoint, ... No error of its has 64 of them.
  private func readExtras(_ element: XMLElement, _ fault: inout ServiceFault) {
    var known: Set = ["Code", "Message", "RequestId", "HostId", "Type", "Detail"]
    known.formUnion(errorShape(fault.code)?.members.map(\.locationName) ?? [])
    for child in element.children.prefix(64)
    where child.children.isEmpty && !known.contains(child.name) && fault.fields[child.name] == nil {
      fault.fields[child.name] = .string(child.text)
    }
  }

  /// `<AccessDeniedException><Message>...`: what gateways send whose services speak JSON; the root is the code.
  private func namelessError(_ root: XMLElement) -> XMLElement? {
    root.name.hasSuffix("Exception") && root["Message"] != nil ? root : nil
  }

  // MARK: both

  private func modelledFields(_ shape: Shape, _ values: [String: Value]) -> Fields {
    Fields(
      shape.members.compactMap { member in
        guard member.name.lowercased() != "message" else { return nil }
        return values[member.name].map { Fields.Field(member.name, $0) }
      })
  }

  /// The modelled error of `code`: the operation's own, else one of the service.
  func errorShape(_ code: String) -> Shape? {
    errors.first { $0.faultCode == code || $0.name == code }
      ?? model.shape(code).flatMap { $0.isException ? $0 : nil }
  }

  private func requestID(of headers: Headers) -> String? {
    headers["x-amzn-requestid"] ?? headers["x-amz-request-id"]
  }
}

/// The phrases of RFC 9110, as Python's `http.client` spells them: they are the text of errors without a body.
func reasonPhrase(_ status: Int) -> String {
  switch status {
  case 300: "Multiple Choices"
  case 301: "Moved Permanently"
  case 302: "Found"
  case 303: "See Other"
  case 304: "Not Modified"
  case 307: "Temporary Redirect"
  case 308: "Permanent Redirect"
  case 400: "Bad Request"
  case 401: "Unauthorized"
  case 402: "Payment Required"
  case 403: "Forbidden"
  case 404: "Not Found"
  case 405: "Method Not Allowed"
  case 406: "Not Acceptable"
  case 407: "Proxy Authentication Required"
  case 408: "Request Timeout"
  case 409: "Conflict"
  case 410: "Gone"
  case 411: "Length Required"
  case 412: "Precondition Failed"
  case 413: "Request Entity Too Large"
  case 414: "Request-URI Too Long"
  case 415: "Unsupported Media Type"
  case 416: "Requested Range Not Satisfiable"
  case 417: "Expectation Failed"
  case 422: "Unprocessable Entity"
  case 423: "Locked"
  case 424: "Failed Dependency"
  case 426: "Upgrade Required"
  case 428: "Precondition Required"
  case 429: "Too Many Requests"
  case 431: "Request Header Fields Too Large"
  case 500: "Internal Server Error"
  case 501: "Not Implemented"
  case 502: "Bad Gateway"
  case 503: "Service Unavailable"
  case 504: "Gateway Timeout"
  case 505: "HTTP Version Not Supported"
  default: ""
  }
}
