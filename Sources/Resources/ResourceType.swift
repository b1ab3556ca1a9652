import OrderedJSON
import ServiceModels

/// A kind of thing on an account.
package struct ResourceType: Sendable {
  /// Whether it is a thing, or a setting of one that can be put back.
  package enum Kind: String, Sendable, Hashable {
    case thing
    /// A setting of another resource, with an earlier value.
    case setting
  }

  /// Where an identity is unique.
  package enum Scope: String, Sendable, Hashable {
    case region
    case global
  }

  /// `kms-key`.
  package var name: String
  package var kind: Kind
  /// botocore's directory name of the service: `kms`.
  package var service: String
  package var scope: Scope
  /// In words, with `{Part}` for the parts: `KMS key {KeyId}`.
  package var title: String
  /// The named parts that identify it, in order.
  package var key: [String]
  /// The type it lives in, which takes it along when it goes.
  package var parent: Parent?
  /// Teardown goes from low to high.
  package var rank: Int
  /// How the account is asked whether it is there.
  package var read: AccountQuestion?
  /// Ask before a creating call whether it is there already.
  package var probes: Bool
  /// The run's own commands may not remove it if it was there before.
  package var isGuarded: Bool
  /// How it is found after a crash when its identity was not known beforehand.
  package var finding: Finding?
  /// What removes it, step by step; for a setting, what puts the earlier value back.
  package var removal: [RemovalStep]
  /// For a setting that was not there before: what takes it away.
  package var removalOfUnset: [RemovalStep]
  /// Types inside it that its removal removes too, so that they need no step of their own.
  package var covers: [String]
  /// What is done to remove it, in words: `schedule deletion in 7 days`.
  package var action: String
  /// Asked again until it is gone.
  package var patience: Patience
  /// What stays when it is over, in words; its end then counts as removal.
  package var remains: String?
  package var cost: Cost?

  package struct Parent: Sendable, Hashable {
    package var type: String
    /// The parts of this type that are the parent's.
    package var key: [String]
  }

  /// How often and how long to ask, in seconds.
  package struct Patience: Sendable, Hashable {
    package var every: Double
    package var total: Double
  }

  /// The identity made of named parts; nil if one is missing.
  package func identity(of parts: JSONObject) -> String? {
    joined(key, of: parts)
  }

  /// The parent's identity made of this resource's parts.
  package func parentIdentity(of parts: JSONObject) -> String? {
    parent.flatMap { joined($0.key, of: parts) }
  }

  /// The title with the parts filled in.
  package func title(of parts: JSONObject) -> String {
    var text = ""
    var rest = Substring(title)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      text += rest[..<open]
      let name = String(rest[rest.index(after: open)..<close])
      text += parts[name]?.string ?? "?"
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }

  private func joined(_ names: [String], of parts: JSONObject) -> String? {
    var values: [String] = []
    for name in names {
      guard let value = parts[name]?.string, !value.isEmpty else { return nil }
      values.append(value)
    }
    return values.isEmpty ? nil : values.joined(separator: "/")
  }
}

/// What a resource costs while it is there. Prices are dated in the file they are read from.
package struct Cost: Sendable, Hashable {
  /// US dollars per `unit`.
  package var dollars: Double
  /// `month`, `hour`.
  package var unit: String
  /// What multiplies it, in words: `per Availability Zone`; empty if nothing does.
  package var per: String
  /// When the charge stops, in words.
  package var stops: String
  /// What is not known about it, in words; empty if it is exact.
  package var unknown: String

  /// US dollars per hour for one, a month being 730 hours as on AWS's price pages.
  package var dollarsPerHour: Double {
    switch unit {
    case "month": dollars / 730
    case "day": dollars / 24
    default: dollars
    }
  }
}
