import Foundation

/// The folders Cairn keeps things in, by the XDG Base Directory Specification 0.8.
///
/// Every folder made is 0700. Nothing is made until it is asked for.
package struct Places: Sendable, Hashable {
  /// `$XDG_STATE_HOME/cairn`, by default `~/.local/state/cairn`.
  package let state: String

  /// - Throws: `LabError.noHome` if neither the XDG variable nor `HOME` is an absolute path.
  package init(environment: [String: String]) throws(LabError) {
    // The specification: a relative path in these variables is to be ignored.
    if let given = environment["XDG_STATE_HOME"], given.hasPrefix("/") {
      state = given + "/cairn"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      state = home + "/.local/state/cairn"
    } else {
      throw .noHome(variable: "XDG_STATE_HOME")
    }
  }

  package var store: String { state + "/progress.sqlite" }

  /// The log that standard error goes to while the screen is up.
  package var log: String { state + "/cairn.log" }

  /// The working directory of a run's blocks: files that a lesson writes land here and nowhere else.
  package func work(of run: String) -> String { "\(state)/runs/\(run)/work" }

  /// The folder of the copies of that folder, one for each block that can be taken back.
  package func undo(of run: String) -> String { "\(state)/runs/\(run)/undo" }

  /// A practice account that belongs to no run.
  package func account(named name: String) -> String { "\(state)/practice/\(name)" }

  /// Makes `path` and its parents, readable by their owner alone.
  /// - Throws: `LabError.folder`.
  package static func make(_ path: String) throws(LabError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .folder(path: path, reason: (error as NSError).localizedDescription)
    }
  }
}
