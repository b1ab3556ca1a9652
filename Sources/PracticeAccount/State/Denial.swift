import Synchronization
import Wire

/// A right that somebody asked for and did not get, with what each policy said.
package struct Denial: Hashable, Sendable, Codable {
  package var time: Timestamp
  /// Who asked: an ARN, or a service's name.
  package var principal: String
  package var action: String
  /// An ARN, or `*`.
  package var resource: String
  /// The service that asked on the principal's behalf (`s3.us-east-1.amazonaws.com`), nil if the principal did itself.
  package var service: String?
  package var region: String
  /// Whether a statement denies; otherwise none allows.
  package var isExplicit: Bool
  /// The deciding statement, or what is missing where.
  package var reason: String
  package var findings: [PolicyFinding]
  /// The end of AWS's sentence: `because no identity-based policy allows the s3:GetObject action`.
  package var awsReason: String?

  /// AWS's sentence.
  package var message: String {
    let place = resource == "*" ? "" : " on resource: \(resource)"
    let reason = awsReason.map { " " + $0 } ?? ""
    return "User: \(principal) is not authorized to perform: \(action)\(place)\(reason)"
  }
}

extension PracticeAccount {
  /// What was refused, with its number, oldest first; the last 200 are kept.
  package func denials() -> [(number: Int, denial: Denial)] {
    realm.withLock { realm in realm.current.denials.map { ($0.key, $0.row) } }
  }
}
