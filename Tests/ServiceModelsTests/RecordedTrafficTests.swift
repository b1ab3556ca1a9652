import Foundation
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import ServiceModels

/// Requests that the AWS CLI v2 was recorded making, and responses of real services.
@Suite(.enabled(if: conformanceDirectory != nil)) struct RecordedTrafficTests {
  /// What the AWS CLI changes before it calls; the client core does the same above this room.
  private let customized: [String: String] = [
    "ListObjects": "asks for encoding-type=url", "ListObjectsV2": "asks for encoding-type=url",
    "ListObjectVersions": "asks for encoding-type=url", "CopyObject": "encodes the copy source",
    "UploadPartCopy": "encodes the copy source", "RunInstances": "Base64 of the user data",
    "ChangeResourceRecordSets": "takes /hostedzone/ off the id", "CreateRestApi": "asks for JSON",
    "UpdateStage": "asks for JSON", "InvokeModel": "reads as Base64 what is none",
  ]

  @Test func `requests are those of the AWS CLI`() throws {
    let folder = try #require(conformanceDirectory)
    var judged = 0
    for line in try contents(of: "\(folder)/cli-v2-current/argv-to-request.jsonl").split(separator: "\n") {
      let row = try JSON.parse(String(line))
      guard let wanted = row["request"], let service = row["service"]?.string,
        bundle.services.contains(service),
        let name = row["operation"]?.string, customized[name] == nil
      else { continue }
      let operation = try #require(bundle.model(service).operation(name))
      let shape = operation.input
      // With the older binary format a blob is the text itself.
      let isRaw = row["argv"]?.array?.contains("raw-in-base64-out") ?? false
      let input =
        shape.map { isRaw ? suiteValue(row["params"] ?? [:], $0) : recorded(row["params"] ?? [:], $0) } ?? [:]
      let url = try #require(wanted["url"]?.string)
      let region = row["argv"]?.array?.firstIndex(of: "--region").flatMap { row["argv"]?[$0 + 1]?.string }
      let custom = row["argv"]?.array?.firstIndex(of: "--endpoint-url").flatMap {
        row["argv"]?[$0 + 1]?.string
      }
      if row["env"] != nil || row["files"]?["config"] != nil { continue }
      do {
        let endpoint = try operation.endpoint(
          input, region: region ?? "us-east-1", custom: custom, partitions: bundle.partitions())
        let request = try operation.request(input, endpoint: endpoint) {
          "00000000-0000-4000-8000-000000000000"
        }
        let trail: Comment = "\(row["id"]?.string ?? "") \(name)"
        #expect(request.method == wanted["method"]?.string, trail)
        let sides = url.split(separator: "?", maxSplits: 1)
        let base = "\(request.scheme)://\(request.host)\(request.path)"
        #expect(base == sides[0], trail)
        #expect(pairs(request.query) == pairs(sides.count > 1 ? String(sides[1]) : ""), trail)
        compareHeaders(request, wanted, operation, trail)
        if case .bytes(let bytes) = request.body, wanted["headers"]?["X-Amz-Trailer"] == nil {
          let sent =
            wanted["body_b64"]?.string.flatMap { base64Decoded($0) }
            ?? Array((wanted["body"]?.string ?? "").utf8)
          #expect(bodyMeaning(bytes, operation) == bodyMeaning(sent, operation), trail)
        }
        judged += 1
      } catch {
        Issue.record("\(row["id"]?.string ?? "") \(name): \(error)")
      }
    }
    #expect(judged > 100)
  }

  private func compareHeaders(
    _ request: HTTPRequest, _ wanted: JSON, _ operation: ServiceModels.Operation, _ trail: Comment
  ) {
    // Of signing, of the transport, or of trailing checksums, which the client core makes.
    let others: Set = [
      "authorization", "x-amz-date", "content-length", "x-amz-content-sha256", "expect", "transfer-encoding",
      "x-amz-security-token", "x-amz-trailer", "x-amz-decoded-content-length", "content-md5",
      "content-encoding",
    ]
    let isTrailing = wanted["headers"]?["X-Amz-Trailer"] != nil
    for (name, value) in wanted["headers"]?.object ?? JSONObject() where !others.contains(name.lowercased()) {
      #expect(request.headers[name] == value.string, "\(trail) \(name)")
    }
    for header in request.headers
    where wanted["headers"]?.object?.keys.contains(where: { $0.lowercased() == header.name.lowercased() })
      != true
    {
      if isTrailing, header.name.hasPrefix("x-amz-checksum-") { continue }
      Issue.record("\(trail): \(header.name) is not sent by the AWS CLI")
    }
  }

  @Test func `recorded XML responses are read as botocore reads them`() throws {
    let folder = try #require(conformanceDirectory) + "/protocols/response_parsing/xml/responses"
    var judged = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    where file.hasSuffix(".xml") {
      let stem = String(file.dropLast(4))
      guard let dash = stem.firstIndex(of: "-"), let model = try? bundle.model(String(stem[..<dash])),
        let operation = model.operation(cliName: String(stem[stem.index(after: dash)...]))
          ?? model.operationNames.lazy
          .compactMap({ model.operation($0) }).first(where: { stem.hasPrefix(stem[...dash] + $0.cliName) })
      else { continue }
      let text = try contents(of: "\(folder)/\(file)")
      // Copied from documentation: its times are no times.
      if text.contains("YYYY-MM-DDTHH:MM:SS") { continue }
      // The client core decodes policies.
      if stem == "iam-get-user-policy" { continue }
      var expected = try JSON.parse(contents(of: "\(folder)/\(stem).json")).object ?? JSONObject()
      expected["ResponseMetadata"] = nil
      let body = Array(text.utf8)
      let output = try operation.response(HTTPResponse(status: 200, body: .bytes(body)))
      let wanted = operation.output.map { botocoreValue(.object(expected), $0) } ?? [:]
      #expect(output.meaning == wanted.meaning, "\(stem)")
      judged += 1
    }
    #expect(judged >= 137)
  }

  @Test(arguments: [("xml/errors", "xml/errors", ".xml"), ("json/errors", "json/expected", ".json")])
  func `recorded errors are read as botocore reads them`(given: String, expected: String, suffix: String)
    throws
  {
    let folder = try #require(conformanceDirectory) + "/protocols/response_parsing"
    var judged = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(given)").sorted()
    where file.hasSuffix(suffix) {
      let stem = String(file.dropLast(suffix.count))
      let dash = try #require(stem.firstIndex(of: "-"))
      let model = try bundle.model(String(stem[..<dash]))
      let operation = try #require(
        model.operation(cliName: String(stem[stem.index(after: dash)...])), "\(stem)")
      let wanted = try JSON.parse(contents(of: "\(folder)/\(expected)/\(stem).json"))
      let body = Array(try contents(of: "\(folder)/\(given)/\(file)").utf8)
      let error = try #require(throws: ProtocolError.self) {
        try operation.response(HTTPResponse(status: 400, body: .bytes(body)))
      }
      guard case .fault(let fault) = error else {
        Issue.record("\(stem): \(error)")
        continue
      }
      #expect(fault.code == wanted["Error"]?["Code"]?.string, "\(stem)")
      #expect(fault.message == wanted["Error"]?["Message"]?.string ?? "", "\(stem)")
      if let id = wanted["ResponseMetadata"]?["RequestId"]?.string {
        #expect(fault.requestID == id, "\(stem)")
      }
      judged += 1
    }
    #expect(judged >= 3)
  }
}

private func pairs(_ query: String) -> [String] {
  QueryString(query).pairs.map { "\($0.name)=\($0.value ?? "")" }.sorted()
}

private func bodyMeaning(_ bytes: [UInt8], _ operation: ServiceModels.Operation) -> String {
  let text = String(decoding: bytes, as: UTF8.self)
  switch operation.model.protocolName {
  case .query, .ec2: return pairs(text.replacing("+", with: "%20")).joined(separator: "\n")
  case .json, .restJSON: return (try? JSON.parse(text)).map { Value(document: $0).meaning } ?? text
  case .restXML: return text
  }
}

/// The recordings' marks for files, bytes and times.
private func recorded(_ json: JSON, _ shape: Shape) -> Value {
  if let text = (json["__file_b64__"] ?? json["__bytes_b64__"])?.string {
    return base64Decoded(text).map { .blob($0) } ?? .string(text)
  }
  if let text = json["__datetime__"]?.string {
    return Timestamp(parsing: text).map { .timestamp($0) } ?? .string(text)
  }
  switch (shape.kind, json) {
  case (.structure, .object(let members)) where !shape.isDocument:
    return .object(
      Fields(
        members.map { key, value in .init(key, shape.member(key).map { recorded(value, $0.shape) } ?? .null) }
      ))
  case (.list, .array(let items)):
    return .list(items.map { item in shape.element.map { recorded(item, $0.shape) } ?? .null })
  case (.map, .object(let members)):
    return .object(
      Fields(members.map { key, value in .init(key, shape.value.map { recorded(value, $0.shape) } ?? .null) })
    )
  case (.timestamp, .string(let text)):
    return Timestamp(parsing: text).map { .timestamp($0) } ?? .string(text)
  case (.timestamp, .number(let number)): return .timestamp(Timestamp(seconds: number.double))
  case (.double, .string(let text)), (.float, .string(let text)):
    return readDouble(text).map { .double($0) } ?? .string(text)
  case (.blob, .string(let text)): return base64Decoded(text).map { .blob($0) } ?? .string(text)
  default: return Value(document: json)
  }
}

/// As `suiteValue`, with times as text.
private func botocoreValue(_ json: JSON, _ shape: Shape) -> Value { suiteValue(json, shape) }
