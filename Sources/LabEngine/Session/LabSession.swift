import AWSClient
import AWSCommand
import Lessons
import ProgressStore
import Resources
import ServiceModels
import ShellRuntime
import Synchronization
import Wire

/// One run of one lesson on one account.
///
/// Everything a run changes goes through here: the learner's blocks, checks and teardown. Blocks run one at a
/// time; a check may wait beside them.
package actor LabSession {
  package nonisolated let lesson: Lesson
  package nonisolated let run: RunRecord
  package nonisolated let clock: any AccountClock
  package nonisolated let identity: AccountIdentity
  /// What had to be set right before the run could go on, in words.
  package nonisolated let findings: [String]

  /// The client core without the ledger's gate: for questions.
  let client: AWSClient
  let store: ProgressStore
  let ledger: Ledger
  let shell: ShellSession
  /// A fresh shell for the same account and folder.
  let makeShell: @Sendable () -> ShellSession
  let handler: AWSHandler
  let places: Places
  let secrets: Secrets
  /// How the account can be taken back; nil: it cannot.
  let rewind: (any AccountRewind)?
  /// How many blocks run now.
  var running = 0
  private var lock: HeldLock?
  nonisolated let consent: Mutex<Bool>

  init(
    lesson: Lesson, run: RunRecord, clock: any AccountClock, identity: AccountIdentity, findings: [String],
    client: AWSClient, store: ProgressStore, ledger: Ledger, shell: ShellSession,
    makeShell: @escaping @Sendable () -> ShellSession, handler: AWSHandler, places: Places, secrets: Secrets,
    rewind: (any AccountRewind)?, lock: HeldLock
  ) {
    self.lesson = lesson
    self.run = run
    self.clock = clock
    self.identity = identity
    self.findings = findings
    self.client = client
    self.store = store
    self.ledger = ledger
    self.shell = shell
    self.makeShell = makeShell
    self.handler = handler
    self.places = places
    self.secrets = secrets
    self.rewind = rewind
    self.lock = lock
    consent = Mutex(run.mode == .practice)
  }

  /// Remembers where the learner is.
  package func save(section: String) throws(LabError) {
    do { try store.setSection(section, ofRun: run.id, at: now) } catch { throw .store(error) }
  }

  /// Gives the run back, so that another process may go on with it.
  package func close() {
    guard let lock else { return }
    self.lock = nil
    // A lock that cannot be given back is taken over from the dead process that held it.
    try? store.release(lock)
  }

  /// The wall clock, for the store; the account's own time may be another.
  nonisolated var now: Int64 { ClientSeams.systemClock().milliseconds }
}

/// Who the credentials are, as `sts GetCallerIdentity` says.
package struct AccountIdentity: Sendable, Hashable {
  package let account: String
  package let arn: String

  init(_ client: AWSClient) async throws(LabError) {
    do {
      let answer = try await client.call("sts", "GetCallerIdentity", [:])
      account = answer["Account"]?.string ?? ""
      arn = answer["Arn"]?.string ?? ""
    } catch {
      throw .account(error)
    }
  }
}
