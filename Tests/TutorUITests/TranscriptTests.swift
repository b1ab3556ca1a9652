import Cells
import Testing
import TutorUI

@Suite struct TranscriptTests {
  @Test(
    "output lands on the console as a terminal would show it",
    arguments: [
      (["a\nb\n"], ["a", "b"]), (["a", "b\n"], ["ab"]), (["\n\n"], ["", ""]), (["a\n", "b"], ["a", "b"]),
      (["10%\r", "20%\r", "done\n"], ["done"]), (["abcdef\rxy\n"], ["xycdef"]), (["a\r\nb\r\n"], ["a", "b"]),
      (["a\r", "\n"], ["a"]), (["作業\rx\n"], ["x業"]), ([""], []),
    ])
  func print(chunks: [String], lines: [String]) {
    var transcript = Transcript()
    for chunk in chunks { transcript.print(.output, chunk) }
    #expect(transcript.lines.map(\.text) == lines)
  }

  @Test("another stream begins its own line")
  func streams() {
    var transcript = Transcript()
    transcript.print(.output, "out")
    transcript.print(.error, "err\n")
    transcript.print(.output, "more")
    #expect(
      transcript.lines == [
        TranscriptLine(.output, "out"), TranscriptLine(.error, "err"), TranscriptLine(.output, "more"),
      ])
  }

  @Test("a command of several lines continues")
  func command() {
    var transcript = Transcript()
    transcript.append(.command, "aws kms \\\n  list-keys")
    #expect(transcript.lines.map(\.kind) == [.command, .continuation])
  }

  @Test("an endless line is cut, an endless transcript forgets its beginning")
  func bounds() {
    var transcript = Transcript()
    transcript.print(.output, String(repeating: "x", count: 100_000) + "\n")
    #expect(transcript.lines.allSatisfy { $0.text.utf8.count <= Transcript.longestLine })
    #expect(transcript.lines.map(\.text).joined().count == 100_000)
    for _ in 0..<3 { transcript.print(.output, String(repeating: "y\n", count: 40_000)) }
    #expect(transcript.lines.count <= Transcript.capacity + Transcript.capacity / 10)
  }

  @Test("the console follows its end until it is scrolled, and again from the end on")
  func following() throws {
    var state = try sampleState(Size(width: 80, height: 24))
    state.focus = .console
    for line in 0..<100 { state.transcript.append(.output, "line \(line)") }
    #expect(render(state).text.contains("line 99"))
    let up = state.after(.key(.character("k")), .key(.character("k")))
    #expect(!up.transcript.isFollowing)
    #expect(!render(up).text.contains("line 99"))
    #expect(render(up).text.contains("G follows"))
    let more = up.after(.blockPrinted("x", .standardOutput, "line 100\n"))
    let console = { (state: TutorState) in
      render(state).text.split(separator: "\n").filter { $0.contains(" line ") }.map(String.init)
    }
    #expect(console(more) == console(up))
    #expect(up.after(.key(.character("j")), .key(.character("j"))).transcript.isFollowing)
    #expect(up.after(.key(.character("G"))).transcript.isFollowing)
    #expect(render(state.after(.key(.character("g")))).text.contains("line 0\n"))
  }
}
