import LabEngine
import Lessons
import Synchronization
import TutorApp

/// What a block that ran has told.
struct BlockRun {
  var end = BlockEnd(.done, status: 0)
  /// The statements that began, as written.
  var statements: [String] = []
  /// Lines of the lesson's file each of them is on.
  var lines: [ClosedRange<Int>] = []
  var output = ""
  var error = ""
  /// Both, as they came.
  var text = ""
  var diagnostics: [Diagnostic] = []
  var variables: [String: String] = [:]

  mutating func note(_ event: LabEvent) {
    switch event {
    case .statementStarted(_, let text, let lines):
      statements.append(text)
      self.lines.append(lines)
    case .printed(_, let text, let isError):
      self.text += text
      if isError { error += text } else { output += text }
    case .variableSet(let name, let value, _): variables[name] = value
    case .diagnostic(let diagnostic): diagnostics.append(diagnostic)
    default: break
    }
  }
}

/// Runs a block and keeps what it tells. The run stays open.
func run(_ block: String, in opened: OpenRun, anew: Bool = false) async throws -> BlockRun {
  let told = Mutex(BlockRun())
  let end = try await opened.session.run(block: block, anew: anew) { event in told.withLock { $0.note(event) }
  }
  return told.withLock { told in
    told.end = end
    return told
  }
}

/// The same; closes the run.
func printed(_ block: String, in opened: OpenRun) async throws -> BlockRun {
  let ran = try await run(block, in: opened)
  await opened.close()
  return ran
}
