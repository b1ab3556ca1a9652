import Wire

/// The buckets of the account; names are global.
struct S3State: Sendable, Codable, Equatable {
  /// The account's canonical user id.
  var ownerID = ""
  var buckets: [String: Bucket] = [:]
  /// Names that strangers own.
  var takenNames: [String] = []
}

struct Bucket: Sendable, Codable, Equatable {
  var name: String
  var region: String
  var created: Timestamp
  /// In the account's own namespace of names (`...-<account>-<region>-an`).
  var isAccountRegional = false
  /// Nil once the ownership controls were deleted: the account of the writer owns objects, and ACLs count.
  var ownership: String? = "BucketOwnerEnforced"
  /// Every bucket encrypts with SSE-S3 unless told otherwise (since January 2023).
  var encryption = BucketEncryption()
  var tags: [Tag] = []
  /// On in full for new buckets (since April 2023); nil once it was deleted.
  var publicAccess: PublicAccessBlock? = PublicAccessBlock()
  var policy: String?
  /// `Enabled`, `Suspended`, or nil for a bucket that never had versions.
  var versioning: String?
  /// What is kept and given back and changes nothing here (lifecycle, logging, CORS, ...), by the names of
  /// `StoredConfiguration`.
  var configurations: [String: StoredValue] = [:]
  /// Newest version first; never an empty list.
  var objects = SortedTable<ObjectKey, [ObjectVersion]>()
  var uploads: [String: MultipartUpload] = [:]

  var arn: String { "arn:\(partition(of: region)):s3:::\(name)" }
}

struct BucketEncryption: Sendable, Codable, Hashable {
  var algorithm = "AES256"
  /// Exactly as it was given: id, ARN or alias.
  var keyID: String?
  var usesBucketKey = false
  var blockedTypes = ["SSE-C"]

  var usesKMS: Bool { algorithm.hasPrefix("aws:kms") }
}

struct PublicAccessBlock: Sendable, Codable, Hashable {
  var blockPublicAcls = true
  var ignorePublicAcls = true
  var blockPublicPolicy = true
  var restrictPublicBuckets = true
}

/// A key, equal and ordered by its UTF-8 bytes (S3 user guide, "Object keys"); Swift's own strings take
/// canonically equivalent spellings for one.
struct ObjectKey: Sendable, Codable, Hashable, Comparable {
  var text: String

  static func == (a: ObjectKey, b: ObjectKey) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
  static func < (a: ObjectKey, b: ObjectKey) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
  func hash(into hasher: inout Hasher) { for byte in text.utf8 { hasher.combine(byte) } }
}

struct ObjectVersion: Sendable, Codable, Equatable {
  /// `null` in a bucket without versions.
  var versionID: String
  var isDeleteMarker = false
  var modified: Timestamp
  var size: Int64 = 0
  /// Without quotes.
  var etag = ""
  /// The name of the bytes in the store; nil for a delete marker.
  var blob: String?
  /// Headers that the object was given and gives back: `Content-Type`, ... and its `x-amz-meta-`.
  var system: [String: String] = [:]
  var metadata: [String: String] = [:]
  var tags: [Tag] = []
  var encryption = ObjectEncryption()
  var checksum: ObjectChecksum?
  /// What it was uploaded in; empty for an object that came in one piece.
  var parts: [ObjectPart] = []
}

/// A part of a finished multipart upload: parts follow each other in the object's bytes.
struct ObjectPart: Sendable, Codable, Equatable {
  var number: Int
  var size: Int64
  var checksum: ObjectChecksum?
}

struct ObjectEncryption: Sendable, Codable, Hashable {
  var algorithm = "AES256"
  /// The full ARN of the key that was used.
  var keyARN: String?
  var usesBucketKey = false
}

/// `CRC32`, `CRC32C`, `CRC64NVME`, `SHA1` or `SHA256`; the value in base64, of a composite one with `-` and the
/// number of parts.
struct ObjectChecksum: Sendable, Codable, Hashable {
  var algorithm: String
  var value: String
  /// `FULL_OBJECT` or `COMPOSITE`.
  var type = "FULL_OBJECT"
}

struct MultipartUpload: Sendable, Codable, Equatable {
  struct Part: Sendable, Codable, Equatable {
    var etag: String
    var size: Int64
    var blob: String
    var modified: Timestamp
    /// The one that came with it.
    var checksum: ObjectChecksum?
    /// Of these the object's digests are made; base64.
    var md5: String
    var crc64nvme: String
  }

  var key: ObjectKey
  var initiated: Timestamp
  var initiator: String
  var object: ObjectVersion
  var checksumAlgorithm: String?
  var checksumType: String?
  var parts: [Int: Part] = [:]
}
