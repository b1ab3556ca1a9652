import AWSClient
import ProgressStore
import ServiceModels
import Synchronization

/// The gate before a client with credentials of its own: the first mutating call asks whose they are, and a run
/// is left alone by those of another account.
package final class VerifyingGate: CallGate {
  private let gate: LedgerGate
  private let account: any AccountCaller
  private let verified = Mutex(false)

  /// - Parameter account: a client without a gate and with the same credentials as the one the gate stands before.
  package init(_ gate: LedgerGate, account: any AccountCaller) {
    self.gate = gate
    self.account = account
  }

  package func pass(
    _ call: AWSCall, _ send: @Sendable (AWSCall) async throws(AWSError) -> Value
  ) async throws(AWSError) -> Value {
    if !call.operation.isReadOnly, !verified.withLock({ $0 }) {
      let answer = try await account.call("sts", "GetCallerIdentity", [:])
      let found = answer["Account"]?.string ?? "unknown"
      guard found == gate.ledger.run.account else {
        throw .refused(
          "This run belongs to account \(gate.ledger.run.account); these credentials reach account \(found). "
            + "The command was not sent. Use the credentials the run was begun with, or begin a new run.")
      }
      verified.withLock { $0 = true }
    }
    return try await gate.pass(call, send)
  }
}
