import LabEngine
import Lessons
import ProgressStore
import Synchronization
import TutorUI

/// Carries out what `TutorUI` wants done, in tasks beside the loop.
///
/// The loop blocks the main thread while it waits for a key, so nothing here may need the main actor.
final class Performer: Sendable {
  /// What is under way.
  private struct Work {
    var typing: TypingRhythm?
    var running: Task<Void, Never>?
    var typist: Task<Void, Never>?
    var judging: [CheckID: Task<Void, Never>] = [:]
    var plan: TeardownPlan?
    var clockLabel = ""
  }

  private let opened: OpenRun
  private let mailbox: Mailbox<TutorEvent>
  private let busy: Busy
  private let now: Mutex<Work>

  init(_ opened: OpenRun, mailbox: Mailbox<TutorEvent>, busy: Busy, typing: TypingRhythm?) {
    self.opened = opened
    self.mailbox = mailbox
    self.busy = busy
    now = Mutex(Work(typing: typing))
  }

  private var session: LabSession { opened.session }

  /// Brings back what an earlier process knew, and goes on waiting where it waited.
  func restore() async {
    do throws(LabError) {
      let progress = try await session.progress()
      mailbox.post(.progressRestored(RestoredProgress(progress)))
      if session.run.state == .tearingDown {
        mailbox.post(.noted("The teardown of this run was interrupted. T goes on with it."))
      }
      for finding in session.findings { mailbox.post(.noted(finding)) }
      await refresh()
      for check in progress.checks where check.verdict == .waiting { judge(check.id) }
    } catch {
      mailbox.post(.message(MessageView(error.diagnostic)))
    }
    tick()
  }

  func perform(_ effect: TutorEffect) {
    switch effect {
    case .agree: session.agree()
    case .runBlock(let id): run(id)
    case .cancelRun: now.withLock { $0.running?.cancel() }
    case .judge(let id): judge(id)
    case .undo: undo()
    case .skipWait: session.clock.skip()
    case .planTeardown: planTeardown()
    case .applyTeardown: applyTeardown()
    case .saveProgress(let position): save(position)
    case .typeBlock(let id): type(id)
    case .stopTyping: now.withLock { $0.typist?.cancel() }
    case .redraw, .quit: break
    }
  }

  /// Stops what runs, and gives the run back.
  func close() async {
    let tasks = now.withLock { work in
      [work.typist, work.running].compactMap { $0 } + work.judging.values
    }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
    await opened.close()
  }

  // MARK: - Time

  /// The banner's clock is looked at once a second.
  var nextTick: ContinuousClock.Instant { .now + .seconds(1) }

  func tick() {
    let label = BannerClock.label(session)
    let isNew = now.withLock { work in
      defer { work.clockLabel = label }
      return work.clockLabel != label
    }
    if isNew { mailbox.post(.clockTicked(label)) }
  }

  // MARK: - Effects

  private func run(_ id: BlockID) {
    let task = work { [session, mailbox] in
      do throws(LabError) {
        let end = try await session.run(block: id) { event in post(event, to: mailbox) }
        mailbox.post(.blockExited(id, BlockOutcome(end)))
      } catch {
        mailbox.post(.blockExited(id, .refused(error.diagnostic.summary)))
        mailbox.post(.message(MessageView(error.diagnostic)))
      }
    }
    now.withLock { $0.running = task }
  }

  private func judge(_ id: CheckID) {
    // The task is noted before it can end: it needs the lock for its last word.
    now.withLock { work in
      guard work.judging[id] == nil else { return }
      mailbox.post(.checkStarted(id))
      let token = busy.token()
      work.judging[id] = Task { [self] in
        await judge(id, token)
        now.withLock { $0.judging[id] = nil }
        token.end()
      }
    }
  }

  private func judge(_ id: CheckID, _ token: Busy.Token) async {
    do throws(LabError) {
      let verdict = try await session.judge(check: id) { [mailbox] event in
        post(event, to: mailbox)
        // A check that waits is no work a script should wait for.
        if case .checkWaiting = event { token.end() }
      }
      if verdict.state == .waiting { mailbox.post(.checkAbandoned(id)) }
    } catch {
      mailbox.post(.checkAbandoned(id))
      mailbox.post(.message(MessageView(error.diagnostic)))
    }
  }

  private func undo() {
    // What a check waits for is undone with the rest.
    let judging = now.withLock { $0.judging.values.map { $0 } }
    for task in judging { task.cancel() }
    _ = work { [session, mailbox] in
      for task in judging { await task.value }
      do throws(LabError) {
        let block = try await session.undo()
        mailbox.post(.undone(block, RestoredProgress(try await session.progress())))
      } catch {
        mailbox.post(.message(MessageView(error.diagnostic)))
      }
    }
  }

  private func planTeardown() {
    _ = work { [self, session, mailbox] in
      do throws(LabError) {
        let plan = try await session.planTeardown()
        now.withLock { $0.plan = plan }
        mailbox.post(.teardownPlanned(TeardownView(plan)))
      } catch {
        mailbox.post(.message(MessageView(error.diagnostic)))
      }
    }
  }

  private func applyTeardown() {
    guard let plan = now.withLock({ $0.plan }) else { return }
    // What a check waits for will not come any more.
    for task in now.withLock({ $0.judging.values }) { task.cancel() }
    _ = work { [session, mailbox] in
      do throws(LabError) {
        let report = try await session.apply(plan) { progress in
          mailbox.post(.teardownAdvanced(item: progress.item, TeardownView.ItemState(progress)))
        }
        mailbox.post(.teardownFinished(summary: report.sentence))
      } catch {
        mailbox.post(.message(MessageView(error.diagnostic)))
        mailbox.post(.teardownFinished(summary: "The teardown stopped; T goes on with it."))
      }
    }
  }

  private func save(_ position: Position) {
    _ = work { [session] in try? await session.save(section: position.section) }
  }

  private func type(_ id: BlockID) {
    let rhythm = now.withLock { work in
      defer { _ = work.typing?.pause(after: " ") }
      work.typist?.cancel()
      return work.typing
    }
    guard let text = session.lesson.block(id)?.text, var rhythm else { return }
    let pauses = text.map { rhythm.pause(after: $0) }
    let task = work { [mailbox] in
      for (count, pause) in pauses.enumerated() {
        do { try await Task.sleep(for: .seconds(pause)) } catch { return }
        mailbox.post(.demoTyped(id, characters: count + 1))
      }
    }
    now.withLock { $0.typist = task }
  }

  /// Tells the screen what variables there are and what is on the account.
  private func refresh() async {
    if let variables = try? await session.variables() {
      mailbox.post(.variablesChanged(variables.map { VariableRow($0) }))
    }
    mailbox.post(.undoableChanged((try? await session.undoable())?.block))
    if let left = try? await session.outstanding() {
      mailbox.post(.outstandingChanged(left.map { OutstandingResource(name: $0.title, note: $0.note) }))
    }
  }

  /// Runs `body` in a task that counts as work; afterwards the screen learns what has changed.
  private func work(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    let token = busy.token()
    return Task { [self] in
      await body()
      await refresh()
      token.end()
    }
  }
}

/// Hands news of the engine to the screen, in the screen's own words.
private func post(_ event: LabEvent, to mailbox: Mailbox<TutorEvent>) {
  if let event = TutorEvent(event) { mailbox.post(event) }
}
