import SigV4
import Synchronization
import Wire

/// A provider's credentials, kept until shortly before they end.
///
/// The two windows are botocore's (`RefreshableCredentials`): in the advisory one, one caller asks for new keys while
/// the others go on with the old, and a failure is put up with; in the mandatory one everybody waits, and a failure is
/// everybody's.
package final class RefreshingCredentials: Sendable {
  package let services: CredentialServices
  private let provider: any CredentialProvider
  private let state = Mutex(State())

  /// Seconds before the end.
  private static let advisory = 15 * 60.0
  private static let mandatory = 10 * 60.0

  private struct State {
    var value: Credentials?
    var isRefreshing = false
    var waiting: [UInt64: CheckedContinuation<Outcome, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private enum Outcome {
    case found(Credentials)
    case failed(AWSError)
    /// Who was asking gave up; somebody else has to.
    case again
  }

  private enum Step {
    case use(Credentials)
    case refresh(old: Credentials?)
    case wait
  }

  init(_ provider: any CredentialProvider, _ services: CredentialServices) {
    self.provider = provider
    self.services = services
  }

  package func credentials() async throws(AWSError) -> Credentials {
    while true {
      if Task.isCancelled { throw .cancelled }
      switch nextStep() {
      case .use(let value): return value
      case .refresh(let old): return try await refresh(old)
      case .wait:
        switch await wait() {
        case .found(let value): return value
        case .failed(let error): throw error
        case .again: continue
        }
      }
    }
  }

  private func nextStep() -> Step {
    let now = services.clock()
    return state.withLock { state in
      if let value = state.value {
        if !ends(value, within: RefreshingCredentials.advisory, now) { return .use(value) }
        if state.isRefreshing, !ends(value, within: RefreshingCredentials.mandatory, now) {
          return .use(value)
        }
      }
      if state.isRefreshing { return .wait }
      state.isRefreshing = true
      return .refresh(old: state.value)
    }
  }

  private func ends(_ value: Credentials, within seconds: Double, _ now: Timestamp) -> Bool {
    value.expiration.map { $0 < now.adding(seconds: seconds) } ?? false
  }

  private func refresh(_ old: Credentials?) async throws(AWSError) -> Credentials {
    do throws(AWSError) {
      let value = try await fetch(isRefresh: old != nil)
      finish(.found(value))
      return value
    } catch {
      if case .cancelled = error {
        finish(.again)
        throw error
      }
      if let old, !ends(old, within: RefreshingCredentials.mandatory, services.clock()) {
        finish(.again)
        return old
      }
      finish(.failed(error))
      throw error
    }
  }

  private func fetch(isRefresh: Bool) async throws(AWSError) -> Credentials {
    var services = services
    services.isRefresh = isRefresh
    guard let value = try await provider.credentials(services) else {
      guard isRefresh else { throw .noCredentials }
      throw .configuration(
        .retrieval(provider: provider.method, reason: "Credential refresh failed, nothing was given"))
    }
    if ends(value, within: 0, services.clock()) { throw .configuration(.stillExpired) }
    return value
  }

  private func finish(_ outcome: Outcome) {
    let waiting = state.withLock { state in
      if case .found(let value) = outcome { state.value = value }
      state.isRefreshing = false
      defer { state.waiting = [:] }
      return state.waiting
    }
    for continuation in waiting.values { continuation.resume(returning: outcome) }
  }

  /// Waits for whoever is asking; a cancelled task does not wait.
  private func wait() async -> Outcome {
    let id = state.withLock { state in
      state.nextWaiter &+= 1
      return state.nextWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isLate = state.withLock { state in
          if !state.isRefreshing || Task.isCancelled { return true }
          state.waiting[id] = continuation
          return false
        }
        if isLate { continuation.resume(returning: .again) }
      }
    } onCancel: {
      let continuation = state.withLock { $0.waiting.removeValue(forKey: id) }
      continuation?.resume(returning: .again)
    }
  }
}
