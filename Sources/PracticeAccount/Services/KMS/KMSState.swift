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
  /// Oldest first, never empty; the last one encrypts, all of them decrypt.
  var materials: [KMSMaterial]
  /// Days between automatic rotations; nil if there are none.
  var rotationPeriod: Int64?
  var nextRotation: Timestamp?

  var materialID: String { materials.last?.id ?? "" }
}

/// The secret a key is made of, from its creation or from one rotation to the next.
struct KMSMaterial: Sendable, Codable, Equatable {
  /// 64 hexadecimal digits.
  var id: String
  /// 32 bytes in base64. Drawn from the account's seed: equal accounts make equal ciphertexts, and a practice
  /// account guards nothing.
  var secret: String
  /// When a rotation brought it; nil for the key's first.
  var rotated: Timestamp?
  /// `AUTOMATIC` or `ON_DEMAND`.
  var rotation: String?
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
