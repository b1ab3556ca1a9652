// TestKit: what every test target needs to find its data and compare its goldens.
//
// Only tests import this room. It knows the layout of the repository, nothing of Cairn.

import Foundation
import Testing

/// The root of the repository: the folder that holds `Package.swift` and `Tests`.
package let repositoryRoot: String = {
  var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path + "/.swift-format") {
    folder.deleteLastPathComponent()
  }
  return folder.path
}()

/// The folder of conformance data, from `CONFORMANCE_DIR` or beside the repository; nil if there is none.
package let conformanceDirectory: String? = {
  let given = ProcessInfo.processInfo.environment["CONFORMANCE_DIR"]
  let folder =
    given ?? URL(fileURLWithPath: repositoryRoot).deletingLastPathComponent().path + "/shared/conformance"
  return FileManager.default.fileExists(atPath: folder) ? folder : nil
}()

/// The text of a file, failing the test where it cannot be read.
package func contents(of path: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
  try #require(
    try? String(contentsOfFile: path, encoding: .utf8), "cannot read \(path)", sourceLocation: sourceLocation)
}

/// Compares `actual` with the golden file `Tests/<folder>/Snapshots/<name>`.
///
/// `RECORD_SNAPSHOTS=1` writes the golden anew; the test fails all the same, so that recording never passes.
package func expectSnapshot(
  _ actual: String, _ name: String, in folder: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let path = "\(repositoryRoot)/Tests/\(folder)/Snapshots/\(name)"
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try? actual.write(toFile: path, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name); run again without RECORD_SNAPSHOTS", sourceLocation: sourceLocation)
    return
  }
  guard let golden = try? String(contentsOfFile: path, encoding: .utf8) else {
    Issue.record("no golden \(path); RECORD_SNAPSHOTS=1 writes it", sourceLocation: sourceLocation)
    return
  }
  if actual != golden {
    Issue.record("\(name) differs\n\(difference(golden, actual))", sourceLocation: sourceLocation)
  }
}

/// The lines of both texts that differ, `-` expected and `+` found, with their line numbers.
package func difference(_ expected: String, _ found: String) -> String {
  let a = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let b = found.split(separator: "\n", omittingEmptySubsequences: false)
  var lines: [String] = []
  for i in 0..<max(a.count, b.count) {
    let left = i < a.count ? String(a[i]) : nil
    let right = i < b.count ? String(b[i]) : nil
    if left == right { continue }
    if let left { lines.append("-\(i + 1): \(left)") }
    if let right { lines.append("+\(i + 1): \(right)") }
    if lines.count > 60 { break }
  }
  return lines.joined(separator: "\n")
}
