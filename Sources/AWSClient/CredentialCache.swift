import SigV4
import Synchronization
import Wire

/// Asks a provider once and keeps what it said until shortly before that expires.
final class CredentialCache: Sendable {
  private let provider: any CredentialProvider
  private let clock: @Sendable () -> Timestamp
  private let assume: @Sendable (AssumedRole) async throws(AWSError) -> Credentials
  private let held = Mutex<Credentials?>(nil)
  /// Seconds before the expiration at which new credentials are asked for (botocore's mandatory refresh).
  private static let margin = 600.0

  init(
    _ provider: any CredentialProvider, clock: @escaping @Sendable () -> Timestamp,
    assume: @escaping @Sendable (AssumedRole) async throws(AWSError) -> Credentials
  ) {
    self.assume = assume
    self.provider = provider
    self.clock = clock
  }

  func credentials() async throws(AWSError) -> Credentials {
    if let value = held.withLock({ $0 }), isFresh(value) { return value }
    let value = try await fetch()
    held.withLock { $0 = value }
    return value
  }

  private func fetch() async throws(AWSError) -> Credentials {
    let role: AssumedRole?
    let keys: Credentials?
    do {
      role = try await provider.role()
      keys = role == nil ? try await provider.credentials() : nil
    } catch {
      throw .configuration(error)
    }
    if let role { return try await assume(role) }
    guard let keys else { throw .noCredentials }
    return keys
  }

  private func isFresh(_ value: Credentials) -> Bool {
    guard let end = value.expiration else { return true }
    return clock().adding(seconds: CredentialCache.margin) < end
  }
}
