import ShellSyntax

/// What a command reports: 0 for success, as POSIX 2.8.2 has it; 126 and 127 for what could not be started, 128+n for
/// signal n.
package struct ExitStatus: Hashable, Sendable, Codable {
  package var code: Int32
  package var isSuccess: Bool { code == 0 }

  package init(code: Int32) { self.code = code }

  package static let success = ExitStatus(code: 0)
  /// What a cancelled run reports: 128 + SIGINT.
  package static let cancelled = ExitStatus(code: 130)
}

/// Where a run's output goes.
package enum OutputStream: Hashable, Sendable, Codable {
  case standardOutput
  case standardError
}

/// Takes what a run prints, in the order in which it was printed.
package protocol OutputSink: Sendable {
  func write(_ bytes: [UInt8], to stream: OutputStream) async
}

/// Takes bytes. Writing to a reader that has gone away is silently dropped.
package protocol ByteSink: Sendable {
  func write(_ bytes: [UInt8]) async
}

/// Gives bytes; an empty answer is the end.
package protocol ByteSource: Sendable {
  func read(upTo count: Int) async -> [UInt8]
}

/// What happens while a script runs. `statementStarted` and `statementEnded` are awaited before the script goes on, so
/// that a receiver may persist them; the others only keep their order.
package enum ShellEvent: Sendable {
  case statementStarted(index: Int, range: SourceRange, text: String)
  case statementEnded(index: Int, status: ExitStatus, snapshot: SessionSnapshot)
  case commandStarted(argv: [String], range: SourceRange)
  case commandEnded(argv: [String], status: ExitStatus, range: SourceRange)
  /// Set in the session itself, not in a subshell.
  case variableSet(name: String, value: String, range: SourceRange)
}

/// Commands that run inside this process, `aws` above all.
package protocol CommandHandler: Sendable {
  func handles(_ name: String) -> Bool
  /// Returns the exit status. Should end soon after its task is cancelled; it is left behind if it does not.
  func run(_ invocation: Invocation) async -> Int32
}

/// One call of a command that runs in this process.
package struct Invocation: Sendable {
  package var argv: [String]
  /// Exported variables and the assignments before the command.
  package var environment: [String: String]
  package var workingDirectory: String
  package var standardInput: any ByteSource
  package var standardOutput: any ByteSink
  package var standardError: any ByteSink
  /// The index of the top-level statement it belongs to.
  package var statement: Int
  package var range: SourceRange
}

/// A handler of nothing.
package struct NoCommands: CommandHandler {
  package init() {}
  package func handles(_ name: String) -> Bool { false }
  package func run(_ invocation: Invocation) async -> Int32 { 127 }
}
