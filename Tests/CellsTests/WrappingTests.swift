import Cells
import Testing

@Suite struct WrappingTests {
  @Test(
    "words wrap at blanks, and what is longer than a line breaks",
    arguments: [
      ("the quick brown fox", 10, ["the quick", "brown fox"]),
      ("", 5, [""]),
      ("a\n\nb", 5, ["a", "", "b"]),
      ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
      ("作作作作", 5, ["作作", "作作"]),
      ("  indented text", 12, ["  indented", "text"]),
      (
        "see https://docs.aws.amazon.com/kms/latest here", 24,
        ["see https://docs.aws.", "amazon.com/kms/latest", "here"]
      ),
      ("a  b", 10, ["a  b"]),
      ("x作", 1, ["x", "作"]),
    ])
  func words(text: String, width: Int, lines: [String]) {
    #expect(StyledText(text).wrapped(to: width).map(\.text) == lines)
  }

  @Test(
    "output wraps anywhere and keeps its blanks",
    arguments: [
      ("a b  c d", 3, ["a b", "  c", " d"]), ("", 3, [""]), ("作作", 3, ["作", "作"]), ("abc", 3, ["abc"]),
    ])
  func anywhere(text: String, width: Int, lines: [String]) {
    #expect(StyledText(text).wrapped(to: width, .anywhere).map(\.text) == lines)
  }

  @Test("hanging lines are narrower than the first")
  func hanging() {
    #expect(StyledText("aa bb cc dd").wrapped(to: 5, hanging: 2).map(\.text) == ["aa bb", "cc", "dd"])
  }

  @Test("styles survive a break")
  func styles() {
    var text = StyledText("one ")
    text.append("two three", Style(.strong))
    let lines = text.wrapped(to: 7)
    #expect(lines.map(\.text) == ["one two", "three"])
    #expect(lines.last?.runs == [StyledRun("three", Style(.strong))])
  }

  @Test("no line is wider than asked, whatever the text", arguments: 2..<30)
  func bound(width: Int) {
    let text = StyledText("a作é漢字 https://x.example/a/b?c=d&e=f 🙂🙂 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \t b")
    for wrapping in [StyledText.Wrapping.words, .anywhere] {
      #expect(text.wrapped(to: width, wrapping).allSatisfy { $0.width <= width })
    }
  }

  @Test("truncation ends in an ellipsis and never splits a glyph")
  func truncation() {
    #expect("作作作".truncated(to: 4) == "作…")
    #expect("abc".truncated(to: 3) == "abc")
    #expect("abcd".truncated(to: 3) == "ab…")
    #expect("abcd".truncated(to: 0) == "")
  }
}
