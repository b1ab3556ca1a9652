import LabEngine
import ProgressStore
import TutorUI
import Wire

// What a run brings back, in the screen's own words.

extension RestoredProgress {
  init(_ progress: RunProgress) {
    self.init(
      position: progress.section.map { Position(section: $0) },
      blocks: progress.executions.mapValues { BlockState($0) },
      checks: Dictionary(
        progress.checks.map { ($0.id, CheckState($0)) }, uniquingKeysWith: { _, last in last }),
      transcript: progress.transcript.flatMap { TranscriptLine.lines($0) })
  }
}

extension BlockState {
  init(_ execution: BlockExecution) {
    switch execution.status {
    case .done: self = .done
    case .interrupted, .running: self = .interrupted
    case .failed:
      let status = execution.exitStatus.map(Int.init)
      self = .failed(status: status, reason: status.map { "status \($0)" } ?? "it was stopped")
    }
  }
}

extension CheckState {
  init(_ check: CheckRecord) {
    switch check.verdict {
    case .waiting: self = .notAsked
    case .passed, .failed, .error:
      self = .judged(
        TutorUI.Verdict(
          passed: check.verdict == .passed, expected: check.expected, found: check.found, hint: check.hint ?? ""))
    }
  }
}

extension TranscriptLine {
  static func lines(_ entry: TranscriptEntry) -> [TranscriptLine] {
    let kind: Kind =
      switch entry.kind {
      case .command: .command
      case .standardOutput: .output
      case .standardError: .error
      case .notice: .remark
      case .check, .teardown: .note
      }
    return entry.text.splitLines().enumerated().map { index, line in
      TranscriptLine(kind == .command && index > 0 ? .continuation : kind, line)
    }
  }
}

extension TeardownView {
  init(_ plan: TeardownPlan) {
    let items = plan.items.map { item in
      Item(id: item.id, title: item.title, detail: item.detail, state: ItemState(item.decision))
    }
    self.init(phase: .planned, items: items, notes: plan.unknown)
  }
}

extension TeardownView.ItemState {
  init(_ decision: TeardownItem.Decision) {
    switch decision {
    case .remove, .restore: self = .planned
    case .keep(let reason): self = .kept(reason)
    case .pending(let until): self = .pending(until: until.dateText)
    case .gone: self = .gone
    }
  }

  init(_ progress: TeardownProgress) {
    switch progress.state {
    case .removing: self = .removing
    case .verified: self = .verified
    case .pending(let until): self = .pending(until: until.dateText)
    case .kept(let reason): self = .kept(reason)
    case .failed(let reason): self = .failed(reason)
    }
  }
}

extension TeardownItem {
  /// What is done, what goes with it, how long it takes, what it costs: one line.
  var detail: String {
    ([action] + includes + [waits, bills]).filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

extension Int64? {
  /// The date of a time in milliseconds: `2026-11-30`.
  var dateText: String {
    map { String(Timestamp(milliseconds: $0).iso8601.prefix(10)) } ?? "a date that AWS keeps"
  }
}
