/// Who can reach a bucket, as Macie judges it from the bucket's policy and Block Public Access (Macie user guide, "How
/// Macie monitors Amazon S3 data security").
struct BucketExposure: Equatable {
  var isPublic = false
  var isSharedExternally = false
  var isSharedWithCloudFront = false
  /// Whether the policy does not insist on encryption at upload.
  var allowsUnencryptedUploads = true
  var policyIsPublic = false

  init(_ bucket: Bucket, _ realm: Realm) {
    guard let text = bucket.policy else { return }
    let document = realm.document(text)
    policyIsPublic = S3Service.isPublic(document)
    isPublic = policyIsPublic && bucket.publicAccess?.restrictPublicBuckets != true
    let own = realm.current.accountID
    for statement in document.statements where statement.allows {
      for name in statement.principals?.byKind["AWS"] ?? [] where name != "*" {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        let account = parts.count > 4 ? String(parts[4]) : name
        if account == "cloudfront" {
          isSharedWithCloudFront = true
        } else if account.count == 12, account.allSatisfy(\.isNumber), account != own {
          isSharedExternally = true
        }
      }
      if statement.principals?.byKind["CanonicalUser"] != nil
        || statement.principals?.byKind["Service"]?.contains("cloudfront.amazonaws.com") == true
      {
        isSharedWithCloudFront = true
      }
    }
    allowsUnencryptedUploads = !document.statements.contains { statement in
      !statement.allows && PolicyEvaluator.covers(statement.actions, "s3:PutObject")
        && statement.conditions.contains { $0.key.lowercased() == "s3:x-amz-server-side-encryption" }
    }
  }

  /// `EXTERNAL`, `NOT_SHARED`.
  var sharedAccess: String { isSharedExternally || isSharedWithCloudFront ? "EXTERNAL" : "NOT_SHARED" }
  var effectivePermission: String { isPublic ? "PUBLIC" : "NOT_PUBLIC" }
}
