import AWSClient
import LabEngine
import Lessons
import OrderedJSON
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
  package init(directory: String, region: String, models: ModelCatalog, port: Int = 0)
    async throws(TutorError)
  {
    do {
      account = try PracticeAccount(catalog: models, directory: directory, region: region)
      server = try await PracticeServer.start(account: account, port: port)
    } catch let error as StoreError {
      throw .practice("opened", error.message, directory)
    } catch let error as ServerError {
      throw TutorError(
        Diagnostic(
          .error, "the practice account cannot be served", detail: error.description,
          hint: port == 0 ? "" : "Give another port, or 0 for a free one."))
    } catch {
      throw .practice("opened", "\(error)", directory)
    }
  }

  /// What the account in `directory` holds, as JSON.
  package static func dump(_ directory: String, models: ModelCatalog) throws(TutorError) -> String {
    do {
      return try PracticeAccount(catalog: models, directory: directory).dump().text(indent: 2)
    } catch {
      throw .practice("read", error.message, directory)
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

extension TutorError {
  fileprivate static func practice(_ verb: String, _ reason: String, _ directory: String) -> TutorError {
    TutorError(
      Diagnostic(
        .error, "the practice account cannot be \(verb)", detail: reason, source: directory,
        hint: "If its state is damaged, begin the lesson anew with 'cairn run': practice costs nothing."))
  }
}

/// The practice account's time. Waiting moves it forward.
package struct PracticeTime: AccountClock {
  let account: PracticeAccount
  let pace: Pace
  private let told: LastTold

  package init(account: PracticeAccount, pace: Pace) {
    self.account = account
    self.pace = pace
    told = LastTold(account.remarks().last?.number ?? 0)
  }

  package var now: Timestamp { account.clock.now }

  package func wait(seconds: Double) async throws {
    if case .times(let factor) = pace { try await Task.sleep(for: .seconds(seconds / factor)) }
    try Task.checkCancellation()
    try account.clock.advance(seconds: seconds)
  }

  package func remarks() async -> [String] {
    await told.new(of: account)
  }
}

/// The number of the last remark that was passed on.
private actor LastTold {
  private var number: Int

  init(_ number: Int) {
    self.number = number
  }

  func new(of account: PracticeAccount) -> [String] {
    let new = account.remarks(since: number)
    if let last = new.last { number = last.number }
    return new.map(\.text)
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
