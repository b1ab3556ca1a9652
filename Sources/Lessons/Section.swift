/// A part of a lesson under one heading: what the step list shows as one line.
package struct Section: Hashable, Sendable, Identifiable {
  package enum Kind: Hashable, Sendable {
    case reading
    /// A numbered step; the number is the one in its heading, or its place among the steps.
    case step(Int)
    case checkpoint(Int)
    case teardown
    case troubleshooting
    /// An exercise beyond the path.
    case stretch
    case review
  }

  /// Stable: given by a `section` annotation or the slug of the heading; unique in the lesson.
  package var id: String
  /// The heading as text; empty for text before the first heading.
  package var title: String
  /// The heading's level, 1 to 6; 0 for text before the first heading.
  package var level: Int
  package var kind: Kind
  /// All of it in order, the heading first.
  package var content: [MarkdownBlock]
  /// What the path runs (`shell`) or writes (`file`), in order. In a teardown section they are the by-hand commands.
  package var blocks: [CodeBlock]
  /// What the learner may run besides.
  package var optionalBlocks: [CodeBlock]
  package var checks: [Check]
  package var notes: [SpeakerNote]
  /// Help in growing detail, to be shown one after the other.
  package var hints: [String]
  package var lines: ClosedRange<Int>

  /// Whether the path has something to do here.
  package var isOnPath: Bool { !blocks.isEmpty || !checks.isEmpty }
}

/// What the presenter says at this place; never shown to the audience.
package struct SpeakerNote: Hashable, Sendable {
  package var text: String
  package var lines: ClosedRange<Int>
  /// The id of the code block that follows the note in its section, if one does.
  package var beforeBlock: String?
}
