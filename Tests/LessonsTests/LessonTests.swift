import Foundation
import Lessons
import TestKit
import Testing

private let folder = repositoryRoot + "/Tests/LessonsTests/Samples"

@Suite("Lessons read from Markdown")
struct LessonTests {
  @Test(
    "Each construct becomes what the golden says",
    arguments: ["blocks", "callouts", "checks", "details", "inlines", "sections"])
  func samples(name: String) throws {
    let text = try contents(of: "\(folder)/\(name).md")
    let lesson = try Lesson.parse(text, path: "\(name).md")
    expectSnapshot(lesson.outline() + "\n" + lesson.structure(), "\(name).txt", in: "LessonsTests")
  }

  @Test("Our own lesson has its five steps, its checks and its teardown, and nothing to complain about")
  func ownLesson() throws {
    let lesson = try Lesson.load(path: repositoryRoot + "/lessons/secure-ai-training-data")
    #expect(lesson.path.hasSuffix("secure-ai-training-data/lesson.md"))
    #expect(lesson.steps.map(\.kind) == (1...5).map { .step($0) })
    #expect(lesson.checkpoints.flatMap(\.checks).map(\.id) == ["encryption", "findings"])
    #expect(lesson.checks.allSatisfy { !$0.isInferred })
    #expect(lesson.teardowns.count == 1)
    #expect(lesson.lint() == [])
    var shown = lesson
    shown.path = "lesson.md"
    expectSnapshot(shown.outline(excerpts: false), "secure-ai-training-data.txt", in: "LessonsTests")
  }

  @Test("Line ends, a byte order mark and a missing last newline change nothing")
  func lineEnds() throws {
    let text = "---\ntitle: T\n---\n# A\n\n```bash\necho 1\necho 2\n```\n\n<!-- note: n -->"
    let plain = try Lesson.parse(text, path: "a.md")
    for variant in [text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r"), "\u{FEFF}" + text] {
      let lesson = try Lesson.parse(variant, path: "a.md")
      #expect(lesson.outline() == plain.outline())
      #expect(lesson.structure() == plain.structure())
    }
    #expect(plain.title == "T")
    #expect(plain.sections.first?.lines == 1...11)
  }

  @Test("A script keeps its lines where the file has them")
  func positions() throws {
    let text = "# A\n\n- item\n\n  ```bash\n  echo 1\n  echo 'open\n  ```\n"
    let lesson = try Lesson.parse(text, path: "a.md")
    let problem = try #require(lesson.lint().first)
    #expect(problem.severity == .error)
    #expect(problem.line == 7)
    #expect(problem.column == 8)
    #expect(problem.excerpt == "  echo 'open")
  }

  @Test("An edited lesson has another digest")
  func digests() throws {
    let one = try Lesson.parse("# A\n", path: "a.md")
    let same = try Lesson.parse("# A\n", path: "b.md")
    let other = try Lesson.parse("# A \n", path: "a.md")
    #expect(one.digest == same.digest)
    #expect(one.digest != other.digest)
    #expect(one.digest.count == 16)
  }

  @Test("Lessons can be read in many threads at once, each with its strikethrough and tables")
  func threads() async throws {
    let text = try contents(of: folder + "/inlines.md")
    let expected = try Lesson.parse(text, path: "a.md").structure()
    await withTaskGroup(of: String?.self) { group in
      for _ in 0..<32 { group.addTask { try? Lesson.parse(text, path: "a.md").structure() } }
      for await structure in group { #expect(structure == expected) }
    }
  }
}

@Suite("Files that are no lesson")
struct LessonErrorTests {
  /// A folder of its own for each test.
  private let folder = FileManager.default.temporaryDirectory.path + "/lessons-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  private func error(_ name: String, _ bytes: [UInt8]) throws -> LessonError? {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    do throws(LessonError) {
      _ = try Lesson.load(path: "\(folder)/\(name)")
      return nil
    } catch {
      return error
    }
  }

  @Test("Each says what is wrong with it")
  func kinds() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/f.md"
    #expect(try error("f.md", []) == .empty(path: path))
    #expect(try error("f.md", Array(" \n\t\n".utf8)) == .empty(path: path))
    #expect(try error("f.md", Array("# A\0".utf8)) == .notMarkdown(path: path, what: "NUL bytes"))
    #expect(try error("f.md", Array("# é".utf8) + [0xFF, 0x41]) == .notUTF8(path: path, offset: 4))
    #expect(
      try error("f.md", Array("<!DOCTYPE html><p>".utf8)) == .notMarkdown(path: path, what: "an HTML page"))
    #expect(try error("f.md", Array("%PDF-1.7\n".utf8)) == .notMarkdown(path: path, what: "a PDF document"))
    let large = [UInt8](repeating: 0x61, count: LessonError.largestFile + 1)
    #expect(try error("f.md", large) == .tooLarge(path: path, bytes: large.count))
    #expect(try error("f.md", Array("prose".utf8)) == nil)
    #expect(throws: LessonError.missing(path: "\(folder)/none.md")) {
      try Lesson.load(path: "\(folder)/none.md")
    }
    #expect(throws: LessonError.missing(path: "\(path)/x")) { try Lesson.load(path: "\(path)/x") }
    #expect(throws: LessonError.missing(path: "")) { try Lesson.load(path: "") }
    #expect(throws: LessonError.directoryWithoutLesson(path: folder)) { try Lesson.load(path: folder) }
    #expect(throws: LessonError.notAFile(path: "/dev/null")) { try Lesson.load(path: "/dev/null") }
  }

  @Test("A folder that holds a lesson.md opens it")
  func folders() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("# A\n".utf8).write(to: URL(fileURLWithPath: folder + "/lesson.md"))
    #expect(try Lesson.load(path: folder).path == folder + "/lesson.md")
    #expect(try Lesson.load(path: folder + "/").path == folder + "/lesson.md")
  }

  @Test("A lesson with nothing to run opens with a warning")
  func nothingToRun() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lesson = try Lesson.parse("# Just words\n", path: "a.md")
    #expect(lesson.diagnostics.map(\.severity) == [.warning])
    #expect(lesson.sections.count == 1)
  }

  @Test("Every error has a sentence and says what to do")
  func sentences() {
    let errors: [LessonError] = [
      .missing(path: "a"), .directoryWithoutLesson(path: "a"), .notAFile(path: "a"),
      .unreadable(path: "a", reason: "permission denied"), .tooLarge(path: "a", bytes: 9), .empty(path: "a"),
      .notUTF8(path: "a", offset: 3), .notMarkdown(path: "a", what: "NUL bytes"),
    ]
    for error in errors {
      let diagnostic = error.diagnostic
      #expect(diagnostic.severity == .error)
      #expect(diagnostic.source == "a")
      #expect(diagnostic.summary.hasSuffix("."))
      #expect(!diagnostic.hint.isEmpty)
    }
  }
}
