import ServiceModels
import Wire

/// Simple Storage Service. Sources: S3 API reference and user guide; error texts as recorded from AWS.
enum S3Service {
  static let service = PracticeService(
    name: "s3",
    rules: bucketRules.merging(configurationRules) { a, _ in a }.merging(policyRules) { a, _ in a }
      .merging(objectRules) { a, _ in a }.merging(deletionRules) { a, _ in a }.merging(listRules) { a, _ in a
      }
      .merging(multipartRules) { a, _ in a },
    denial: { question, verdict, principal in
      fault("AccessDenied", denialText(question, verdict, principal, quoted: true), 403)
    })

  /// A right on the bucket.
  static func onBucket(
    _ action: String, _ context: @escaping @Sendable (Value) -> [String: [String]] = { _ in [:] }
  ) -> OperationRule.Questions {
    { (input: Value, call: Call) throws(ServiceFault) -> [AccessQuestion] in
      try requirePlace(input, call)
      return [question(action, input.text("Bucket"), nil, call, context: context(input))]
    }
  }

  /// A right on the object, `versioned` if a version is named.
  static func onObject(_ action: String, versioned: String? = nil) -> OperationRule.Questions {
    { (input: Value, call: Call) throws(ServiceFault) -> [AccessQuestion] in
      try requirePlace(input, call)
      let named = input["VersionId"]?.string == nil ? action : versioned ?? action
      var context: [String: [String]] = [:]
      for (key, member) in [
        ("s3:x-amz-server-side-encryption", "ServerSideEncryption"),
        ("s3:x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"), ("s3:x-amz-acl", "ACL"),
        ("s3:VersionId", "VersionId"), ("s3:x-amz-storage-class", "StorageClass"),
      ] {
        if let value = input[member]?.string { context[key] = [value] }
      }
      return [question(named, input.text("Bucket"), input.text("Key"), call, context: context)]
    }
  }

  static func question(
    _ action: String, _ bucket: String, _ key: String?, _ call: Call, context: [String: [String]] = [:]
  ) -> AccessQuestion {
    let known = call.seen.s3.buckets[bucket]
    let arn = "arn:\(partition(of: call.region)):s3:::\(bucket)"
    return AccessQuestion(
      "s3:\(action)", key.map { "\(arn)/\($0)" } ?? arn,
      policy: known?.policy.map {
        NamedPolicy(name: "of bucket \(bucket)", document: call.realm.document($0))
      },
      context: context, tags: key == nil ? known?.tags ?? [] : [])
  }

  /// What S3 looks at before it looks at rights: where the bucket is, and whose.
  private static func requirePlace(_ input: Value, _ call: Call) throws(ServiceFault) {
    let name = input.text("Bucket")
    if call.seen.s3.takenNames.contains(name) { throw fault("AccessDenied", "Access Denied", 403) }
    guard let bucket = call.seen.s3.buckets[name] else { return }
    if let owner = input["ExpectedBucketOwner"]?.string, owner != call.accountID {
      throw fault("AccessDenied", "Access Denied", 403)
    }
    if bucket.region != call.region {
      call.headers["x-amz-bucket-region"] = bucket.region
      throw fault(
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all "
          + "future requests to this endpoint.", 301,
        ["Endpoint": .string("s3.\(bucket.region).amazonaws.com"), "Bucket": .string(name)])
    }
  }

  static func bucket(_ input: Value, _ call: Call) throws(ServiceFault) -> Bucket {
    try bucket(named: input.text("Bucket"), call)
  }

  static func bucket(named name: String, _ call: Call) throws(ServiceFault) -> Bucket {
    guard let bucket = call.seen.s3.buckets[name] else {
      throw fault("NoSuchBucket", "The specified bucket does not exist", 404, ["BucketName": .string(name)])
    }
    return bucket
  }

  /// Changes the bucket's settings.
  static func change(
    _ input: Value, _ call: Call, _ change: (inout Bucket) throws(ServiceFault) -> Void
  ) throws(ServiceFault) {
    let name = try bucket(input, call).name
    guard var bucket = call.state.s3.buckets.removeValue(forKey: name) else { return }
    try change(&bucket)
    call.state.s3.buckets[name] = bucket
  }

  static func readTags(_ value: Value?) -> [Tag] {
    (value?.items("TagSet") ?? []).map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
  }

  static let malformedXML = fault(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema")
}
