import Lessons
import Testing

@Suite("Headings")
struct HeadingTests {
  static let rows: [(String, Section.Kind)] = [
    ("Step 1: Create", .step(1)), ("STEP 12 - Create", .step(12)), ("🚀 Step 2", .step(2)),
    ("3. Task 3", .step(3)),
    ("Step one", .reading), ("Steps", .reading), ("Next steps", .reading),
    ("Step-by-Step Instructions", .reading),
    ("Checkpoint 2: Look", .checkpoint(2)), ("Checkpoint: Look", .checkpoint(1)), ("Checkpoints", .reading),
    ("Clean up", .teardown), ("Clean-Up / Teardown", .teardown), ("Cleanup resources", .teardown),
    ("Step 9: Clean up", .teardown), ("Cleaning up", .teardown), ("Tear down the lab", .teardown),
    ("Delete all resources", .teardown), ("Destroy the stack", .teardown),
    ("Step 4: Delete an item", .step(4)),
    ("Remove a member", .reading), ("Troubleshooting", .troubleshooting), ("Common errors", .troubleshooting),
    ("Stretch Challenge", .stretch), ("Challenge: go on", .stretch), ("Challenge 1", .reading),
    ("Bonus", .stretch),
    ("Concept Review", .review), ("Quiz", .review), ("Review the results", .reading),
    ("Prerequisites", .reading),
  ]

  @Test("The words of a heading say what its section is", arguments: rows)
  func kinds(title: String, kind: Section.Kind) throws {
    let lesson = try Lesson.parse("# Lab\n\n## \(title)\n", path: "a.md")
    #expect(lesson.sections.last?.kind == kind)
  }
}
