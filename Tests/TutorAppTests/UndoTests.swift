import Cells
import Foundation
import LabEngine
import Lessons
import PracticeAccount
import ProgressStore
import TestKit
import Testing

@testable import TutorApp

private let lab = """
  # A lab

  ## Step 1: a bucket

  ```bash
  B=undo-me-111122223333
  mkdir -p data && echo one > data/notes.txt && ln -s data/notes.txt latest
  aws s3api create-bucket --bucket "$B"
  ```

  ## Step 2: an object

  ```bash
  echo two >> data/notes.txt
  rm latest
  KEY=notes
  cd data
  aws s3api put-object --bucket "$B" --key "$KEY" --body notes.txt
  ```

  ## Step 3: a key, and no object

  ```bash
  say() { echo "$1"; }
  ID=$(aws kms create-key --query KeyMetadata.KeyId --output text)
  aws s3api delete-object --bucket "$B" --key "$KEY"
  cd ..
  ```
  """

/// What a run is to its learner, but for what was said.
private struct State: Equatable {
  var variables: [String: String]
  var done: [String]
  var outstanding: [String]
  var account: String
  var files: [String: String]
  var undoable: String?

  init(_ opened: OpenRun, _ home: Home) async throws {
    let session = opened.session
    variables = Dictionary(uniqueKeysWithValues: try await session.variables().map { ($0.name, $0.value) })
    done = try await session.progress().executions.keys.sorted()
    outstanding = try await session.outstanding().map(\.title)
    account = opened.dump
    files = [:]
    let folder = home.path + "/state/cairn/runs/\(session.run.id)/work"
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let path = folder + "/" + name
      files[name] =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path))
        ?? (try? String(contentsOfFile: path, encoding: .utf8)) ?? "folder"
    }
    undoable = try await session.undoable()?.block
  }
}

private let blocks = ["step-1-a-bucket-1", "step-2-an-object-1", "step-3-a-key-and-no-object-1"]

@Suite struct UndoTests {
  @Test(arguments: [false, true])
  func `undo takes account, variables, files and ledger back to before each block`(inNewProcess: Bool)
    async throws
  {
    let home = try Home()
    var before: [State] = []
    // A process ends where its scope ends: it holds the account as long.
    func work() async throws {
      let opened = try await home.begin(try home.lesson(lab))
      for block in blocks {
        before.append(try await State(opened, home))
        #expect(try await opened.session.run(block: block) { _ in }.state == .done)
      }
      if !inNewProcess {
        for (block, state) in zip(blocks, before).reversed() { try await undo(block, state, opened) }
      }
      await opened.close()
    }
    func undo(_ block: String, _ state: State, _ opened: OpenRun) async throws {
      #expect(try await opened.session.undo() == block)
      #expect(try await State(opened, home) == state)
    }
    try await work()
    for (block, state) in zip(blocks, before).reversed() where inNewProcess {
      let opened = try await home.resume()
      try await undo(block, state, opened)
      await opened.close()
    }
    let opened = try await home.resume()
    await #expect(throws: LabError.self) { try await opened.session.undo() }
    // What was undone runs again, and the lesson ends as ever.
    for block in blocks { #expect(try await opened.session.run(block: block) { _ in }.state == .done) }
    await opened.close()
  }

  @Test func `the session's own state is taken back`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      try home.lesson(
        "# L\n\n## Step 1: a\n\n```bash\ncd /tmp; f() { echo f; }; set -u\n```\n\n"
          + "## Step 2: b\n\n```bash\npwd; type f; echo ${A-unset}; A=1\n```\n"))
    _ = try await opened.session.run(block: "step-1-a-1") { _ in }
    _ = try await opened.session.undo()
    let paper = Paper()
    _ = try await opened.session.run(block: "step-2-b-1") { event in
      if case .printed(_, let text, _) = event { paper.write(text) }
    }
    #expect(paper.text.contains("/work\n"))
    #expect(!paper.text.contains("f is a function"))
    await opened.close()
  }

  @Test(arguments: 1...7)
  func `a process killed in the middle of an undo leaves it undone or not begun`(point: Int) async throws {
    let home = try Home()
    func work() async throws -> (State, State) {
      let opened = try await home.begin(try home.lesson(lab))
      _ = try await opened.session.run(block: blocks[0]) { _ in }
      let before = try await State(opened, home)
      _ = try await opened.session.run(block: blocks[1]) { _ in }
      let after = try await State(opened, home)
      await opened.close()
      return (before, after)
    }
    let (before, after) = try await work()
    let environment = home.environment(["CAIRN_CRASH_AT": String(point)])
    // Later points than there are: it ends well.
    await #expect(processExitsWith: point <= 4 ? .exitCode(CrashPoints.status) : .success) {
      [environment = environment as [String: String]] in
      let opened = try await Workshop(environment: environment).resume(run: nil, pace: .instant)
      _ = try await opened.session.undo()
      await opened.close()
    }
    let again = try await home.resume()
    let found = try await State(again, home)
    #expect(found == before)
    #expect(found != after)
    await again.close()
  }

  @Test func `only the last thirty blocks are kept`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      try home.lesson("# L\n\n## Step 1: a\n\n```bash\nN=$((N+1)); echo $N > n\n```\n"))
    for _ in 1...33 { _ = try await opened.session.run(block: "step-1-a-1", anew: true) { _ in } }
    let folder = home.path + "/state/cairn/runs/\(opened.session.run.id)/undo"
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 30)
    #expect(opened.practice?.account.snapshots.count == 30)
    for _ in 1...30 { _ = try await opened.session.undo() }
    let variables = try await opened.session.variables()
    #expect(variables.first { $0.name == "N" }?.value == "3")
    #expect(opened.practice?.account.snapshots.isEmpty == true)
    await opened.close()
  }

  @Test func `the transcript offers to undo a block that failed`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      try home.lesson(
        "# L\n\n## Step 1: a\n\n```bash\naws s3api create-bucket --bucket undo-me-too > out\n"
          + "aws s3api get-object --bucket undo-me-too --key none x\n```\n"))
    let played = try await Played(opened, answers: ["y", "u", "q"])
    #expect(played.text.contains("Run this block? [Y]es, [q]uit: "))
    #expect(played.text.contains("Run this block? [Y]es, [u]ndo what it did, [q]uit: undone: step-1-a-1\n"))
    #expect(played.after == played.before)
    #expect(played.outstanding == [])
  }

  @Test @MainActor func `the screen undoes after a question`() async throws {
    let home = try Home()
    let opened = try await home.begin(try home.lesson(lab))
    let frames = try await Stage(opened: opened).play(
      "n Enter frame u frame y frame u frame", Size(width: 100, height: 30))
    #expect(frames[0].text.contains("done"))
    #expect(frames[1].text.contains("Undo the block \(blocks[0])?"))
    #expect(frames[2].text.contains("Undone: \(blocks[0])"))
    #expect(frames[3].text.contains("No block has run that could be undone."))
  }
}
