/// Something the reader should know about a lesson, a block or a command, and where it is.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable, CaseIterable {
    /// Cairn cannot do what was asked.
    case error
    /// Cairn can, but the result may not be what the author meant.
    case warning
    /// Worth knowing; nothing is wrong.
    case note
  }

  package var severity: Severity
  /// What happened and to what, in one sentence.
  package var summary: String
  /// More about it; empty if the summary says all.
  package var detail: String
  /// The file it is about, as the reader named it; empty if it is about no file.
  package var source: String
  /// The line in `source`, from 1; nil if it is about the whole file.
  package var line: Int?
  /// The column in that line, from 1.
  package var column: Int?
  /// The text of that line, if it helps to see it.
  package var excerpt: String?
  /// What to do next, in one sentence; empty if there is nothing to do.
  package var hint: String

  package init(
    _ severity: Severity, _ summary: String, detail: String = "", source: String = "", line: Int? = nil,
    column: Int? = nil, excerpt: String? = nil, hint: String = ""
  ) {
    self.severity = severity
    self.summary = summary
    self.detail = detail
    self.source = source
    self.line = line
    self.column = column
    self.excerpt = excerpt
    self.hint = hint
  }
}

extension Diagnostic {
  /// `lesson.md:12:3`, as compilers write it; empty without a source.
  package var place: String {
    guard !source.isEmpty else { return "" }
    guard let line else { return source }
    guard let column else { return "\(source):\(line)" }
    return "\(source):\(line):\(column)"
  }

  /// The text the reader sees, without a newline at its end. The whole program prints diagnostics with this. Control
  /// characters of a file's name or text are made visible.
  ///
  /// - Parameter color: whether severity is also shown with ANSI colour. The word is always there.
  package func rendered(color: Bool = false) -> String {
    var head = severity.rawValue + ":"
    if color { head = "\u{1B}[1;\(severity.ansiColor)m\(head)\u{1B}[0m" }
    var lines = ["\(head) \(summary.withoutControls)"]
    if !place.isEmpty { lines.append("  --> \(place.withoutControls)") }
    if let excerpt = excerpt?.withoutControls, let line {
      let number = String(line)
      lines.append("  \(number) | \(excerpt)")
      if let column, column > 0, column <= excerpt.count + 1 {
        // Tabs are kept, so that the mark stands under its character whatever their width.
        let lead = excerpt.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        lines.append("  \(String(repeating: " ", count: number.count)) | \(lead)^")
      }
    }
    if !detail.isEmpty {
      lines += detail.withoutControls.split(separator: "\n", omittingEmptySubsequences: false).map {
        "  \($0)"
      }
    }
    if !hint.isEmpty { lines.append("  hint: \(hint.withoutControls)") }
    return lines.joined(separator: "\n")
  }
}

extension Diagnostic.Severity {
  fileprivate var ansiColor: Int {
    switch self {
    case .error: 31
    case .warning: 33
    case .note: 36
    }
  }
}
