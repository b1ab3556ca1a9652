import AWSClient
import Foundation
import OrderedJSON
import ServiceModels
import TestKit
import Testing
import Wire

@testable import AWSCommand

@Suite struct TranscriptTests {
  @Test(.enabled(if: Conformance.isPresent)) func `Recorded sessions replay to the byte`() async throws {
    var outcomes: [(id: String, problem: String?)] = []
    for row in try Conformance.rows("transcripts") {
      outcomes.append((row["id"]?.string ?? "", await RecordedSession.problem(row)))
    }
    Conformance.judge("transcripts", outcomes)
  }
}

/// A recorded session: a command line, the exchanges, what was printed and which files were left.
enum RecordedSession {
  static func problem(_ row: JSON) async -> String? {
    let folder = TemporaryFolder()
    var values: [String: String] = ["CWD": folder.path]
    for (name, binding) in row["bindings"]?.object ?? JSONObject() {
      values[name] = binding["value"].map { $0.string ?? $0.text() }
    }
    func filled(_ text: String) -> String {
      var text = text
      for (name, value) in values { text = text.replacingOccurrences(of: "{{\(name)}}", with: value) }
      return text
    }
    for (name, value) in row["files"]?.object ?? JSONObject() {
      folder.write(name, Data(filled(value.string ?? "").utf8))
    }
    for (name, variable) in row["bin_files"]?.object ?? JSONObject() {
      folder.write(name, Data(base64Encoded: filled(variable.string ?? "")) ?? Data())
    }
    var environment = [
      "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
      "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2", "TZ": "UTC", "LC_ALL": "C.UTF-8",
      "COLUMNS": "80",
      "HOME": folder.path, "PATH": "/usr/bin:/bin",
    ]
    for (name, value) in row["env"]?.object ?? JSONObject() { environment[name] = value.string.map(filled) }
    let exchanges = (row["http"]?.array ?? []).map { exchange -> ReplayTransport.Exchange in
      let response = exchange["response"] ?? .null
      var headers = Headers()
      for (name, value) in response["headers"]?.object ?? JSONObject() {
        headers.add(name, value.string ?? "")
      }
      // The recording leaves the length out.
      if headers["Content-Length"] == nil { headers.add("Content-Length", String(bodyBytes(response).count)) }
      return .init(
        request: httpRequest(withFixedTokens(exchange["request"] ?? .null, row)),
        response: HTTPResponse(
          status: response["status"]?.int ?? 0, headers: headers, body: .bytes(bodyBytes(response))))
    }
    let transport = ReplayTransport(exchanges)
    // The time of the recording: credentials in it have expired since.
    let recorded = exchanges.first?.request.headers["X-Amz-Date"].flatMap { Timestamp(parsing: $0) }
    let now = recorded ?? Timestamp(year: 2026, month: 11, day: 23)
    let run = await CommandRun(
      (row["argv"]?.array ?? []).map { filled($0.string ?? "") }, environment: environment,
      folder: folder.path,
      input: filled(row["stdin"]?.string ?? ""), transport: transport, clock: { now })
    return problem(row, run, transport, folder, filled)
  }

  /// Tokens that the CLI made up, by those that our seam makes.
  private static func withFixedTokens(_ request: JSON, _ row: JSON) -> JSON {
    guard case .object(var members) = request, var body = members["body"]?.string else { return request }
    for token in row["client_tokens"]?.array ?? [] {
      body = body.replacingOccurrences(of: token.string ?? "", with: "00000000-0000-4000-8000-000000000000")
    }
    // `logs tail` counts back from the clock; the recording's clock is known to the second.
    body = body.replacing(#/("startTime": \d{10})\d{3}/#) { "\($0.output.1)000" }
    members["body"] = .string(body)
    return .object(members)
  }

  private static func problem(
    _ row: JSON, _ run: CommandRun, _ transport: ReplayTransport, _ folder: TemporaryFolder,
    _ filled: (String) -> String
  ) -> String? {
    var problems: [String] = []
    if Int(run.exit) != row["exit"]?.int {
      problems.append("exit \(run.exit) instead of \(row["exit"]?.int ?? -1)")
    }
    let unordered = row["unordered"]?.bool ?? false
    func lines(_ text: String) -> String {
      unordered ? text.split(separator: "\n").sorted().joined(separator: "\n") : text
    }
    let facts = Conformance.factsOnly(row)
    let stdout = facts(lines(filled(row["stdout"]?.string ?? "")))
    let stderr = lines(filled(row["stderr"]?.string ?? ""))
    let output = facts(lines(run.output))
    if output != stdout { problems.append("stdout\n" + difference(stdout, output)) }
    if lines(run.error) != stderr { problems.append("stderr\n" + difference(stderr, lines(run.error))) }
    for (name, value) in row["files_after"]?.object ?? JSONObject() {
      let found = folder.text(name)
      if found != value.string.map(filled) { problems.append("file \(name): \(found ?? "(none)")") }
    }
    // A refused connection is a request without an exchange.
    if !(row["http"]?.array ?? []).isEmpty { problems += transport.problems }
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }
}
