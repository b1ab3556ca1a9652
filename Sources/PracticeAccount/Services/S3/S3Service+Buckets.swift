import ServiceModels
import Wire

extension S3Service {
  static let bucketRules: [String: OperationRule] = [
    "CreateBucket": OperationRule(
      { (input, call) throws(ServiceFault) in
        let name = input.text("Bucket")
        let tags = readTags(input["CreateBucketConfiguration"].map { ["TagSet": $0["Tags"] ?? []] })
        var context: [String: [String]] = [:]
        if let constraint = input["CreateBucketConfiguration"]?["LocationConstraint"]?.string {
          context["s3:LocationConstraint"] = [constraint]
        }
        try requireRegion(nil, call)
        return [
          AccessQuestion(
            "s3:CreateBucket", "arn:\(partition(of: call.region)):s3:::\(name)", context: context
          )
          .requesting(tags)
        ]
      }, createBucket),
    "HeadBucket": OperationRule(
      onBucket("ListBucket"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        return [
          "BucketRegion": .string(bucket.region), "BucketArn": .string(bucket.arn), "AccessPointAlias": false,
        ]
      }),
    "ListBuckets": OperationRule(
      { (_, call) throws(ServiceFault) in
        try requireRegion(nil, call)
        return [AccessQuestion("s3:ListAllMyBuckets")]
      },
      { (input, call) throws(ServiceFault) in
        let prefix = input["Prefix"]?.string ?? ""
        let buckets = call.seen.s3.buckets.values.filter { bucket in
          bucket.name.hasPrefix(prefix) && (input["BucketRegion"]?.string ?? bucket.region) == bucket.region
        }.sorted { $0.name < $1.name }
        guard
          let page = Page(
            buckets, limit: input["MaxBuckets"]?.integer, token: input["ContinuationToken"]?.string,
            most: 10_000)
        else { throw fault("InvalidArgument", "The continuation token provided is incorrect") }
        var fields: Fields = [
          "Buckets": .list(
            page.items.map { bucket in
              [
                "Name": .string(bucket.name), "CreationDate": .timestamp(bucket.created),
                "BucketRegion": .string(bucket.region), "BucketArn": .string(bucket.arn),
              ]
            }),
          "Owner": ["ID": .string(call.seen.s3.ownerID)],
        ]
        fields.add("Prefix", input["Prefix"])
        fields.add("ContinuationToken", page.next.map(Value.string))
        return .object(fields)
      }),
    "GetBucketLocation": OperationRule(
      onBucket("GetBucketLocation"),
      { (input, call) throws(ServiceFault) in
        let region = try bucket(input, call).region
        // us-east-1 is the classic location without a name.
        return region == "us-east-1" ? [:] : ["LocationConstraint": .string(region)]
      }),
    "DeleteBucket": OperationRule(
      onBucket("DeleteBucket"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        if !bucket.objects.isEmpty {
          let hint = bucket.versioning == nil ? "" : ". You must delete all versions in the bucket."
          throw fault(
            "BucketNotEmpty", "The bucket you tried to delete is not empty\(hint)", 409,
            ["BucketName": .string(bucket.name)])
        }
        // Unfinished uploads do not hold a bucket; their parts go with it.
        for upload in bucket.uploads.values {
          for part in upload.parts.values { call.realm.abandon(part.blob) }
        }
        call.state.s3.buckets[bucket.name] = nil
        return [:]
      }),
  ]

  private static func createBucket(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let name = input.text("Bucket")
    let details: Fields = ["BucketName": .string(name)]
    let wantsRegional = input["BucketNamespace"]?.string == "account-regional"
    let isRegional = BucketName.isAccountRegional(name, account: call.accountID, region: call.region)
    guard BucketName.isValid(name), wantsRegional == isRegional, wantsRegional || !name.hasSuffix("-an")
    else {
      throw fault("InvalidBucketName", "The specified bucket is not valid.", 400, details)
    }
    let configuration = input["CreateBucketConfiguration"]
    try checkLocation(configuration?["LocationConstraint"]?.string, call)
    let tags = readTags(configuration.map { ["TagSet": $0["Tags"] ?? []] })
    try check(tags)
    try checkOwnership(input)
    if input["ObjectLockEnabledForBucket"]?.bool == true { throw unimplemented("Object Lock") }
    if configuration?["Bucket"] != nil || configuration?["Location"] != nil {
      throw unimplemented("directory buckets")
    }
    if call.seen.s3.takenNames.contains(name) {
      throw fault(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
          + "Please select a different name and try again.", 409, details)
    }
    if let old = call.seen.s3.buckets[name] {
      // us-east-1 alone takes a plain repetition for a success, as it always did.
      guard old.region == "us-east-1", call.region == "us-east-1", !wantsRegional, tags.isEmpty else {
        throw fault(
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.", 409, details)
      }
    } else {
      var bucket = Bucket(name: name, region: call.region, created: call.now.wholeSeconds)
      bucket.isAccountRegional = wantsRegional
      bucket.ownership = input["ObjectOwnership"]?.string ?? bucket.ownership
      bucket.tags = tags
      if bucket.ownership != "BucketOwnerEnforced" || input["ACL"]?.string != "private" {
        do {
          try checkACLHeaders(input, bucket, ofObject: false, call)
        } catch  where error.code == "AccessControlListNotSupported" {
          throw fault(
            "InvalidBucketAclWithObjectOwnership",
            "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting", 400, details)
        }
      }
      call.state.s3.buckets[name] = bucket
    }
    let location = call.region == "us-east-1" ? "/\(name)" : "http://\(name).s3.amazonaws.com/"
    return [
      "Location": .string(location), "BucketArn": .string("arn:\(partition(of: call.region)):s3:::\(name)"),
    ]
  }

  /// The constraint must be the Region that was asked; us-east-1 wants none.
  private static func checkLocation(_ constraint: String?, _ call: Call) throws(ServiceFault) {
    let details: Fields = constraint.map { ["LocationConstraint": .string($0)] } ?? [:]
    if let constraint, constraint == "us-east-1" || !constraint.contains("-") && constraint != "EU" {
      throw fault("InvalidLocationConstraint", "The specified location-constraint is not valid", 400, details)
    }
    let asked = constraint == "EU" ? "eu-west-1" : constraint ?? "us-east-1"
    guard asked == call.region else {
      throw fault(
        "IllegalLocationConstraintException",
        "The \(constraint ?? "unspecified") location constraint is incompatible for the region specific endpoint "
          + "this request was sent to.")
    }
  }
}
