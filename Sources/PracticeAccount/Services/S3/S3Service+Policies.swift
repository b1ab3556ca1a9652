import ServiceModels
import Wire

/// Bucket policy and Block Public Access.
extension S3Service {
  static let policyRules: [String: OperationRule] = [
    "PutBucketPolicy": OperationRule(
      onBucket("PutBucketPolicy"),
      { (input, call) throws(ServiceFault) in
        let policy = input.text("Policy")
        try checkPolicy(policy, try bucket(input, call), call)
        try change(input, call) { $0.policy = policy }
        return [:]
      }),
    "GetBucketPolicy": OperationRule(
      onBucket("GetBucketPolicy"),
      { (input, call) throws(ServiceFault) in
        return ["Policy": .string(try policy(of: try bucket(input, call)))]
      }),
    "DeleteBucketPolicy": OperationRule(
      onBucket("DeleteBucketPolicy"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { $0.policy = nil }
        return [:]
      }),
    "GetBucketPolicyStatus": OperationRule(
      onBucket("GetBucketPolicyStatus"),
      { (input, call) throws(ServiceFault) in
        let policy = try policy(of: try bucket(input, call))
        return ["PolicyStatus": ["IsPublic": .bool(isPublic(call.realm.document(policy)))]]
      }),
    "PutPublicAccessBlock": OperationRule(
      onBucket("PutBucketPublicAccessBlock"),
      { (input, call) throws(ServiceFault) in
        guard let given = input["PublicAccessBlockConfiguration"] else { throw malformedXML }
        let block = PublicAccessBlock(
          blockPublicAcls: given["BlockPublicAcls"]?.bool ?? false,
          ignorePublicAcls: given["IgnorePublicAcls"]?.bool ?? false,
          blockPublicPolicy: given["BlockPublicPolicy"]?.bool ?? false,
          restrictPublicBuckets: given["RestrictPublicBuckets"]?.bool ?? false)
        try change(input, call) { $0.publicAccess = block }
        return [:]
      }),
    "GetPublicAccessBlock": OperationRule(
      onBucket("GetBucketPublicAccessBlock"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        guard let block = bucket.publicAccess else {
          throw fault(
            "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found",
            404,
            ["BucketName": .string(bucket.name)])
        }
        return [
          "PublicAccessBlockConfiguration": [
            "BlockPublicAcls": .bool(block.blockPublicAcls),
            "IgnorePublicAcls": .bool(block.ignorePublicAcls),
            "BlockPublicPolicy": .bool(block.blockPublicPolicy),
            "RestrictPublicBuckets": .bool(block.restrictPublicBuckets),
          ]
        ]
      }),
    "DeletePublicAccessBlock": OperationRule(
      onBucket("PutBucketPublicAccessBlock"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { $0.publicAccess = nil }
        return [:]
      }),
  ]

  private static func checkPolicy(_ text: String, _ bucket: Bucket, _ call: Call) throws(ServiceFault) {
    if text.utf8.count > 20_480 {
      throw fault("MalformedPolicy", "Policy document exceeds the maximum size of 20480 bytes")
    }
    if let problem = PolicyValidation(text, kind: .bucket).problem { throw fault("MalformedPolicy", problem) }
    let document = call.realm.document(text)
    for statement in document.statements {
      for (kind, names) in statement.principals?.byKind ?? [:] {
        for name in names where !call.realm.exists(principal: name, kind: kind) {
          throw fault(
            "MalformedPolicy", "Invalid principal in policy", 400,
            ["Detail": .string("\"\(kind)\" : \"\(name)\"")])
        }
      }
      for resource in statement.resources?.patterns ?? [] {
        guard resource == bucket.arn || resource.hasPrefix(bucket.arn + "/") || glob(resource, bucket.arn)
        else {
          throw fault("MalformedPolicy", "Policy has invalid resource", 400, ["Detail": .string(resource)])
        }
      }
    }
    if bucket.publicAccess?.blockPublicPolicy == true, isPublic(document) {
      throw fault(
        "AccessDenied",
        "User: \(call.principal.arn) is not authorized to perform: s3:PutBucketPolicy on resource: \"\(bucket.arn)\" "
          + "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
        403)
    }
  }

  /// The bucket's policy, which it may not have.
  private static func policy(of bucket: Bucket) throws(ServiceFault) -> String {
    guard let policy = bucket.policy else {
      throw fault(
        "NoSuchBucketPolicy", "The bucket policy does not exist", 404, ["BucketName": .string(bucket.name)])
    }
    return policy
  }

  /// The meaning of "public" (S3 user guide, Block Public Access): an allow for everyone that no condition on
  /// a fixed account, endpoint, address or principal narrows.
  static func isPublic(_ document: PolicyDocument) -> Bool {
    document.statements.contains { statement in
      guard statement.allows, let principals = statement.principals else { return false }
      let everyone = principals.isNegated || principals.byKind["AWS"]?.contains("*") == true
      guard everyone else { return false }
      return !statement.conditions.contains { condition in
        narrowing.contains(condition.key.lowercased()) && !condition.values.contains { $0.contains("*") }
          && !condition.operatorName.lowercased().contains("not")
      }
    }
  }

  private static let narrowing: Set<String> = [
    "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:sourcearn", "aws:sourceaccount",
    "aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:userid", "aws:sourceowner",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
  ]
}
