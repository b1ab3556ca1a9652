import Compression
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

/// Rows of the suites that we answer otherwise on purpose. The list may only shrink: a row that passes fails the test.
private let knownDifferences: [String: String] = {
  let emptyList =
    "no header for an empty list, as with botocore, which passes the case over: its older suite demands just that"
  let jsonHeader =
    "JSON in a header is a value to us and to botocore, which passes the case over; a text to the suite"
  return [
    "input/MediaTypeHeaderInputBase64": jsonHeader,
    "output/MediaTypeHeaderOutputBase64": jsonHeader,
    "input/NullAndEmptyHeaders": emptyList,
    "input/RestJsonNullAndEmptyHeaders": emptyList,
  ]
}()

@Suite(.enabled(if: conformanceDirectory != nil)) struct ProtocolConformanceTests {
  @Test(arguments: ProtocolCase.all("input") + ProtocolCase.all("legacy/input"))
  func `requests are those of the suite`(_ row: ProtocolCase) throws {
    try judge(row) { try requestDifference(row) }
  }

  @Test(arguments: ProtocolCase.all("output") + ProtocolCase.all("legacy/output"))
  func `responses are read as the suite says`(_ row: ProtocolCase) throws {
    try judge(row) { try responseDifference(row) }
  }

  private func judge(_ row: ProtocolCase, _ difference: () throws -> String?) throws {
    let found: String?
    do {
      found = try difference()
    } catch {
      found = "\(error)"
    }
    if let reason = knownDifferences[row.key] {
      #expect(
        found != nil, "\(row.key) is listed as a known difference (\(reason)) but agrees now: remove the row")
    } else if let found {
      Issue.record("\(row): \(found)")
    }
  }
}

// MARK: requests

private func requestDifference(_ row: ProtocolCase) throws -> String? {
  let operation = try row.operation()
  let expected = row.body["serialized"] ?? .null
  let input = operation.input.map { suiteValue(row.body["params"] ?? [:], $0) } ?? .object(Fields())
  let url = row.endpoint.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
  let endpoint = Endpoint(
    scheme: String(url[0].dropLast()), host: String(url[1]), path: url.count > 2 ? "/" + url[2] : "",
    signingRegion: "us-east-1", signingName: "example")
  let request = try operation.request(input, endpoint: endpoint, checksum: .crc32) {
    "00000000-0000-4000-8000-000000000000"
  }
  if let method = expected["method"]?.string, method != request.method { return "method \(request.method)" }
  if let host = expected["host"]?.string, host != request.host + endpoint.path {
    return "host \(request.host)"
  }
  if let uri = expected["uri"]?.string {
    let sides = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = sides.count > 1 ? String(sides[1]) : ""
    if request.path != sides[0] { return "path \(request.path), not \(sides[0])" }
    if pairs(request.query) != pairs(query) { return "query \(request.query), not \(query)" }
  }
  for (name, value) in expected["headers"]?.object ?? JSONObject() {
    // The AWS CLI sends no content type with XML, text and bytes, and names the character set of forms.
    let isJSON = value == "application/json"
    if name == "Content-Type", !isJSON, request.headers[name] == nil { continue }
    if !sameHeader(request.headers[name], value.string) {
      return "header \(name): \(request.headers[name] ?? "absent"), not \(value)"
    }
  }
  for name in expected["forbidHeaders"]?.array ?? [] {
    if let value = request.headers[name.string ?? ""] { return "header \(name): \(value)" }
  }
  for name in expected["requireHeaders"]?.array ?? [] where name.string != "Content-Length" {
    if request.headers[name.string ?? ""] == nil { return "no header \(name)" }
  }
  guard let body = expected["body"]?.string, case .bytes(let bytes) = request.body else { return nil }
  if request.headers["Content-Encoding"]?.hasSuffix("gzip") == true {
    return bodyDifference(try gunzip(bytes, limit: 1 << 20), body, operation)
  }
  return bodyDifference(bytes, body, operation)
}

/// Lists may or may not have spaces after their commas; forms may name their character set.
private func sameHeader(_ a: String?, _ b: String?) -> Bool {
  func bare(_ text: String?) -> String? {
    text?.replacing(", ", with: ",").replacing("; charset=utf-8", with: "")
  }
  return bare(a) == bare(b)
}

private func pairs(_ query: String) -> [String] {
  QueryString(query).pairs.map { "\($0.name)=\($0.value ?? "")" }.sorted()
}

private func bodyDifference(_ bytes: [UInt8], _ expected: String, _ operation: ServiceModels.Operation)
  -> String?
{
  let text = String(decoding: bytes, as: UTF8.self)
  let same: Bool =
    switch operation.model.protocolName {
    case .query, .ec2: pairs(text.replacing("+", with: "%20")) == pairs(expected.replacing("+", with: "%20"))
    case .json, .restJSON:
      if let a = try? JSON.parse(text), let b = try? JSON.parse(expected) {
        Value(document: a).meaning == Value(document: b).meaning
      } else {
        text == expected
      }
    case .restXML:
      if let a = try? XMLParser.parse(bytes), let b = try? XMLParser.parse(Array(expected.utf8)) {
        xmlMeaning(a) == xmlMeaning(b)
      } else {
        text == expected
      }
    }
  return same ? nil : "body \(text), not \(expected)"
}

private func xmlMeaning(_ element: XMLElement) -> String {
  let attributes = element.attributes.map { " \($0.name)=\($0.value)" }.sorted().joined()
  let children = element.children.map(xmlMeaning).sorted().joined()
  return "<\(element.name)\(attributes)>\(element.children.isEmpty ? element.text : children)</>"
}

// MARK: responses

private func responseDifference(_ row: ProtocolCase) throws -> String? {
  let operation = try row.operation()
  let given = row.body["response"] ?? .null
  var headers = Headers()
  for (name, value) in given["headers"]?.object ?? JSONObject() {
    headers.add(name, value.string ?? value.text())
  }
  let text = given["body"]?.string ?? ""
  // Event streams stand in Base64 there.
  let isStream = operation.outputEventStream != nil
  let body = isStream ? try #require(base64Decoded(text)) : Array(text.utf8)
  let response = HTTPResponse(
    status: given["status_code"]?.int ?? 200, headers: headers, body: .bytes(body))
  do {
    let value = try operation.response(response)
    guard let expected = row.body["result"] else { return "read \(value.meaning) where an error is expected" }
    let wanted = operation.output.map { suiteValue(expected, $0) } ?? .object(Fields())
    return value.meaning == wanted.meaning ? nil : "read \(value.meaning), not \(wanted.meaning)"
  } catch {
    guard case .fault(let fault) = error else { return "\(error)" }
    return faultDifference(fault, row, operation)
  }
}

private func faultDifference(
  _ fault: ServiceFault, _ row: ProtocolCase, _ operation: ServiceModels.Operation
) -> String? {
  guard row.body["result"] == nil || row.body["errorCode"] != nil else { return "unexpected fault \(fault)" }
  if let code = row.body["errorCode"]?.string, code != fault.code { return "code \(fault.code), not \(code)" }
  if let message = row.body["errorMessage"]?.string, message != fault.message {
    return "message \(fault.message)"
  }
  guard let error = row.body["error"], let shape = operation.errorShape(fault.code) ?? operation.errors.first
  else {
    return nil
  }
  var wanted = suiteValue(error, shape).object ?? Fields()
  for name in ["message", "Message"] { wanted[name] = nil }
  let a = Value.object(fault.fields).meaning
  let b = Value.object(wanted).meaning
  return a == b ? nil : "error \(a), not \(b)"
}
