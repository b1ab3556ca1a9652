import Foundation
import Lessons
import ProgressStore
import ShellRuntime
import ShellSyntax

extension LabSession {
  /// Runs a block, going on where an earlier try stopped.
  ///
  /// - Parameter anew: from its first statement, whatever came before.
  /// - Throws: `LabError.noSuchBlock`, `.notAgreed` and `.store`. What goes wrong in the block itself is told as events.
  package func run(
    block id: String, anew: Bool = false, _ tell: @escaping LabEvents
  ) async throws(LabError) -> BlockEnd {
    guard let block = lesson.block(id), let section = lesson.section(ofBlock: id) else {
      throw .noSuchBlock(id)
    }
    guard isAgreed else { throw .notAgreed(account: run.account) }
    running += 1
    defer { running -= 1 }
    await tell(.blockStarted(block: id))
    let end: BlockEnd
    switch block.role {
    case .shell: end = try await runShell(block, in: section, anew: anew, tell)
    case .file:
      await keepUndoPoint(before: block, tell)
      end = await writeFile(block, tell)
    case .text: end = BlockEnd(.done, status: 0)
    }
    await tell(.blockEnded(block: id, end))
    await tellRemarks(block: id, tell)
    try noteFinished()
    return end
  }

  private func runShell(
    _ block: CodeBlock, in section: Section, anew: Bool, _ tell: @escaping LabEvents
  ) async throws(LabError) -> BlockEnd {
    let script: Script
    do {
      script = try parse(block.script)
    } catch {
      await tell(.diagnostic(diagnostic(for: error, in: block)))
      return BlockEnd(.failed, status: 2)
    }
    do {
      let execution = try await begin(block, script, in: section, anew: anew, tell)
      let recorder = BlockRecorder(block: block, tell: tell)
      let log = StatementLog(
        section: section.id, block: block, script: script, execution: execution.id, store: store,
        handler: handler,
        recorder: recorder,
        crash: ledger.crash, secrets: secrets, session: shell.snapshot, tell: tell)
      let task = Task { [shell] in
        await shell.run(
          script, from: execution.nextStatement, output: recorder, events: { event in await log.note(event) })
      }
      await log.stops(task)
      let status = await withTaskCancellationHandler {
        await task.value
      } onCancel: {
        task.cancel()
      }
      return try await log.end(status: status, cancelled: Task.isCancelled)
    } catch {
      throw .store(error)
    }
  }

  /// The execution to go on with: an interrupted or failed one that stopped half-way, or a new one.
  ///
  /// Where the lesson was edited meanwhile, an execution is gone on with only if what it has passed still reads
  /// the same; otherwise the index would name another statement.
  private func begin(
    _ block: CodeBlock, _ script: Script, in section: Section, anew: Bool, _ tell: LabEvents
  ) async throws(StoreError) -> BlockExecution {
    if !anew, let last = try store.latestExecution(run: run.id, block: block.id),
      last.status == .interrupted || last.status == .failed,
      last.passed == script.digest(upTo: last.nextStatement)
    {
      return try store.resumeExecution(last.id, at: now)
    }
    // One that is gone on with has its point already: from before its beginning.
    await keepUndoPoint(before: block, tell)
    return try store.beginExecution(run: run.id, section: section.id, block: block.id, at: now)
  }

  private func writeFile(_ block: CodeBlock, _ tell: LabEvents) async -> BlockEnd {
    guard let name = block.file, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      await tell(
        .diagnostic(
          Diagnostic(
            .error, "the block \(block.id) names no file inside the run's folder", source: lesson.path,
            line: block.lines.lowerBound)))
      return BlockEnd(.failed, status: 1)
    }
    let path = places.work(of: run.id) + "/" + name
    do {
      try Places.make((path as NSString).deletingLastPathComponent)
      try Data(block.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      await tell(.printed(block: block.id, text: "wrote \(name)\n", isError: false))
      return BlockEnd(.done, status: 0)
    } catch {
      await tell(
        .diagnostic(
          Diagnostic(.error, "cannot write \(name)", detail: (error as NSError).localizedDescription)))
      return BlockEnd(.failed, status: 1)
    }
  }

  /// Names the construct and its line in the lesson, not in the block.
  private func diagnostic(for error: ShellSyntaxError, in block: CodeBlock) -> Diagnostic {
    // What is left open shows at the end of the block, which may be past its last line.
    let line = min(
      block.firstTextLine + error.range.start.line - 1, max(block.firstTextLine, block.lines.upperBound - 1))
    let lines = lesson.source.split(separator: "\n", omittingEmptySubsequences: false)
    return Diagnostic(
      .error,
      error.kind == .unsupported
        ? "the lab shell cannot run \(error.construct ?? "this")" : "the lab shell cannot read this block",
      detail: error.message, source: lesson.path, line: line, column: error.range.start.column,
      excerpt: lines.indices.contains(line - 1) ? String(lines[line - 1]) : nil)
  }

  func tellRemarks(block: String?, _ tell: LabEvents) async {
    let remarks = await clock.remarks()
    guard !remarks.isEmpty else { return }
    let entries = remarks.map { TranscriptEntry(kind: .notice, block: block, text: $0, at: now) }
    try? store.appendTranscript(entries, run: run.id)
    for remark in remarks { await tell(.remark(remark)) }
  }
}

extension Lesson {
  /// The section that holds a block, on the path or not.
  package func section(ofBlock id: String) -> Section? {
    sections.first { ($0.blocks + $0.optionalBlocks).contains { $0.id == id } }
  }

  /// The section that holds a check.
  package func section(ofCheck id: String) -> Section? {
    sections.first { $0.checks.contains { $0.id == id } }
  }
}
