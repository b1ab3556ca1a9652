import ServiceModels

extension OperationTests {
  private static let lifecycle: Value = [
    "Rules": [
      [
        "ID": "old", "Status": "Enabled", "Filter": ["Prefix": "logs/"], "Expiration": ["Days": 365],
        "Transitions": [["Days": 30, "StorageClass": "STANDARD_IA"]],
      ]
    ]
  ]
  private static let cors: Value = [
    "CORSRules": [["AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"]]]
  ]
  private static let owner: Value = ["Rules": [["ObjectOwnership": "BucketOwnerPreferred"]]]
  private static let tags: Value = ["TagSet": [["Key": "a", "Value": "b"]]]

  /// What the source lab does not need of S3.
  static let s3: Story = [
    ("s3", "CreateBucket", ["Bucket": "lab-1"], nil),
    (
      "s3", "PutBucketVersioning", ["Bucket": "lab-1", "VersioningConfiguration": ["Status": "Enabled"]], nil
    ),
    ("s3", "PutObject", ["Bucket": "lab-1", "Key": "k", "Body": "text"], ("VersionId", "version")),
    (
      "s3", "PutObjectTagging",
      ["Bucket": "lab-1", "Key": "k", "VersionId": "$version", "Tagging": tags], nil
    ),
    ("s3", "DeleteObjectTagging", ["Bucket": "lab-1", "Key": "k"], nil),
    (
      "s3", "GetObjectAttributes",
      [
        "Bucket": "lab-1", "Key": "k",
        "ObjectAttributes": ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"],
      ], ("Checksum.ChecksumCRC32", "checksum")
    ),
    ("s3", "GetObjectAcl", ["Bucket": "lab-1", "Key": "k"], nil),
    ("s3", "PutObjectAcl", ["Bucket": "lab-1", "Key": "k", "ACL": "bucket-owner-full-control"], nil),
    ("s3", "GetBucketAcl", ["Bucket": "lab-1"], ("Grants.0.Grantee.ID", "owner")),
    ("s3", "PutBucketOwnershipControls", ["Bucket": "lab-1", "OwnershipControls": owner], nil),
    ("s3", "PutBucketAcl", ["Bucket": "lab-1", "ACL": "private"], nil),
    ("s3", "DeleteBucketOwnershipControls", ["Bucket": "lab-1"], nil),
    ("s3", "CreateMultipartUpload", ["Bucket": "lab-1", "Key": "m"], ("UploadId", "upload")),
    (
      "s3", "UploadPartCopy",
      [
        "Bucket": "lab-1", "Key": "m", "UploadId": "$upload", "PartNumber": 1, "CopySource": "lab-1/k",
        "CopySourceRange": "bytes=0-1",
      ], ("CopyPartResult.ETag", "etag")
    ),
    (
      "s3", "PutBucketLifecycleConfiguration", ["Bucket": "lab-1", "LifecycleConfiguration": lifecycle],
      ("TransitionDefaultMinimumObjectSize", "size")
    ),
    ("s3", "GetBucketLifecycleConfiguration", ["Bucket": "lab-1"], ("Rules.0.Transitions.0.Days", "days")),
    ("s3", "DeleteBucketLifecycle", ["Bucket": "lab-1"], nil),
    (
      "s3", "PutBucketLogging",
      [
        "Bucket": "lab-1",
        "BucketLoggingStatus": ["LoggingEnabled": ["TargetBucket": "lab-1", "TargetPrefix": "logs/"]],
      ], nil
    ),
    ("s3", "GetBucketLogging", ["Bucket": "lab-1"], ("LoggingEnabled.TargetBucket", "target")),
    ("s3", "PutBucketLogging", ["Bucket": "lab-1", "BucketLoggingStatus": [:]], nil),
    ("s3", "PutBucketCors", ["Bucket": "lab-1", "CORSConfiguration": cors], nil),
    ("s3", "GetBucketCors", ["Bucket": "lab-1"], ("CORSRules.0.AllowedMethods", "methods")),
    ("s3", "DeleteBucketCors", ["Bucket": "lab-1"], nil),
    (
      "s3", "PutBucketWebsite",
      ["Bucket": "lab-1", "WebsiteConfiguration": ["IndexDocument": ["Suffix": "index.html"]]], nil
    ),
    ("s3", "GetBucketWebsite", ["Bucket": "lab-1"], ("IndexDocument.Suffix", "index")),
    ("s3", "DeleteBucketWebsite", ["Bucket": "lab-1"], nil),
    (
      "s3", "PutBucketNotificationConfiguration",
      ["Bucket": "lab-1", "NotificationConfiguration": ["EventBridgeConfiguration": [:]]], nil
    ),
    (
      "s3", "GetBucketNotificationConfiguration", ["Bucket": "lab-1"],
      ("EventBridgeConfiguration", "bridge")
    ),
    (
      "s3", "PutBucketAccelerateConfiguration",
      ["Bucket": "lab-1", "AccelerateConfiguration": ["Status": "Enabled"]], nil
    ),
    ("s3", "GetBucketAccelerateConfiguration", ["Bucket": "lab-1"], ("Status", "status")),
    (
      "s3", "PutBucketRequestPayment",
      ["Bucket": "lab-1", "RequestPaymentConfiguration": ["Payer": "Requester"]], nil
    ),
    ("s3", "GetBucketRequestPayment", ["Bucket": "lab-1"], ("Payer", "payer")),
  ]

  /// Operations that always refuse, as AWS does for buckets without Object Lock.
  static let refusing: Set<String> = [
    "s3 GetObjectLockConfiguration", "s3 GetObjectRetention", "s3 PutObjectRetention",
    "s3 GetObjectLegalHold",
    "s3 PutObjectLegalHold",
  ]
}
