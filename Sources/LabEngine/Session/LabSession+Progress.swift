import Lessons
import ProgressStore

/// What a run brings back when it is opened again.
package struct RunProgress: Sendable {
  package var section: String?
  /// The last execution of each block.
  package var executions: [String: BlockExecution]
  package var checks: [CheckRecord]
  package var transcript: [TranscriptEntry]
}

extension LabSession {
  /// What the run has come to so far.
  package func progress() throws(LabError) -> RunProgress {
    do {
      let executions = try store.executions(run: run.id)
      return RunProgress(
        section: try store.run(run.id)?.section,
        executions: Dictionary(executions.map { ($0.block, $0) }, uniquingKeysWith: { _, last in last }),
        checks: try store.checks(run: run.id), transcript: try store.transcript(run: run.id))
    } catch {
      throw .store(error)
    }
  }

  /// The session's variables, and which block set them.
  package func variables() throws(LabError) -> [VariableRecord] {
    do { return try store.variables(run: run.id) } catch { throw .store(error) }
  }

  /// Whether the block's last execution ended well.
  package func isDone(block id: String) -> Bool {
    (try? store.latestExecution(run: run.id, block: id))??.status == .done
  }

  /// Notes that the path is done: every block ran and every check passed.
  package func noteFinished() throws(LabError) {
    do {
      guard let current = try store.run(run.id), current.state == .active else { return }
      let passed = Set(try store.checks(run: run.id).filter { $0.verdict == .passed }.map(\.id))
      let path = lesson.sections.filter { $0.kind != .teardown }
      let isWhole =
        path.flatMap(\.blocks).allSatisfy { isDone(block: $0.id) }
        && path.flatMap(\.checks).allSatisfy { passed.contains($0.id) }
      if isWhole, !path.allSatisfy({ $0.blocks.isEmpty && $0.checks.isEmpty }) {
        try store.setState(.finished, ofRun: run.id, at: now)
      }
    } catch {
      throw .store(error)
    }
  }
}
