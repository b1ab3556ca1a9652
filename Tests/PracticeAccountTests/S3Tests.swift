import Digests
import ServiceModels
import Testing
import Wire

@testable import PracticeAccount

/// Tables over a bucket `lab-1` that holds the object `a` (`0123456789`) and, in eu-west-1, a bucket `lab-eu`.
struct S3Tests {
  static func account() async throws -> TestAccount {
    let test = try TestAccount()
    try test.account.reserve(bucketNames: ["taken"])
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call(
      "s3", "CreateBucket",
      ["Bucket": "lab-eu", "CreateBucketConfiguration": ["LocationConstraint": "eu-west-1"]],
      region: "eu-west-1")
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "0123456789"])
    return test
  }

  private static func on(_ fields: Fields) -> Value {
    var all: Fields = ["Bucket": "lab-1", "Key": "a"]
    for field in fields { all[field.name] = field.value }
    return .object(all)
  }

  private static let failed =
    "412 PreconditionFailed: At least one of the pre-conditions you specified did not hold"
  private static let noSuchKey = "404 NoSuchKey: The specified key does not exist."
  private static let noACLs = "400 AccessControlListNotSupported: The bucket does not allow ACLs"
  private static let noLock = "400 InvalidRequest: Bucket is missing Object Lock Configuration"
  private static let malformed =
    "400 MalformedXML: The XML you provided was not well-formed or did not validate against our published schema"
  private static let etag: Value = "\"781e5e245d69b566979b86e28d23f2c7\""
  private static let past = Value.timestamp(Timestamp(year: 2020, month: 1, day: 1))
  private static let future = Value.timestamp(Timestamp(year: 2030, month: 1, day: 1))

  static let conditions: [(String, Fields, String)] = [
    ("GetObject", ["IfMatch": etag], "none"), ("GetObject", ["IfMatch": "\"x\""], failed),
    ("GetObject", ["IfNoneMatch": "\"x\""], "none"),
    ("GetObject", ["IfModifiedSince": past], "none"), ("GetObject", ["IfUnmodifiedSince": past], failed),
    ("GetObject", ["IfUnmodifiedSince": past, "IfMatch": etag], "none"),
    ("GetObject", ["IfNoneMatch": etag], "304 304: Not Modified"),
    ("GetObject", ["IfModifiedSince": future], "304 304: Not Modified"),
    ("HeadObject", ["IfMatch": "\"x\""], "412 412: Precondition Failed"),
    ("PutObject", ["IfNoneMatch": "*", "Body": "x"], failed),
    ("PutObject", ["Key": "new", "IfNoneMatch": "*", "Body": "x"], "none"),
    ("PutObject", ["Key": "none", "IfMatch": etag, "Body": "x"], noSuchKey),
    ("PutObject", ["IfMatch": "\"x\"", "Body": "0123456789"], failed),
    ("PutObject", ["IfMatch": etag, "Body": "0123456789"], "none"),
    (
      "PutObject", ["IfNoneMatch": etag, "Body": "x"],
      "501 NotImplemented: A header you provided implies functionality that is not implemented"
    ),
    ("CopyObject", ["Key": "b", "CopySource": "lab-1/a", "CopySourceIfMatch": "\"x\""], failed),
    ("CopyObject", ["Key": "b", "CopySource": "lab-1/a", "CopySourceIfNoneMatch": etag], failed),
    ("CopyObject", ["Key": "b", "CopySource": "lab-1/a", "CopySourceIfModifiedSince": future], failed),
    ("CopyObject", ["Key": "b", "CopySource": "lab-1/a", "CopySourceIfUnmodifiedSince": past], failed),
    ("CopyObject", ["Key": "new", "CopySource": "lab-1/a", "IfNoneMatch": "*"], failed),
    ("CopyObject", ["Key": "b", "CopySource": "lab-1/a", "CopySourceIfMatch": etag], "none"),
    ("DeleteObject", ["IfMatch": "\"x\""], failed),
    ("DeleteObject", ["Key": "none", "IfMatch": "*"], failed),
    ("DeleteObject", ["IfMatch": etag], "none"), ("GetObject", [:], noSuchKey),
  ]

  @Test func conditionsAreKept() async throws {
    let test = try await Self.account()
    for (operation, fields, expected) in Self.conditions {
      let found = try await test.error("s3", operation, Self.on(fields))
      #expect(found == expected, "\(operation) \(fields)")
    }
  }

  static let refusals: [(String, Fields, String)] = [
    ("PutObject", ["ACL": "public-read"], noACLs), ("PutObject", ["GrantRead": "id=x"], noACLs),
    ("PutObject", ["ACL": "bucket-owner-full-control"], "none"),
    ("PutObjectAcl", ["ACL": "private"], noACLs), ("PutBucketAcl", ["ACL": "public-read"], noACLs),
    (
      "CreateBucket", ["Bucket": "lab-2", "ACL": "public-read"],
      "400 InvalidBucketAclWithObjectOwnership: Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
    ),
    (
      "CreateBucket", ["Bucket": "lab-2", "ObjectLockEnabledForBucket": true],
      "501 NotImplemented: The practice account does not have Object Lock."
    ),
    ("PutObject", ["ObjectLockMode": "GOVERNANCE"], noLock), ("GetObjectRetention", [:], noLock),
    ("GetObjectLegalHold", [:], noLock), ("PutObjectLegalHold", ["LegalHold": ["Status": "ON"]], noLock),
    ("PutObjectRetention", ["Retention": ["Mode": "GOVERNANCE"]], noLock),
    (
      "GetObjectLockConfiguration", [:],
      "404 ObjectLockConfigurationNotFoundError: Object Lock configuration does not exist for this bucket"
    ),
    (
      "PutObject", ["SSECustomerAlgorithm": "AES256", "SSECustomerKey": "MDEyMzQ1Njc4OWFiY2RlZg=="],
      "403 AccessDenied: Access Denied"
    ),
    (
      "GetObject", ["SSECustomerAlgorithm": "AES256"],
      "400 InvalidRequest: The encryption parameters are not applicable to this object."
    ),
    (
      "PutObject", ["ServerSideEncryption": "rot13"],
      "400 InvalidArgument: The encryption method specified is not supported"
    ),
    (
      "PutObject", ["StorageClass": "TEPID"],
      "400 InvalidStorageClass: The storage class you specified is not valid"
    ),
    ("PutObject", ["Key": "cold", "Body": "x", "StorageClass": "GLACIER"], "none"),
    (
      "GetObject", ["Key": "cold"],
      "403 InvalidObjectState: The operation is not valid for the object's storage class"
    ),
    (
      "PutObject", ["Metadata": ["m": .string(String(repeating: "x", count: 2048))]],
      "400 MetadataTooLarge: Your metadata headers exceed the maximum allowed metadata size"
    ),
    (
      "PutObject", ["Tagging": "a=b&a=c"],
      "400 InvalidArgument: The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
        + "without tag name duplicates."
    ),
    (
      "PutObjectTagging",
      ["Tagging": ["TagSet": .list((0..<11).map { ["Key": .string("k\($0)"), "Value": ""] })]],
      "400 BadRequest: Object tags cannot be greater than 10"
    ),
    (
      "PutObjectTagging", ["Tagging": ["TagSet": [["Key": "aws:x", "Value": ""]]]],
      "400 InvalidTag: Your TagKey cannot be prefixed with aws:"
    ),
    (
      "PutObject", ["Key": .string(String(repeating: "k", count: 1025))],
      "400 KeyTooLongError: Your key is too long"
    ),
    (
      "GetObject", ["Range": "bytes=10-"],
      "416 InvalidRange: The requested range is not satisfiable"
    ),
    (
      "GetObject", ["PartNumber": 2],
      "416 InvalidPartNumber: The requested partnumber is not satisfiable"
    ),
    (
      "GetObject", ["PartNumber": 1, "Range": "bytes=0-1"],
      "400 InvalidRequest: Cannot specify both Range header and partNumber query parameter."
    ),
    (
      "ListObjectsV2", ["MaxKeys": -1],
      "400 InvalidArgument: Argument max-keys must be an integer between 0 and 2147483647"
    ),
    (
      "ListObjectsV2", ["ContinuationToken": "%%%"],
      "400 InvalidArgument: The continuation token provided is incorrect"
    ),
    ("CopyObject", ["CopySource": "taken/x"], "403 AccessDenied: Access Denied"),
    ("CopyObject", ["CopySource": "lab-none/x"], "404 NoSuchBucket: The specified bucket does not exist"),
    (
      "CopyObject", ["CopySource": "lab-1"],
      "400 InvalidArgument: Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
    ),
    (
      "GetBucketLifecycleConfiguration", [:],
      "404 NoSuchLifecycleConfiguration: The lifecycle configuration does not exist"
    ),
    ("GetBucketCors", [:], "404 NoSuchCORSConfiguration: The CORS configuration does not exist"),
    (
      "GetBucketWebsite", [:],
      "404 NoSuchWebsiteConfiguration: The specified bucket does not have a website configuration"
    ),
    ("GetBucketLogging", [:], "none"), ("GetBucketRequestPayment", [:], "none"),
    (
      "PutBucketLogging",
      ["BucketLoggingStatus": ["LoggingEnabled": ["TargetBucket": "lab-none", "TargetPrefix": ""]]],
      "400 InvalidTargetBucketForLogging: The target bucket for logging does not exist"
    ),
    (
      "PutBucketLogging",
      ["BucketLoggingStatus": ["LoggingEnabled": ["TargetBucket": "taken", "TargetPrefix": ""]]],
      "400 InvalidTargetBucketForLogging: The owner for the bucket to be logged and the target bucket must be the same."
    ),
    (
      "PutBucketLogging",
      ["BucketLoggingStatus": ["LoggingEnabled": ["TargetBucket": "lab-eu", "TargetPrefix": ""]]],
      "403 CrossLocationLoggingProhibited: Cross S3 location logging not allowed. "
    ),
    (
      "PutBucketCors",
      ["CORSConfiguration": ["CORSRules": [["AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]]]]],
      "400 InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is PATCH"
    ),
    (
      "PutBucketNotificationConfiguration",
      [
        "NotificationConfiguration": [
          "QueueConfigurations": [
            ["QueueArn": "arn:aws:sqs:us-east-1:111122223333:q", "Events": ["s3:ObjectCreated:*"]]
          ]
        ]
      ], "400 InvalidArgument: Unable to validate the following destination configurations"
    ),
    (
      "PutBucketLifecycleConfiguration",
      ["LifecycleConfiguration": ["Rules": [["Status": "Enabled", "Filter": ["Prefix": ""]]]]],
      "400 InvalidRequest: At least one action needs to be specified in a rule"
    ),
    (
      "PutBucketLifecycleConfiguration",
      ["LifecycleConfiguration": ["Rules": [["Status": "On", "Filter": [:], "Expiration": ["Days": 1]]]]],
      malformed
    ),
    (
      "PutBucketLifecycleConfiguration",
      [
        "LifecycleConfiguration": [
          "Rules": [["Status": "Enabled", "Filter": [:], "Expiration": ["Days": 0]]]
        ]
      ],
      "400 InvalidArgument: 'Days' for Expiration action must be a positive integer"
    ),
    (
      "PutBucketLifecycleConfiguration",
      [
        "LifecycleConfiguration": [
          "Rules": [
            [
              "Status": "Enabled", "Filter": [:],
              "Transitions": [["Days": 7, "StorageClass": "STANDARD_IA"]],
            ]
          ]
        ]
      ],
      "400 InvalidArgument: 'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'"
    ),
    ("PutBucketOwnershipControls", ["OwnershipControls": ["Rules": []]], malformed),
    ("DeleteBucketOwnershipControls", [:], "none"),
    (
      "GetBucketOwnershipControls", [:],
      "404 OwnershipControlsNotFoundError: The bucket ownership controls were not found"
    ),
    (
      "PutBucketAcl", ["ACL": "public-read"],
      "403 AccessDenied: User: arn:aws:iam::111122223333:user/learner is not authorized to perform: s3:PutBucketAcl on "
        + "resource: \"arn:aws:s3:::lab-1\" because public ACLs are prevented by the BlockPublicAcls setting in S3 Block "
        + "Public Access."
    ),
    ("PutObjectAcl", ["ACL": "private"], "none"),
    ("RenameObject", ["RenameSource": "lab-1/a"], "NotImplemented"),
  ]

  @Test func whatS3RefusesIsRefusedInItsWords() async throws {
    let test = try await Self.account()
    for (operation, fields, expected) in Self.refusals {
      let members = Set(try test.found("s3", operation).input?.members.map(\.name) ?? [])
      let input = Fields((Self.on(fields).object ?? [:]).filter { members.contains($0.name) })
      let found = try await test.error("s3", operation, .object(input))
      #expect(
        expected == "NotImplemented" ? found.hasPrefix("501 NotImplemented") : found == expected,
        "\(operation) \(fields): \(found)")
    }
  }

  /// A bucket elsewhere: the signature's Region stands for the endpoint's.
  @Test func aBucketElsewhereIsNamedWithItsRegion() async throws {
    let test = try await Self.account()
    for (operation, region, status, code) in [
      ("GetBucketLocation", "us-east-1", 301, "PermanentRedirect"), ("HeadBucket", "us-east-1", 301, ""),
      ("ListObjectsV2", "eu-central-1", 301, "PermanentRedirect"),
      ("ListObjectsV2", "mars-1", 400, "AuthorizationHeaderMalformed"),
      ("HeadBucket", "mars-1", 400, ""), ("ListObjectsV2", "eu-west-1", 200, ""),
    ] {
      let request = try test.request("s3", operation, ["Bucket": "lab-eu"], region: region)
      let response = await test.account.respond(to: request)
      #expect(response.status == status, "\(operation) \(region)")
      if status != 200 { #expect(response.headers["x-amz-bucket-region"] == "eu-west-1") }
      guard case .bytes(let bytes) = response.body, !code.isEmpty else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("<Code>\(code)</Code>"))
      #expect(
        text.contains(
          status == 301
            ? "<Endpoint>s3.eu-west-1.amazonaws.com</Endpoint>" : "<Region>eu-west-1</Region>"))
    }
  }

  /// Keys are names and nothing else.
  @Test(arguments: [
    "../../etc/passwd", "..", ".", "./a", "a//b", "/a", "//", "a/../b", "a\u{0}b", "a\nb", "a b+c%2F",
    "é/日本/🪣",
    "a\\b", "~", "con", "-rf", "a?b#c&d=e", String(repeating: "k", count: 1024),
  ])
  func everyKeyIsKeptAsItIs(key: String) async throws {
    let test = try await Self.account()
    let input: Fields = ["Bucket": "lab-1", "Key": .string(key)]
    var put = input
    put["Body"] = "text"
    try await test.call("s3", "PutObject", .object(put))
    let response = await test.account.respond(to: try test.request("s3", "GetObject", .object(input)))
    #expect(response.body == .bytes(Array("text".utf8)))
    let listed = try await test.call("s3", "ListObjectsV2", ["Bucket": "lab-1", "EncodingType": "url"])
    let keys = listed.items("Contents").map { percentDecoded($0.text("Key")) }
    #expect(Set(keys) == ["a", key])
    try await test.call("s3", "DeleteObject", .object(input))
    #expect(try await test.error("s3", "GetObject", .object(input)) == Self.noSuchKey)
  }

  @Test(arguments: ["/lab-1/%ff", "/lab-1/a%c3%28", "/lab-1/%ed%a0%80", "/lab-1/%zz", "/lab-1/a%"])
  func aPathThatIsNoTextNamesNothing(path: String) async throws {
    let test = try await Self.account()
    var request = try test.request("s3", "GetObject", ["Bucket": "lab-1", "Key": "a"])
    request.path = path
    request.headers["Authorization"] = nil
    let response = await test.account.respond(to: test.resigned(request))
    #expect(response.status == 400)
  }
}
