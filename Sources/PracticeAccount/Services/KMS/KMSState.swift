import Wire

/// The keys of one Region.
struct KMSRegion: Sendable, Codable, Equatable {
  var keys: [String: KMSKey] = [:]
  /// By name: `alias/ai-lab-key`.
  var aliases: [String: KMSAlias] = [:]
}

struct KMSKey: Sendable, Codable, Equatable {
  enum State: String, Sendable, Codable {
    case enabled = "Enabled"
    case disabled = "Disabled"
    case pendingDeletion = "PendingDeletion"
  }

  var id: String
  var created: Timestamp
  var description: String
  var state = State.enabled
  var deletionDate: Timestamp?
  var pendingDays: Int64?
  /// A key that a service made for itself (`aws/s3`); nobody may change it.
  var isManagedByAWS = false
  var policy: String
  var tags: [Tag] = []
  var grants: [KMSGrant] = []
  var materialID: String
  var rotates = false
}

struct KMSAlias: Sendable, Codable, Equatable {
  var target: String
  var created: Timestamp
  var updated: Timestamp
}

struct KMSGrant: Sendable, Codable, Equatable {
  var id: String
  var token: String
  var name: String?
  var grantee: String
  var retiring: String?
  var issuer: String
  var operations: [String]
  /// `EncryptionContextEquals` and `EncryptionContextSubset`.
  var contextEquals: [String: String]?
  var contextSubset: [String: String]?
  var created: Timestamp
}
