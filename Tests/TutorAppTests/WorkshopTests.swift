import Foundation
import LabEngine
import Lessons
import PracticeAccount
import ProgressStore
import TestKit
import Testing

@testable import TutorApp

@Suite struct WorkshopTests {
  @Test func `what is outstanding after each section of our lesson`() async throws {
    let home = try Home()
    let opened = try await home.begin(ourLesson)
    var table: [String: [String]] = [:]
    for section in opened.session.lesson.sections where section.isOnPath && !section.blocks.isEmpty {
      try await work(opened.session, section)
      let summary = try #require(try home.workshop().summaries().first)
      table[section.id] = summary.outstanding.map { resource in
        resource.name.replacing(/[0-9a-f-]{32,36}/, with: "ID")
      }.sorted()
      // The session says the same in its own words.
      #expect(try await opened.session.outstanding().count == summary.outstanding.count)
    }
    await opened.close()
    let rows = opened.session.lesson.sections.compactMap { section in
      table[section.id].map { "\(section.id)\n" + $0.map { "  \($0)\n" }.joined() }
    }
    expectSnapshot(rows.joined(), "outstanding.txt", in: "TutorAppTests")
  }

  @Test func `a run is summed up from its first moment to its last`() async throws {
    let home = try Home()
    #expect(try home.workshop().summaries() == [])
    let path = try home.lesson(
      LabTexts.blocks("KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)"))
    try await workedThrough(home, path)
    #expect(try states(home) == ["finished 1 0"])
    _ = try await tornDown(home)
    #expect(try states(home) == ["torn-down 0 1"])
    let summary = try #require(try home.workshop().summaries().first)
    #expect(summary.title == "Blocks")
    #expect(summary.mode == "practice")
    #expect(summary.account == "111122223333")
    #expect(summary.region == "us-east-1")
    #expect(summary.pending.first?.until?.hasPrefix("20") == true)
    #expect(summary.text.contains("goes by itself at"))
  }

  private func workedThrough(_ home: Home, _ path: String) async throws {
    let opened = try await home.begin(path)
    #expect(try states(home) == ["active 0 0"])
    _ = try await printed("step-1-1", in: opened)
  }

  private func states(_ home: Home) throws -> [String] {
    try home.workshop().summaries().map { "\($0.state) \($0.outstanding.count) \($0.pending.count)" }
  }

  @Test func `the run worked on last comes first, and is the one that is resumed`() async throws {
    let home = try Home()
    let a = try await begunAndLeft(home, home.lesson("# A\n\n```bash\necho\n```\n", "a.md"))
    let b = try await begunAndLeft(home, home.lesson("# B\n\n```bash\necho\n```\n", "b.md"))
    #expect(try home.workshop().summaries().map(\.id) == [b, a])
    let opened = try await home.workshop().resume(run: a, pace: .instant)
    _ = try await opened.session.save(section: try #require(opened.session.lesson.sections.first).id)
    await opened.close()
    #expect(try home.workshop().summaries().map(\.id) == [a, b])
  }

  private func begunAndLeft(_ home: Home, _ path: String) async throws -> String {
    let opened = try await home.begin(path)
    await opened.close()
    return opened.session.run.id
  }

  @Test func `a run that is open is not opened twice; the refusal names who holds it`() async throws {
    let home = try Home()
    let opened = try await home.begin(home.lesson(LabTexts.blocks("echo")))
    let id = opened.session.run.id
    let pid = ProcessInfo.processInfo.processIdentifier
    let resumed = await #expect(throws: LabError.self) { _ = try await home.resume() }
    #expect(resumed?.diagnostic.summary.contains("\(id) is in use by process \(pid) on ") == true)
    let torn = await #expect(throws: LabError.self) {
      _ = try await home.workshop().openForTeardown(run: id, pace: .instant)
    }
    #expect(torn?.diagnostic.summary == resumed?.diagnostic.summary)
    // The one that holds it is not disturbed, and the next one may have it.
    #expect(try await printed("step-1-1", in: opened).end.state == .done)
  }

  @Test func `a run given back can be opened again`() async throws {
    let home = try Home()
    _ = try await begunAndLeft(home, home.lesson(LabTexts.blocks("echo")))
    for _ in 0..<3 {
      let opened = try await home.resume()
      await opened.close()
    }
  }

  /// What is asked for, and what is said.
  @Test func `what is not there is named`() async throws {
    let home = try Home()
    let workshop = try home.workshop()
    let none = await #expect(throws: LabError.self) {
      _ = try await workshop.resume(run: nil, pace: .instant)
    }
    #expect(none?.diagnostic.summary == "there is no run to go on with")
    let unknown = await #expect(throws: LabError.self) {
      _ = try await workshop.resume(run: "x-1", pace: .instant)
    }
    #expect(unknown?.diagnostic.summary == "there is no run x-1")
    let missing = await #expect(throws: LabError.self) { _ = try await home.begin(home.path + "/none.md") }
    #expect(missing?.diagnostic.rendered().contains("none.md") == true)
    #expect(try workshop.summaries() == [])
  }

  @Test func `a home that is no folder is an error, not a crash`() throws {
    #expect(throws: LabError.self) {
      _ = try Workshop(environment: ["CAIRN_ASSETS": ourLesson + "/../../assets"])
    }
    #expect(throws: (any Error).self) {
      _ = try Workshop(environment: ["HOME": "/tmp", "CAIRN_ASSETS": "/nowhere/at/all"])
    }
  }

  @Test func `leaving says how to go on and what is left`() async throws {
    let home = try Home()
    let opened = try await home.begin(
      home.lesson(LabTexts.blocks("aws s3api create-bucket --bucket farewell-bucket")))
    let id = opened.session.run.id
    #expect(await opened.farewell() == "Saved as \(id). 'cairn resume \(id)' goes on.\n")
    _ = try await run("step-1-1", in: opened)
    #expect(
      await opened.farewell() == """
        Saved as \(id). 'cairn resume \(id)' goes on.
        Still on the account:
          S3 bucket farewell-bucket
        'cairn teardown \(id)' takes it down.

        """)
    await opened.close()
  }
}
