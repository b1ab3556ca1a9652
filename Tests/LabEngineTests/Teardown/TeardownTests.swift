import AWSClient
import OrderedJSON
import PracticeAccount
import ProgressStore
import Resources
import ServiceModels
import Testing
import Wire

@testable import LabEngine

@Suite struct TeardownTests {
  @Test(arguments: 0...lesson.count)
  func `after any part of the lesson the account is as it was`(_ end: Int) async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    try await lab.workThrough(upTo: end)
    let report = try await lab.tornDown()
    #expect(report.failures == [])
    #expect(lab.account.dump() == fresh)
    #expect(try lab.ledger.outstanding() == [])
    #expect(try lab.store.run(lab.ledger.run.id)?.state == .tornDown)
    #expect(lab.account.pendingDeletions().count == (end > 0 ? 1 : 0))
  }

  @Test func `a second teardown does nothing and says so`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough()
    #expect(try await !lab.tornDown().wasEmpty)
    let calls = try lab.outcomes()
    let again = try await lab.tornDown()
    #expect(again.wasEmpty)
    #expect(again.isClean)
    #expect(again.sentence.hasPrefix("Nothing was left to take down: KMS key "))
    #expect(try lab.outcomes() == calls)
  }

  @Test func `the plan shows what is removed, in order, with what goes along`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough()
    let plan = try await Teardown(lab.ledger).plan()
    let key = try #require(try lab.store.resources(run: lab.ledger.run.id).first { $0.type == "kms-key" })
      .identity
    let lines = plan.items.map { item in
      "\(item.title): \(item.action)" + item.includes.map { "\n  with \($0)" }.joined()
    }.joined(separator: "\n").replacing(key, with: "KEY")
    let job = try #require(try lab.store.resources(run: lab.ledger.run.id).first { $0.type == "macie-job" })
      .identity
    #expect(
      lines.replacing(job, with: "JOB") == """
        Macie job JOB: cancel if it is still running
        S3 bucket ai-data-111122223333: delete with everything in it: objects, all their versions, unfinished uploads
          with default encryption of bucket ai-data-111122223333
          with object s3://ai-data-111122223333/raw_training_data.csv
        KMS alias alias/ai-lab-key: delete
        KMS key KEY: schedule its deletion in 7 days, the shortest time KMS allows
          with policy of KMS key KEY
        IAM role AILab-SageMaker-ExecutionRole: delete with its inline policies, after detaching managed ones
          with inline policy AI-Data-Access of role AILab-SageMaker-ExecutionRole
        Amazon Macie in us-east-1: disable, with every finding and job of this Region
        log group /aws/macie/classificationjobs: delete
        service-linked role AWSServiceRoleForAmazonMacie: delete, once its service no longer uses it
        """)
    let bills = plan.items.map(\.bills).filter { $0.hasPrefix("1.00") }
    #expect(
      bills == [
        "1.00 dollars per month per key; the charge stops when its deletion is scheduled; nothing is charged while that is pending"
      ])
  }

  @Test func `planning changes nothing on the account`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough()
    let before = lab.account.dump()
    _ = try await Teardown(lab.ledger).plan()
    #expect(lab.account.dump() == before)
  }

  @Test func `after the lesson's own clean-up commands only the rest is left to do`() async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    try await lab.workThrough()
    let key = try #require(try lab.store.variables(run: lab.ledger.run.id).first { $0.name == "KEY" }).value
    let cleanUp: [(String, String, Value)] = [
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
    ]
    for (index, command) in cleanUp.enumerated() {
      try await lab.run(100 + index, command.0, command.1, command.2)
    }
    let plan = try await Teardown(lab.ledger).plan()
    #expect(
      plan.work.map(\.title) == [
        "log group /aws/macie/classificationjobs", "service-linked role AWSServiceRoleForAmazonMacie",
      ])
    #expect(try await lab.tornDown().isClean)
    #expect(lab.account.dump() == fresh)
  }

  @Test func `what the learner put into the run's own things goes with them`() async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    try await lab.workThrough()
    try await lab.byHand(
      "s3", "PutBucketVersioning",
      ["Bucket": .string(bucket), "VersioningConfiguration": ["Status": "Enabled"]])
    for name in ["raw_training_data.csv", "mine.txt", "mine.txt", "a b/é.txt"] {
      try await lab.byHand(
        "s3", "PutObject", ["Bucket": .string(bucket), "Key": .string(name), "Body": .blob([65])])
    }
    try await lab.byHand("s3", "DeleteObject", ["Bucket": .string(bucket), "Key": "mine.txt"])
    try await lab.byHand("s3", "CreateMultipartUpload", ["Bucket": .string(bucket), "Key": "big.bin"])
    try await lab.byHand(
      "iam", "PutRolePolicy",
      ["RoleName": "AILab-SageMaker-ExecutionRole", "PolicyName": "mine", "PolicyDocument": .string(access)])
    try await lab.byHand(
      "iam", "AttachRolePolicy",
      [
        "RoleName": "AILab-SageMaker-ExecutionRole",
        "PolicyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
      ])
    let report = try await lab.tornDown()
    #expect(report.failures == [])
    #expect(lab.account.dump() == fresh)
  }

  @Test func `Macie that was on before stays on, with its role and its log group`() async throws {
    let lab = try Laboratory()
    try await lab.byHand("macie2", "EnableMacie")
    let before = lab.account.dump()
    try await lab.workThrough(upTo: 5)
    await #expect(throws: AWSError.self) { try await lab.run(5, "macie2", "EnableMacie") }
    let report = try await lab.tornDown()
    #expect(report.isClean)
    #expect(lab.account.dump() == before)
    #expect(try await lab.byHand("macie2", "GetMacieSession")["status"]?.string == "ENABLED")
    #expect(
      report.lines.map { "\($0.item.title) \($0.state)" }.contains {
        $0.contains("Amazon Macie") && $0.contains("it was there before this run")
      })
  }

  @Test func `a job under a Macie that was on before is stopped, and its record is all that stays`()
    async throws
  {
    let lab = try Laboratory()
    try await lab.byHand("macie2", "EnableMacie")
    try await lab.workThrough(upTo: 5)
    try await lab.run(7, "macie2", "CreateClassificationJob", lesson[7].input(""))
    let report = try await lab.tornDown()
    #expect(report.failures == [])
    let job = try await lab.byHand("macie2", "ListClassificationJobs").at("items.0.jobStatus")?.string
    #expect(job == "CANCELLED")
    #expect(try await lab.byHand("macie2", "GetMacieSession")["status"]?.string == "ENABLED")
    #expect(try lab.ledger.outstanding() == [])
    #expect(try await lab.tornDown().wasEmpty)
  }

  @Test func `a role of the same name that was there before is left alone`() async throws {
    let lab = try Laboratory()
    let name: Value = "AILab-SageMaker-ExecutionRole"
    try await lab.byHand("iam", "CreateRole", ["RoleName": name, "AssumeRolePolicyDocument": .string(trust)])
    let before = lab.account.dump()
    await #expect(throws: AWSError.self) {
      try await lab.run(
        0, "iam", "CreateRole", ["RoleName": name, "AssumeRolePolicyDocument": .string(trust)])
    }
    // A policy the run puts on it is the run's, and goes.
    try await lab.run(
      1, "iam", "PutRolePolicy", ["RoleName": name, "PolicyName": "p", "PolicyDocument": .string(access)])
    #expect(try await lab.tornDown().isClean)
    #expect(lab.account.dump() == before)
  }

  @Test func `a setting of a bucket that was there before is put back`() async throws {
    let lab = try Laboratory()
    try await lab.byHand("s3", "CreateBucket", ["Bucket": "mine-before"])
    let key = try await lab.byHand("kms", "CreateKey")
    let before = lab.account.dump()
    let rule: Value = [
      "ApplyServerSideEncryptionByDefault": [
        "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.at("KeyMetadata.Arn") ?? "",
      ], "BucketKeyEnabled": true,
    ]
    try await lab.run(
      0, "s3", "PutBucketEncryption",
      ["Bucket": "mine-before", "ServerSideEncryptionConfiguration": ["Rules": [rule]]])
    try await lab.run(
      1, "kms", "PutKeyPolicy",
      ["KeyId": key.at("KeyMetadata.KeyId") ?? "", "PolicyName": "default", "Policy": .string(narrowPolicy)])
    #expect(lab.account.dump() != before)
    let plan = try await Teardown(lab.ledger).plan()
    #expect(plan.work.map(\.decision) == [.restore, .restore])
    let report = try await lab.tornDown()
    #expect(report.failures == [])
    #expect(lab.account.dump() == before)
    #expect(try await lab.tornDown().wasEmpty)
  }

  @Test func `a thing made anew by somebody else after it was removed by hand is not touched`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough(upTo: 9)
    try await lab.byHand("iam", "DeleteRole", ["RoleName": "AILab-SageMaker-ExecutionRole"])
    try lab.account.clock.advance(seconds: 3600)
    try await lab.byHand(
      "iam", "CreateRole",
      ["RoleName": "AILab-SageMaker-ExecutionRole", "AssumeRolePolicyDocument": .string(trust)])
    #expect(try await lab.tornDown().isClean)
    _ = try await lab.byHand("iam", "GetRole", ["RoleName": "AILab-SageMaker-ExecutionRole"])
  }

  @Test func `an endpoint is waited for until it is gone`() async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    let vpc = try await lab.byHand("ec2", "DescribeVpcs").at("Vpcs.0.VpcId") ?? ""
    let subnet = try await lab.byHand("ec2", "DescribeSubnets").at("Subnets.0.SubnetId") ?? ""
    try await lab.run(
      0, "ec2", "CreateVpcEndpoint",
      [
        "VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "VpcEndpointType": "Interface",
        "SubnetIds": [subnet], "PrivateDnsEnabled": false,
      ])
    #expect(lab.account.dump() != fresh)
    let plan = try await Teardown(lab.ledger).plan()
    #expect(plan.work.map(\.waits) == ["may take up to 15 minutes"])
    let report = try await lab.tornDown()
    #expect(report.failures == [])
    #expect(report.lines.map(\.item.type) == ["ec2-vpc-endpoint"])
    #expect(lab.network.count("DescribeVpcEndpoints") > 2)
    #expect(lab.account.dump() == fresh)
  }

  @Test func `an endpoint whose answer never came is adopted, not made twice`() async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    let vpc = try await lab.byHand("ec2", "DescribeVpcs").at("Vpcs.0.VpcId") ?? ""
    let input: Value = ["VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3"]
    await lab.killed(.stoppedAfter, "ec2", "CreateVpcEndpoint", input)
    let again = try lab.restarted()
    let answer = try await again.run(0, "ec2", "CreateVpcEndpoint", input)
    #expect(answer.at("VpcEndpoint.ServiceName")?.string == "com.amazonaws.us-east-1.s3")
    #expect(again.network.count("CreateVpcEndpoint") == 0)
    #expect(try await again.tornDown().isClean)
    #expect(lab.account.dump() == fresh)
  }

  @Test func `a grant goes with its key, and is revoked on a key that was there before`() async throws {
    let lab = try Laboratory()
    let before = try await lab.byHand("kms", "CreateKey").at("KeyMetadata.KeyId") ?? ""
    let fresh = lab.account.dump()
    let own = try await lab.run(0, "kms", "CreateKey").at("KeyMetadata.KeyId") ?? ""
    let learner: Value = "arn:aws:iam::111122223333:user/learner"
    for (index, key) in [own, before].enumerated() {
      try await lab.run(
        index + 1, "kms", "CreateGrant",
        ["KeyId": key, "GranteePrincipal": learner, "Operations": ["Decrypt"]])
    }
    let plan = try await Teardown(lab.ledger).plan()
    #expect(plan.work.map(\.type) == ["kms-grant", "kms-key"])
    #expect(plan.work.map(\.includes.count) == [0, 1])
    #expect(try await lab.tornDown().failures == [])
    #expect(lab.account.dump() == fresh)
    #expect(try await lab.tornDown().wasEmpty)
  }

  @Test func `what cannot be removed is reported with its cost, and goes the next time`() async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    try await lab.workThrough(upTo: 3)
    lab.network.inject(.status(403), at: "ScheduleKeyDeletion", once: false)
    let report = try await lab.tornDown()
    #expect(report.failures.map(\.item.type) == ["kms-key"])
    let text = report.failures.first.map { "\($0.state)" } ?? ""
    #expect(text.contains("It still costs 1.00 dollars per month per key"))
    #expect(try lab.store.run(lab.ledger.run.id)?.state == .tearingDown)
    lab.network.heal()
    #expect(try await lab.tornDown().isClean)
    #expect(lab.account.dump() == fresh)
  }

  @Test func `progress is told for each thing as it goes`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough(upTo: 2)
    let told = Log()
    let teardown = Teardown(lab.ledger)
    _ = try await teardown.apply(try await teardown.plan()) {
      await told.add("\($0.item.split(separator: " ")[0]) \($0.state)")
    }
    let lines = await told.lines.map { $0.split(separator: "(")[0] }
    #expect(lines == ["kms-alias removing", "kms-alias verified", "kms-key removing", "kms-key pending"])
  }

  @Test func `every deletion is in the ledger, before and after`() async throws {
    let lab = try Laboratory()
    try await lab.workThrough(upTo: 2)
    _ = try await lab.tornDown()
    let calls = try lab.store.calls(run: lab.ledger.run.id).filter { $0.intent.purpose == .teardown }
    #expect(
      calls.map { "\($0.intent.operation) \($0.outcome?.kind.rawValue ?? "")" } == [
        "DeleteAlias deleted", "ScheduleKeyDeletion deleted",
      ])
  }

  @Test func `objects go a thousand at a time`() async throws {
    let lab = try Laboratory()
    let fresh = lab.account.dump()
    try await lab.run(0, "s3", "CreateBucket", ["Bucket": .string(bucket)])
    for number in 0..<30 {
      try await lab.byHand(
        "s3", "PutObject", ["Bucket": .string(bucket), "Key": .string("k\(number)"), "Body": .blob([])])
    }
    lab.network.forget()
    #expect(try await lab.tornDown().isClean)
    #expect(lab.network.count("DeleteObjects") == 1)
    #expect(lab.account.dump() == fresh)
  }
}

let narrowPolicy =
  #"{"Version":"2012-10-17","Statement":[{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#

actor Log {
  private(set) var lines: [String] = []
  func add(_ line: String) { lines.append(line) }
}
