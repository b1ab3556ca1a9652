import Wire

/// Where S3's wire differs from what its own model says.
enum S3Departures {
  /// A success that is an error after all (CopyObject, CompleteMultipartUpload), and the location of a bucket,
  /// which is the text of the root. Nil where the model is right.
  static func parse(
    _ root: XMLElement, _ operation: Operation, _ response: HTTPResponse
  ) throws(ProtocolError) -> Value? {
    try refuseError(root, response)
    guard operation.name == "GetBucketLocation" else { return nil }
    return .object(root.text.isEmpty ? Fields() : ["LocationConstraint": .string(root.text)])
  }

  /// Turns an `Error` under a status of success into the fault that it is.
  static func refuseError(_ root: XMLElement, _ response: HTTPResponse) throws(ProtocolError) {
    guard root.name == "Error", root["Code"] != nil else { return }
    throw .fault(
      ServiceFault(
        code: root["Code"]?.text ?? "", message: root["Message"]?.text ?? "", httpStatus: 500,
        requestID: response.headers["x-amz-request-id"]))
  }

  /// The root elements of responses. The model does not name them; these are S3's own (Amazon S3 API Reference).
  static let rootNames: [String: String] = [
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CreateSession": "CreateSessionResult",
    "DeleteObjects": "DeleteResult",
    "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycle": "LifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketRequestPayment": "RequestPaymentConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "GetObjectAcl": "AccessControlPolicy",
    "GetObjectAttributes": "GetObjectAttributesResponse",
    "GetObjectTagging": "Tagging",
    "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
    "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
    "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
    "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListDirectoryBuckets": "ListAllMyDirectoryBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListParts": "ListPartsResult",
  ]

  static let namespace = XMLNamespace(uri: "http://s3.amazonaws.com/doc/2006-03-01/")
}
