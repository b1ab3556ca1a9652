import ServiceModels
import Wire

extension Realm {
  /// Remembers a call. What only looked is written down with the next change, so that looking stays cheap.
  func remember(
    _ operation: Operation, _ input: Value, _ outcome: Result<Value, ServiceFault>, _ call: Call,
    accessKeyID: String
  ) {
    let isReadOnly = TrailRules.isReadOnly(operation)
    var event = TrailEvent(
      id: newEventID(), time: now, region: call.region, source: TrailRules.source(operation.model),
      name: operation.name, isReadOnly: isReadOnly, isData: TrailRules.isData(operation),
      principal: call.principal, accessKeyID: accessKeyID,
      userAgent: call.request.headers["User-Agent"] ?? "", requestID: call.requestID,
      parameters: StoredValue(TrailRules.withoutSecrets(input)),
      resources: TrailRules.resources(input, of: call.service))
    switch outcome {
    case .success(let output):
      if !isReadOnly { event.response = StoredValue(TrailRules.withoutSecrets(output)) }
    case .failure(let fault):
      event.errorCode = fault.code
      event.errorMessage = fault.message
    }
    current.trail[(current.trail.last?.key ?? 0) + 1] = event
    if current.trail.count > Self.trailLength {
      current.trail.removeFirst(current.trail.count - Self.trailLength)
    }
    // In small portions: nobody shall wait for the writing down of thousands.
    if current.trail.changed.count > 500 { touch() }
  }

  /// How many calls are remembered. AWS keeps 90 days.
  private static var trailLength: Int { 10_000 }
}

/// What of a call is remembered, and under which names.
///
/// Source: CloudTrail user guide, "CloudTrail record contents", "Logging data events".
enum TrailRules {
  private static let readingVerbs = [
    "Get", "List", "Describe", "Head", "Lookup", "Search", "Filter", "Simulate", "Decode", "Generate", "Test",
    "AssumeRole", "BatchGet",
  ]
  private static let readingNames: Set<String> = ["Encrypt", "Decrypt", "ReEncrypt"]
  private static let dataNames: Set<String> = [
    "AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteObject",
    "DeleteObjectTagging", "DeleteObjects", "GetObject", "GetObjectAcl", "GetObjectAttributes",
    "GetObjectTagging",
    "HeadBucket", "HeadObject", "ListMultipartUploads", "ListObjectVersions", "ListObjects", "ListObjectsV2",
    "ListParts", "PutObject", "PutObjectTagging", "UploadPart", "UploadPartCopy",
  ]
  private static let secrets: Set<String> = [
    "Plaintext", "SecretAccessKey", "SessionToken", "Password", "OldPassword", "NewPassword", "Body",
    "Message",
    "CiphertextBlob",
  ]

  /// Member of an input, and the type of resource it names.
  private static let resourceMembers: [(member: String, type: String)] = [
    ("Bucket", "AWS::S3::Bucket"), ("Key", "AWS::S3::Object"), ("KeyId", "AWS::KMS::Key"),
    ("AliasName", "AWS::KMS::Alias"), ("RoleName", "AWS::IAM::Role"), ("UserName", "AWS::IAM::User"),
    ("GroupName", "AWS::IAM::Group"), ("PolicyArn", "AWS::IAM::Policy"), ("RoleArn", "AWS::IAM::Role"),
    ("InstanceProfileName", "AWS::IAM::InstanceProfile"), ("VpcId", "AWS::EC2::VPC"),
    ("VpcEndpointId", "AWS::EC2::VPCEndpoint"), ("GroupId", "AWS::EC2::SecurityGroup"),
    ("logGroupName", "AWS::Logs::LogGroup"), ("jobId", "AWS::Macie::ClassificationJob"),
  ]

  static func isReadOnly(_ operation: Operation) -> Bool {
    readingNames.contains(operation.name) || readingVerbs.contains { operation.name.hasPrefix($0) }
  }

  static func isData(_ operation: Operation) -> Bool {
    operation.model.service == "s3" && dataNames.contains(operation.name)
  }

  static func source(_ model: ServiceModel) -> String { "\(model.endpointPrefix).amazonaws.com" }

  static func resources(_ input: Value, of service: String) -> [TrailEvent.Resource] {
    resourceMembers.compactMap { member, type in
      // `Key` is an object's name for S3 alone; elsewhere it is a tag's.
      guard !type.hasPrefix("AWS::S3::") || service == "s3" else { return nil }
      return input[member]?.string.map { TrailEvent.Resource(type: type, name: $0) }
    }
  }

  /// Bytes and what is known to be secret are hidden, as CloudTrail does.
  static func withoutSecrets(_ value: Value) -> Value {
    switch value {
    case .object(let fields):
      .object(
        Fields(
          fields.map { field in
            .init(
              field.name,
              secrets.contains(field.name) ? "HIDDEN_DUE_TO_SECURITY_REASONS" : withoutSecrets(field.value))
          }))
    case .list(let items): .list(items.map(withoutSecrets))
    case .blob: "HIDDEN_DUE_TO_SECURITY_REASONS"
    default: value
    }
  }
}
