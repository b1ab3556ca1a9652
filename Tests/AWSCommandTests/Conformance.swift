import Foundation
import OrderedJSON
import ServiceModels
import TestKit
import Testing

/// The rows of one file of the AWS CLI v2's recorded behaviour.
struct Conformance {
  static let folder = conformanceDirectory.map { $0 + "/cli-v2-current" }
  static let isPresent =
    folder.map { FileManager.default.fileExists(atPath: $0 + "/transcripts.jsonl") } ?? false
  static let catalog = ModelCatalog(directory: repositoryRoot + "/assets/models")

  /// - Parameter version: the folder: `cli-v2-current`, or that of an older program.
  static func rows(_ name: String, of version: String = "cli-v2-current") throws -> [JSON] {
    let text = try contents(of: (conformanceDirectory ?? "") + "/\(version)/\(name).jsonl")
    return try text.split(separator: "\n").map { try JSON.parse(String($0)) }
  }

  /// For rows marked `documentation`: comments without the prose, which the packed models do not hold. What a comment
  /// says of the model stays: `[REQUIRED]` and the valid values.
  static func factsOnly(_ row: JSON) -> (String) -> String {
    let isDated = (row["dated"]?.array ?? []).contains("documentation")
    return { text in
      guard isDated else { return text }
      return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        guard let mark = line.firstRange(of: #/ +# /#) else { return String(line) }
        let comment = line[mark.upperBound...]
        let required = comment.hasPrefix("[REQUIRED]") ? " [REQUIRED]" : ""
        let values =
          comment.firstRange(of: "Valid values are: ").map { " " + comment[$0.lowerBound...] } ?? ""
        return line[..<mark.lowerBound] + required + values
      }.joined(separator: "\n")
    }
  }

  /// Ids of rows that are known to differ, with the reason.
  static let knownDifferences: [String: String] = {
    let path = repositoryRoot + "/Tests/AWSCommandTests/known-differences.tsv"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    var known: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      if parts.count == 2 { known[parts[0]] = parts[1] }
    }
    return known
  }()

  /// Holds failures against the list of known differences: an unlisted failure fails the test, and so does a listed
  /// row that passes.
  static func judge(
    _ name: String, _ outcomes: [(id: String, problem: String?)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let passed = outcomes.filter { $0.problem == nil }.count
    let percent = outcomes.isEmpty ? 0 : Double(passed) * 100 / Double(outcomes.count)
    print("\(name): \(passed) of \(outcomes.count) rows (\(String(format: "%.1f", percent)) %)")
    for (id, problem) in outcomes {
      switch (problem, knownDifferences[id]) {
      case (let problem?, nil): Issue.record("\(id): \(problem)", sourceLocation: sourceLocation)
      case (nil, _?):
        Issue.record("\(id) passes: take it off known-differences.tsv", sourceLocation: sourceLocation)
      default: break
      }
    }
    if let path = ProcessInfo.processInfo.environment["DIFFERENCES_FILE"] {
      let lines = outcomes.compactMap { row in row.problem.map { "\(row.id)\t\($0)\n\n" } }.joined()
      try? lines.write(toFile: "\(path).\(name)", atomically: true, encoding: .utf8)
    }
  }
}
