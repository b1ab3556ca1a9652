import OrderedJSON
import PracticeAccount
import ServiceModels
import Testing
import Wire

/// The source lab and its correction, call by call.
struct SourceLabTests {
  let test: TestAccount
  let bucket = "brainybee-ai-data-111122223333"
  let sourceRows = """
    Name,Email,SSN,CreditScore
    John Doe,john@example.com,000-11-2222,750
    Jane Smith,jane.smith@email.com,999-88-7777,810

    """
  let correctedRows = """
    Name,Email,SSN,CreditScore
    John Doe,john@example.com,123-45-6789,750
    Jane Smith,jane.smith@email.com,456-78-9012,810

    """

  init() throws {
    test = try TestAccount()
  }

  /// Steps 1 to 4 of the lab.
  private func prepare(_ rows: String) async throws -> (key: String, job: String) {
    let key = try await test.makeKey(["Description": "Encryption Key for AI Training Data"])
    try await test.call("kms", "CreateAlias", ["AliasName": "alias/ai-lab-key", "TargetKeyId": .string(key)])
    try await test.call("s3", "CreateBucket", ["Bucket": .string(bucket)])
    try await test.call(
      "s3", "PutBucketEncryption",
      [
        "Bucket": .string(bucket),
        "ServerSideEncryptionConfiguration": [
          "Rules": [
            [
              "ApplyServerSideEncryptionByDefault": [
                "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": .string(key),
              ],
              "BucketKeyEnabled": true,
            ]
          ]
        ],
      ])
    let put = try await test.call(
      "s3", "PutObject",
      [
        "Bucket": .string(bucket), "Key": "raw_training_data.csv", "Body": .blob(Array(rows.utf8)),
        "ContentType": "text/csv",
      ])
    #expect(put["ServerSideEncryption"] == "aws:kms")
    #expect(put["SSEKMSKeyId"]?.string == "arn:aws:kms:us-east-1:111122223333:key/\(key)")
    try await test.call("macie2", "EnableMacie")
    return (key, try await startJob("AI-Dataset-PII-Scan"))
  }

  private func startJob(_ name: String) async throws -> String {
    let job = try await test.call(
      "macie2", "CreateClassificationJob",
      [
        "jobType": "ONE_TIME", "name": .string(name), "clientToken": .string(name),
        "s3JobDefinition": [
          "bucketDefinitions": [["accountId": "111122223333", "buckets": [.string(bucket)]]]
        ],
      ])
    return try #require(job["jobId"]?.string)
  }

  private func status(_ job: String) async throws -> String? {
    try await test.call("macie2", "DescribeClassificationJob", ["jobId": .string(job)])["jobStatus"]?.string
  }

  private func allowMacie(_ key: String) async throws {
    let policy: JSON = [
      "Version": "2012-10-17",
      "Statement": [
        [
          "Sid": "Enable IAM User Permissions", "Effect": "Allow",
          "Principal": ["AWS": "arn:aws:iam::111122223333:root"], "Action": "kms:*", "Resource": "*",
        ],
        [
          "Effect": "Allow",
          "Principal": [
            "AWS":
              "arn:aws:iam::111122223333:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie"
          ], "Action": ["kms:Decrypt"], "Resource": "*",
        ],
      ],
    ]
    try await test.call("kms", "PutKeyPolicy", ["KeyId": .string(key), "Policy": .string(policy.text())])
  }

  @Test func theSourceLabEndsWithoutFindingsForBothReasons() async throws {
    let (key, job) = try await prepare(sourceRows)
    #expect(try await status(job) == "RUNNING")
    try test.account.clock.advance(seconds: 600)
    let described = try await test.call("macie2", "DescribeClassificationJob", ["jobId": .string(job)])
    #expect(described["jobStatus"] == "COMPLETE")
    #expect(described.at("lastRunErrorStatus.code") == "NONE")
    #expect(try await test.call("macie2", "ListFindings")["findingIds"] == [])
    let remarks = test.account.remarks(since: 0).map(\.text)
    #expect(remarks.count == 1)
    let remark = try #require(remarks.first)
    for part in [
      "Macie could not read s3://\(bucket)/raw_training_data.csv",
      "key policy of \(key) has no statement allowing AWSServiceRoleForAmazonMacie kms:Decrypt",
      "Even if it could",
      "000-11-2222 (row 2, column SSN) as a Social Security number: it has area 000",
      "999-88-7777 (row 3, column SSN) as a Social Security number: it has area 999",
    ] {
      #expect(remark.contains(part), "\(remark)")
    }
  }

  @Test func eitherReasonAloneSuffices() async throws {
    let (key, _) = try await prepare(sourceRows)
    try await allowMacie(key)
    try test.account.clock.advance(seconds: 600)
    #expect(try await test.call("macie2", "ListFindings")["findingIds"] == [])
    #expect(test.account.remarks(since: 0).last?.text.contains("Macie read s3://") == true)
    try await test.call(
      "s3", "PutObject",
      ["Bucket": .string(bucket), "Key": "raw_training_data.csv", "Body": .blob(Array(correctedRows.utf8))])
    try await test.call(
      "kms", "PutKeyPolicy",
      [
        "KeyId": .string(key),
        "Policy": .string(
          #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}}"#
        ),
      ])
    _ = try await startJob("second")
    try test.account.clock.advance(seconds: 600)
    #expect(try await test.call("macie2", "ListFindings")["findingIds"] == [])
    #expect(
      test.account.remarks(since: 0).last?.text.contains(
        "If it could, it would report 2 USA_SOCIAL_SECURITY_NUMBER.") == true)
  }

  @Test func theCorrectedLabFindsBothNumbers() async throws {
    let (key, job) = try await prepare(correctedRows)
    try await allowMacie(key)
    try test.account.clock.advance(seconds: 600)
    #expect(try await status(job) == "COMPLETE")
    let criteria: Value = ["criterion": ["classificationDetails.jobId": ["eq": [.string(job)]]]]
    let ids = try await test.call("macie2", "ListFindings", ["findingCriteria": criteria])
    #expect(ids["findingIds"]?.list?.count == 1)
    let finding = try #require(
      try await test.call("macie2", "GetFindings", ["findingIds": ids["findingIds"] ?? []]).at("findings.0"))
    #expect(finding["type"] == "SensitiveData:S3Object/Personal")
    #expect(finding.at("severity.description") == "High")
    let detection = try #require(finding.at("classificationDetails.result.sensitiveData.0.detections.0"))
    #expect(detection["type"] == "USA_SOCIAL_SECURITY_NUMBER")
    #expect(detection["count"]?.integer == 2)
    #expect(detection.at("occurrences.cells.0.row")?.integer == 2)
    #expect(detection.at("occurrences.cells.1.row")?.integer == 3)
    #expect(detection.at("occurrences.cells.1.column")?.integer == 3)
    #expect(detection.at("occurrences.cells.1.columnName") == "SSN")
    #expect(
      finding.at("classificationDetails.result.sizeClassified")?.integer == Int64(correctedRows.utf8.count))
    #expect(finding.at("resourcesAffected.s3Object.key") == "raw_training_data.csv")
    let other: Value = ["criterion": ["classificationDetails.jobId": ["eq": ["other"]]]]
    #expect(try await test.call("macie2", "ListFindings", ["findingCriteria": other])["findingIds"] == [])
  }

  @Test func aGrantLetsMacieReadToo() async throws {
    let (key, _) = try await prepare(correctedRows)
    try await test.call(
      "kms", "CreateGrant",
      [
        "KeyId": .string(key),
        "GranteePrincipal":
          "arn:aws:iam::111122223333:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie",
        "Operations": ["Decrypt"], "Name": "ai-lab-macie",
      ])
    try test.account.clock.advance(seconds: 600)
    #expect(try await test.call("macie2", "ListFindings")["findingIds"]?.list?.count == 1)
  }

  @Test func teardownLeavesTheAccountAsItWas() async throws {
    let fresh = test.account.dump()
    let (key, _) = try await prepare(correctedRows)
    try test.account.clock.advance(seconds: 600)
    try await test.call(
      "iam", "CreateRole",
      [
        "RoleName": "AILab-SageMaker-ExecutionRole",
        "AssumeRolePolicyDocument":
          #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#,
      ])
    try await test.call(
      "iam", "PutRolePolicy",
      [
        "RoleName": "AILab-SageMaker-ExecutionRole", "PolicyName": "AI-Data-Access",
        "PolicyDocument":
          #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":"*"}]}"#,
      ])
    #expect(test.account.dump() != fresh)
    let deletions: [(String, String, Value)] = [
      ("macie2", "DisableMacie", [:]),
      ("s3", "DeleteObject", ["Bucket": .string(bucket), "Key": "raw_training_data.csv"]),
      ("s3", "DeleteBucket", ["Bucket": .string(bucket)]),
      ("kms", "ScheduleKeyDeletion", ["KeyId": .string(key), "PendingWindowInDays": 7]),
      ("kms", "DeleteAlias", ["AliasName": "alias/ai-lab-key"]),
      (
        "iam", "DeleteRolePolicy",
        ["RoleName": "AILab-SageMaker-ExecutionRole", "PolicyName": "AI-Data-Access"]
      ),
      ("iam", "DeleteRole", ["RoleName": "AILab-SageMaker-ExecutionRole"]),
      ("iam", "DeleteServiceLinkedRole", ["RoleName": "AWSServiceRoleForAmazonMacie"]),
      ("logs", "DeleteLogGroup", ["logGroupName": "/aws/macie/classificationjobs"]),
    ]
    for (service, operation, input) in deletions { try await test.call(service, operation, input) }
    #expect(test.account.dump() == fresh)
    #expect(test.account.pendingDeletions().map(\.arn) == ["arn:aws:kms:us-east-1:111122223333:key/\(key)"])
    try test.account.clock.advance(seconds: 8 * 86_400)
    #expect(test.account.pendingDeletions().isEmpty)
    #expect(
      try await test.error("kms", "DescribeKey", ["KeyId": .string(key)])
        == "400 NotFoundException: Key 'arn:aws:kms:us-east-1:111122223333:key/\(key)' does not exist")
  }

  @Test func jobEventsAreInTheLog() async throws {
    let (_, job) = try await prepare(sourceRows)
    try test.account.clock.advance(seconds: 600)
    let events = try await test.call(
      "logs", "FilterLogEvents",
      ["logGroupName": "/aws/macie/classificationjobs", "logStreamNames": [.string(job)]])
    let types = (events["events"]?.list ?? []).compactMap { event in
      (try? JSON.parse(event["message"]?.string ?? ""))?["eventType"]?.string
    }
    #expect(types == ["JOB_CREATED", "ONE_TIME_JOB_STARTED", "JOB_COMPLETED"])
  }
}
