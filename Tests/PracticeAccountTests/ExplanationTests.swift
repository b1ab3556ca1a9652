import PracticeAccount
import ServiceModels
import Testing

/// Why a right was not given, policy by policy.
struct ExplanationTests {
  private func words(_ policy: String, kind: PolicyFinding.Outcome = .silent) throws -> String {
    let document = try #require(PolicyDocument(text: policy))
    let findings = PolicyEvaluator.explain(
      PolicyRequest(
        principal: Principal("arn:aws:iam::111122223333:user/learner"), action: "kms:Decrypt",
        resource: "arn:aws:kms:us-east-1:111122223333:key/k", resourceAccount: "111122223333",
        context: ["kms:ViaService": ["ec2.us-east-1.amazonaws.com"]]),
      PolicySet(resource: NamedPolicy(name: "key-policy", document: document)))
    let finding = try #require(findings.last)
    #expect(finding.outcome == kind)
    #expect(finding.policy == "key-policy")
    return finding.words
  }

  private static let me = "arn:aws:iam::111122223333:user/learner"
  private static let key = "arn:aws:kms:us-east-1:111122223333:key/k"

  @Test(arguments: [
    (#"{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}"#, "no statement allows kms:Decrypt"),
    (
      #"{"Sid":"S","Effect":"Allow","Action":"kms:*","Resource":["a","b","c","d"]}"#,
      "statement S allows kms:Decrypt, but not on \(key) (it names a, b, c and 1 more)"
    ),
    (
      #"{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"}}"#,
      "statement 1 allows kms:Decrypt, but not to \(me) (it names arn:aws:iam::111122223333:role/r)"
    ),
    (
      #"{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}"#,
      "statement 1 allows kms:Decrypt, but only if kms:ViaService StringEquals s3.us-east-1.amazonaws.com; it is ec2.us-east-1.amazonaws.com"
    ),
    (
      #"{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"1"}}}"#,
      "statement 1 allows kms:Decrypt, but only if kms:CallerAccount StringEquals 1; the request does not have it"
    ),
    // The nearest miss is told, not the first.
    (
      #"{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"Near","Effect":"Allow","Action":"kms:*","Resource":"x"}"#,
      "statement Near allows kms:Decrypt, but not on \(key) (it names x)"
    ),
  ])
  func `the statement that comes nearest is named, and what of it does not fit`(
    statements: String, expected: String
  )
    throws
  {
    #expect(try words(#"{"Version":"2012-10-17","Statement":["# + statements + "]}") == expected)
  }

  @Test func `a statement that denies is named`() throws {
    let text =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"No","Effect":"Deny","Action":"kms:D*","Resource":"*"}]}"#
    #expect(try words(text, kind: .denies) == "statement No denies kms:Decrypt")
  }

  @Test func `what was refused is kept with the account`() async throws {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    let key = try await test.makeKey()
    try await test.call(
      "kms", "PutKeyPolicy",
      [
        "KeyId": .string(key), "BypassPolicyLockoutSafetyCheck": true,
        "Policy":
          #"{"Version":"2012-10-17","Statement":[{"Sid":"Only","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:Put*","Resource":"*"}]}"#,
      ])
    _ = try await test.error("kms", "DescribeKey", ["KeyId": .string(key)])
    let (number, denial) = try #require(try TestAccount(store: store).account.denials().last)
    #expect(number == 1)
    #expect(denial.action == "kms:DescribeKey")
    #expect(denial.principal == "arn:aws:iam::111122223333:user/learner")
    #expect(denial.findings.map(\.outcome) == [.allows, .silent])
    #expect(denial.findings.map(\.kind) == ["identity-based policy", "resource-based policy"])
  }
}
