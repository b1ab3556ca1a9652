/// A lab, read from a Markdown file.
package struct Lesson: Hashable, Sendable, Identifiable {
  /// Given by the front matter, or the slug of the title.
  package var id: String
  package var title: String
  /// The Markdown file, as the reader named it (a directory is replaced by the `lesson.md` in it).
  package var path: String
  /// The file's text as read.
  package var source: String
  /// A fingerprint of `source` that tells an edited lesson from the one a run began with (FNV-1a, 64 bits, hex). It
  /// is no protection against anyone who wants two lessons to look the same.
  package var digest: String
  package var frontMatter: FrontMatter
  /// All of the file in order, flat; at least one.
  package var sections: [Section]
  /// What the loader had to say, by line. `lint()` says more.
  package var diagnostics: [Diagnostic]
}

/// What the YAML block at the head of a lesson says of it. All of it is optional.
package struct FrontMatter: Hashable, Sendable {
  package var id: String?
  package var title: String?
  /// One sentence for lists of lessons.
  package var summary: String?
  /// The AWS Region the lesson is written for.
  package var region: String?
  /// How long it takes a learner.
  package var minutes: Int?
  /// What it costs, in words.
  package var cost: String?
  /// The services it uses, as the AWS CLI names them.
  package var services: [String] = []
  /// What the learner needs before, one sentence each.
  package var requires: [String] = []
}

extension Lesson {
  /// Stands for a lesson whose file is gone: it has a name and nothing to work through.
  package static func absent(id: String, title: String, path: String, digest: String) -> Lesson {
    Lesson(
      id: id, title: title, path: path, source: "", digest: digest, frontMatter: FrontMatter(), sections: [],
      diagnostics: [])
  }

  package var steps: [Section] { sections.filter { if case .step = $0.kind { true } else { false } } }
  package var checkpoints: [Section] {
    sections.filter { if case .checkpoint = $0.kind { true } else { false } }
  }
  package var teardowns: [Section] { sections.filter { $0.kind == .teardown } }
  package var checks: [Check] { sections.flatMap(\.checks) }

  /// Every code block the learner can run, on the path or not, in order.
  package var runnableBlocks: [CodeBlock] {
    sections.flatMap { ($0.blocks + $0.optionalBlocks).sorted { $0.lines.lowerBound < $1.lines.lowerBound } }
      .filter(\.isRunnable)
  }

  package func section(_ id: String) -> Section? { sections.first { $0.id == id } }

  package func block(_ id: String) -> CodeBlock? {
    for section in sections {
      if let block = (section.blocks + section.optionalBlocks).first(where: { $0.id == id }) { return block }
    }
    return nil
  }
}
