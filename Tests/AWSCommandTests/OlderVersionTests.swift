import Foundation
import OrderedJSON
import TestKit
import Testing

/// The rows of AWS CLI 2.9 and of version 1: what they share with 2.36 must hold; what 2.36 changed is listed, by id
/// and class, in `older-versions.tsv`, and judged by the row that superseded it.
@Suite struct OlderVersionTests {
  /// Row to class of change.
  private static let changed: [String: String] = {
    let path = repositoryRoot + "/Tests/AWSCommandTests/older-versions.tsv"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    var known: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      if parts.count == 2 { known[parts[0]] = parts[1] }
    }
    return known
  }()

  @Test(.enabled(if: Conformance.isPresent), arguments: ["cli", "cli-v2"])
  func `Older versions agree, but for what was changed since`(version: String) async throws {
    var current: Set<String> = []
    for name in ["argv-to-request", "transcripts"] {
      current.formUnion(try Conformance.rows(name).compactMap { $0["id"]?.string })
    }
    var agreed = 0
    var changes: [String: Int] = [:]
    var report = ""
    for name in ["argv-to-request", "transcripts"] {
      for row in try Conformance.rows(name, of: version) {
        let id = row["id"]?.string ?? ""
        let problem =
          name == "transcripts" ? await RecordedSession.problem(row) : await RecordedRequest.problem(row)
        let listed = OlderVersionTests.changed["\(version)/\(id)"]
        if let problem { report += "\(version)/\(id)\t\(problem)\n\n" }
        switch (problem, listed) {
        case (nil, nil): agreed += 1
        case (nil, _?): Issue.record("\(version)/\(id) agrees: take it off older-versions.tsv")
        case (let problem?, nil): Issue.record("\(version)/\(id): \(problem)")
        case (_?, let kind?):
          changes[kind, default: 0] += 1
          // Nothing may be listed that no newer row judges, unless it is gone for good.
          if !current.contains(id), !kind.hasPrefix("gone") {
            Issue.record("\(version)/\(id) has no row in cli-v2-current")
          }
        }
      }
    }
    let summary = changes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    print("\(version): \(agreed) rows agree; changed since: \(summary)")
    if let path = ProcessInfo.processInfo.environment["DIFFERENCES_FILE"] {
      try? report.write(toFile: "\(path).\(version)", atomically: true, encoding: .utf8)
    }
  }
}
