import AWSClient
import Lessons
import OrderedJSON
import ProgressStore
import ShellRuntime
import ShellSyntax
import Wire

extension LabSession {
  /// Asks the account, again and again while the check has patience, and records the verdict.
  ///
  /// A verdict of `.waiting` is told each time the account's answer is not yet the right one. If the task is
  /// cancelled, the check stays waiting and a later call goes on from the time it began to wait.
  package func judge(check id: String, _ tell: @escaping LabEvents) async throws(LabError) -> Verdict {
    guard let check = lesson.checks.first(where: { $0.id == id }) else { throw .noSuchCheck(id) }
    let since = try waitingSince(id) ?? clock.now
    while true {
      var verdict = await ask(check)
      if Task.isCancelled, !verdict.passed {
        // An answer that was broken off says nothing of the account.
        verdict.state = .waiting
        return verdict
      }
      let until = since.adding(seconds: check.patience?.duration ?? 0)
      if verdict.state == .failed, let patience = check.patience, clock.now < until {
        verdict.state = .waiting
        try record(verdict, of: id, since: since)
        await tell(.checkWaiting(check: id, verdict, since: since, until: until))
        do {
          try await clock.wait(seconds: patience.every)
          continue
        } catch {
          return verdict
        }
      }
      try record(verdict, of: id, since: nil)
      await tell(.checkJudged(check: id, verdict))
      await tellRemarks(block: nil, tell)
      try noteFinished()
      return verdict
    }
  }

  /// Asks once, without patience and without recording.
  package func ask(_ check: Check) async -> Verdict {
    let snapshot = shell.snapshot
    let values = snapshot.values
    let judge = CheckJudge(
      client: client, variable: { values[$0] },
      runCommand: { [makeShell] text in
        let copy = makeShell()
        copy.restore(snapshot)
        return await answer(to: text, in: copy)
      })
    return await judge.verdict(of: check)
  }

  private func waitingSince(_ id: String) throws(LabError) -> Timestamp? {
    do {
      let found = try store.checks(run: run.id).first { $0.id == id }
      guard let found, found.verdict == .waiting else { return nil }
      return found.waitingSince.map { Timestamp(milliseconds: $0) }
    } catch {
      throw .store(error)
    }
  }

  private func record(_ verdict: Verdict, of id: String, since: Timestamp?) throws(LabError) {
    let state: CheckVerdict =
      switch verdict.state {
      case .passed: .passed
      case .failed: .failed
      case .waiting: .waiting
      case .unanswered: .error
      }
    let record = CheckRecord(
      id: id, verdict: state, expected: verdict.expected, found: verdict.found,
      hint: verdict.hint.isEmpty ? nil : verdict.hint, at: now, waitingSince: since?.milliseconds)
    do {
      try store.saveCheck(record, run: run.id)
      if state != .waiting {
        let line = verdict.passed ? "passed" : "expected: \(verdict.expected)\nfound: \(verdict.found)"
        try store.appendTranscript(
          [TranscriptEntry(kind: .check, block: nil, text: "\(id): \(line)", at: now)], run: run.id)
      }
    } catch {
      throw .store(error)
    }
  }
}

/// Runs a command of an inferred check in a copy of the session: what it might set does not reach the learner's.
private func answer(to text: String, in shell: ShellSession) async -> CheckJudge.CommandAnswer {
  let script: Script
  do {
    script = try parse(text)
  } catch {
    return CheckJudge.CommandAnswer(status: 2, output: "", error: error.message)
  }
  let sink = CollectingSink()
  let status = await shell.run(script, output: sink)
  let (output, error) = await sink.texts
  return CheckJudge.CommandAnswer(status: status.code, output: output, error: error)
}

private actor CollectingSink: OutputSink {
  private var output: [UInt8] = []
  private var error: [UInt8] = []

  func write(_ bytes: [UInt8], to stream: OutputStream) {
    switch stream {
    case .standardOutput: output += bytes
    case .standardError: error += bytes
    }
  }

  var texts: (String, String) {
    (String(decoding: output, as: UTF8.self), String(decoding: error, as: UTF8.self))
  }
}
