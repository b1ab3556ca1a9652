import ServiceModels
import Wire

/// Settings of a bucket that change what it does: encryption, tags, versioning.
extension S3Service {
  static let configurationRules: [String: OperationRule] = [
    "PutBucketEncryption": OperationRule(onBucket("PutEncryptionConfiguration"), putEncryption),
    "GetBucketEncryption": OperationRule(
      onBucket("GetEncryptionConfiguration"),
      { (input, call) throws(ServiceFault) in
        ["ServerSideEncryptionConfiguration": ["Rules": [describe(try bucket(input, call).encryption)]]]
      }),
    "DeleteBucketEncryption": OperationRule(
      onBucket("PutEncryptionConfiguration"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { $0.encryption = BucketEncryption() }
        return [:]
      }),
    "PutBucketTagging": OperationRule(
      onBucket("PutBucketTagging"),
      { (input, call) throws(ServiceFault) in
        let tags = readTags(input["Tagging"])
        try check(tags)
        try change(input, call) { $0.tags = tags }
        return [:]
      }),
    "GetBucketTagging": OperationRule(
      onBucket("GetBucketTagging"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        guard !bucket.tags.isEmpty else {
          throw fault("NoSuchTagSet", "The TagSet does not exist", 404, ["BucketName": .string(bucket.name)])
        }
        return ["TagSet": .list(bucket.tags.map { ["Key": .string($0.key), "Value": .string($0.value)] })]
      }),
    "DeleteBucketTagging": OperationRule(
      onBucket("PutBucketTagging"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { $0.tags = [] }
        return [:]
      }),
    "PutBucketVersioning": OperationRule(
      onBucket("PutBucketVersioning"),
      { (input, call) throws(ServiceFault) in
        guard let status = input["VersioningConfiguration"]?["Status"]?.string,
          ["Enabled", "Suspended"].contains(status)
        else {
          throw fault(
            "IllegalVersioningConfigurationException",
            "The Versioning element must be specified")
        }
        if input["VersioningConfiguration"]?["MFADelete"]?.string == "Enabled" {
          throw unimplemented("MFA delete")
        }
        try change(input, call) { $0.versioning = status }
        return [:]
      }),
    "GetBucketVersioning": OperationRule(
      onBucket("GetBucketVersioning"),
      { (input, call) throws(ServiceFault) in
        var fields: Fields = [:]
        fields.add("Status", try bucket(input, call).versioning.map(Value.string))
        return .object(fields)
      }),
  ]

  private static func putEncryption(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let rules = input["ServerSideEncryptionConfiguration"]?.items("Rules") ?? []
    guard rules.count == 1, let rule = rules.first else { throw malformedXML }
    var encryption = BucketEncryption()
    if let given = rule["ApplyServerSideEncryptionByDefault"] {
      let algorithm = given.text("SSEAlgorithm")
      guard ["AES256", "aws:kms", "aws:kms:dsse"].contains(algorithm) else { throw malformedXML }
      encryption.algorithm = algorithm
      encryption.keyID = given["KMSMasterKeyID"]?.string
      if let key = encryption.keyID {
        if algorithm == "AES256" {
          throw fault(
            "InvalidArgument",
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            400,
            ["ArgumentName": "ApplyServerSideEncryptionByDefault"])
        }
        // S3 looks at the form only, not whether there is such a key: that shows at the first upload.
        if key.isEmpty { throw malformedXML }
      }
    }
    encryption.usesBucketKey = rule["BucketKeyEnabled"]?.bool ?? false
    if let blocked = rule["BlockedEncryptionTypes"] {
      encryption.blockedTypes = blocked.texts("EncryptionType").filter { $0 != "NONE" }
    }
    try change(input, call) { $0.encryption = encryption }
    return [:]
  }

  static func describe(_ encryption: BucketEncryption) -> Value {
    var byDefault: Fields = ["SSEAlgorithm": .string(encryption.algorithm)]
    byDefault.add("KMSMasterKeyID", encryption.keyID.map(Value.string))
    var rule: Fields = [
      "ApplyServerSideEncryptionByDefault": .object(byDefault),
      "BucketKeyEnabled": .bool(encryption.usesBucketKey),
    ]
    if !encryption.blockedTypes.isEmpty {
      rule["BlockedEncryptionTypes"] = ["EncryptionType": .list(encryption.blockedTypes.map(Value.string))]
    }
    return .object(rule)
  }

  static func check(_ tags: [Tag]) throws(ServiceFault) {
    if Set(tags.map(\.key)).count < tags.count {
      throw fault("InvalidTag", "Cannot provide multiple Tags with the same key")
    }
    if tags.contains(where: { $0.key.hasPrefix("aws:") }) {
      throw fault("InvalidTag", "System tags cannot be added/updated by requester")
    }
    for tag in tags where tag.key.isEmpty || tag.key.unicodeScalars.count > 128 {
      throw fault("InvalidTag", "The TagKey you have provided is invalid", 400, ["TagKey": .string(tag.key)])
    }
    for tag in tags where tag.value.unicodeScalars.count > 256 {
      throw fault(
        "InvalidTag", "The TagValue you have provided is invalid", 400, ["TagValue": .string(tag.value)])
    }
    if tags.count > 50 { throw fault("BadRequest", "Bucket tag count cannot be greater than 50") }
  }
}
