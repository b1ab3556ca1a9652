import Cells
import Testing

@Suite struct WidthTests {
  @Test(
    "text takes the columns that ncurses and tmux give it",
    arguments: [
      ("", 0, ""), ("abc", 3, "abc"), ("é", 1, "é"), ("e\u{301}", 1, "e\u{301}"), ("作", 2, "作"),
      ("ｱ", 1, "ｱ"),
      ("한", 2, "한"), ("\u{1112}\u{1161}\u{11AB}", 2, "\u{1112}\u{1161}\u{11AB}"), ("🙂", 2, "🙂"),
      ("👩‍💻", 2, "👩"), ("👍🏽", 2, "👍"), ("⚠️", 1, "⚠"), ("1️⃣", 1, "1"), ("🇩🇪", 2, "🇩🇪"), ("क्ष", 2, "क्ष"),
      ("\u{1B}[31m", 5, "␛[31m"), ("a\nb", 3, "a␊b"), ("\u{7F}", 1, "␡"), ("\u{85}", 1, "\u{FFFD}"),
      ("\u{202E}abc", 3, "abc"), ("a\u{200B}b", 2, "ab"), ("\u{301}", 1, "◌\u{301}"),
      ("a\tb", 9, "a       b"),
      ("❤️‍🔥", 1, "❤"), ("∑ → ✓", 5, "∑ → ✓"), ("…", 1, "…"), ("─", 1, "─"),
    ])
  func width(text: String, columns: Int, shown: String) {
    #expect(displayWidth(text) == columns)
    #expect(
      String(String.UnicodeScalarView(glyphs(of: text).flatMap { $0.character.unicodeScalars })) == shown)
    #expect(glyphs(of: text).allSatisfy { $0.width == 1 || $0.width == 2 })
  }

  @Test("a base keeps at most four combining marks")
  func marks() {
    let zalgo = "a" + String(repeating: "\u{301}", count: 50)
    #expect(glyphs(of: zalgo).map(\.character.unicodeScalars.count) == [5])
  }

  @Test("tab stops count from the column where the text begins")
  func tabs() {
    #expect(glyphs(of: "\tx", startingAt: 5).count == 4)
    #expect(glyphs(of: "作\tx").count == 8)
  }
}
