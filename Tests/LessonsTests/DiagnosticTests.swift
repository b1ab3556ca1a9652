import Lessons
import Testing

@Suite("Diagnostics")
struct DiagnosticTests {
  @Test("A diagnostic shows its place, its line with a mark, its detail and what to do")
  func full() {
    let diagnostic = Diagnostic(
      .error, "This block is no shell program.", detail: "One.\nTwo.", source: "lesson.md", line: 12,
      column: 3,
      excerpt: "\tif true", hint: "Close it with fi.")
    #expect(
      diagnostic.rendered() == """
        error: This block is no shell program.
          --> lesson.md:12:3
          12 | \tif true
             | \t ^
          One.
          Two.
          hint: Close it with fi.
        """)
  }

  @Test(
    "What is not known is not shown",
    arguments: [
      (Diagnostic(.note, "Hello."), "note: Hello."),
      (Diagnostic(.warning, "Hello.", source: "a.md"), "warning: Hello.\n  --> a.md"),
      (Diagnostic(.warning, "Hello.", source: "a.md", line: 4), "warning: Hello.\n  --> a.md:4"),
      (
        Diagnostic(.warning, "Hello.", source: "a.md", line: 4, column: 99, excerpt: "x"),
        "warning: Hello.\n  --> a.md:4:99\n  4 | x"
      ),
    ])
  func partial(diagnostic: Diagnostic, expected: String) {
    #expect(diagnostic.rendered() == expected)
  }

  @Test("Colour adds to the word and never replaces it")
  func color() {
    let text = Diagnostic(.error, "No.").rendered(color: true)
    #expect(text == "\u{1B}[1;31merror:\u{1B}[0m No.")
  }

  @Test("Control characters of a file's name or text are made visible")
  func controls() {
    let text = Diagnostic(
      .error, "There is no file a\u{1B}]0;x\u{07}.", source: "a\u{9B}", line: 1, excerpt: "x\u{7F}\ty"
    ).rendered()
    #expect(text == "error: There is no file a␛]0;x␇.\n  --> a\u{FFFD}:1\n  1 | x␡\ty")
  }
}
