import ServiceModels
import Wire

/// Ownership and access control lists. In buckets of this account every ACL says the same: the owner may do all.
///
/// Source: S3 user guide, "Controlling ownership of objects and disabling ACLs for your bucket".
extension S3Service {
  static let accessRules: [String: OperationRule] = [
    "GetBucketOwnershipControls": OperationRule(
      onBucket("GetBucketOwnershipControls"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        guard let ownership = bucket.ownership else {
          throw fault(
            "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", 404,
            ["BucketName": .string(bucket.name)])
        }
        return ["OwnershipControls": ["Rules": [["ObjectOwnership": .string(ownership)]]]]
      }),
    "PutBucketOwnershipControls": OperationRule(
      onBucket("PutBucketOwnershipControls"),
      { (input, call) throws(ServiceFault) in
        let rules = input["OwnershipControls"]?.items("Rules") ?? []
        guard rules.count == 1, let ownership = rules.first?["ObjectOwnership"]?.string,
          ownerships.contains(ownership)
        else { throw malformedXML }
        try change(input, call) { $0.ownership = ownership }
        return [:]
      }),
    "DeleteBucketOwnershipControls": OperationRule(
      onBucket("PutBucketOwnershipControls"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { $0.ownership = nil }
        return [:]
      }),
    "GetBucketAcl": OperationRule(
      onBucket("GetBucketAcl"),
      { (input, call) throws(ServiceFault) in
        _ = try bucket(input, call)
        return ownersACL(call)
      }),
    "GetObjectAcl": OperationRule(
      onObject("GetObjectAcl", versioned: "GetObjectVersionAcl"),
      { (input, call) throws(ServiceFault) in
        _ = try version(input, try bucket(input, call), call)
        return ownersACL(call)
      }),
    "PutBucketAcl": OperationRule(
      onBucket("PutBucketAcl", aclContext),
      { (input, call) throws(ServiceFault) in
        try checkACL(input, try bucket(input, call), ofObject: false, call)
        return [:]
      }),
    "PutObjectAcl": OperationRule(
      onObject("PutObjectAcl", versioned: "PutObjectVersionAcl"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        _ = try version(input, bucket, call)
        try checkACL(input, bucket, ofObject: true, call)
        return [:]
      }),
  ]

  private static let ownerships: Set<String> = [
    "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter",
  ]
  private static let grants = [
    "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP",
  ]
  private static let publicACLs: Set<String> = ["public-read", "public-read-write", "authenticated-read"]

  static func checkOwnership(_ input: Value) throws(ServiceFault) {
    guard let ownership = input["ObjectOwnership"]?.string, !ownerships.contains(ownership) else { return }
    throw fault(
      "InvalidArgument", "Invalid x-amz-object-ownership header: \(ownership)", 400,
      ["ArgumentName": "x-amz-object-ownership", "ArgumentValue": .string(ownership)])
  }

  @Sendable private static func aclContext(_ input: Value) -> [String: [String]] {
    input["ACL"]?.string.map { ["s3:x-amz-acl": [$0]] } ?? [:]
  }

  private static func ownersACL(_ call: Call) -> Value {
    let owner = Value.string(call.seen.s3.ownerID)
    return [
      "Owner": ["ID": owner],
      "Grants": [["Grantee": ["ID": owner, "Type": "CanonicalUser"], "Permission": "FULL_CONTROL"]],
    ]
  }

  private static let notSupported = fault("AccessControlListNotSupported", "The bucket does not allow ACLs")

  /// An ACL that is to be set: under bucket owner enforced only the owner's own is taken.
  private static func checkACL(
    _ input: Value, _ bucket: Bucket, ofObject: Bool, _ call: Call
  ) throws(ServiceFault) {
    let list = input["AccessControlPolicy"]?.items("Grants") ?? []
    guard !list.isEmpty else {
      if input["ACL"] == nil, grants.allSatisfy({ input[$0] == nil }) {
        throw fault(
          "MissingSecurityHeader", "Your request was missing a required header", 400,
          ["MissingHeaderName": "x-amz-acl"])
      }
      if bucket.ownership == "BucketOwnerEnforced",
        input["ACL"]?.string != "bucket-owner-full-control" || !ofObject
      {
        throw notSupported
      }
      return try checkACLHeaders(input, bucket, ofObject: ofObject, call)
    }
    let isOwners = list.allSatisfy {
      $0.text("Permission") == "FULL_CONTROL" && $0["Grantee"]?.text("ID") == call.seen.s3.ownerID
    }
    if isOwners { return }
    if bucket.ownership == "BucketOwnerEnforced" { throw notSupported }
    if list.contains(where: { $0["Grantee"]?["URI"] != nil }) { try refusePublic(bucket, call) }
    throw unimplemented("ACLs that give others rights; a bucket policy can")
  }

  /// `x-amz-acl` and `x-amz-grant-...` of a request that makes something.
  static func checkACLHeaders(
    _ input: Value, _ bucket: Bucket, ofObject: Bool, _ call: Call
  ) throws(ServiceFault) {
    let granted = grants.contains { input[$0] != nil }
    guard let canned = input["ACL"]?.string else {
      if !granted { return }
      throw bucket.ownership == "BucketOwnerEnforced"
        ? notSupported : unimplemented("ACLs that give others rights; a bucket policy can")
    }
    if granted {
      throw fault("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
    }
    if bucket.ownership == "BucketOwnerEnforced" {
      if canned == "bucket-owner-full-control" { return }
      throw notSupported
    }
    if ["private", "bucket-owner-full-control", "bucket-owner-read"].contains(canned) { return }
    if publicACLs.contains(canned) { try refusePublic(bucket, call) }
    if publicACLs.contains(canned) || ["aws-exec-read", "log-delivery-write"].contains(canned) {
      throw unimplemented("the canned ACL \(canned); a bucket policy can give such rights")
    }
    throw fault(
      "InvalidArgument", "", 400, ["ArgumentName": "x-amz-acl", "ArgumentValue": .string(canned)])
  }

  private static func refusePublic(_ bucket: Bucket, _ call: Call) throws(ServiceFault) {
    guard bucket.publicAccess?.blockPublicAcls == true else { return }
    throw fault(
      "AccessDenied",
      "User: \(call.principal.arn) is not authorized to perform: s3:\(call.operation) on resource: \"\(bucket.arn)\" "
        + "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.", 403)
  }
}
