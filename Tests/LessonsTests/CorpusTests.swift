import Foundation
import Lessons
import TestKit
import Testing

/// Public labs to measure with; not part of the repository.
private let corpus: String? = conformanceDirectory.map { $0 + "/../corpus" }.flatMap {
  FileManager.default.fileExists(atPath: $0 + "/labs") ? $0 : nil
}

@Suite("Public AWS labs", .enabled(if: corpus != nil, "there is no ../shared/corpus"))
struct CorpusTests {
  @Test("Every lab opens, with something to run and positions inside it")
  func labs() throws {
    let folder = try #require(corpus) + "/labs"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let lesson = try Lesson.load(path: "\(folder)/\(name)")
      expectSanePositions(lesson)
      #expect(!lesson.runnableBlocks.isEmpty, "\(name)")
      _ = lesson.lint()
    }
  }

  /// Where we do not see what the corpus' own classifier saw. The list may only get shorter.
  private static let knownDifferences: [String: String] = [
    "ampamg.md:288": "inside a MkDocs admonition whose indented body Markdown takes for code",
    "iam-groups_create_iam_users.md:45":
      "inside an HTML comment: GitHub does not show it, so it does not run",
    "detection_evasion_cheat_sheet.md:51": "the list's indentation makes it text of an indented code block",
    "AWS_IoT_Device_Management_Workshop.md:646": "theirs joins indented blocks and the prose between them",
    "AWS_IoT_Device_Management_Workshop.md:814": "theirs joins indented blocks and the prose between them",
    "cache-extension-demo_README.md:181": "a << >> placeholder",
    "cache-extension-demo_README.md:193": "a << >> placeholder",
    "java-appsync-sam_README.md:62": "theirs keeps the prompts `directory:~$ `",
    "bedrock-model-customisation-sam_README.md:104": "output tagged bash: theirs cuts the JSON off",
    "bedrock-model-customisation-sam_README.md:124": "output tagged bash: theirs cuts the JSON off",
    "02-DB-performance-analyzer_README.md:466": "a fence that is never closed: theirs ends later",
    "spark-on-eks_s3tables.md:307": "a placeholder after a backslash",
  ]

  /// A shell block as somebody else found it: where it begins, and its program without prompts and output.
  private struct Block: Decodable {
    var file: String
    var line: Int
    var kind: String
    var text: String
    var src: String
  }

  @Test("Shell blocks are found, and their programs cut out, as by hand")
  func blocks() throws {
    let folder = try #require(corpus)
    let decoder = JSONDecoder()
    var lessons: [String: Lesson] = [:]
    var unfound: [String] = []
    var different: [String] = []
    var total = 0
    for line in try contents(of: folder + "/blocks.jsonl").split(separator: "\n") {
      let block = try decoder.decode(Block.self, from: Data(line.utf8))
      let lesson = try lessons[block.file] ?? Lesson.load(path: "\(folder)/labs/\(block.file)")
      lessons[block.file] = lesson
      total += 1
      if Self.knownDifferences.keys.contains(where: { "\(block.file):\(block.line)".hasSuffix($0) }) {
        continue
      }
      let found = lesson.runnableBlocks.first {
        $0.lines.contains(block.line) || tokens($0.text) == tokens(block.text)
      }
      guard let found else {
        unfound.append("\(block.file):\(block.line) \(block.kind) \(block.text.prefix(60))")
        continue
      }
      // Theirs has every `<placeholder>` replaced by a word.
      let program = found.script.replacing(#/<[A-Za-z][^<>\n]*>/#, with: "PLACEHOLDER")
      if tokens(program) != tokens(block.src) {
        different.append(
          "\(block.file):\(block.line)\n  ours: \(program.prefix(200))\n  theirs: \(block.src.prefix(200))")
      }
    }
    #expect(total > 800)
    #expect(unfound.isEmpty, "of \(total):\n\(unfound.joined(separator: "\n"))")
    #expect(different.isEmpty, "of \(total):\n\(different.joined(separator: "\n"))")
  }

  private func tokens(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
}
