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
      transcript: TranscriptLine.lines(progress.transcript))
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
          passed: check.verdict == .passed, expected: check.expected, found: check.found,
          hint: check.hint ?? ""))
    }
  }
}

extension TranscriptLine {
  /// The lines of all entries, a blank one between blocks.
  static func lines(_ entries: [TranscriptEntry]) -> [TranscriptLine] {
    var lines: [TranscriptLine] = []
    var block: String?
    for entry in entries {
      if entry.kind == .command, entry.block != block, lines.last?.text.isEmpty == false {
        lines.append(TranscriptLine(.output, ""))
      }
      if entry.kind == .command { block = entry.block }
      lines += self.lines(entry)
    }
    return lines
  }

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
      Item(
        id: item.id, title: item.title, detail: item.details.joined(separator: "\n"),
        state: ItemState(item.decision))
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
  /// The same in one line.
  var detail: String { details.joined(separator: "; ") }

  /// What is done, what goes with it, how long it takes, what it costs: a line each. A mere `delete` is not said, and
  /// what goes with it is named without the name of the thing itself.
  var details: [String] {
    var lines: [String] = []
    let doing = [action == "delete" ? "" : action, waits].filter { !$0.isEmpty }.joined(separator: "; ")
    if !doing.isEmpty { lines.append(doing) }
    if !includes.isEmpty { lines.append("with it: " + includes.map(withoutOwnName).joined(separator: ", ")) }
    if !bills.isEmpty { lines.append(bills) }
    return lines
  }

  /// `tags of bucket b` -> `tags`, `object s3://b/data.csv` -> `object data.csv`, for the bucket b.
  private func withoutOwnName(_ included: String) -> String {
    guard let name = title.split(separator: " ").last else { return included }
    if included.hasSuffix(" \(name)"), let end = included.ranges(of: " of ").last {
      return String(included[..<end.lowerBound])
    }
    return included.replacing("s3://\(name)/", with: "")
  }
}

extension Int64? {
  /// The date of a time in milliseconds: `2026-11-30`.
  var dateText: String {
    map { String(Timestamp(milliseconds: $0).iso8601.prefix(10)) } ?? "a date that AWS keeps"
  }
}
