import Cells
import Testing

@Suite struct SurfaceTests {
  @Test(
    "text is cut at the edges, and a wide glyph never shows half",
    arguments: [
      ("abcdef", 0, "abcd"), ("abcdef", -2, "cdef"), ("a作b", 2, "  a"), ("作作作", -1, " 作"), ("abc作", 0, "abc"),
      ("x", 9, ""), ("x", -5, ""),
    ])
  func clipping(text: String, x: Int, shown: String) {
    var surface = Surface(Size(width: 4, height: 1))
    surface.put(text, x: x, y: 0)
    #expect(Frame(surface).text == shown)
    expectWhole(surface)
  }

  @Test("overwriting half of a wide glyph blanks the other half", arguments: 0..<6)
  func mending(x: Int) {
    var surface = Surface(Size(width: 6, height: 1))
    surface.put("作作作", x: 0, y: 0)
    surface.put("x", x: x, y: 0)
    expectWhole(surface)
    surface.put("作作作", x: 0, y: 0)
    surface.put("漢", x: x, y: 0)
    expectWhole(surface)
    surface.put("作作作", x: 0, y: 0)
    surface.fill(Rect(x: x, y: 0, width: 2, height: 1), .plain)
    expectWhole(surface)
  }

  @Test("nothing outside the clip changes")
  func clip() {
    var surface = Surface(Size(width: 6, height: 2), fill: Cell(Glyph(".", width: 1), .plain))
    surface.put("abcdefgh", x: 0, y: 0, clip: Rect(x: 1, y: 0, width: 3, height: 1))
    surface.put("abcdefgh", x: 0, y: 1, clip: Rect(x: 1, y: 0, width: 3, height: 1))
    #expect(Frame(surface).text == ".bcd..\n......")
  }

  @Test("a dump shows the text, the runs of styles and the cursor")
  func dump() {
    var surface = Surface(Size(width: 8, height: 2))
    surface.put("ok 作", x: 0, y: 0, Style(.ok))
    surface.put("x", x: 1, y: 1, Style(.code, [.bold, .underline]))
    #expect(
      Frame(surface, cursor: Point(x: 2, y: 1)).dump == """
        ok 作
         x
        --- styles 8x2
        1,1+5 ok
        2,2+1 code bold underline
        --- cursor 2,3

        """)
  }

  @Test("a picture escapes its text, places runs by column and fills backgrounds")
  func picture() {
    var surface = Surface(Size(width: 8, height: 1))
    surface.put("<作&>", x: 0, y: 0, Style(.live))
    let svg = Frame(surface).svg(on: .light)
    #expect(svg.contains(">&lt;</text>") || svg.contains(">&lt;"))
    #expect(svg.contains("x=\"19\" y=\"25\" textLength=\"18\""))
    #expect(svg.contains("&amp;&gt;</text>"))
    #expect(svg.contains("fill=\"#d70000\""))
    #expect(svg == Frame(surface).svg(on: .light))
  }

  private func expectWhole(_ surface: Surface, sourceLocation: SourceLocation = #_sourceLocation) {
    for y in 0..<surface.size.height {
      let row = Array(surface.row(y))
      for x in row.indices {
        if row[x].isContinuation {
          #expect(x > 0 && row[x - 1].glyph?.width == 2, sourceLocation: sourceLocation)
        }
        if row[x].glyph?.width == 2 {
          #expect(x + 1 < row.count && row[x + 1].isContinuation, sourceLocation: sourceLocation)
        }
      }
    }
  }
}
