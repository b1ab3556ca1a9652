import Foundation
import OrderedJSON
import PracticeAccount
import ServiceModels
import TestKit
import Testing
import Wire

/// The scenarios of `assets/scenarios`: each can be played, and the learner meets what its text says.
struct ScenarioTests {
  private func scenario(_ name: String) throws -> Scenario {
    try Scenario(json: JSON.parse(contents(of: repositoryRoot + "/assets/scenarios/\(name).json")))
  }

  /// An account on which the scenario was played, opened again as a new process would.
  private func account(_ name: String) throws -> TestAccount {
    let store = MemoryStore()
    try TestAccount(store: store).account.play(scenario(name))
    return try TestAccount(store: store)
  }

  private static let bucket: Value = ["Bucket": "ai-lab-data-111122223333-us-east-1"]

  /// Scenario, call, and what it meets.
  @Test(
    arguments: [
      (
        "macie-enabled", "macie2", "EnableMacie", [:], "409 ConflictException: Macie has already been enabled"
      ),
      (
        "bucket-taken", "s3", "CreateBucket", bucket,
        "409 BucketAlreadyExists: The requested bucket name is not available."
      ),
      (
        "alias-left-over", "kms", "ListAliases", [:], "none"
      ),
      ("role-left-over", "iam", "GetRole", ["RoleName": "ai-lab-training-role"], "none"),
      ("throttling", "kms", "ListKeys", [:], "400 ThrottlingException: Rate exceeded"),
      ("throttling", "s3", "ListBuckets", [:], "503 SlowDown: Please reduce your request rate."),
      ("organization-member", "s3", "DeletePublicAccessBlock", bucket, "403 AccessDenied"),
      (
        "expired-session", "sts", "GetCallerIdentity", [:],
        "403 ExpiredToken: The security token included in the request is expired"
      ),
      ("no-kms", "kms", "CreateKey", [:], "400 AccessDeniedException"),
      ("fresh", "kms", "CreateKey", [:], "none"),
    ] as [(String, String, String, Value, String)])
  func `a learner meets what the scenario says`(
    name: String, service: String, operation: String, input: Value, expected: String
  ) async throws {
    let test = try account(name)
    if name == "organization-member" { try await test.call("s3", "CreateBucket", Self.bucket) }
    let found = try await test.error(service, operation, input)
    #expect(found.hasPrefix(expected), "\(found)")
  }

  @Test func `every scenario can be played, and tells what it is`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: repositoryRoot + "/assets/scenarios")
      .sorted()
    #expect(names.count >= 11)
    for file in names {
      let scenario = try scenario(String(file.dropLast(5)))
      #expect(scenario.name + ".json" == file)
      #expect(!scenario.title.isEmpty && !scenario.text.isEmpty)
      try TestAccount().account.play(scenario)
    }
  }

  @Test func `a colleague's Macie has found something`() async throws {
    let test = try account("macie-enabled")
    let object: Value = ["Bucket": "hr-exports-111122223333", "Key": "2026/payroll.csv"]
    #expect(try await test.call("s3", "HeadObject", object)["ContentLength"]?.integer == 48)
    let ids = try await test.call("macie2", "ListFindings")["findingIds"] ?? []
    let finding = try await test.call("macie2", "GetFindings", ["findingIds": ids]).at("findings.0")
    #expect(finding?.at("classificationDetails.result.sensitiveData.0.detections.0.count")?.integer == 2)
  }

  @Test func `throttling passes, for those who try again`() async throws {
    let test = try account("throttling")
    for expected in [
      "400 ThrottlingException: Rate exceeded", "400 ThrottlingException: Rate exceeded", "none",
    ] {
      #expect(try await test.error("kms", "ListKeys") == expected)
    }
  }

  @Test func `what a fault does to an answer`() async throws {
    for (kind, ending) in [
      (FaultRule.Kind.dropBefore, "dropped"), (.dropAfter, "dropped"), (.reset, "reset"),
      (.truncate, "truncated"),
      (.delay, "whole"),
    ] {
      let test = try TestAccount()
      try test.account.play(
        Scenario(json: [
          "name": "f", "title": "f",
          "steps": [
            ["fault": ["kind": .string(kind.rawValue), "operation": "CreateKey", "times": 1, "seconds": 2]]
          ],
        ]))
      let answer = test.account.answer(to: try test.request("kms", "CreateKey"))
      #expect("\(answer.ending)" == ending)
      #expect(answer.delay == (kind == .delay ? 2 : 0))
      let keys = try await test.call("kms", "ListKeys")["Keys"]?.list?.count
      #expect(keys == (kind == .dropBefore ? 0 : 1), "\(kind)")
    }
  }

  @Test func `a scenario that fails leaves nothing`() throws {
    let account = try TestAccount().account
    let before = account.dump()
    let error = #expect(throws: ScenarioError.self) {
      try account.play(
        Scenario(json: [
          "name": "half", "title": "t",
          "steps": [["call": "kms CreateKey"], ["call": "kms DescribeKey", "input": ["KeyId": "nobody"]]],
        ]))
    }
    #expect(
      error?.description == "scenario half, step 2: DescribeKey: NotFoundException: Invalid keyId 'nobody'")
    #expect(account.dump() == before)
  }
}
