import AWSClient
import ServiceModels

/// The one way in which the ledger and the teardown reach an account: one call, one answer.
///
/// It must not pass the gate: what goes through here is recorded by whoever calls.
package protocol AccountCaller: Sendable {
  /// Calls `operation` ("DescribeKey") of `service` ("kms").
  func call(_ service: String, _ operation: String, _ input: Value) async throws(AWSError) -> Value
}

/// A client core without a gate, as an account to ask.
package struct UngatedAccount: AccountCaller {
  let client: AWSClient

  /// - Parameter client: made without a gate.
  package init(_ client: AWSClient) {
    self.client = client
  }

  package func call(_ service: String, _ operation: String, _ input: Value) async throws(AWSError) -> Value {
    try await client.call(service, operation, input)
  }
}
