import Foundation
import Lessons

/// Where the program's data is: service models, the resource catalogue, scenarios.
package struct Assets: Sendable, Hashable {
  package let directory: String

  package var models: String { directory + "/models" }
  package var resources: String { directory + "/resources" }
  package var scenarios: String { directory + "/scenarios" }

  /// Looks in `CAIRN_ASSETS`, then in `../share/cairn` beside the program, then for an `assets` folder in the
  /// folders above the program (a build inside the repository).
  ///
  /// - Throws: `TutorError` if there is none.
  package init(environment: [String: String]) throws(TutorError) {
    if let given = environment["CAIRN_ASSETS"] {
      guard FileManager.default.fileExists(atPath: given + "/models") else {
        throw TutorError(
          Diagnostic(
            .error, "Cairn's data is missing: CAIRN_ASSETS is \(given), which holds no folder 'models'",
            hint: "Set CAIRN_ASSETS to the 'assets' folder of Cairn's repository, or unset it."))
      }
      directory = given
      return
    }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    var folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    var candidates = [folder.deletingLastPathComponent().path + "/share/cairn"]
    while folder.path != "/", !folder.path.isEmpty {
      candidates.append(folder.path + "/assets")
      folder.deleteLastPathComponent()
    }
    guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/models") })
    else {
      throw TutorError(
        Diagnostic(
          .error, "Cairn's data is missing: no folder 'assets' above the program",
          hint: "Set CAIRN_ASSETS to the 'assets' folder of Cairn's repository."))
    }
    directory = found
  }
}
