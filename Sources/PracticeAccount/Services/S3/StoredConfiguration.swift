import ServiceModels
import Wire

/// A setting of a bucket that is checked, kept and given back, and changes nothing in the practice account: no
/// rule expires an object, no log is delivered, no browser asks for CORS.
struct StoredConfiguration: Sendable {
  typealias Check = @Sendable (Value, Bucket, Call) throws(ServiceFault) -> Void

  /// The key in the bucket's state.
  var name: String
  var put: String
  var get: String
  var delete: String?
  /// The member of Put's input that holds it.
  var member: String
  /// The rights, without `s3:`.
  var readAction: String
  var writeAction: String
  /// The answer where nothing was ever put; nil if that is the fault.
  var absent: Value?
  var missing: ServiceFault?
  var check: Check

  init(
    _ name: String, put: String, get: String, delete: String? = nil, member: String, read: String,
    write: String, absent: Value? = nil, missing: ServiceFault? = nil, check: @escaping Check
  ) {
    self.name = name
    self.put = put
    self.get = get
    self.delete = delete
    self.member = member
    readAction = read
    writeAction = write
    self.absent = absent
    self.missing = missing
    self.check = check
  }

  static let all: [StoredConfiguration] = [
    StoredConfiguration(
      "lifecycle", put: "PutBucketLifecycleConfiguration", get: "GetBucketLifecycleConfiguration",
      delete: "DeleteBucketLifecycle", member: "LifecycleConfiguration", read: "GetLifecycleConfiguration",
      write: "PutLifecycleConfiguration",
      missing: fault("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404)
    ) { (value, _, _) throws(ServiceFault) in try LifecycleCheck.check(value) },
    StoredConfiguration(
      "logging", put: "PutBucketLogging", get: "GetBucketLogging", member: "BucketLoggingStatus",
      read: "GetBucketLogging", write: "PutBucketLogging", absent: [:], check: checkLogging),
    StoredConfiguration(
      "cors", put: "PutBucketCors", get: "GetBucketCors", delete: "DeleteBucketCors",
      member: "CORSConfiguration", read: "GetBucketCORS", write: "PutBucketCORS",
      missing: fault("NoSuchCORSConfiguration", "The CORS configuration does not exist", 404),
      check: checkCORS),
    StoredConfiguration(
      "website", put: "PutBucketWebsite", get: "GetBucketWebsite", delete: "DeleteBucketWebsite",
      member: "WebsiteConfiguration", read: "GetBucketWebsite", write: "PutBucketWebsite",
      missing: fault(
        "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", 404),
      check: checkWebsite),
    StoredConfiguration(
      "notification", put: "PutBucketNotificationConfiguration", get: "GetBucketNotificationConfiguration",
      member: "NotificationConfiguration", read: "GetBucketNotification", write: "PutBucketNotification",
      absent: [:], check: checkNotification),
    StoredConfiguration(
      "accelerate", put: "PutBucketAccelerateConfiguration", get: "GetBucketAccelerateConfiguration",
      member: "AccelerateConfiguration", read: "GetAccelerateConfiguration",
      write: "PutAccelerateConfiguration", absent: [:]
    ) { (value, bucket, _) throws(ServiceFault) in
      guard ["Enabled", "Suspended"].contains(value["Status"]?.string) else { throw S3Service.malformedXML }
      if bucket.name.contains(".") {
        throw fault(
          "InvalidRequest",
          "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
      }
    },
    StoredConfiguration(
      "requestPayment", put: "PutBucketRequestPayment", get: "GetBucketRequestPayment",
      member: "RequestPaymentConfiguration", read: "GetBucketRequestPayment",
      write: "PutBucketRequestPayment", absent: ["Payer": "BucketOwner"]
    ) { (value, _, _) throws(ServiceFault) in
      guard ["Requester", "BucketOwner"].contains(value["Payer"]?.string) else {
        throw S3Service.malformedXML
      }
    },
  ]

  // MARK: what is checked

  /// S3 user guide, "Enabling Amazon S3 server access logging".
  @Sendable private static func checkLogging(_ value: Value, _ bucket: Bucket, _ call: Call)
    throws(ServiceFault)
  {
    guard let enabled = value["LoggingEnabled"] else { return }
    let target = enabled.text("TargetBucket")
    func invalid(_ message: String) -> ServiceFault {
      fault("InvalidTargetBucketForLogging", message, 400, ["TargetBucket": .string(target)])
    }
    if call.seen.s3.takenNames.contains(target) {
      throw invalid("The owner for the bucket to be logged and the target bucket must be the same.")
    }
    guard let found = call.seen.s3.buckets[target] else {
      throw invalid("The target bucket for logging does not exist")
    }
    if found.region != bucket.region {
      throw fault(
        "CrossLocationLoggingProhibited", "Cross S3 location logging not allowed. ", 403,
        [
          "SourceBucketLocation": .string(bucket.region), "TargetBucketLocation": .string(found.region),
        ])
    }
    if found.ownership == "BucketOwnerEnforced", !enabled.items("TargetGrants").isEmpty {
      throw fault(
        "InvalidRequest",
        "Target grants not supported for buckets with bucket owner enforced Object Ownership.")
    }
  }

  @Sendable private static func checkCORS(_ value: Value, _: Bucket, _: Call) throws(ServiceFault) {
    let rules = value.items("CORSRules")
    guard !rules.isEmpty, rules.count <= 100 else { throw S3Service.malformedXML }
    for rule in rules {
      let methods = rule.texts("AllowedMethods")
      guard !methods.isEmpty, !rule.texts("AllowedOrigins").isEmpty else { throw S3Service.malformedXML }
      if let wrong = methods.first(where: { !["GET", "PUT", "HEAD", "POST", "DELETE"].contains($0) }) {
        throw fault(
          "InvalidRequest", "Found unsupported HTTP method in CORS config. Unsupported method is \(wrong)")
      }
      for (member, what) in [("AllowedOrigins", "AllowedOrigin"), ("AllowedHeaders", "AllowedHeader")] {
        for text in rule.texts(member) where text.filter({ $0 == "*" }).count > 1 {
          throw fault("InvalidRequest", "\(what) \"\(text)\" can not have more than one wildcard.")
        }
      }
    }
  }

  @Sendable private static func checkWebsite(_ value: Value, _: Bucket, _: Call) throws(ServiceFault) {
    if value["RedirectAllRequestsTo"] != nil {
      guard value["IndexDocument"] == nil, value["ErrorDocument"] == nil, value["RoutingRules"] == nil else {
        throw fault(
          "InvalidRequest",
          "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules or documents.")
      }
      return
    }
    guard let suffix = value["IndexDocument"]?["Suffix"]?.string else {
      throw fault(
        "InvalidArgument",
        "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        400, ["ArgumentName": "IndexDocument"])
    }
    if suffix.isEmpty || suffix.contains("/") {
      throw fault(
        "InvalidArgument", "The IndexDocument Suffix is not well formed", 400,
        ["ArgumentName": "IndexDocument"])
    }
  }

  /// There are no topics, queues or functions here that a bucket could be allowed to send to.
  @Sendable private static func checkNotification(_ value: Value, _: Bucket, _: Call) throws(ServiceFault) {
    let lists = ["TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations"]
    if lists.contains(where: { !value.items($0).isEmpty }) {
      throw fault("InvalidArgument", "Unable to validate the following destination configurations")
    }
  }
}

extension S3Service {
  static let storedRules: [String: OperationRule] = StoredConfiguration.all.reduce(into: [:]) { rules, item in
    rules[item.put] = OperationRule(
      onBucket(item.writeAction),
      { (input, call) throws(ServiceFault) in
        guard var value = input[item.member] else { throw malformedXML }
        try item.check(value, try bucket(input, call), call)
        if item.name == "lifecycle" { value = LifecycleCheck.completed(value, input, call) }
        let isNothing = value.object?.isEmpty != false
        try change(input, call) { $0.configurations[item.name] = isNothing ? nil : StoredValue(value) }
        let size = value["TransitionDefaultMinimumObjectSize"]
        return size.map { ["TransitionDefaultMinimumObjectSize": $0] } ?? [:]
      })
    rules[item.get] = OperationRule(
      onBucket(item.readAction),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        if let kept = bucket.configurations[item.name]?.value { return kept }
        if let absent = item.absent { return absent }
        var missing = item.missing ?? malformedXML
        missing.fields["BucketName"] = .string(bucket.name)
        throw missing
      })
    guard let delete = item.delete else { return }
    rules[delete] = OperationRule(
      onBucket(item.writeAction),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { $0.configurations[item.name] = nil }
        return [:]
      })
  }
}
