import Foundation
import Lessons
import OrderedJSON
import PracticeAccount

/// A scenario as it lies in a file: one of the program's own by its name, or anybody's by its path.
package struct ScenarioFile: Sendable {
  package let json: JSON
  let scenario: Scenario

  package var name: String { scenario.name }
  package var title: String { scenario.title }

  /// - Parameter name: a name, or a path if it holds a solidus or ends in `.json`.
  /// - Throws: `TutorError` if there is none, or it is not understood.
  package init(_ name: String, in assets: Assets) throws(TutorError) {
    let isPath = name.contains("/") || name.hasSuffix(".json")
    let path = isPath ? name : "\(assets.scenarios)/\(name).json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TutorError(
        Diagnostic(
          .error, "there is no scenario \(name)",
          hint: "'cairn practice scenarios' lists those there are; a path names a file of your own."))
    }
    do {
      json = try JSON.parse(bytes: Array(data))
      scenario = try Scenario(json: json)
    } catch {
      throw TutorError(
        Diagnostic(.error, "the scenario \(name) cannot be read", detail: "\(error)", source: path))
    }
  }

  /// The program's own scenarios by name.
  package static func all(in assets: Assets) throws(TutorError) -> [ScenarioFile] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: assets.scenarios)) ?? []
    var all: [ScenarioFile] = []
    for name in names.sorted() where name.hasSuffix(".json") {
      all.append(try ScenarioFile(String(name.dropLast(5)), in: assets))
    }
    return all
  }
}
