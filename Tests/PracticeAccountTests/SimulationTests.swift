import PracticeAccount
import ServiceModels
import Testing

/// The simulator says what the real decision would be.
struct SimulationTests {
  let test: TestAccount

  init() throws {
    test = try TestAccount()
  }

  private func results(_ operation: String, _ input: Value) async throws -> [Value] {
    try #require(try await test.call("iam", operation, input)["EvaluationResults"]?.list)
  }

  @Test func `the learner may everything, by one policy`() async throws {
    let results = try await results(
      "SimulatePrincipalPolicy",
      [
        "PolicySourceArn": "arn:aws:iam::111122223333:user/learner",
        "ActionNames": ["s3:GetObject", "kms:CreateKey"],
      ])
    #expect(results.map { $0["EvalActionName"] } == ["s3:GetObject", "kms:CreateKey"])
    #expect(results.allSatisfy { $0["EvalDecision"] == "allowed" && $0["EvalResourceName"] == "*" })
    #expect(results.first?.at("MatchedStatements.0.SourcePolicyId") == "AdministratorAccess")
  }

  @Test func `matched statements are told with their places, missing keys by name`() async throws {
    let policy = """
      {
        "Version": "2012-10-17",
        "Statement": [
          {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}/*"},
          {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*",
           "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
        ]
      }
      """
    let arns: Value = ["arn:aws:s3:::b/ann/x"]
    let none = try await results(
      "SimulateCustomPolicy",
      ["PolicyInputList": [.string(policy)], "ActionNames": ["s3:GetObject"], "ResourceArns": arns])
    #expect(none.first?["EvalDecision"] == "implicitDeny")
    #expect(none.first?["MissingContextValues"] == ["aws:MultiFactorAuthPresent"])
    let context: Value = [
      ["ContextKeyName": "aws:username", "ContextKeyType": "string", "ContextKeyValues": ["ann"]],
      [
        "ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyType": "boolean",
        "ContextKeyValues": ["false"],
      ],
    ]
    let results = try await results(
      "SimulateCustomPolicy",
      [
        "PolicyInputList": [.string(policy)], "ActionNames": ["s3:GetObject", "s3:DeleteObject"],
        "ResourceArns": arns, "ContextEntries": context,
      ])
    #expect(results.map { $0["EvalDecision"] } == ["allowed", "explicitDeny"])
    #expect(results.first?.at("MatchedStatements.0.SourcePolicyId") == "PolicyInputList.1")
    #expect(results.first?.at("MatchedStatements.0.StartPosition") == ["Line": 4, "Column": 5])
    #expect(results.last?.at("MatchedStatements.0.StartPosition") == ["Line": 5, "Column": 5])
    #expect(results.last?.at("MatchedStatements.0.EndPosition") == ["Line": 6, "Column": 69])
    #expect(results.first?["MissingContextValues"] == [])
  }

  @Test func `boundaries and resource policies take part`() async throws {
    let fenced = try await results(
      "SimulateCustomPolicy",
      [
        "PolicyInputList": [.string(allow("*"))], "ActionNames": ["s3:GetObject", "kms:ListKeys"],
        "PermissionsBoundaryPolicyInputList": [.string(allow("s3:*"))],
      ])
    #expect(fenced.map { $0["EvalDecision"] } == ["allowed", "implicitDeny"])
    #expect(
      fenced.map { $0.at("PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary") } == [true, false])
    let shared = try await results(
      "SimulatePrincipalPolicy",
      [
        "PolicySourceArn": "arn:aws:iam::111122223333:user/learner", "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::b/k"],
        "ResourcePolicy":
          #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}]}"#,
      ])
    #expect(shared.first?["EvalDecision"] == "explicitDeny")
    #expect(shared.first?.at("MatchedStatements.0.SourcePolicyType") == "Resource Policy")
  }

  @Test func `the keys that policies ask for are listed`() async throws {
    let policy =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username, 'x'}/*","Condition":{"StringLike":{"s3:prefix":"${aws:userid}/${*}"}}}]}"#
    let keys = try await test.call(
      "iam", "GetContextKeysForCustomPolicy", ["PolicyInputList": [.string(policy)]])
    #expect(keys["ContextKeyNames"] == ["aws:userid", "aws:username", "s3:prefix"])
  }
}
