/// A code block: what the learner reads is the program that runs.
package struct CodeBlock: Hashable, Sendable {
  /// What Cairn does with it.
  package enum Role: String, Hashable, Sendable {
    /// A shell program that runs.
    case shell
    /// Text to be written to `file` in the run's folder.
    case file
    /// Something to look at: expected output, JSON, another language.
    case text
  }

  /// Stable within the lesson: given by `id=`, or `<section id>-<n>` counting the section's code blocks from 1.
  package var id: String
  /// The first word of the fence, lower case; empty for an untagged or indented block.
  package var language: String
  /// The block as written, without its fence and its indentation; lines end in `\n`.
  package var text: String
  /// The program that runs: `text` without prompts, and with the output that was mixed in blanked out, line for line.
  package var script: String
  package var role: Role
  /// True where the learner may run it but the path does not: inside `<details>`, in a stretch section, or `optional`.
  package var isOptional: Bool
  /// `key=value` pairs of the fence, as written.
  package var attributes: [String: String]
  /// The lines of the file from the opening to the closing fence.
  package var lines: ClosedRange<Int>
  /// The line of the file that holds the first line of `text`.
  package var firstTextLine: Int

  package var isRunnable: Bool { role == .shell }

  /// Where a block of role `file` is written, relative to the run's folder.
  package var file: String? { attributes["file"] }

  /// How many seconds the block may take; nil for no limit of its own.
  package var timeout: Double? { attributes["timeout"].flatMap { duration($0) } }

  /// Whether a failing status is what the lesson wants to show (`expect=failure`).
  package var expectsFailure: Bool {
    attributes["expect"] == "failure" || attributes["expectError"] == "true"
  }
}
