import LabEngine
import Lessons
import ProgressStore
import Wire

/// Works through a lesson as a linear transcript on standard output: for scripts, for screen readers, for terminals
/// that can do no more.
package struct PlainTutor: Sendable {
  package struct Options: Sendable {
    /// Runs every block without asking, and leaves the prose out.
    package var assumesYes: Bool
    /// Takes everything down at the end.
    package var tearsDown: Bool

    package init(assumesYes: Bool, tearsDown: Bool) {
      self.assumesYes = assumesYes
      self.tearsDown = tearsDown
    }
  }

  /// One line of input, nil at its end.
  package typealias Reader = @Sendable () -> String?
  package typealias Writer = @Sendable (String) -> Void

  let options: Options
  let read: Reader
  let write: Writer

  package init(options: Options, read: @escaping Reader, write: @escaping Writer) {
    self.options = options
    self.read = read
    self.write = write
  }

  /// Works through the run. The exit status: 0 if every checkpoint passed and, if asked for, everything came down;
  /// 1 if not; 2 if it cannot go on; 130 if the learner left or the task was cancelled, which leaves all as it is.
  package func work(through opened: OpenRun) async -> Int32 {
    let session = opened.session
    introduce(session)
    if opened.practice?.enforcesAuthorization == false {
      write("note: this account does not enforce authorization: every signed call is allowed\n")
    }
    var status: Int32 = 0
    do {
      // A run that was being taken down has no path any more: what it asks for is gone.
      if session.run.state != .tearingDown { status = try await mayWork(session) ? path(session) : 130 }
      if status == 130 {
        await sayWhatIsLeft(session)
      } else if options.tearsDown || session.run.state == .tearingDown, await mayTearDown(session) {
        let report = try await PlainTeardown(write: write).perform(session)
        if status == 0, !report { status = 1 }
      } else {
        await sayWhatIsLeft(session)
      }
    } catch {
      // What was under way when the learner interrupted it is no error.
      if !Task.isCancelled { write(error.diagnostic.rendered() + "\n") }
      status = 2
    }
    if Task.isCancelled {
      write("interrupted; 'cairn resume \(session.run.id)' goes on\n")
      status = 130
    } else if status == 130 {
      write("left as it is; 'cairn resume \(session.run.id)' goes on\n")
    }
    await opened.close()
    return status
  }

  /// On an account of the learner's own nothing is done before it has been named and agreed to.
  private func mayWork(_ session: LabSession) -> Bool {
    guard session.run.mode == .live else { return true }
    if !options.assumesYes {
      write("\n" + session.consentQuestion.joined(separator: "\n") + "\nWork on this account? [y/N]: ")
      guard read()?.lowercased().hasPrefix("y") == true else { return false }
    }
    session.agree()
    return true
  }

  /// Going on with an interrupted teardown is asked for, unless it was asked for already.
  private func mayTearDown(_ session: LabSession) async -> Bool {
    if options.tearsDown { return true }
    write("The teardown of this run was interrupted. Go on with it? [y/N]: ")
    return options.assumesYes || read()?.lowercased().hasPrefix("y") ?? false
  }

  private func introduce(_ session: LabSession) {
    let run = session.run
    write("\(session.lesson.title)\n")
    write(
      "run \(run.id) on the \(run.mode.rawValue) account \(run.account), \(run.region), as \(run.identityARN)\n"
    )
    for finding in session.findings { write("note: \(finding)\n") }
    for diagnostic in session.lesson.diagnostics where diagnostic.severity != .note {
      write(diagnostic.rendered() + "\n")
    }
  }

  private func path(_ session: LabSession) async throws(LabError) -> Int32 {
    var status: Int32 = 0
    for section in session.lesson.sections {
      if section.kind == .teardown, section.isOnPath {
        write("\n== \(section.title)\n")
        write("left to Cairn's own teardown, which removes what this run put up and nothing else\n")
        continue
      }
      if !options.assumesYes {
        write("\n" + PlainText(section.content).lines.joined(separator: "\n") + "\n")
      } else if section.isOnPath {
        write("\n== \(section.title)\n")
      }
      try await session.save(section: section.id)
      for block in section.blocks {
        if await session.isDone(block: block.id) {
          write("done before: \(block.id)\n")
          continue
        }
        guard try await runs(block, of: section, session), !Task.isCancelled else { return 130 }
        if await !session.isDone(block: block.id) {
          write("stopped: the lesson does not go on until this block has run\n")
          return 1
        }
      }
      for check in section.checks {
        let passed = try await judge(check, session)
        if Task.isCancelled { return 130 }
        if !passed { status = 1 }
      }
    }
    return status
  }

  /// Runs a block, as often as the learner wants to; false if the learner leaves.
  private func runs(
    _ block: CodeBlock, of section: Section, _ session: LabSession
  ) async throws(LabError) -> Bool {
    // The page was printed as a whole: a number says which of its blocks is meant.
    let number = (section.blocks.firstIndex { $0.id == block.id } ?? 0) + 1
    let which = section.blocks.count == 1 ? "this block" : "block \(number) of \(section.blocks.count)"
    while true {
      if !options.assumesYes {
        // What it did so far can be taken back where it was begun last, on a practice account.
        let canUndo = try await session.undoable()?.block == block.id
        write("Run \(which)? [Y]es, \(canUndo ? "[u]ndo what it did, " : "")[q]uit: ")
        guard let answer = read()?.lowercased(), !answer.hasPrefix("q") else { return false }
        if canUndo, answer.hasPrefix("u") {
          write("undone: \(try await session.undo())\n")
          continue
        }
      }
      let end = try await session.run(block: block.id, tell())
      if end.state == .done || options.assumesYes || Task.isCancelled { return true }
      write("The block stopped with status \(end.status). Running it again goes on at that command.\n")
    }
  }

  private func tell() -> LabEvents {
    let printer = LinePrinter(write)
    return { [write] event in
      switch event {
      case .statementStarted(_, let text, _):
        printer.finish()
        for (number, line) in text.splitLines().enumerated() {
          write((number == 0 ? "$ " : "> ") + line.withoutControls + "\n")
        }
      case .printed(_, let text, _): printer.print(text)
      case .blockEnded: printer.finish()
      case .remark(let text): write("practice account: \(text)\n")
      case .diagnostic(let diagnostic): write(diagnostic.rendered() + "\n")
      case .blockStarted, .variableSet, .checkWaiting, .checkJudged: break
      }
    }
  }

  private func judge(_ check: Check, _ session: LabSession) async throws(LabError) -> Bool {
    let waits = WaitNotice()
    let write = write
    let verdict = try await session.judge(check: check.id) { event in
      switch event {
      case .checkWaiting(_, let verdict, _, let until):
        if await waits.first() {
          write("waiting: \(check.title) (\(verdict.expected), until \(until.iso8601))\n")
        }
      case .remark(let text): write("practice account: \(text)\n")
      default: break
      }
    }
    if Task.isCancelled { return false }
    if verdict.passed {
      write("checkpoint passed: \(check.title)\n")
      return true
    }
    write("checkpoint not passed: \(check.title)\n")
    write("  expected: \(verdict.expected)\n  found: \(verdict.found.withoutControls)\n")
    if !verdict.hint.isEmpty { write("  hint: \(verdict.hint)\n") }
    return false
  }

  private func sayWhatIsLeft(_ session: LabSession) async {
    guard let left = try? await session.outstanding(), !left.isEmpty else { return }
    write("\nstill on the account:\n")
    for item in left { write("  \(item.title)\n") }
    write("'cairn teardown \(session.run.id)' takes it down; 'cairn resume \(session.run.id)' goes on\n")
  }
}

/// Says once that a check waits.
private actor WaitNotice {
  private var isFirst = true

  func first() -> Bool {
    defer { isFirst = false }
    return isFirst
  }
}
