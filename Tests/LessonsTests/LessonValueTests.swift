import Lessons
import Testing

@Suite("Values of annotations")
struct LessonValueTests {
  private let variables = ["A": "1", "B_2": "two"]

  @Test(
    "Only ${NAME} is a variable",
    arguments: [
      ("${A}", "1"), ("x${A}y${B_2}", "x1ytwo"), ("$A ${", "$A ${"), ("$${A}", "${A}"),
      ("${A:-x}", "${A:-x}"),
      ("${2}", "${2}"), ("${}", "${}"), ("", ""), ("$", "$"), ("$$", "$$"),
    ])
  func expansion(template: String, expected: String) throws {
    #expect(try LessonValue.string(template).expanded { variables[$0] } == .string(expected))
  }

  @Test("A variable without a value is named, however deep it is")
  func unset() {
    let value = LessonValue.map([
      LessonValue.Member(key: "x", value: .list([.bool(true), .string("${A}${NONE}")]), line: 1)
    ])
    #expect(value.variables == ["A", "NONE"])
    #expect(throws: UnsetVariable(name: "NONE")) { try value.expanded { variables[$0] } }
  }
}
