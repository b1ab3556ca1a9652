import ServiceModels
import Synchronization
import Testing
import Wire

@testable import PracticeAccount

/// Findings: rules that suppress them, samples, changes of buckets, very many of them, and their end.
struct MacieFindingTests {
  let test: TestAccount

  init() throws {
    test = try TestAccount()
  }

  private func findings(_ criterion: Value? = nil) async throws -> [Value] {
    var input: Fields = [:]
    if let criterion { input["findingCriteria"] = ["criterion": criterion] }
    let ids = try await test.call("macie2", "ListFindings", .object(input))["findingIds"] ?? []
    guard ids.list?.isEmpty == false else { return [] }
    return try await test.call("macie2", "GetFindings", ["findingIds": ids])["findings"]?.list ?? []
  }

  @Test func `there is a sample of every type`() async throws {
    try await test.call("macie2", "EnableMacie")
    try await test.call("macie2", "CreateSampleFindings")
    let all = try await findings()
    #expect(all.compactMap { $0["type"]?.string }.sorted() == FindingForm.all.map(\.type).sorted())
    #expect(all.allSatisfy { $0["sample"] == true })
    #expect(try await findings(["category": ["eq": ["POLICY"]]]).count == 6)
    try await test.call(
      "macie2", "CreateSampleFindings", ["findingTypes": ["SensitiveData:S3Object/Personal"]])
    #expect(try await findings(["type": ["eq": ["SensitiveData:S3Object/Personal"]]]).count == 2)
  }

  @Test func `a suppression rule archives what fits, and only that`() async throws {
    try await test.call("macie2", "EnableMacie")
    try await test.call(
      "macie2", "CreateFindingsFilter",
      [
        "name": "low", "action": "ARCHIVE",
        "findingCriteria": ["criterion": ["severity.description": ["eq": ["Low"]]]],
      ])
    try await test.call("macie2", "CreateSampleFindings")
    let archived = try await findings(["archived": ["eq": ["true"]]])
    #expect(archived.compactMap { $0["type"]?.string } == ["Policy:IAMUser/S3BucketEncryptionDisabled"])
    let typo = try await test.error(
      "macie2", "ListFindings", ["findingCriteria": ["criterion": ["severity.descriptoin": ["eq": ["Low"]]]]])
    #expect(
      typo
        == "400 ValidationException: The request failed because severity.descriptoin isn't a field of findings."
    )
  }

  @Test func `what becomes of a bucket is found out, and counted`() async throws {
    let key = try await test.makeKey()
    func encrypt(_ algorithm: String, _ key: String? = nil) async throws {
      var rule: Fields = ["SSEAlgorithm": .string(algorithm)]
      if let key { rule["KMSMasterKeyID"] = .string(key) }
      try await test.call(
        "s3", "PutBucketEncryption",
        [
          "Bucket": "lab-1",
          "ServerSideEncryptionConfiguration": [
            "Rules": [["ApplyServerSideEncryptionByDefault": .object(rule)]]
          ],
        ])
    }
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await encrypt("aws:kms", key)
    try await encrypt("AES256")
    try await test.call("macie2", "EnableMacie")
    #expect(try await findings().isEmpty)
    for _ in 0..<2 {
      try await encrypt("aws:kms", key)
      try await encrypt("AES256")
    }
    try await test.call("s3", "DeletePublicAccessBlock", ["Bucket": "lab-1"])
    try await test.call(
      "s3", "PutBucketPolicy",
      [
        "Bucket": "lab-1",
        "Policy":
          #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::lab-1/*"}}"#,
      ])
    let all = try await findings()
    #expect(
      all.map {
        "\($0["type"]?.string ?? "") \($0["count"]?.integer ?? 0) \($0.at("severity.description")?.string ?? "")"
      } == [
        "Policy:IAMUser/S3BucketEncryptionDisabled 2 Low",
        "Policy:IAMUser/S3BlockPublicAccessDisabled 1 High",
        "Policy:IAMUser/S3BucketPublic 1 High",
      ])
    #expect(all.first?.at("policyDetails.action.apiCallDetails.api") == "PutBucketEncryption")
    #expect(all.first?.at("policyDetails.actor.userIdentity.iamUser.userName") == "learner")
  }

  @Test func `findings last ninety days`() async throws {
    try await test.call("macie2", "EnableMacie")
    try await test.call("macie2", "CreateSampleFindings")
    try test.account.clock.advance(seconds: 50 * 86_400)
    try await test.call(
      "macie2", "CreateSampleFindings", ["findingTypes": ["SensitiveData:S3Object/Personal"]])
    try test.account.clock.advance(seconds: 39 * 86_400)
    #expect(try await findings().count == 12)
    try test.account.clock.advance(seconds: 2 * 86_400)
    #expect(try await findings().count == 1)
  }

  @Test func `ten thousand findings list, filter and count`() async throws {
    try await test.call("macie2", "EnableMacie")
    test.account.realm.withLock { realm in
      for number in 0..<10_000 {
        let id = String(number)
        var fields = MacieService.frame(
          .of("SensitiveData:S3Object/Personal"), id: id, score: number % 3 + 1, region: "us-east-1",
          at: realm.now.adding(seconds: Double(number % 100)), in: realm)
        fields["classificationDetails"] = ["jobId": .string("job\(number % 10)")]
        MacieService.keep(.object(fields), id: id, region: "us-east-1", at: realm.now, in: realm)
      }
    }
    let high: Value = [
      "criterion": [
        "severity.description": ["eq": ["High"]], "classificationDetails.jobId": ["eq": ["job2"]],
      ]
    ]
    var ids: [Value] = []
    var token: Value?
    repeat {
      var input: Fields = [
        "findingCriteria": high, "sortCriteria": ["attributeName": "createdAt", "orderBy": "DESC"],
      ]
      input.add("nextToken", token)
      let page = try await test.call("macie2", "ListFindings", .object(input))
      ids += page["findingIds"]?.list ?? []
      token = page["nextToken"]
    } while token != nil
    #expect(ids.count == 334)
    #expect(Set(ids).count == 334)
    let counts = try await test.call("macie2", "GetFindingStatistics", ["groupBy": "severity.description"])
    #expect((counts["countsByGroup"]?.list ?? []).compactMap { $0["count"]?.integer } == [3334, 3333, 3333])
  }

  @Test func `usage is what the account used`() async throws {
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("macie2", "EnableMacie")
    try test.account.clock.advance(seconds: 15 * 86_400)
    let totals = try await test.call("macie2", "GetUsageTotals")["usageTotals"]?.list ?? []
    #expect(
      totals.map { "\($0["type"]?.string ?? "") \($0["estimatedCost"]?.string ?? "")" } == [
        "DATA_INVENTORY_EVALUATION 0.0500", "SENSITIVE_DATA_DISCOVERY 0.0000",
        "AUTOMATED_SENSITIVE_DATA_DISCOVERY 0.0000", "AUTOMATED_OBJECT_MONITORING 0.0000",
      ])
    let began = try await test.call("macie2", "GetUsageStatistics").at("records.0.freeTrialStartDate")
    try await test.call("macie2", "DisableMacie")
    try await test.call("macie2", "EnableMacie")
    #expect(try await test.call("macie2", "GetUsageStatistics").at("records.0.freeTrialStartDate") == began)
  }

  @Test func `disabling leaves nothing`() async throws {
    let before = test.account.dump()
    try await test.call("macie2", "EnableMacie")
    try await test.call("macie2", "CreateSampleFindings")
    try await test.call("macie2", "CreateCustomDataIdentifier", ["name": "n", "regex": "a"])
    #expect(test.account.dump() != before)
    try await test.call("macie2", "DisableMacie")
    try await test.call("macie2", "EnableMacie")
    #expect(try await findings().isEmpty)
    #expect(try await test.call("macie2", "ListCustomDataIdentifiers")["items"] == [])
    try await test.call("macie2", "DisableMacie")
    try await test.call("iam", "DeleteServiceLinkedRole", ["RoleName": "AWSServiceRoleForAmazonMacie"])
    #expect(test.account.dump() == before)
  }

  @Test func `everything is there again after a restart`() async throws {
    let store = MemoryStore()
    let first = try TestAccount(store: store)
    try await first.call("macie2", "EnableMacie")
    try await first.call("macie2", "CreateCustomDataIdentifier", ["name": "n", "regex": "a"])
    try await first.call("macie2", "CreateSampleFindings")
    try await first.call("logs", "CreateLogGroup", ["logGroupName": "g"])
    try await first.call("logs", "CreateLogStream", ["logGroupName": "g", "logStreamName": "s"])
    let events: [Value] = (0..<3).map {
      ["timestamp": .integer(first.clock.now.milliseconds + Int64($0)), "message": .string("m\($0)")]
    }
    try await first.call(
      "logs", "PutLogEvents", ["logGroupName": "g", "logStreamName": "s", "logEvents": .list(events)])
    let second = try TestAccount(store: store)
    #expect(second.account.dump() == first.account.dump())
    let again = try await second.call("logs", "GetLogEvents", ["logGroupName": "g", "logStreamName": "s"])
    #expect((again["events"]?.list ?? []).compactMap { $0["message"]?.string } == ["m0", "m1", "m2"])
  }
}
