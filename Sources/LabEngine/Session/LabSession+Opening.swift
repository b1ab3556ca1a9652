import AWSClient
import AWSCommand
import Lessons
import ProgressStore
import ShellRuntime
import Wire

extension LabSession {
  /// Begins a run: asks the account who it is, notes the run, and locks it for this process.
  ///
  /// - Parameter practiceDirectory: where the practice account is kept, for a later process to find it.
  package static func begin(
    lesson: Lesson, path: String, access: AccountAccess, clock: any AccountClock, practiceDirectory: String?,
    _ bench: LabBench
  ) async throws(LabError) -> LabSession {
    let configuration = try access.configuration(bench, home: bench.places.state)
    guard let region = configuration.region else { throw .account(.noRegion) }
    let identity = try await AccountIdentity(AWSClient(catalog: bench.models, configuration: configuration))
    let draft = RunDraft(
      lessonPath: path, lessonID: lesson.id, lessonTitle: lesson.title, lessonDigest: lesson.digest,
      mode: access.mode == .practice ? .practice : .live, account: identity.account, region: region,
      identityARN: identity.arn, practiceDirectory: practiceDirectory)
    let now = ClientSeams.systemClock().milliseconds
    let run: RunRecord
    let lock: HeldLock
    do {
      run = try bench.store.createRun(draft, at: now)
      lock = try bench.store.acquireLock(run.id, holder: .current(purpose: "run", at: now))
    } catch {
      throw .store(error)
    }
    return try await open(
      run, lesson: lesson, access: access, clock: clock, identity: identity, lock: lock, findings: [], bench)
  }

  /// Goes on with a run: refuses another account, takes the lock, settles what a crash left open, and restores the
  /// session.
  package static func resume(
    _ run: RunRecord, lesson: Lesson, access: AccountAccess, clock: any AccountClock, _ bench: LabBench
  ) async throws(LabError) -> LabSession {
    let configuration = try access.configuration(bench, home: bench.places.work(of: run.id))
    let identity = try await AccountIdentity(AWSClient(catalog: bench.models, configuration: configuration))
    guard identity.account == run.account else {
      throw .otherAccount(run: run.id, expected: run.account, found: identity.account)
    }
    let now = ClientSeams.systemClock().milliseconds
    var findings: [String] = []
    let lock: HeldLock
    do {
      lock = try bench.store.acquireLock(run.id, holder: .current(purpose: "run", at: now))
      for execution in try bench.store.interruptRunningExecutions(run: run.id, at: now) {
        findings.append(
          "\(execution.block) was interrupted; running it goes on at the command it stopped at.")
      }
      if lesson.digest != run.lessonDigest {
        findings.append("The lesson has been edited since this run began; what is done stays done.")
        try bench.store.setLesson(path: run.lessonPath, digest: lesson.digest, ofRun: run.id, at: now)
      }
    } catch {
      throw .store(error)
    }
    return try await open(
      run, lesson: lesson, access: access, clock: clock, identity: identity, lock: lock, findings: findings,
      bench)
  }

  private static func open(
    _ run: RunRecord, lesson: Lesson, access: AccountAccess, clock: any AccountClock,
    identity: AccountIdentity,
    lock: HeldLock, findings: [String], _ bench: LabBench
  ) async throws(LabError) -> LabSession {
    do {
      let crash = CrashPoints(environment: bench.environment)
      var findings = findings
      if let rewind = access.rewind,
        let block = try finishInterruptedUndo(of: run.id, rewind, bench.store, bench.places, crash)
      {
        findings = ["The undo of \(block) was interrupted; it is done now."]
      }
      let work = bench.places.work(of: run.id)
      try Places.make(work)
      let configuration = try access.configuration(bench, home: work)
      let client = AWSClient(catalog: bench.models, configuration: configuration)
      let ledger = Ledger(
        run: run, store: bench.store, catalog: bench.catalog, account: UngatedAccount(client), clock: clock,
        crash: crash)
      let settled: [Reconciled]
      do { settled = try await ledger.reconcile() } catch { throw LabError(error) }
      let handler = AWSHandler(models: bench.models, gate: LedgerGate(ledger), clock: clock)
      let environment = access.shellEnvironment(bench, home: work)
      let shellFor: @Sendable (AWSHandler) -> ShellSession = { handler in
        ShellSession(
          environment: environment, workingDirectory: work, commands: handler,
          processes: StandardProcessPolicy(),
          files: LiveFileAccess(), sleep: { try? await clock.wait(seconds: $0.seconds) })
      }
      // A check asks beside a running block: what fails there is no failure of the block's.
      let makeShell: @Sendable () -> ShellSession = {
        shellFor(AWSHandler(models: bench.models, gate: LedgerGate(ledger), clock: clock))
      }
      let secrets = Secrets(environment)
      let shell = shellFor(handler)
      do {
        if let text = try bench.store.session(run: run.id),
          let snapshot = SessionSnapshot(text: text, showing: secrets)
        {
          shell.restore(snapshot.adopting(accessOf: shell.snapshot))
        }
      } catch {
        throw LabError.store(error)
      }
      return LabSession(
        lesson: lesson, run: run, clock: clock, identity: identity,
        findings: findings + settled.map(\.sentence),
        client: client, store: bench.store, ledger: ledger,
        shell: shell, makeShell: makeShell, handler: handler, places: bench.places, secrets: secrets,
        rewind: access.rewind, lock: lock)
    } catch let error as LabError {
      try? bench.store.release(lock)
      throw error
    } catch {
      try? bench.store.release(lock)
      throw .catalogue("\(error)")
    }
  }
}

extension AccountAccess {
  /// What blocks and the client core see.
  func shellEnvironment(_ bench: LabBench, home: String) -> [String: String] {
    bench.shellEnvironment(home: home).merging(environment) { _, access in access }
  }

  /// The configuration that the client core resolves from it.
  func configuration(_ bench: LabBench, home: String) throws(LabError) -> ClientConfiguration {
    do {
      return try ClientConfiguration.resolve(
        ConfigurationOptions(), environment: shellEnvironment(bench, home: home))
    } catch {
      throw .account(.configuration(error))
    }
  }
}

extension Duration {
  /// In seconds, with fraction.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
