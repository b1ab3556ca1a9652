import Cells
import Lessons
import TestKit
import Testing

@testable import TutorApp

@Suite struct KeyScriptTests {
  @Test func `words become keys, sizes and frames`() throws {
    let steps = try ScriptedTerminal.Step.parse("n Enter 2*j C-c ? 120x40 frame").get()
    #expect(
      steps == [
        .input(.key(.character("n"))), .input(.key(.enter)), .input(.key(.character("j"))),
        .input(.key(.character("j"))), .input(.key(.control("c"))), .input(.key(.character("?"))),
        .input(.resized(Size(width: 120, height: 40))), .frame,
      ])
  }

  @Test(arguments: ["Retrun", "0x40", "10000000*n", "C-"])
  func `a word that is no key is named`(word: String) {
    if case .failure(let unknown) = ScriptedTerminal.Step.parse("n \(word)") {
      #expect(unknown.word == word)
    } else {
      Issue.record("\(word) was taken")
    }
  }

  @Test func `typing has a rhythm that can be rehearsed`() {
    var first = TypingRhythm(speed: 20, seed: 7)
    var second = TypingRhythm(speed: 20, seed: 7)
    let text = "aws kms create-key\n"
    let pauses = text.map { first.pause(after: $0) }
    #expect(pauses == text.map { second.pause(after: $0) })
    #expect(Set(pauses).count > 5)
    #expect(pauses.allSatisfy { $0 > 0.02 && $0 < 0.5 })
  }

  @Test func `output cannot drive a terminal`() {
    #expect("a\u{1B}[2Jb\r\nc\u{7F}\u{9B}".withoutControls == "a␛[2Jb␍\nc␡\u{FFFD}")
  }
}
