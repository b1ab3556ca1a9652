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
    let remarks = test.account.remarks()
    let object = "s3://\(bucket)/raw_training_data.csv"
    #expect(
      remarks.map(\.text) == [
        "Macie skipped \(object) without an error: no statement in the policy of key \(key) allows "
          + "AWSServiceRoleForAmazonMacie kms:Decrypt. No grant does either, and the role's own policy has no KMS action.",
        "Even if Macie could read \(object), it would report nothing. "
          + "000-11-2222 (row 2, column SSN) is no Social Security number: area 000 is never given out. "
          + "999-88-7777 (row 3, column SSN) is no Social Security number: area 999 is never given out.",
      ])
    #expect(Set(remarks.map(\.time)).count == 1)
  }

  /// A job over one file that Macie may read: what the account remarks, and how many findings there are.
  @Test(arguments: [
    (
      "a.csv", "SSN\n999-88-7777\n", 0,
      "999-88-7777 (row 2, column SSN) is no Social Security number: area 999"
    ),
    ("b.csv", "ITIN\n999-88-7777\n", 1, ""),
    ("c.csv", "N\n999-88-7777\n", 0, "999-88-7777 (row 2, column N) is no Social Security number: area 999"),
    (
      "d.csv", "N\n123-45-6789\n", 0,
      "123-45-6789 (row 2, column N) could be a Social Security number, but has no keyword like \"ssn\". A keyword counts"
    ),
    (
      "e.csv", "SSN\n123-45-6789\n666-12-3456\n123-00-6789\n123-45-0000\n000-12-3456\n", 1,
      "Macie reports 1 USA_SOCIAL_SECURITY_NUMBER in s3://lab-1/e.csv, and no more. 666-12-3456 (row 3, column SSN) is no "
        + "Social Security number: area 666 is never given out. 123-00-6789 (row 4, column SSN) is no Social Security "
        + "number: group 00 is never given out. 123-45-0000 (row 5, column SSN) is no Social Security number: serial "
        + "number 0000 is never given out. And 1 more."
    ),
    (
      "two.json", #"{"ssn": "900-70-1234 and 123-45-6789"}"#, 1,
      "900-70-1234 ($.ssn) is no Social Security number: area 900 is never given out."
    ),
    ("f.csv", "a\n", 0, "Macie read s3://lab-1/f.csv and reports nothing: no managed data identifier fits."),
    ("g.parquet", "PAR1", 0, "Macie skipped s3://lab-1/g.parquet: the practice account looks inside text"),
  ])
  func oneReasonForEachNumber(name: String, text: String, findings: Int, remark: String) async throws {
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call(
      "s3", "PutObject", ["Bucket": "lab-1", "Key": .string(name), "Body": .blob(Array(text.utf8))])
    try await test.call("macie2", "EnableMacie")
    try await test.call(
      "macie2", "CreateClassificationJob",
      [
        "jobType": "ONE_TIME", "name": "job", "clientToken": "t",
        "s3JobDefinition": ["bucketDefinitions": [["accountId": "111122223333", "buckets": ["lab-1"]]]],
      ])
    try test.account.clock.advance(seconds: 600)
    #expect(try await test.call("macie2", "ListFindings")["findingIds"]?.list?.count == findings)
    let remarks = test.account.remarks().map(\.text)
    #expect(remarks.count == (remark.isEmpty ? 0 : 1), "\(remarks)")
    #expect(remarks.joined().contains(remark), "\(remarks)")
    #expect(!remarks.joined().contains("INDIVIDUAL_TAX"), "\(remarks)")
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
        "it would report 2 USA_SOCIAL_SECURITY_NUMBER.") == true)
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
