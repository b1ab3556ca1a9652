import ServiceModels
import Wire

/// Simple Storage Service. Sources: S3 API reference and user guide; error texts as recorded from AWS.
enum S3Service {
  static let service = PracticeService(
    name: "s3",
    rules: [
      bucketRules, configurationRules, storedRules, policyRules, accessRules, objectRules, copyRules,
      objectTagRules, objectLockRules, deletionRules, listRules, multipartRules, multipartListRules,
    ].reduce(into: [:]) { all, rules in all.merge(rules) { first, _ in first } },
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

  /// A right on the object, `versioned` if a version is named; with it those to tag what is made, and to read what a
  /// condition is about.
  static func onObject(_ action: String, versioned: String? = nil) -> OperationRule.Questions {
    { (input: Value, call: Call) throws(ServiceFault) -> [AccessQuestion] in
      try requirePlace(input, call)
      let (bucket, key) = (input.text("Bucket"), input.text("Key"))
      let named = input["VersionId"]?.string == nil ? action : versioned ?? action
      let writes = ["PutObject", "DeleteObject"].contains(action)
      var questions = [
        question(named, bucket, key, call, context: objectContext(input, writes: writes)).requestingObject(
          writes ? try headerTags(input) : readTags(input["Tagging"]))
      ]
      if action == "PutObject", input["Tagging"]?.string?.isEmpty == false {
        questions.append(
          question("PutObjectTagging", bucket, key, call).requestingObject(try headerTags(input)))
      }
      // Whoever makes a write depend on an ETag learns something of the object.
      if writes, input["IfMatch"] != nil { questions.append(question("GetObject", bucket, key, call)) }
      return questions
    }
  }

  /// Condition keys from headers (service authorization reference, "Condition keys for Amazon S3").
  private static func objectContext(_ input: Value, writes: Bool) -> [String: [String]] {
    var context: [String: [String]] = [:]
    for (key, member) in [
      ("s3:x-amz-server-side-encryption", "ServerSideEncryption"),
      ("s3:x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId"),
      ("s3:x-amz-server-side-encryption-customer-algorithm", "SSECustomerAlgorithm"),
      ("s3:x-amz-acl", "ACL"), ("s3:VersionId", "VersionId"), ("s3:x-amz-storage-class", "StorageClass"),
      ("s3:x-amz-copy-source", "CopySource"), ("s3:x-amz-metadata-directive", "MetadataDirective"),
      ("s3:x-amz-website-redirect-location", "WebsiteRedirectLocation"),
    ] {
      if let value = input[member]?.string { context[key] = [value] }
    }
    if writes {
      if let value = input["IfNoneMatch"]?.string { context["s3:if-none-match"] = [value] }
      if let value = input["IfMatch"]?.string { context["s3:if-match"] = [value] }
    }
    return context
  }

  static func question(
    _ action: String, _ bucket: String, _ key: String?, _ call: Call, context: [String: [String]] = [:]
  ) -> AccessQuestion {
    let known = call.seen.s3.buckets[bucket]
    let arn = "arn:\(partition(of: call.region)):s3:::\(bucket)"
    var context = context
    let isPresigned = call.request.query.contains("X-Amz-Signature=")
    context["s3:authType"] = [isPresigned ? "REST-QUERY-STRING" : "REST-HEADER"]
    context["s3:signatureversion"] = ["AWS4-HMAC-SHA256"]
    context["s3:ResourceAccount"] = [call.accountID]
    if let hash = call.request.headers["x-amz-content-sha256"] { context["s3:x-amz-content-sha256"] = [hash] }
    if let key, let version = known?.objects[ObjectKey(text: key)]?.first {
      for tag in version.tags { context["s3:ExistingObjectTag/\(tag.key)"] = [tag.value] }
    }
    return AccessQuestion(
      "s3:\(action)", key.map { "\(arn)/\($0)" } ?? arn,
      policy: known?.policy.map {
        NamedPolicy(name: "of bucket \(bucket)", document: call.realm.document($0))
      },
      context: context, tags: key == nil ? known?.tags ?? [] : [])
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
    let before = bucket
    try change(&bucket)
    call.state.s3.buckets[name] = bucket
    MacieService.bucketChanged(from: before, to: bucket, call)
  }

  static func readTags(_ value: Value?) -> [Tag] {
    (value?.items("TagSet") ?? []).map { Tag(key: $0.text("Key"), value: $0.text("Value")) }
  }

  static let malformedXML = fault(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema")
}

extension AccessQuestion {
  /// Adds `s3:RequestObjectTag/...` and `s3:RequestObjectTagKeys`.
  fileprivate func requestingObject(_ tags: [Tag]) -> AccessQuestion {
    var copy = self
    guard !tags.isEmpty else { return copy }
    for tag in tags { copy.context["s3:RequestObjectTag/\(tag.key)"] = [tag.value] }
    copy.context["s3:RequestObjectTagKeys"] = tags.map(\.key)
    return copy
  }
}
