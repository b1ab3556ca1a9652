import Foundation
import TestKit

/// A row of the tables in `Tests/ShellCases/`: a script, and what it prints and returns.
///
///     === posix              who judges it beside us: posix (bash and dash), bash, or ours with the reason why not
///     echo hello
///     --- 0                  the status; standard output follows, `\ no newline` ends one that has none
///     hello
struct Case: Sendable, CustomStringConvertible {
  var file: String
  var line: Int
  var judges: [String]
  /// Why no other shell judges it.
  var difference: String?
  var script: String
  var status: Int32
  var output: String

  var description: String { "\(file):\(line) \(script.prefix(60))" }

  static let all: [Case] = ["words", "commands", "ours"].flatMap(read)

  private static func read(_ name: String) -> [Case] {
    let path = "\(repositoryRoot)/Tests/ShellCases/\(name).txt"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    var cases: [Case] = []
    var isScript = false
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .enumerated()
    {
      if line.hasPrefix("=== ") {
        let tag = String(line.dropFirst(4))
        let judges = tag == "posix" ? ["/bin/bash", "/bin/dash"] : tag == "bash" ? ["/bin/bash"] : []
        cases.append(
          Case(
            file: name, line: number + 1, judges: judges,
            difference: judges.isEmpty ? String(tag.dropFirst("ours: ".count)) : nil, script: "", status: 0,
            output: ""))
        isScript = true
        continue
      }
      guard let last = cases.indices.last else { continue }
      if isScript, line.hasPrefix("--- ") {
        cases[last].status = Int32(line.dropFirst(4)) ?? -1
        isScript = false
      } else if isScript {
        cases[last].script += line + "\n"
      } else if line == "\\ no newline" {
        cases[last].output = String(cases[last].output.dropLast())
      } else {
        cases[last].output += line + "\n"
      }
    }
    return cases
  }
}
