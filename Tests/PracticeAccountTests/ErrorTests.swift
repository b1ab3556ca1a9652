import PracticeAccount
import ServiceModels
import Testing
import Wire

/// One row: a call and the error it must meet.
struct ErrorRow: Sendable, CustomStringConvertible {
  var service: String
  var operation: String
  var input: Value
  var region: String
  var expected: String

  init(
    _ service: String, _ operation: String, _ input: Value, region: String = "us-east-1", _ expected: String
  ) {
    self.service = service
    self.operation = operation
    self.input = input
    self.region = region
    self.expected = expected
  }

  init(_ service: String, _ operation: String, _ expected: String) {
    self.init(service, operation, [:], expected)
  }

  var description: String { "\(service) \(operation): \(expected)" }
}

/// The errors of the services, in an account that has one bucket, one key, its alias and one role.
struct ErrorTests {
  static let key = "arn:aws:kms:us-east-1:111122223333:key"
  static let id = "11111111-2222-4333-8444-555555555555"
  static let trust =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#

  static let rows: [ErrorRow] = [
    ErrorRow(
      "kms", "DescribeKey", ["KeyId": .string(id)], "400 NotFoundException: Key '\(key)/\(id)' does not exist"
    ),
    ErrorRow("kms", "DescribeKey", ["KeyId": "x"], "400 NotFoundException: Invalid keyId 'x'"),
    ErrorRow(
      "kms", "DescribeKey", ["KeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"],
      "400 NotFoundException: Invalid arn eu-west-1"),
    ErrorRow(
      "kms", "DescribeKey", ["KeyId": "alias/none"],
      "400 NotFoundException: Alias arn:aws:kms:us-east-1:111122223333:alias/none is not found."),
    ErrorRow(
      "kms", "CreateAlias", ["AliasName": "alias/ai-lab-key", "TargetKeyId": "KEY"],
      "400 AlreadyExistsException: An alias with the name arn:aws:kms:us-east-1:111122223333:alias/ai-lab-key already exists"
    ),
    ErrorRow(
      "kms", "CreateAlias", ["AliasName": "ai-lab-key", "TargetKeyId": "KEY"],
      "400 ValidationException: Alias must start with the prefix \"alias/\". Please see "
        + "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"),
    ErrorRow(
      "kms", "ScheduleKeyDeletion", ["KeyId": "KEY", "PendingWindowInDays": 3],
      "400 ValidationException: 1 validation error detected: Value '3' at 'pendingWindowInDays' failed to satisfy "
        + "constraint: Member must have value greater than or equal to 7"),
    ErrorRow(
      "kms", "CancelKeyDeletion", ["KeyId": "KEY"],
      "400 KMSInvalidStateException: \(key)/KEY is not pending deletion (or pending replica deletion)."),
    ErrorRow(
      "kms", "PutKeyPolicy",
      [
        "KeyId": "KEY",
        "Policy": .string(
          #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/nobody"},"Action":"kms:*","Resource":"*"}]}"#
        ),
      ],
      "400 MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals."
    ),
    ErrorRow(
      "kms", "PutKeyPolicy",
      [
        "KeyId": "KEY",
        "Policy": .string(
          #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:Decrypt","Resource":"*"}]}"#
        ),
      ],
      "400 MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future."
    ),
    ErrorRow(
      "kms", "CreateKey", ["Tags": [["TagKey": "aws:x", "TagValue": "y"]]],
      "400 TagException: Tags beginning with aws: are reserved"),
    ErrorRow(
      "s3", "GetBucketEncryption", ["Bucket": "none-1"],
      "404 NoSuchBucket: The specified bucket does not exist"),
    ErrorRow(
      "s3", "GetObject", ["Bucket": "lab-1", "Key": "x"], "404 NoSuchKey: The specified key does not exist."),
    ErrorRow(
      "s3", "CreateBucket", ["Bucket": "brainybee-ai-data-"],
      "400 InvalidBucketName: The specified bucket is not valid."),
    ErrorRow(
      "s3", "CreateBucket", ["Bucket": "taken"],
      "409 BucketAlreadyExists: The requested bucket name is not available. The bucket namespace is shared by all users "
        + "of the system. Please select a different name and try again."),
    ErrorRow("s3", "CreateBucket", ["Bucket": "lab-1"], "none"),
    ErrorRow(
      "s3", "CreateBucket", ["Bucket": "lab-2"], region: "eu-west-1",
      "400 IllegalLocationConstraintException: The unspecified location constraint is incompatible for the region "
        + "specific endpoint this request was sent to."),
    ErrorRow(
      "s3", "CreateBucket",
      ["Bucket": "lab-2", "CreateBucketConfiguration": ["LocationConstraint": "us-east-1"]],
      "400 InvalidLocationConstraint: The specified location-constraint is not valid"),
    ErrorRow(
      "s3", "CreateBucket",
      ["Bucket": "lab-2", "CreateBucketConfiguration": ["LocationConstraint": "eu-west-1"]],
      region: "eu-west-1", "none"),
    ErrorRow(
      "s3", "CreateBucket",
      ["Bucket": "lab-111122223333-us-east-1-an", "BucketNamespace": "account-regional"], "none"),
    ErrorRow(
      "s3", "CreateBucket", ["Bucket": "lab-111122223333-us-east-1-an"],
      "400 InvalidBucketName: The specified bucket is not valid."),
    ErrorRow(
      "s3", "GetBucketLocation", ["Bucket": "lab-1"], region: "eu-west-1",
      "301 PermanentRedirect: The bucket you are attempting to access must be addressed using the specified endpoint. "
        + "Please send all future requests to this endpoint."),
    ErrorRow(
      "s3", "DeleteBucket", ["Bucket": "lab-1"],
      "409 BucketNotEmpty: The bucket you tried to delete is not empty"),
    ErrorRow("s3", "HeadBucket", ["Bucket": "none-1"], "404 404: Not Found"),
    ErrorRow(
      "s3", "GetBucketLocation", ["Bucket": "lab-1", "ExpectedBucketOwner": "999999999999"],
      "403 AccessDenied: Access Denied"),
    ErrorRow(
      "s3", "PutObject",
      [
        "Bucket": "lab-1", "Key": "k", "Body": "x", "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": .string(id),
      ],
      "400 KMS.NotFoundException: Key '\(key)/\(id)' does not exist"),
    ErrorRow(
      "s3", "GetBucketPolicy", ["Bucket": "lab-1"], "404 NoSuchBucketPolicy: The bucket policy does not exist"
    ),
    ErrorRow(
      "s3", "PutBucketEncryption", ["Bucket": "lab-1", "ServerSideEncryptionConfiguration": ["Rules": []]],
      "400 MalformedXML: The XML you provided was not well-formed or did not validate against our published schema"
    ),
    ErrorRow(
      "iam", "CreateRole", ["RoleName": "role-1", "AssumeRolePolicyDocument": .string(trust)],
      "409 EntityAlreadyExists: Role with name role-1 already exists."),
    ErrorRow(
      "iam", "GetRole", ["RoleName": "none"], "404 NoSuchEntity: The role with name none cannot be found."),
    ErrorRow(
      "iam", "GetRolePolicy", ["RoleName": "role-1", "PolicyName": "p"],
      "404 NoSuchEntity: The role policy with name p cannot be found."),
    ErrorRow(
      "iam", "DeleteRole", ["RoleName": "role-1"],
      "409 DeleteConflict: Cannot delete entity, must delete policies first."),
    ErrorRow(
      "iam", "CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": "{"],
      "400 MalformedPolicyDocument: This policy contains invalid Json"),
    ErrorRow(
      "iam", "CreateRole",
      [
        "RoleName": "r",
        "AssumeRolePolicyDocument": .string(trust.replacing("sagemaker.amazonaws.com", with: "x")),
      ], "400 MalformedPolicyDocument: Invalid principal in policy: \"SERVICE\":\"x\""),
    ErrorRow(
      "iam", "PutRolePolicy", ["RoleName": "role-1", "PolicyName": "p", "PolicyDocument": "{"],
      "400 MalformedPolicyDocument: Syntax errors in policy."),
    ErrorRow("macie2", "GetMacieSession", "403 AccessDeniedException: Macie is not enabled"),
    ErrorRow("macie2", "ListFindings", "403 AccessDeniedException: Macie is not enabled"),
    ErrorRow("macie2", "DisableMacie", "403 AccessDeniedException: Macie is not enabled"),
    ErrorRow("macie2", "EnableMacie", "none"),
    ErrorRow("macie2", "EnableMacie", "409 ConflictException: Macie has already been enabled"),
    ErrorRow(
      "macie2", "DescribeClassificationJob", ["jobId": "none"],
      "404 ResourceNotFoundException: The request failed because the specified job doesn't exist."),
    ErrorRow(
      "iam", "DeleteRole", ["RoleName": "AWSServiceRoleForAmazonMacie"],
      "400 UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSServiceRoleForAmazonMacie' - this "
        + "role is only modifiable by AWS"),
    ErrorRow(
      "iam", "CreateServiceLinkedRole", ["AWSServiceName": "macie.amazonaws.com"],
      "400 InvalidInput: Service role name AWSServiceRoleForAmazonMacie has been taken in this account, please try a "
        + "different suffix."),
    ErrorRow(
      "logs", "DeleteLogGroup", ["logGroupName": "none"],
      "400 ResourceNotFoundException: The specified log group does not exist."),
    ErrorRow(
      "ec2", "DescribeVpcEndpoints", ["VpcEndpointIds": ["vpce-1"]],
      "400 InvalidVpcEndpointId.NotFound: The Vpc Endpoint Id 'vpce-1' does not exist"),
    ErrorRow(
      "ec2", "DescribeVpcs", ["VpcIds": ["vpc-1"]],
      "400 InvalidVpcID.NotFound: The vpc ID 'vpc-1' does not exist"),
    ErrorRow("kms", "ScheduleKeyDeletion", ["KeyId": "KEY", "PendingWindowInDays": 7], "none"),
    ErrorRow(
      "kms", "ScheduleKeyDeletion", ["KeyId": "KEY", "PendingWindowInDays": 7],
      "400 KMSInvalidStateException: \(key)/KEY is pending deletion."),
    ErrorRow(
      "kms", "TagResource", ["KeyId": "KEY", "Tags": []],
      "400 KMSInvalidStateException: \(key)/KEY is pending deletion."),
    ErrorRow(
      "s3", "GetObject", ["Bucket": "lab-1", "Key": "encrypted"],
      "400 KMS.KMSInvalidStateException: \(key)/KEY is pending deletion."),
    ErrorRow("kms", "CancelKeyDeletion", ["KeyId": "KEY"], "none"),
    ErrorRow(
      "s3", "GetObject", ["Bucket": "lab-1", "Key": "encrypted"],
      "400 KMS.DisabledException: \(key)/KEY is disabled."),
    ErrorRow("kms", "EnableKey", ["KeyId": "KEY"], "none"),
    ErrorRow("s3", "GetObject", ["Bucket": "lab-1", "Key": "encrypted"], "none"),
  ]

  @Test func everyErrorIsAsAWSGivesIt() async throws {
    let test = try TestAccount()
    try test.account.reserve(bucketNames: ["taken"])
    let key = try await test.makeKey()
    func filled(_ value: Value) -> Value {
      switch value {
      case .string("KEY"): .string(key)
      case .object(let fields): .object(Fields(fields.map { .init($0.name, filled($0.value)) }))
      default: value
      }
    }
    try await test.call("kms", "CreateAlias", ["AliasName": "alias/ai-lab-key", "TargetKeyId": .string(key)])
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "x"])
    try await test.call(
      "s3", "PutObject",
      [
        "Bucket": "lab-1", "Key": "encrypted", "Body": "x", "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": .string(key),
      ])
    try await test.call(
      "iam", "CreateRole", ["RoleName": "role-1", "AssumeRolePolicyDocument": .string(Self.trust)])
    try await test.call(
      "iam", "PutRolePolicy",
      [
        "RoleName": "role-1", "PolicyName": "inline",
        "PolicyDocument":
          #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
      ])
    for row in Self.rows {
      let found = try await test.error(row.service, row.operation, filled(row.input), region: row.region)
      #expect(found == row.expected.replacing("/KEY", with: "/\(key)"), "\(row)")
    }
  }

  @Test func whatIsNotBuiltSaysSo() async throws {
    let test = try TestAccount()
    for (service, operation, input) in [
      ("kms", "GenerateMac", ["KeyId": "k", "Message": "x", "MacAlgorithm": "HMAC_SHA_256"] as Value),
      ("iam", "ListMFADevices", [:]),
      ("s3", "GetBucketReplication", ["Bucket": "b"]), ("macie2", "DescribeOrganizationConfiguration", [:]),
      ("ec2", "DescribeInstances", [:]),
      (
        "sts", "AssumeRoot",
        [
          "TargetPrincipal": "111122223333",
          "TaskPolicyArn": ["arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"],
        ]
      ), ("logs", "DescribeDestinations", [:]),
    ] {
      let found = try await test.error(service, operation, input)
      #expect(
        found.hasPrefix(
          "501 NotImplemented: The practice account does not implement \(operation) of \(service). It implements "
        ))
    }
  }
}
