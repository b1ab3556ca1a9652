import Foundation
import ShellRuntime

/// The variables that carry credentials: they are handed to the session anew each time, and never stored.
private let secretVariables: Set<String> = [
  "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
]

/// The snapshot as it is stored: without credentials.
func encoded(_ snapshot: SessionSnapshot) -> String? {
  let kept = snapshot.removing { secretVariables.contains($0) }
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return (try? encoder.encode(kept)).map { String(decoding: $0, as: UTF8.self) }
}

/// A stored snapshot; nil if it cannot be read.
func decodedSnapshot(_ text: String) -> SessionSnapshot? {
  try? JSONDecoder().decode(SessionSnapshot.self, from: Data(text.utf8))
}
