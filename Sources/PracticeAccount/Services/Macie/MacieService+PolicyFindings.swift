import ServiceModels
import Wire

/// Findings about what became of a bucket since Macie was enabled (Macie user guide, "Types of policy findings"). S3 says
/// so after each change of a bucket's settings.
extension MacieService {
  static func bucketChanged(from before: Bucket, to after: Bucket, _ call: Call) {
    guard call.seen.macie[after.region]?.session?.status == "ENABLED" else { return }
    let old = BucketExposure(before, call.realm)
    let new = BucketExposure(after, call.realm)
    func isOff(_ block: PublicAccessBlock?) -> Bool {
      guard let block else { return true }
      return ![
        block.blockPublicAcls, block.blockPublicPolicy, block.ignorePublicAcls, block.restrictPublicBuckets,
      ].contains(true)
    }
    var types: [String] = []
    if before.encryption.usesKMS, !after.encryption.usesKMS { types.append("S3BucketEncryptionDisabled") }
    if !isOff(before.publicAccess), isOff(after.publicAccess) { types.append("S3BlockPublicAccessDisabled") }
    if !old.isPublic, new.isPublic { types.append("S3BucketPublic") }
    if !old.isSharedExternally, new.isSharedExternally { types.append("S3BucketSharedExternally") }
    if !old.isSharedWithCloudFront, new.isSharedWithCloudFront {
      types.append("S3BucketSharedWithCloudFront")
    }
    for type in types { report("Policy:IAMUser/\(type)", after, call) }
  }

  /// A new finding, or one more occurrence of one that is there and not archived.
  private static func report(_ type: String, _ bucket: Bucket, _ call: Call) {
    let form = FindingForm.of(type)
    let details = policyDetails(call.operation, identity(of: call), "127.0.0.1", call)
    let all = call.seen.macie[bucket.region]?.findings ?? .init()
    for (number, finding) in all {
      guard var fields = finding.document.value.object, fields["type"]?.string == type,
        fields["sample"]?.bool == false, fields["archived"]?.bool == false,
        fields["resourcesAffected"]?["s3Bucket"]?["arn"]?.string == bucket.arn
      else { continue }
      fields["count"] = .integer((fields["count"]?.integer ?? 1) + 1)
      fields["updatedAt"] = .timestamp(call.now)
      fields["policyDetails"] = details
      fields["resourcesAffected"] = ["s3Bucket": FindingBuilder.affected(bucket, call.realm)]
      call.state.macie[bucket.region]?.findings[number]?.document = StoredValue(.object(fields))
      return
    }
    let id = call.state.generator.hex(32)
    var fields = frame(form, id: id, score: form.score, region: bucket.region, at: call.now, in: call.realm)
    fields["policyDetails"] = details
    fields["resourcesAffected"] = ["s3Bucket": FindingBuilder.affected(bucket, call.realm)]
    keep(.object(fields), id: id, region: bucket.region, at: call.now, in: call.realm)
  }

  private static func identity(of call: Call) -> Value {
    let principal = call.principal
    let account = Value.string(principal.account)
    let name = Value.string(principal.arn.split(separator: "/").last.map(String.init) ?? "")
    return switch principal.kind {
    case .root:
      [
        "type": "Root",
        "root": ["accountId": account, "arn": .string(principal.arn), "principalId": account],
      ]
    case .user:
      [
        "type": "IAMUser",
        "iamUser": [
          "accountId": account, "arn": .string(principal.arn), "principalId": .string(principal.userID),
          "userName": name,
        ],
      ]
    case .federatedUser:
      [
        "type": "FederatedUser",
        "federatedUser": [
          "accountId": account, "arn": .string(principal.arn), "principalId": .string(principal.userID),
        ],
      ]
    case .role, .roleSession:
      [
        "type": "AssumedRole",
        "assumedRole": [
          "accountId": account, "arn": .string(principal.arn), "principalId": .string(principal.userID),
        ],
      ]
    case .service: ["type": "AWSService", "awsService": ["invokedBy": .string(principal.arn)]]
    }
  }
}
