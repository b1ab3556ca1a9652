import LabEngine
import Lessons
import OrderedJSON
import PracticeAccount
import PracticeServer
import ServiceModels
import SigV4
import Wire

/// How a practice account is to begin, and how it is to run.
package struct PracticeOptions: Sendable {
  package var region: String?
  /// What the ids of a new account are drawn from.
  package var seed: UInt64?
  /// Played on the account once it is open; nil: none.
  package var scenario: ScenarioFile?
  /// Added to what goes wrong on purpose.
  package var faults: [JSON] = []
  /// False: every signed call is allowed from now on, true: policies decide; nil leaves it.
  package var enforcesAuthorization: Bool?
  /// How many times as fast as ours the account's time passes by itself.
  package var speed = 1.0
  package var port = 0

  package init(region: String? = nil) {
    self.region = region
  }
}

/// A practice account that answers on a loopback port of this process, and its owner by the control channel.
package struct PracticeHost: Sendable {
  package let account: PracticeAccount
  package let server: PracticeServer
  let directory: String
  private let clockwork: Task<Void, Never>?

  /// Opens the account kept in `directory`, making a fresh one where there is none.
  package init(
    directory: String, region: String, models: ModelCatalog, options: PracticeOptions = PracticeOptions()
  ) async throws(TutorError) {
    self.directory = directory
    do {
      account = try PracticeAccount(
        catalog: models, directory: directory, region: region, seed: options.seed ?? 1)
      if let scenario = options.scenario { try account.play(scenario.scenario) }
      if let enforced = options.enforcesAuthorization { try account.setAuthorization(enforced: enforced) }
      for fault in options.faults.compactMap(FaultRule.init(json:)) { try account.add(fault) }
      let token = ServingRecord.newToken()
      let control = ControlChannel(token: token, account: account, directory: directory)
      server = try await PracticeServer.start(account: account, port: options.port, control: control)
      try ServingRecord(port: server.port, token: token).write(to: directory)
    } catch let error as StoreError {
      throw .practice("opened", error.message, directory)
    } catch let error as ServerError {
      throw TutorError(
        Diagnostic(
          .error, "the practice account cannot be served", detail: error.description,
          hint: options.port == 0 ? "" : "Give another port, or 0 for a free one."))
    } catch let error as TutorError {
      throw error
    } catch {
      throw .practice("opened", "\(error)", directory)
    }
    clockwork = options.speed > 1 ? Self.hurry(account.clock, options.speed) : nil
  }

  /// Lets the account's time pass faster: each moment that passed here moves its clock by the rest.
  private static func hurry(_ clock: VirtualClock, _ speed: Double) -> Task<Void, Never> {
    Task {
      var last = ContinuousClock.now
      while true {
        do { try await Task.sleep(for: .milliseconds(250)) } catch { return }
        let now = ContinuousClock.now
        let passed = (now - last) / .seconds(1)
        last = now
        // A disk that is full stops the clock, and is told with the next call.
        try? clock.advance(seconds: passed * (speed - 1))
      }
    }
  }

  /// Answers what is under way, and stops; what was only remembered so far is written down.
  package func stop() async {
    clockwork?.cancel()
    await clockwork?.value
    await server.stop()
    ServingRecord.remove(from: directory)
    try? account.flush()
    account.release()
  }

  /// Whether policies decide; otherwise every signed call is allowed.
  package var enforcesAuthorization: Bool { account.status()["enforcesAuthorization"]?.bool ?? true }

  /// What somebody who points another client at the account should know, as comments of a shell.
  package func introduction(name: String) -> String {
    let status = account.status()
    return """
      # practice account \(name): \(account.accountID), \(account.homeRegion), on this machine alone
      # scenario: \(status["scenario"]?.string ?? "none")
      # authorization: \(enforcesAuthorization ? "enforced, policies decide" : "NOT ENFORCED, every signed call is allowed")

      """
  }

  /// How a run reaches it: the endpoint, and keys that are worth nothing elsewhere.
  package func access(region: String) -> AccountAccess {
    let key = account.accessKey
    var variables = [
      "AWS_ACCESS_KEY_ID": key.accessKeyID,
      "AWS_SECRET_ACCESS_KEY": key.secretAccessKey,
      "AWS_ENDPOINT_URL": server.endpointURL,
      "AWS_REGION": region,
      "AWS_DEFAULT_REGION": region,
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    variables["AWS_SESSION_TOKEN"] = key.sessionToken
    return AccountAccess(mode: .practice, environment: variables, rewind: AccountRewinding(account: account))
  }
}

extension TutorError {
  static func practice(_ verb: String, _ reason: String, _ directory: String) -> TutorError {
    TutorError(
      Diagnostic(
        .error, "the practice account cannot be \(verb)", detail: reason, source: directory,
        hint: "If its state is damaged, begin the lesson anew with 'cairn run': practice costs nothing."))
  }
}

/// Takes a practice account back, for the tutor's undo.
private struct AccountRewinding: AccountRewind {
  let account: PracticeAccount

  func keep(as name: String) throws(RewindError) {
    do { try account.takeSnapshot(name) } catch { throw RewindError(error.message) }
  }

  func takeBack(to name: String) throws(RewindError) {
    do { try account.restore(name) } catch { throw RewindError(error.message) }
  }

  func forget(_ name: String) { account.forgetSnapshot(name) }

  var kept: [String] { account.snapshots.map(\.name) }
}
