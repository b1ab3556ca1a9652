import Lessons
import ProgressStore
import ShellRuntime
import ShellSyntax

/// Passes on what a block prints, and collects it for the transcript.
actor BlockRecorder: OutputSink {
  private let block: CodeBlock
  private let tell: LabEvents
  private var standardOutput = UTF8Pieces()
  private var standardError = UTF8Pieces()
  private var entries: [(kind: TranscriptKind, text: String)] = []

  init(block: CodeBlock, tell: @escaping LabEvents) {
    self.block = block
    self.tell = tell
  }

  func write(_ bytes: [UInt8], to stream: OutputStream) async {
    switch stream {
    case .standardOutput: await printed(standardOutput.append(bytes), .standardOutput)
    case .standardError: await printed(standardError.append(bytes), .standardError)
    }
  }

  func note(_ event: ShellEvent) async {
    guard case .statementStarted(_, let range, let text) = event else { return }
    entries.append((.command, text))
    let first = block.firstTextLine + range.start.line - 1
    let last = block.firstTextLine + range.end.line - 1
    await tell(.statementStarted(block: block.id, text: text, lines: first...max(first, last)))
  }

  /// Passes on what is left of an unfinished character.
  func flush() async {
    await printed(standardOutput.finish(), .standardOutput)
    await printed(standardError.finish(), .standardError)
  }

  /// What has been collected since the last call, as it may be stored.
  func takeTranscript(at time: Int64, hiding secrets: Secrets) -> [TranscriptEntry] {
    defer { entries = [] }
    return entries.map {
      TranscriptEntry(kind: $0.kind, block: block.id, text: secrets.hidden($0.text), at: time)
    }
  }

  private func printed(_ text: String, _ kind: TranscriptKind) async {
    guard !text.isEmpty else { return }
    if let last = entries.indices.last, entries[last].kind == kind {
      entries[last].text += text
    } else {
      entries.append((kind, text))
    }
    await tell(.printed(block: block.id, text: text, isError: kind == .standardError))
  }
}
