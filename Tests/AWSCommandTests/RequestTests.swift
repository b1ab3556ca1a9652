import AWSClient
import Foundation
import OrderedJSON
import ServiceModels
import TestKit
import Testing
import Wire

@testable import AWSCommand

@Suite struct RequestTests {
  @Test(.enabled(if: Conformance.isPresent)) func `Recorded command lines make the recorded requests`()
    async throws
  {
    var outcomes: [(id: String, problem: String?)] = []
    for row in try Conformance.rows("argv-to-request") {
      outcomes.append((row["id"]?.string ?? "", await RecordedRequest.problem(row)))
    }
    Conformance.judge("argv-to-request", outcomes)
  }
}

/// A recorded command line and the request or the text that it leads to.
enum RecordedRequest {
  static func problem(_ row: JSON) async -> String? {
    let folder = TemporaryFolder()
    for (name, value) in row["files"]?.object ?? JSONObject() {
      let data = value["b64"]?.string.flatMap { Data(base64Encoded: $0) } ?? Data((value.string ?? "").utf8)
      folder.write(name, data)
    }
    var environment = [
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      "AWS_DEFAULT_REGION": "us-east-1", "HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true",
      "AWS_MAX_ATTEMPTS": "1",
    ]
    for (name, value) in row["env"]?.object ?? JSONObject() { environment[name] = value.string }
    let transport = ReplayTransport([])
    let clock = Timestamp(year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5)
    let argv = (row["argv"]?.array ?? []).map {
      ($0.string ?? "").replacingOccurrences(of: "{{CWD}}", with: folder.path)
    }
    let run = await CommandRun(
      argv, environment: environment, folder: folder.path, transport: transport, clock: { clock })
    if let expected = row["request"] {
      guard let found = transport.seen.first else { return "no request; \(run.exit) \(run.error)" }
      return difference(httpRequest(expected), found)
    }
    var problems: [String] = []
    if Int(run.exit) != row["exit"]?.int {
      problems.append("exit \(run.exit) instead of \(row["exit"]?.int ?? -1)")
    }
    let stdout = (row["stdout"]?.string ?? "").replacingOccurrences(of: "{{CWD}}", with: folder.path)
    let stderr = (row["stderr"]?.string ?? "").replacingOccurrences(of: "{{CWD}}", with: folder.path)
    let facts = Conformance.factsOnly(row)
    if facts(run.output) != facts(stdout) {
      problems.append("stdout\n" + TestKit.difference(facts(stdout), facts(run.output)))
    }
    if run.error != stderr { problems.append("stderr\n" + TestKit.difference(stderr, run.error)) }
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }

  private static func difference(_ expected: HTTPRequest, _ found: HTTPRequest) -> String? {
    var problems: [String] = []
    func compare(_ name: String, _ a: String, _ b: String) {
      if a != b { problems.append("\(name) \(b) instead of \(a)") }
    }
    compare("method", expected.method, found.method)
    compare("host", expected.host, found.host)
    compare("path", expected.path, found.path)
    compare(
      "query", queryPairs(expected.query).joined(separator: "&"),
      queryPairs(found.query).joined(separator: "&"))
    compare("body", RequestMeaning.body(expected), RequestMeaning.body(found))
    for field in expected.headers {
      let name = field.name.lowercased()
      guard name.hasPrefix("x-amz-") || name == "content-type" || name == "content-md5" else { continue }
      if ["x-amz-date", "x-amz-content-sha256", "x-amz-trailer", "x-amz-decoded-content-length"].contains(
        name) || name == "x-amz-security-token"
      {
        continue
      }
      compare(field.name, field.value, found.headers[field.name] ?? "(none)")
    }
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }
}
