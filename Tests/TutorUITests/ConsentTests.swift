import Cells
import Lessons
import Testing
import TutorUI

/// On a live account nothing runs before the learner has agreed to it.
@Suite struct ConsentTests {
  private let size = Size(width: 80, height: 24)
  private let block = "step-1-create-a-key-1"

  private func liveState() throws -> TutorState {
    var state = try sampleState(size).at(Page.step1)
    state.banner = Banner(
      mode: .live, account: "444455556666", region: "eu-west-1", identity: "user/me", clock: "")
    return state
  }

  @Test(
    "the first block asks, naming account, identity, Region and cost; Enter runs it, later ones run at once")
  func asks() throws {
    var state = try liveState()
    #expect(update(&state, on: .key(.enter)) == [])
    let shown = render(state).text
    for word in ["444455556666", "user/me", "eu-west-1", "under $1", "your own AWS account"] {
      #expect(shown.contains(word), "\(word)")
    }
    #expect(update(&state, on: .key(.enter)) == [.agree, .runBlock(block)])
    #expect(state.overlays.isEmpty)
    state.blocks[block] = .failed(status: 254, reason: "")
    #expect(update(&state, on: .key(.enter)) == [.runBlock(block)])
  }

  @Test(
    "no runs nothing, and the next try asks again", arguments: [Key.escape, .character("n"), .character("q")])
  func declined(key: Key) throws {
    var state = try liveState()
    _ = update(&state, on: .key(.enter))
    #expect(update(&state, on: .key(key)) == [])
    #expect(state.overlays.isEmpty && !state.hasAgreed)
    #expect(update(&state, on: .key(.enter)) == [])
    #expect(!state.overlays.isEmpty)
  }

  @Test("running a block again asks as well")
  func again() throws {
    var state = try liveState()
    state.blocks[block] = .failed(status: 1, reason: "")
    #expect(update(&state, on: .key(.character("r"))) == [])
    guard case .confirm(let question) = state.overlays.last else {
      return #expect(Bool(false), "no question")
    }
    #expect(question.action == .workLive(block))
  }

  @Test("a clicker's key agrees to nothing", arguments: [Key.space, Key(.pageDown)])
  func demo(key: Key) throws {
    var state = try liveState()
    state.demo = TutorState.Demo()
    state.blocks[block] = .failed(status: 1, reason: "")
    _ = update(&state, on: .key(.character("r")))
    let asked = state
    #expect(!asked.overlays.isEmpty)
    #expect(update(&state, on: .key(key)) == [])
    #expect(state.overlays == asked.overlays && !state.hasAgreed)
  }

  @Test("a practice account is not asked about")
  func practice() throws {
    var state = try sampleState(size).at(Page.step1)
    #expect(update(&state, on: .key(.enter)) == [.runBlock(block)])
  }
}
