import AWSClient
import LabEngine
import Lessons
import PracticeAccount
import PracticeServer
import ServiceModels
import SigV4
import Wire

/// How fast the practice account's time passes while somebody waits for it.
package enum Pace: Sendable, Hashable {
  /// A wait is over at once: nobody is watching.
  case instant
  /// So many seconds of the account in one second of ours.
  case times(Double)
}

/// A practice account that answers on a loopback port of this process.
package struct PracticeHost: Sendable {
  package let account: PracticeAccount
  package let server: PracticeServer

  /// Opens the account kept in `directory`, making a fresh one where there is none.
  package init(directory: String, region: String, models: ModelCatalog, port: Int = 0) async throws(TutorError) {
    do {
      account = try PracticeAccount(catalog: models, directory: directory, region: region)
      server = try await PracticeServer.start(account: account, port: port)
    } catch {
      throw TutorError(
        Diagnostic(.error, "the practice account cannot be opened", detail: "\(error)", source: directory))
    }
  }

  /// How a run reaches it: the endpoint, and keys that are worth nothing elsewhere.
  package func access(region: String) -> AccountAccess {
    let variables = [
      "AWS_ACCESS_KEY_ID": account.accessKey.accessKeyID,
      "AWS_SECRET_ACCESS_KEY": account.accessKey.secretAccessKey,
      "AWS_ENDPOINT_URL": server.endpointURL,
      "AWS_REGION": region,
      "AWS_DEFAULT_REGION": region,
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    return AccountAccess(mode: .practice, environment: variables)
  }
}

/// The practice account's time. Waiting moves it forward.
package struct PracticeTime: AccountClock {
  let account: PracticeAccount
  let pace: Pace
  private let told: Counter

  package init(account: PracticeAccount, pace: Pace) {
    self.account = account
    self.pace = pace
    told = Counter(account.remarks(since: 0).count)
  }

  package var now: Timestamp { account.clock.now }

  package func wait(seconds: Double) async throws {
    if case .times(let factor) = pace { try await Task.sleep(for: .seconds(seconds / factor)) }
    try Task.checkCancellation()
    account.clock.advance(seconds)
  }

  package func remarks() async -> [String] {
    let all = account.remarks(since: 0)
    let new = all.dropFirst(await told.exchange(all.count))
    return new.map(\.text)
  }
}

private actor Counter {
  private var value: Int

  init(_ value: Int) {
    self.value = value
  }

  func exchange(_ new: Int) -> Int {
    defer { value = new }
    return value
  }
}

/// A live account's time: the wall clock.
package struct WallTime: AccountClock {
  package init() {}

  package var now: Timestamp { ClientSeams.systemClock() }

  package func wait(seconds: Double) async throws {
    try await Task.sleep(for: .seconds(seconds))
  }

  package func remarks() async -> [String] { [] }
}
