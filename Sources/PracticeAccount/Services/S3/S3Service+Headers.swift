import ServiceModels
import Wire

/// What an object is given with its bytes, and gives back.
extension S3Service {
  /// The headers an object keeps: member of the shape, spelling in the state.
  private static let systemMembers = [
    "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl",
    "StorageClass", "WebsiteRedirectLocation",
  ]

  private static let storageClasses: Set<String> = [
    "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER",
    "DEEP_ARCHIVE", "GLACIER_IR",
  ]

  /// A version as the request's headers describe it, without bytes.
  static func described(_ input: Value, _ call: Call) throws(ServiceFault) -> ObjectVersion {
    var version = ObjectVersion(versionID: "null", modified: call.now.wholeSeconds)
    for member in systemMembers {
      if let value = input[member]?.string { version.system[member] = value }
    }
    if let expires = input["Expires"] {
      version.system["Expires"] = expires.string ?? expires.timestamp?.httpDate
    }
    if let storage = version.system["StorageClass"], !storageClasses.contains(storage) {
      throw fault(
        "InvalidStorageClass", "The storage class you specified is not valid", 400,
        ["StorageClassRequested": .string(storage)])
    }
    for field in input["Metadata"]?.object ?? [:] { version.metadata[field.name] = field.value.string ?? "" }
    let size = version.metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    if size > 2048 {
      throw fault(
        "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", 400,
        ["Size": .integer(Int64(size)), "MaxSizeAllowed": 2048])
    }
    version.tags = try headerTags(input)
    return version
  }

  /// The tags of `x-amz-tagging`: `a=b&c=d`, URL-encoded.
  static func headerTags(_ input: Value) throws(ServiceFault) -> [Tag] {
    var tags: [Tag] = []
    for pair in (input["Tagging"]?.string ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let key = parts.first else { continue }
      tags.append(
        Tag(
          key: percentDecoded(key, plusIsSpace: true),
          value: parts.count > 1 ? percentDecoded(parts[1], plusIsSpace: true) : ""))
    }
    if Set(tags.map(\.key)).count < tags.count {
      throw fault(
        "InvalidArgument",
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
          + "duplicates.", 400, ["ArgumentName": "x-amz-tagging"])
    }
    try checkObjectTags(tags)
    return tags
  }

  /// What GetObject and HeadObject say of an object.
  static func head(_ version: ObjectVersion, _ bucket: Bucket) -> Fields {
    var fields: Fields = [
      "AcceptRanges": "bytes", "LastModified": .timestamp(version.modified),
      "ContentLength": .integer(version.size),
      "ETag": .string("\"\(version.etag)\""),
    ]
    if bucket.versioning != nil { fields["VersionId"] = .string(version.versionID) }
    fields["ContentType"] = .string(version.system["ContentType"] ?? "binary/octet-stream")
    for (member, value) in version.system.sorted(by: { $0.key < $1.key }) where member != "ContentType" {
      if member != "StorageClass" || value != "STANDARD" { fields[member] = .string(value) }
    }
    addEncryption(version.encryption, to: &fields)
    fields["Metadata"] = .object(
      Fields(version.metadata.sorted { $0.key < $1.key }.map { Fields.Field($0.key, .string($0.value)) }))
    if !version.tags.isEmpty { fields["TagCount"] = .integer(Int64(version.tags.count)) }
    return fields
  }

  static func addEncryption(_ encryption: ObjectEncryption, to fields: inout Fields) {
    fields["ServerSideEncryption"] = .string(encryption.algorithm)
    fields.add("SSEKMSKeyId", encryption.keyARN.map(Value.string))
    if encryption.usesBucketKey { fields["BucketKeyEnabled"] = true }
  }

  /// Refuses what a write asks for and this account does not have: keys of the customer's own, Object Lock, ACLs.
  static func checkWriting(_ input: Value, _ bucket: Bucket, _ call: Call) throws(ServiceFault) {
    if input["SSECustomerAlgorithm"] != nil || input["SSECustomerKey"] != nil {
      if bucket.encryption.blockedTypes.contains("SSE-C") {
        call.realm.remark(
          "s3", bucket.arn,
          "The bucket blocks SSE-C (BlockedEncryptionTypes of its encryption), as new buckets do since April 2026."
        )
        throw fault("AccessDenied", "Access Denied", 403)
      }
      throw unimplemented("SSE-C (keys provided by the customer)")
    }
    if input["SSEKMSEncryptionContext"] != nil {
      throw unimplemented("an encryption context of your own (x-amz-server-side-encryption-context)")
    }
    if ["ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus"]
      .contains(where: { input[$0] != nil })
    {
      throw missingObjectLock
    }
    if input["WriteOffsetBytes"] != nil {
      throw fault(
        "NotImplemented", "A header you provided implies functionality that is not implemented", 501,
        ["Header": "x-amz-write-offset-bytes"])
    }
    try checkACLHeaders(input, bucket, ofObject: true, call)
  }

  static func unimplemented(_ what: String) -> ServiceFault {
    fault("NotImplemented", "The practice account does not have \(what).", 501)
  }
}
