import Wire

/// How the account behaves beside what its services say: what a scenario sets, or whoever serves it.
struct AccountSettings: Sendable, Codable, Equatable {
  /// The scenario the account began with.
  var scenario: String?
  /// False: every signed call is allowed, whatever the policies say.
  var enforcesAuthorization = true
  /// Seconds until a new role or user is known to other services.
  var propagationDelay = 0.0
  /// How many times longer than usual a Macie job takes.
  var macieSlowness = 1.0
  /// False: somebody deleted the default VPC of every Region.
  var hasDefaultVPC = true
  /// What goes wrong on purpose. The first that fits a call is taken.
  var faults: [FaultRule] = []
  /// What the organisation the account is a member of forbids, level by level from its root; empty if it is in none.
  var serviceControlPolicies: [[String]] = []
  /// The keys that are handed to clients, if not the learner's own (a session that expires).
  var session: IAMAccessKey?
  var sessionToken: String?
}

/// Something that goes wrong on purpose, so that a learner or a client can be seen to cope.
package struct FaultRule: Sendable, Codable, Hashable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// The connection ends before the call is looked at: nothing happened.
    case dropBefore = "drop-before"
    /// The call takes effect, and the connection ends before its answer.
    case dropAfter = "drop-after"
    /// 500, nothing happened.
    case internalError = "500"
    case throttle
    /// The answer comes late.
    case delay
    /// The answer breaks off in the middle of its body.
    case truncate
    /// The connection is reset after the call took effect.
    case reset
  }

  package var kind: Kind
  /// The service as the models name it, or `*`.
  package var service: String
  /// `CreateKey`, or `*`.
  package var operation: String
  /// How many calls pass before.
  package var after: Int
  /// How many calls it hits; nil: all.
  package var times: Int?
  /// For `delay`.
  package var seconds: Double

  package init(
    _ kind: Kind, service: String = "*", operation: String = "*", after: Int = 0, times: Int? = nil,
    seconds: Double = 0
  ) {
    self.kind = kind
    self.service = service
    self.operation = operation
    self.after = after
    self.times = times
    self.seconds = seconds
  }

  func fits(_ service: String, _ operation: String) -> Bool {
    (self.service == "*" || self.service == service) && (self.operation == "*" || self.operation == operation)
      && times != 0
  }
}

extension Realm {
  /// The fault that hits a call, if any; counts the call.
  func takeFault(_ service: String, _ operation: String) -> FaultRule? {
    guard !current.settings.faults.isEmpty else { return nil }
    for index in current.settings.faults.indices where current.settings.faults[index].fits(service, operation)
    {
      if current.settings.faults[index].after > 0 {
        state.settings.faults[index].after -= 1
        continue
      }
      if let times = current.settings.faults[index].times { state.settings.faults[index].times = times - 1 }
      return current.settings.faults[index]
    }
    return nil
  }
}
