import ServiceModels
import Wire

/// S3 asking KMS: at every write for a data key, at every read to open it, with the caller's own rights.
///
/// Sources: S3 user guide, "Using server-side encryption with AWS KMS keys"; texts recorded from AWS.
extension S3Service {
  /// How an object is to be encrypted: the request's headers, or else the bucket's default.
  ///
  /// - Throws: `KMS.NotFoundException`, `KMS.DisabledException`, `KMS.KMSInvalidStateException`, or
  ///   `AccessDenied` when key policy and identity policies do not let the caller use the key.
  static func encryption(
    for input: Value, key: String, in bucket: Bucket, _ call: Call
  ) throws(ServiceFault) -> ObjectEncryption {
    var wanted = bucket.encryption
    if let algorithm = input["ServerSideEncryption"]?.string {
      // Without a word of it in the request the bucket says whether a bucket key is used.
      wanted = BucketEncryption(
        algorithm: algorithm, keyID: input["SSEKMSKeyId"]?.string,
        usesBucketKey: input["BucketKeyEnabled"]?.bool ?? wanted.usesBucketKey)
    } else if input["SSEKMSKeyId"]?.string != nil {
      throw fault(
        "InvalidArgument",
        "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
      )
    }
    guard ["AES256", "aws:kms", "aws:kms:dsse"].contains(wanted.algorithm) else {
      throw fault(
        "InvalidArgument", "The encryption method specified is not supported", 400,
        ["ArgumentName": "x-amz-server-side-encryption", "ArgumentValue": .string(wanted.algorithm)])
    }
    if !wanted.usesKMS, wanted.keyID != nil, input["SSEKMSKeyId"] != nil {
      throw fault(
        "InvalidArgument",
        "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
        400, ["ArgumentName": "x-amz-server-side-encryption"])
    }
    // Two layers of encryption have no bucket keys.
    if wanted.algorithm == "aws:kms:dsse" { wanted.usesBucketKey = false }
    guard wanted.usesKMS else { return ObjectEncryption() }
    let kmsKey = try self.kmsKey(named: wanted.keyID, bucket, call)
    try ask("GenerateDataKey", of: kmsKey, object: key, usesBucketKey: wanted.usesBucketKey, bucket, call)
    return ObjectEncryption(
      algorithm: wanted.algorithm, keyARN: call.realm.keyARN(kmsKey.id, region: bucket.region),
      usesBucketKey: wanted.usesBucketKey)
  }

  /// Whether the caller may read the object: the key must be usable, and the caller allowed to decrypt.
  static func requireReadable(
    _ version: ObjectVersion, key: String, in bucket: Bucket, _ call: Call
  ) throws(ServiceFault) {
    guard let arn = version.encryption.keyARN else { return }
    let kmsKey = try self.kmsKey(named: arn, bucket, call)
    try ask("Decrypt", of: kmsKey, object: key, usesBucketKey: version.encryption.usesBucketKey, bucket, call)
  }

  /// Whether the caller may (still) use the key that an upload is encrypted with: each part takes a data key.
  static func requireWritable(
    _ version: ObjectVersion, key: String, in bucket: Bucket, _ call: Call
  ) throws(ServiceFault) {
    guard let arn = version.encryption.keyARN else { return }
    let kmsKey = try self.kmsKey(named: arn, bucket, call)
    let usesBucketKey = version.encryption.usesBucketKey
    // AWS asks for kms:Decrypt too: it opens the data key that the upload began with.
    for operation in ["GenerateDataKey", "Decrypt"] {
      try ask(operation, of: kmsKey, object: key, usesBucketKey: usesBucketKey, bucket, call)
    }
  }

  private static func kmsKey(named name: String?, _ bucket: Bucket, _ call: Call) throws(ServiceFault)
    -> KMSKey
  {
    guard let name else { return call.realm.managedS3Key(region: bucket.region) }
    do {
      if name == "alias/aws/s3" { return call.realm.managedS3Key(region: bucket.region) }
      return try call.realm.key(name, region: bucket.region)
    } catch {
      throw prefixed(error)
    }
  }

  /// The context S3 binds a data key to: the object, or the bucket where a bucket key is shared.
  static func encryptionContext(_ bucket: Bucket, object: String, usesBucketKey: Bool) -> [String: String] {
    ["aws:s3:arn": usesBucketKey ? bucket.arn : "\(bucket.arn)/\(object)"]
  }

  private static func ask(
    _ operation: String, of key: KMSKey, object: String, usesBucketKey: Bool, _ bucket: Bucket, _ call: Call
  ) throws(ServiceFault) {
    let verdict = call.realm.verdict(
      on: key, "kms:\(operation)", for: call.principal, region: bucket.region, via: "s3",
      encryptionContext: encryptionContext(bucket, object: object, usesBucketKey: usesBucketKey))
    let arn = call.realm.keyARN(key.id, region: bucket.region)
    guard verdict.isAllowed else {
      call.realm.remark(
        "s3", "\(bucket.arn)/\(object)", "S3 asked KMS with the caller's rights: \(verdict.reason).")
      throw fault(
        "AccessDenied",
        "User: \(call.principal.arn) is not authorized to perform: kms:\(operation) on resource: \(arn) \(verdict.awsReason)",
        403)
    }
    do {
      try call.realm.requireUsable(key, region: bucket.region)
    } catch {
      throw prefixed(error)
    }
  }

  /// KMS's faults as S3 passes them on: `KMS.DisabledException`.
  private static func prefixed(_ error: ServiceFault) -> ServiceFault {
    fault("KMS.\(error.code)", error.message, 400)
  }
}
