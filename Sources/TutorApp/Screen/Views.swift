import LabEngine
import Lessons
import ProgressStore
import TutorUI
import Wire

// The engine's values in the screen's own words.

extension TutorEvent {
  /// Nil for what the screen learns otherwise.
  init?(_ event: LabEvent) {
    switch event {
    case .blockStarted(let block): self = .blockStarted(block)
    case .statementStarted(let block, let text, let lines):
      self = .statementStarted(block, lines: lines, text: text)
    case .printed(let block, let text, let isError):
      self = .blockPrinted(block, isError ? .standardError : .standardOutput, text)
    case .checkWaiting(let check, _, let since, let until):
      self = .checkWaiting(check, since: since.clockTime, next: "until \(until.clockTime) at the latest")
    case .checkJudged(let check, let verdict): self = .checkJudged(check, TutorUI.Verdict(verdict))
    case .remark(let text): self = .remark(text)
    case .diagnostic(let diagnostic): self = .message(MessageView(diagnostic))
    case .blockEnded, .variableSet: return nil
    }
  }
}

extension TutorUI.Verdict {
  init(_ verdict: LabEngine.Verdict) {
    self.init(
      passed: verdict.passed, expected: verdict.expected, found: verdict.found, hint: verdict.hint,
      asked: verdict.asked.joined(separator: ", "))
  }
}

extension BlockOutcome {
  init(_ end: BlockEnd) {
    switch end.state {
    case .done: self = .done
    case .failed: self = .failed(status: Int(end.status))
    case .cancelled: self = .interrupted
    }
  }
}

extension VariableRow {
  init(_ variable: VariableRecord) {
    self.init(name: variable.name, value: variable.value, origin: variable.block.map { "set by \($0)" } ?? "")
  }
}

extension Banner {
  init(_ session: LabSession) {
    let run = session.run
    // arn:aws:iam::111122223333:user/learner -> user/learner
    let who = run.identityARN.split(separator: ":", maxSplits: 5).last.map(String.init) ?? run.identityARN
    self.init(
      mode: run.mode == .practice ? .practice : .live, account: run.account, region: run.region,
      identity: who,
      clock: BannerClock.label(session))
  }
}

/// The banner's clock note: the account's time of day. On the practice account it is not the wall clock's.
enum BannerClock {
  static func label(_ session: LabSession) -> String {
    (session.run.mode == .practice ? "practice time " : "") + session.clock.now.clockTime
  }
}

extension Timestamp {
  /// `16:10 UTC`.
  var clockTime: String { "\(iso8601.dropFirst(11).prefix(5)) UTC" }
}
