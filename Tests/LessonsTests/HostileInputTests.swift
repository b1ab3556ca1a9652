import Foundation
import Lessons
import TestKit
import Testing

@Suite("Hostile input")
struct HostileInputTests {
  static let texts: [String] = [
    String(repeating: ">", count: 20_000) + " deep",
    String(repeating: "> ", count: 5_000) + "deep",
    (0..<1_000).map { String(repeating: " ", count: $0 * 2) + "- x" }.joined(separator: "\n"),
    String(repeating: "*a **b ", count: 5_000),
    String(repeating: "[", count: 20_000) + "x" + String(repeating: "](y)", count: 20_000),
    String(repeating: "![", count: 5_000),
    String(repeating: "<details>\n\n", count: 5_000),
    String(repeating: "</details>\n\n", count: 1_000),
    "<div>\n" + String(repeating: "<a b=\"", count: 20_000),
    "<div>\n" + String(repeating: "<", count: 50_000) + String(repeating: "&", count: 50_000),
    String(repeating: "<!-- check:\n", count: 2_000),
    "<!-- check: " + String(repeating: "[", count: 50_000) + " -->",
    "<!-- check: " + String(repeating: "{a: ", count: 5_000) + " -->",
    "---\n" + String(repeating: "- ", count: 5_000) + "\n---\n# A",
    "---\na: &x [1]\nb: *x\n---\n# A",
    "---\n\u{FEFF}\u{1}\n---\n",
    "---\n---\n# A", "---\n", "---",
    "```", "```bash", "```bash {", "```bash {=", "```bash {id=\"", "~~~ {{", "    ",
    "# Step 99999999999999999999: x\n\n99999999999. x", "Step\n===", "#", "# ", "######",
    "|a|\n|-|\n" + String(repeating: "|", count: 2_000),
    ":::note", ":::note\n\n:::note\n\n:::", "[!NOTE]", "> [!NOTE]", "!!! ", "{{% notice %}}", "**Note**",
    "[^1]\n\n[^1]: [^1]", "<pre>", "<summary></summary>", "<h1>", "<br>", "\u{0301}", "\u{2028}x",
    "```bash\n$ \n$ cat <<EOF\n$ x\n```", "wait 999999999999999999999999999 hours",
    "## Checkpoint 1\n\nWait 1e999 minutes, `\"a\": {`, `\"`, `\"a\":`.\n\n```bash\naws a get-b\n```",
  ]

  @Test("No text traps, and every position is inside the file", arguments: texts.indices)
  func noTrap(index: Int) throws {
    let text = Self.texts[index]
    guard let lesson = try? Lesson.parse(text, path: "x.md") else { return }
    expectSanePositions(lesson)
    _ = lesson.lint()
  }

  @Test("No bytes trap")
  func randomBytes() {
    var random = SplitMix(state: 42)
    let pieces = [
      "# Step 1\n", "```bash\n", "```\n", "<details>\n", "</details>\n", "<!-- check:\n", "-->\n",
      "> [!NOTE]\n", "- ", "\n",
      "  ", "id: x\n", "${A}", "aws s3 ls\n", "$ ", "|a|b|\n|-|-|\n", "---\n", "\t", "*", "`", "\"", "{", "}",
      "é", ":::note\n",
    ]
    for _ in 0..<400 {
      var text = ""
      for _ in 0..<Int(random.next() % 60) { text += pieces[Int(random.next() % UInt64(pieces.count))] }
      guard let lesson = try? Lesson.parse(text, path: "x.md") else { continue }
      expectSanePositions(lesson)
      _ = lesson.lint()
    }
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Lines are inside the file, sections follow each other, ids are there and unique.
func expectSanePositions(_ lesson: Lesson, sourceLocation: SourceLocation = #_sourceLocation) {
  let ends = lesson.source.utf8.count { $0 == 10 }
  let lineCount = max(1, lesson.source.utf8.last == 10 ? ends : ends + 1)
  var next = 1
  var ids: Set<String> = []
  for section in lesson.sections {
    #expect(section.lines.lowerBound >= next, sourceLocation: sourceLocation)
    #expect(section.lines.upperBound <= lineCount, sourceLocation: sourceLocation)
    next = section.lines.lowerBound
    #expect(ids.insert(section.id).inserted && !section.id.isEmpty, sourceLocation: sourceLocation)
    var blockIDs: Set<String> = []
    section.content.visit { block, _ in
      let isInside = block.lines.lowerBound >= 1 && block.lines.upperBound <= lineCount
      #expect(isInside, "\(block.lines) of \(lineCount)", sourceLocation: sourceLocation)
      if case .code(let code) = block.kind {
        #expect(blockIDs.insert(code.id).inserted, sourceLocation: sourceLocation)
        #expect(code.lines.contains(code.firstTextLine), sourceLocation: sourceLocation)
      }
    }
  }
}
