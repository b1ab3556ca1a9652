import Foundation
import ShellRuntime

extension SessionSnapshot {
  /// The variables that carry credentials: they are handed to the session anew each time, and never stored.
  static let secretVariables: Set<String> = [
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
  ]

  /// What `$NAME` gives, for every variable that has a value.
  var values: [String: String] { variables.compactMapValues(\.value) }

  /// The snapshot as it is stored: without credentials.
  func text(hiding secrets: Secrets) -> String? {
    var kept = self
    for name in SessionSnapshot.secretVariables { kept.variables[name] = nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(kept)).map { secrets.hidden(json: String(decoding: $0, as: UTF8.self)) }
  }

  /// A stored snapshot; nil if it cannot be read.
  init?(text: String, showing secrets: Secrets) {
    let text = secrets.shown(json: text)
    guard let read = try? JSONDecoder().decode(SessionSnapshot.self, from: Data(text.utf8)) else {
      return nil
    }
    self = read
  }

  /// The same session in a new process: its credentials and endpoint are a fresh shell's; all else is as it was.
  func adopting(accessOf fresh: SessionSnapshot) -> SessionSnapshot {
    var session = self
    for name in SessionSnapshot.secretVariables.union(["AWS_ENDPOINT_URL"]) {
      session.variables[name] = fresh.variables[name]
    }
    return session
  }
}
