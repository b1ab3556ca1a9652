import Lessons
import TestKit
import Testing

/// The published lab that the lesson of this repository is about; it is not part of the repository.
private let sourceLab: String? = {
  let path = repositoryRoot + "/../shared/lab/source-lab.md"
  if let lesson = try? Lesson.load(path: path) { return lesson.path }
  let besideData = conformanceDirectory.map { $0 + "/../lab/source-lab.md" }
  return besideData.flatMap { try? Lesson.load(path: $0).path }
}()

@Suite("The source lab", .enabled(if: sourceLab != nil, "there is no ../shared/lab/source-lab.md"))
struct SourceLabTests {
  let lesson: Lesson

  init() throws {
    lesson = try Lesson.load(path: try #require(sourceLab))
  }

  @Test("opens with five steps, two checkpoints and one teardown")
  func sections() {
    #expect(lesson.steps.map(\.kind) == (1...5).map { .step($0) })
    #expect(lesson.checkpoints.map(\.kind) == [.checkpoint(1), .checkpoint(2)])
    #expect(lesson.teardowns.count == 1)
    #expect(lesson.sections.count { $0.kind == .troubleshooting } == 1)
    #expect(lesson.sections.count { $0.kind == .stretch } == 1)
    #expect(lesson.sections.count { $0.kind == .review } == 1)
    #expect(lesson.diagnostics.isEmpty)
  }

  @Test("runs one block in each step, checkpoint and teardown, and none elsewhere")
  func blocks() {
    for section in lesson.sections {
      let expected =
        section.kind == .teardown || section.title.hasPrefix("Step ")
        || section.title.hasPrefix("Checkpoint ")
      #expect(section.blocks.count == (expected ? 1 : 0), "\(section.title)")
      #expect(section.optionalBlocks.isEmpty)
    }
    #expect(lesson.runnableBlocks.first?.script.hasPrefix("# Create the KMS Key") == true)
  }

  @Test("lets the first checkpoint ask for the encryption that its prose names")
  func encryption() throws {
    let check = try #require(lesson.checkpoints.first?.checks.first)
    #expect(check.isInferred)
    #expect(check.patience == nil)
    let query = try #require(check.queries.first)
    #expect(query.question == .command("aws s3api get-bucket-encryption --bucket $BUCKET_NAME"))
    #expect(
      query.expectations.map(\.comparison) == [
        .notEmpty, .hasMember(name: "SSEAlgorithm", value: .string("aws:kms")),
      ])
  }

  @Test("lets the second checkpoint wait for findings as long as its prose says")
  func findings() throws {
    let check = try #require(lesson.checkpoints.last?.checks.first)
    #expect(check.queries.first?.question == .command("aws macie2 list-findings"))
    #expect(check.queries.first?.expectations.map(\.comparison) == [.notEmpty])
    #expect(check.patience == Patience(every: 30, duration: 600))
  }
}
