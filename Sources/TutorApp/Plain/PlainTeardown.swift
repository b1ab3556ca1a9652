import LabEngine
import ProgressStore

/// A teardown as a transcript.
package struct PlainTeardown: Sendable {
  let write: PlainTutor.Writer

  package init(write: @escaping PlainTutor.Writer) {
    self.write = write
  }

  /// Prints the plan.
  @discardableResult
  package func showPlan(_ session: LabSession) async throws(LabError) -> TeardownPlan {
    let plan = try await session.planTeardown()
    write("teardown of \(session.run.id): \(plan.sentence)\n")
    for item in plan.items {
      let mark =
        switch item.decision {
        case .remove: "remove"
        case .restore: "restore"
        case .keep(let reason): "keep (\(reason))"
        case .pending(let until): "goes by itself at \(until.dateText)"
        case .gone: "gone already"
        }
      write(
        "  \(item.title): \(mark)" + (item.isWork && !item.detail.isEmpty ? "; \(item.detail)" : "") + "\n")
    }
    for line in plan.unknown { write("  note: \(line)\n") }
    return plan
  }

  /// Prints the plan and asks, unless `assumesYes`.
  package func agree(
    _ session: LabSession, assumesYes: Bool, read: PlainTutor.Reader
  ) async throws(LabError) -> Bool {
    let plan = try await showPlan(session)
    if plan.isEmpty || assumesYes { return true }
    let run = session.run
    write("Remove this from the \(run.mode.rawValue) account \(run.account)? [y/N]: ")
    return read()?.lowercased().hasPrefix("y") ?? false
  }

  /// Plans, applies and reports. True if nothing is left but what goes by itself.
  package func perform(_ session: LabSession) async throws(LabError) -> Bool {
    let plan = try await session.planTeardown()
    let titles = Dictionary(plan.items.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    let write = write
    write("\n== Teardown\n")
    let report = try await session.apply(plan) { progress in
      let title = titles[progress.item] ?? progress.item
      switch progress.state {
      case .removing: break
      case .verified: write("  gone: \(title)\n")
      case .pending(let until): write("  goes at \(until.dateText): \(title)\n")
      case .kept(let reason): write("  kept: \(title) (\(reason))\n")
      case .failed(let reason): write("  not removed: \(title): \(reason)\n")
      }
    }
    for line in report.unknown { write("  note: \(line)\n") }
    write(report.sentence + "\n")
    return report.isClean
  }
}
