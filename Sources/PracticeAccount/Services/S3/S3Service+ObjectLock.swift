import ServiceModels
import Wire

/// No bucket here has Object Lock; these answer as AWS does for a bucket without it.
extension S3Service {
  static let missingObjectLock = fault("InvalidRequest", "Bucket is missing Object Lock Configuration")

  static let objectLockRules: [String: OperationRule] = [
    "GetObjectLockConfiguration": OperationRule(
      onBucket("GetBucketObjectLockConfiguration"),
      { (input, call) throws(ServiceFault) in
        let bucket = try bucket(input, call)
        throw fault(
          "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket",
          404, ["BucketName": .string(bucket.name)])
      }),
    "GetObjectRetention": refusing("GetObjectRetention"),
    "PutObjectRetention": refusing("PutObjectRetention"),
    "GetObjectLegalHold": refusing("GetObjectLegalHold"),
    "PutObjectLegalHold": refusing("PutObjectLegalHold"),
  ]

  private static func refusing(_ action: String) -> OperationRule {
    OperationRule(
      onObject(action),
      { (input, call) throws(ServiceFault) in
        _ = try version(input, try bucket(input, call), call)
        throw missingObjectLock
      })
  }
}
