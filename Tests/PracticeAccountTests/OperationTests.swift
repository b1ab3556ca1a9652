import OrderedJSON
import PracticeAccount
import ServiceModels
import Testing
import Wire

/// Every operation that is built gives an answer that fits its model.
struct OperationTests {
  private static let trust =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
  private static let policy =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::lab-1/x","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#
  private static let keyPolicy =
    #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}}"#
  private static let role = "arn:aws:iam::111122223333:role/r"
  private static let encryption: Value = [
    "Rules": [["ApplyServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"]]]
  ]
  private static let job: Value = [
    "bucketDefinitions": [["accountId": "111122223333", "buckets": ["lab-1"]]]
  ]

  /// `$name` in an input is what an earlier call gave; the last column keeps a value under a name. A path that begins
  /// with `!` is the error that the call must meet.
  typealias Story = [(String, String, Value, (path: String, name: String)?)]

  /// Each begins with a fresh account.
  private static let stories: [Story] = [
    sourceLab, kms, trail, s3, identity, macie, logs, network, defaultVPC,
  ]

  private static let sourceLab: Story = [
    ("sts", "GetCallerIdentity", [:], nil),
    (
      "iam", "CreateRole",
      ["RoleName": "r", "AssumeRolePolicyDocument": .string(trust), "Tags": [["Key": "a", "Value": "b"]]], nil
    ),
    ("iam", "GetRole", ["RoleName": "r"], nil), ("iam", "ListRoles", [:], nil),
    ("iam", "UpdateAssumeRolePolicy", ["RoleName": "r", "PolicyDocument": .string(trust)], nil),
    ("iam", "TagRole", ["RoleName": "r", "Tags": [["Key": "c", "Value": "d"]]], nil),
    ("iam", "UntagRole", ["RoleName": "r", "TagKeys": ["c"]], nil),
    ("iam", "ListRoleTags", ["RoleName": "r"], nil),
    ("iam", "ListInstanceProfilesForRole", ["RoleName": "r"], nil),
    (
      "iam", "PutRolePolicy",
      [
        "RoleName": "r", "PolicyName": "p",
        "PolicyDocument":
          #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
      ], nil
    ),
    ("iam", "GetRolePolicy", ["RoleName": "r", "PolicyName": "p"], nil),
    ("iam", "ListRolePolicies", ["RoleName": "r"], nil),
    (
      "iam", "AttachRolePolicy", ["RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"],
      nil
    ),
    ("iam", "ListAttachedRolePolicies", ["RoleName": "r"], nil),
    (
      "iam", "DetachRolePolicy", ["RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"],
      nil
    ),
    ("iam", "GetUser", [:], nil), ("iam", "ListAttachedUserPolicies", ["UserName": "learner"], nil),
    ("iam", "ListAccountAliases", [:], nil),
    ("iam", "CreateServiceLinkedRole", ["AWSServiceName": "macie.amazonaws.com"], nil),
    (
      "iam", "DeleteServiceLinkedRole", ["RoleName": "AWSServiceRoleForAmazonMacie"],
      ("DeletionTaskId", "task")
    ),
    ("iam", "GetServiceLinkedRoleDeletionStatus", ["DeletionTaskId": "$task"], nil),
    ("kms", "CreateKey", [:], ("KeyMetadata.KeyId", "key")), ("kms", "DescribeKey", ["KeyId": "$key"], nil),
    ("kms", "ListKeys", [:], nil),
    ("kms", "CreateAlias", ["AliasName": "alias/a", "TargetKeyId": "$key"], nil),
    ("kms", "UpdateAlias", ["AliasName": "alias/a", "TargetKeyId": "$key"], nil),
    ("kms", "ListAliases", [:], nil),
    ("kms", "ListAliases", ["KeyId": "$key"], nil), ("kms", "DeleteAlias", ["AliasName": "alias/a"], nil),
    ("kms", "GetKeyPolicy", ["KeyId": "$key"], nil),
    ("kms", "PutKeyPolicy", ["KeyId": "$key", "Policy": .string(keyPolicy)], nil),
    ("kms", "ListKeyPolicies", ["KeyId": "$key"], nil),
    ("kms", "GetKeyRotationStatus", ["KeyId": "$key"], nil),
    ("kms", "UpdateKeyDescription", ["KeyId": "$key", "Description": "d"], nil),
    ("kms", "TagResource", ["KeyId": "$key", "Tags": [["TagKey": "a", "TagValue": "b"]]], nil),
    ("kms", "UntagResource", ["KeyId": "$key", "TagKeys": ["a"]], nil),
    ("kms", "ListResourceTags", ["KeyId": "$key"], nil),
    (
      "kms", "CreateGrant", ["KeyId": "$key", "GranteePrincipal": .string(role), "Operations": ["Decrypt"]],
      ("GrantId", "grant")
    ),
    ("kms", "ListGrants", ["KeyId": "$key"], nil),
    ("kms", "RevokeGrant", ["KeyId": "$key", "GrantId": "$grant"], nil),
    ("kms", "DisableKey", ["KeyId": "$key"], nil), ("kms", "EnableKey", ["KeyId": "$key"], nil),
    ("s3", "CreateBucket", ["Bucket": "lab-1"], nil), ("s3", "HeadBucket", ["Bucket": "lab-1"], nil),
    ("s3", "ListBuckets", [:], nil), ("s3", "GetBucketLocation", ["Bucket": "lab-1"], nil),
    ("s3", "PutBucketEncryption", ["Bucket": "lab-1", "ServerSideEncryptionConfiguration": encryption], nil),
    ("s3", "GetBucketEncryption", ["Bucket": "lab-1"], nil),
    ("s3", "DeleteBucketEncryption", ["Bucket": "lab-1"], nil),
    (
      "s3", "PutBucketTagging", ["Bucket": "lab-1", "Tagging": ["TagSet": [["Key": "a", "Value": "b"]]]], nil
    ),
    ("s3", "GetBucketTagging", ["Bucket": "lab-1"], nil),
    ("s3", "DeleteBucketTagging", ["Bucket": "lab-1"], nil),
    ("s3", "PutBucketPolicy", ["Bucket": "lab-1", "Policy": .string(policy)], nil),
    ("s3", "GetBucketPolicy", ["Bucket": "lab-1"], nil),
    ("s3", "GetBucketPolicyStatus", ["Bucket": "lab-1"], nil),
    ("s3", "DeleteBucketPolicy", ["Bucket": "lab-1"], nil),
    ("s3", "GetPublicAccessBlock", ["Bucket": "lab-1"], nil),
    (
      "s3", "PutPublicAccessBlock",
      ["Bucket": "lab-1", "PublicAccessBlockConfiguration": ["BlockPublicAcls": true]], nil
    ),
    ("s3", "DeletePublicAccessBlock", ["Bucket": "lab-1"], nil),
    ("s3", "GetBucketOwnershipControls", ["Bucket": "lab-1"], nil),
    ("s3", "GetBucketVersioning", ["Bucket": "lab-1"], nil),
    ("s3", "PutObject", ["Bucket": "lab-1", "Key": "d/k", "Body": "SSN 123-45-6789", "Tagging": "a=b"], nil),
    ("s3", "GetObject", ["Bucket": "lab-1", "Key": "d/k", "ChecksumMode": "ENABLED"], nil),
    ("s3", "HeadObject", ["Bucket": "lab-1", "Key": "d/k"], nil),
    ("s3", "GetObjectTagging", ["Bucket": "lab-1", "Key": "d/k"], nil),
    ("s3", "CopyObject", ["Bucket": "lab-1", "Key": "c", "CopySource": "lab-1/d/k"], nil),
    ("s3", "ListObjects", ["Bucket": "lab-1", "Delimiter": "/"], nil),
    ("s3", "ListObjectsV2", ["Bucket": "lab-1", "MaxKeys": 1], nil),
    ("s3", "CreateMultipartUpload", ["Bucket": "lab-1", "Key": "m"], ("UploadId", "upload")),
    (
      "s3", "UploadPart",
      ["Bucket": "lab-1", "Key": "m", "UploadId": "$upload", "PartNumber": 1, "Body": "x"], ("ETag", "etag")
    ),
    ("s3", "ListParts", ["Bucket": "lab-1", "Key": "m", "UploadId": "$upload"], nil),
    ("s3", "ListMultipartUploads", ["Bucket": "lab-1"], nil),
    (
      "s3", "CompleteMultipartUpload",
      [
        "Bucket": "lab-1", "Key": "m", "UploadId": "$upload",
        "MultipartUpload": ["Parts": [["PartNumber": 1, "ETag": "$etag"]]],
      ], nil
    ),
    ("s3", "CreateMultipartUpload", ["Bucket": "lab-1", "Key": "n"], ("UploadId", "upload")),
    ("s3", "AbortMultipartUpload", ["Bucket": "lab-1", "Key": "n", "UploadId": "$upload"], nil),
    ("macie2", "EnableMacie", [:], nil), ("macie2", "GetMacieSession", [:], nil),
    ("macie2", "UpdateMacieSession", ["findingPublishingFrequency": "ONE_HOUR"], nil),
    ("macie2", "GetAutomatedDiscoveryConfiguration", [:], nil),
    ("macie2", "UpdateAutomatedDiscoveryConfiguration", ["status": "DISABLED"], nil),
    (
      "macie2", "CreateClassificationJob", ["jobType": "ONE_TIME", "name": "n", "s3JobDefinition": job],
      ("jobId", "job")
    ),
    ("macie2", "DescribeClassificationJob", ["jobId": "$job"], nil),
    (
      "macie2", "ListClassificationJobs",
      ["filterCriteria": ["includes": [["comparator": "EQ", "key": "name", "values": ["n"]]]]], nil
    ),
    ("macie2", "UpdateClassificationJob", ["jobId": "$job", "jobStatus": "USER_PAUSED"], nil),
    ("macie2", "DescribeClassificationJob", ["jobId": "$job"], nil),
    ("macie2", "UpdateClassificationJob", ["jobId": "$job", "jobStatus": "RUNNING"], nil),
    ("clock", "", [:], nil),
    (
      "macie2", "ListFindings", ["sortCriteria": ["attributeName": "createdAt", "orderBy": "DESC"]],
      ("findingIds.0", "finding")
    ),
    ("macie2", "GetFindings", ["findingIds": ["$finding"]], nil),
    ("macie2", "GetFindingStatistics", ["groupBy": "type"], nil),
    ("macie2", "ListManagedDataIdentifiers", [:], nil),
    ("macie2", "DescribeBuckets", [:], nil), ("logs", "DescribeLogGroups", [:], nil),
    ("logs", "DescribeLogStreams", ["logGroupName": "/aws/macie/classificationjobs"], nil),
    (
      "logs", "GetLogEvents", ["logGroupName": "/aws/macie/classificationjobs", "logStreamName": "$job"], nil
    ),
    (
      "logs", "FilterLogEvents",
      ["logGroupName": "/aws/macie/classificationjobs", "filterPattern": "JOB_COMPLETED"], nil
    ),
    ("logs", "DeleteLogGroup", ["logGroupName": "/aws/macie/classificationjobs"], nil),
    ("macie2", "DisableMacie", [:], nil),
    ("s3", "DeleteObject", ["Bucket": "lab-1", "Key": "d/k"], nil),
    ("s3", "DeleteObjects", ["Bucket": "lab-1", "Delete": ["Objects": [["Key": "c"], ["Key": "m"]]]], nil),
    (
      "s3", "PutBucketVersioning", ["Bucket": "lab-1", "VersioningConfiguration": ["Status": "Enabled"]], nil
    ),
    ("s3", "ListObjectVersions", ["Bucket": "lab-1"], nil), ("s3", "DeleteBucket", ["Bucket": "lab-1"], nil),
    ("kms", "ScheduleKeyDeletion", ["KeyId": "$key"], nil),
    ("kms", "CancelKeyDeletion", ["KeyId": "$key"], nil),
    ("iam", "DeleteRolePolicy", ["RoleName": "r", "PolicyName": "p"], nil),
    ("iam", "DeleteRole", ["RoleName": "r"], nil),
    (
      "ec2", "DescribeVpcs", ["Filters": [["Name": "is-default", "Values": ["true"]]]],
      ("Vpcs.0.VpcId", "vpc")
    ),
    ("ec2", "DescribeVpcAttribute", ["VpcId": "$vpc", "Attribute": "enableDnsSupport"], nil),
    ("ec2", "DescribeSubnets", [:], ("Subnets.0.SubnetId", "subnet")),
    ("ec2", "DescribeSecurityGroups", [:], nil),
    ("ec2", "DescribeVpcEndpointServices", [:], nil),
    ("ec2", "CreateVpcEndpoint", ["VpcId": "$vpc", "ServiceName": "com.amazonaws.us-east-1.s3"], nil),
    (
      "ec2", "CreateVpcEndpoint",
      [
        "VpcId": "$vpc", "ServiceName": "com.amazonaws.us-east-1.s3", "VpcEndpointType": "Interface",
        "SubnetIds": ["$subnet"], "PrivateDnsEnabled": true,
      ], ("VpcEndpoint.VpcEndpointId", "endpoint")
    ),
    ("ec2", "CreateTags", ["Resources": ["$endpoint"], "Tags": [["Key": "a", "Value": "b"]]], nil),
    ("ec2", "DescribeTags", [:], nil), ("clock", "", [:], nil),
    ("ec2", "DescribeNetworkInterfaces", [:], nil),
    ("ec2", "ModifyVpcEndpoint", ["VpcEndpointId": "$endpoint", "ResetPolicy": true], nil),
    ("ec2", "DescribeVpcEndpoints", ["VpcEndpointIds": ["$endpoint"]], nil),
    ("ec2", "DeleteVpcEndpoints", ["VpcEndpointIds": ["$endpoint"]], nil),
  ]

  @Test func everyOperationAnswersAsItsModelSays() async throws {
    var called: Set<String> = []
    for story in Self.stories { try await play(story, &called) }
    let built = PracticeAccount.operations.flatMap { service, operations in
      operations.map { "\(service) \($0)" }
    }
    #expect(Set(built).subtracting(called).subtracting(Self.refusing).isEmpty)
  }

  private func play(_ story: Story, _ called: inout Set<String>) async throws {
    let test = try TestAccount()
    var kept: [String: Value] = [:]
    func filled(_ value: Value) -> Value {
      switch value {
      case .string(let text) where text.hasPrefix("$"): kept[String(text.dropFirst())] ?? value
      case .list(let items): .list(items.map(filled))
      case .object(let fields): .object(Fields(fields.map { .init($0.name, filled($0.value)) }))
      default: value
      }
    }
    for (service, operation, input, keep) in story {
      if service == "clock" {
        try test.account.clock.advance(seconds: 600)
        continue
      }
      called.insert("\(service) \(operation)")
      do {
        let output = try await test.call(service, operation, filled(input))
        if let keep {
          let value: Value = try #require(
            output.at(keep.path), "\(service) \(operation): no \(keep.path)")
          kept[keep.name] = value
        }
      } catch let fault as ServiceFault {
        if keep?.path == "!" + fault.code { continue }
        Issue.record("\(service) \(operation): \(fault.code): \(fault.message)")
      }
    }
  }
}
