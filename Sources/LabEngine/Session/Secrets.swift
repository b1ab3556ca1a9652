import Foundation

/// The credentials a session was handed, to be taken out of whatever is stored.
///
/// A block may print its environment or copy a key into a variable of its own; the screen shows what the block did,
/// but no file of ours keeps it. In the stored session a mark stands for the value, and the fresh value takes its
/// place when the run goes on.
struct Secrets: Sendable {
  /// An access key's id is no secret: AWS prints it itself.
  private static let names = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"]

  private let values: [(mark: String, value: String)]

  /// - Parameter environment: what the session was handed.
  init(_ environment: [String: String]) {
    values = Secrets.names.compactMap { name in
      // What is shorter is a placeholder, and would be found where it is not meant.
      guard let value = environment[name], value.utf8.count >= 8 else { return nil }
      return (Secrets.mark(name), value)
    }
  }

  private static func mark(_ name: String) -> String { "‹\(name)›" }

  /// `text` with marks for the values.
  func hidden(_ text: String) -> String {
    replaced(text, by: values.map { ($0.value, $0.mark) })
  }

  /// The same for a JSON document that escapes no solidus.
  func hidden(json text: String) -> String {
    replaced(text, by: values.map { (jsonString($0.value), $0.mark) })
  }

  /// The JSON document with values for the marks.
  func shown(json text: String) -> String {
    replaced(text, by: values.map { ($0.mark, jsonString($0.value)) })
  }

  private func replaced(_ text: String, by pairs: [(String, String)]) -> String {
    pairs.reduce(text) { text, pair in
      holds(text, pair.0) ? text.replacingOccurrences(of: pair.0, with: pair.1) : text
    }
  }

  /// Output may be many megabytes, and nearly none holds a secret: the C library looks for its first byte.
  private func holds(_ text: String, _ value: String) -> Bool {
    let value = Array(value.utf8)
    var text = text
    return text.withUTF8 { text in
      guard let base = text.baseAddress, let first = value.first else { return false }
      var start = 0
      while text.count - start >= value.count {
        guard let found = memchr(base + start, Int32(first), text.count - start) else { return false }
        let offset = UnsafeRawPointer(base).distance(to: found)
        guard text.count - offset >= value.count else { return false }
        if memcmp(found, value, value.count) == 0 { return true }
        start = offset + 1
      }
      return false
    }
  }

  /// As it stands between the quotes of a JSON string.
  private func jsonString(_ value: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let quoted = try? encoder.encode(value), quoted.count >= 2 else { return value }
    return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
  }
}
