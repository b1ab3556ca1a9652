import Digests
import OrderedJSON
import Wire

extension Operation {
  /// The request of a client, not yet signed.
  ///
  /// - Parameters:
  ///   - body: stands for the streaming payload member (a file, say); nil: the member's own value.
  ///   - checksum: the algorithm where the input names none; nil leaves checksums to the caller. A body that is
  ///     a file gets none here: the caller streams it and adds the trailer.
  ///   - compression: whether and from which size on a body is compressed where the service takes it. A body that is a
  ///     file goes as it is.
  ///   - tokens: makes an idempotency token; called once for each such member that `input` lacks.
  /// - Throws: `.unfit` where a value does not fit its shape (call `validate` first for botocore's wording), and
  ///   `.unsupported` for an input that is a stream of events.
  package func request(
    _ input: Value, endpoint: Endpoint, body: Body? = nil, checksum: ChecksumAlgorithm? = .crc64nvme,
    compression: RequestCompression = RequestCompression(), tokens: () -> String
  ) throws(ProtocolError) -> HTTPRequest {
    if inputEventStream != nil {
      throw .unsupported(
        "\(model.service) \(name) takes its input as a stream of events, which cannot be sent from here: use an AWS SDK."
      )
    }
    let input = withDefaults(input, checksums: checksum != nil, tokens)
    var request = HTTPRequest(
      method: httpMethod, scheme: endpoint.scheme,
      host: (endpoint.injectsHostPrefix ? try hostPrefix(input) : "") + endpoint.host,
      path: template.path)
    switch model.protocolName {
    case .json: try buildJSON(input, &request)
    case .query, .ec2: try buildForm(input, &request)
    case .restJSON, .restXML: try buildREST(input, endpoint, body, &request)
    }
    // "/" under a custom endpoint's path: as Smithy says for the protocols that have but this path, as botocore does for
    // the others.
    let isRoot = request.path == "/" && (model.protocolName == .restJSON || model.protocolName == .restXML)
    request.path = endpoint.path + (endpoint.path.isEmpty || !isRoot ? request.path : "")
    for (name, values) in endpoint.headers.sorted(by: { $0.key < $1.key }) {
      for value in values { request.headers.add(name, value) }
    }
    compress(&request, compression)
    if let checksum { addChecksum(input, checksum, &request) }
    return request
  }

  /// Idempotency tokens, and the wish for checksums in the answer.
  private func withDefaults(_ input: Value, checksums: Bool, _ tokens: () -> String) -> Value {
    guard let shape = self.input, case .object(var fields) = input else { return input }
    for member in shape.members where member.isIdempotencyToken && fields[member.name] == nil {
      fields[member.name] = .string(tokens())
    }
    if checksums, let mode = checksumModeMember, fields[mode] == nil { fields[mode] = "ENABLED" }
    return .object(fields)
  }

  private func buildJSON(_ input: Value, _ request: inout HTTPRequest) throws(ProtocolError) {
    request.headers.add("X-Amz-Target", "\(model.targetPrefix ?? "").\(name)")
    request.headers.add("Content-Type", "application/x-amz-json-\(model.jsonVersion)")
    if model.isQueryCompatible { request.headers.add("x-amzn-query-mode", "true") }
    var json = JSON.object(JSONObject())
    if let shape = self.input { json = try JSONBody.build(structure: input, shape) }
    request.body = .bytes(Array(json.text().utf8))
  }

  private func buildForm(_ input: Value, _ request: inout HTTPRequest) throws(ProtocolError) {
    request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    var form = QueryForm(isEC2: model.protocolName == .ec2)
    form.add("Action", name)
    form.add("Version", model.apiVersion)
    if let shape = self.input { try form.build(structure: input, shape, prefix: "") }
    request.body = .bytes(form.encoded)
  }

  private func buildREST(
    _ input: Value, _ endpoint: Endpoint, _ body: Body?, _ request: inout HTTPRequest
  ) throws(ProtocolError) {
    let shape = self.input
    let binding = try RESTBinding.build(input, shape, template, dropsBucket: endpoint.includesBucket)
    request.path = binding.path
    request.query = binding.query
    request.headers = binding.headers
    guard let shape else { return }
    if let payload = inputPayload {
      try buildPayload(payload, input[payload.name], body, &request)
    } else if model.protocolName == .restJSON {
      guard shape.members.contains(where: { $0.location == nil }) else { return }
      let json = try JSONBody.build(structure: input, shape) { $0.location == nil }
      setJSON(json, &request)
    } else {
      guard let given = input.object, given.contains(where: { shape.member($0.name)?.location == nil }) else {
        return
      }
      var writer = XMLWriter()
      try XMLBody.build(
        structure: input, shape, name: shape.traits.locationName ?? inputRootName ?? shape.name,
        namespace: inputNamespace ?? shape.traits.xmlNamespace, into: &writer
      ) { $0.location == nil }
      request.body = .bytes(writer.bytes)
    }
  }

  private func buildPayload(
    _ member: Member, _ value: Value?, _ body: Body?, _ request: inout HTTPRequest
  ) throws(ProtocolError) {
    switch member.shape.kind {
    case .blob, .string:
      if let body {
        request.body = body
      } else {
        switch value {
        case .blob(let bytes): request.body = .bytes(bytes)
        case .string(let text): request.body = .bytes(Array(text.utf8))
        case nil, .null?: break
        default: throw .unfit(path: member.name, detail: "is no \(member.shape.kind.rawValue)")
        }
      }
    default:
      guard let value, value != .null else {
        if model.protocolName == .restJSON, !member.shape.isUnion { setJSON(.object(JSONObject()), &request) }
        return
      }
      try within(member.name) { () throws(ProtocolError) in
        if model.protocolName == .restJSON {
          setJSON(try JSONBody.build(value, member), &request)
        } else {
          var writer = XMLWriter()
          try XMLBody.build(value, member, name: xmlRootName(of: member), into: &writer)
          request.body = .bytes(writer.bytes)
        }
      }
    }
  }

  private func setJSON(_ json: JSON, _ request: inout HTTPRequest) {
    request.body = .bytes(Array(json.text().utf8))
    if request.headers["Content-Type"] == nil { request.headers.add("Content-Type", "application/json") }
  }

  private func addChecksum(_ input: Value, _ preferred: ChecksumAlgorithm, _ request: inout HTTPRequest) {
    guard case .bytes(let bytes) = request.body,
      let algorithm = checksumAlgorithm(for: input, headers: request.headers, preferred: preferred)
    else { return }
    if let header = checksumAlgorithmHeader, request.headers[header] == nil {
      request.headers.add(header, algorithm.rawValue)
    }
    request.headers.add(algorithm.headerName, algorithm.checksum(of: bytes))
    if requiresMD5, request.headers["Content-MD5"] == nil {
      request.headers.add("Content-MD5", base64Encoded(md5(bytes)))
    }
  }

  /// The host prefix with its labels filled in.
  private func hostPrefix(_ input: Value) throws(ProtocolError) -> String {
    guard let hostPrefix else { return "" }
    var out = ""
    var rest = Substring(hostPrefix)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      out += rest[..<open]
      guard let text = input[name]?.string, !text.isEmpty, text.utf8.allSatisfy(isHostByte) else {
        throw .unfit(
          path: name,
          detail: "must contain only alphanumeric characters, hyphen, or period: it is part of the host")
      }
      out += text
      rest = rest[rest.index(after: close)...]
    }
    return out + rest
  }
}

/// The name of the root element of a payload: the member's if the model names it, else the shape's modelled one, else
/// the shape's own. A model names a member by a name other than its own, or, as all of AWS's do, by giving it a namespace:
/// S3's `LifecycleConfiguration` is of the shape `BucketLifecycleConfiguration`.
func xmlRootName(of member: Member) -> String {
  if let name = member.explicitLocationName, name != member.name || member.traits.isNamespacedByReference {
    return name
  }
  return member.shape.traits.locationName ?? member.shape.name
}

private func isHostByte(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
  default: false
  }
}
