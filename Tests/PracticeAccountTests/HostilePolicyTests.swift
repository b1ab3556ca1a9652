import PracticeAccount
import ServiceModels
import Testing

/// Policies that are made to cost much cost little.
struct HostilePolicyTests {
  private let clock = ContinuousClock()

  /// Far more than it takes, far less than a blow-up would.
  private func checkQuick(_ body: () throws -> Void) rethrows {
    let time = try clock.measure(body)
    #expect(time < .seconds(5))
  }

  @Test func `many wildcards are matched without backtracking`() throws {
    let pattern = String(repeating: "*a", count: 2500) + "b"
    let text = String(repeating: "a", count: 10_000)
    checkQuick { #expect(!glob(pattern, text)) }
    checkQuick { #expect(glob(String(repeating: "?*", count: 2500), text)) }
  }

  @Test func `variables that never end are looked at once`() {
    checkQuick { #expect(!glob(String(repeating: "${", count: 50_000), "x")) }
  }

  private func decision(_ policy: String, context: [String: [String]] = [:]) -> Verdict.Decision? {
    PolicyDocument(text: policy).map { document in
      PolicyEvaluator.evaluate(
        PolicyRequest(
          principal: Principal("arn:aws:iam::111122223333:user/ann"), action: "s3:GetObject",
          resource: "arn:aws:s3:::b/" + String(repeating: "a", count: 1000), resourceAccount: "111122223333",
          context: context),
        PolicySet(identity: [NamedPolicy(name: "p", document: document)])
      ).decision
    }
  }

  @Test func `nesting has an end`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(PolicyDocument(text: #"{"Statement":"# + deep) == nil)
    let nested =
      #"{"Statement":{"Effect":"Allow","Resource":"*","Action":"# + String(repeating: "[", count: 200)
    #expect(decision(nested + #""s3:*""# + String(repeating: "]", count: 200) + "}}") != .allowed)
  }

  @Test func `many statements, conditions and values are read one by one`() {
    let statement =
      #"{"Effect":"Allow","Action":["s3:*a*b","s3:G*?*t*x"],"Resource":"arn:aws:s3:::*a*a*a*a*a*a*b","Condition":{"StringLike":{"aws:username":["*a*a*a*b","*a*b"]}}}"#
    let policy =
      #"{"Version":"2012-10-17","Statement":["#
      + Array(repeating: statement, count: 800).joined(separator: ",") + "]}"
    checkQuick {
      #expect(
        decision(policy, context: ["aws:username": [String(repeating: "a", count: 2000)]]) == .implicitDeny)
    }
  }

  @Test func `what is too long is refused unread`() async throws {
    let test = try TestAccount()
    let policy = allow("s3:" + String(repeating: "*a", count: 100_000))
    #expect(
      try await test.error(
        "iam", "PutUserPolicy",
        ["UserName": "learner", "PolicyName": "p", "PolicyDocument": .string(policy)])
        == "400 MalformedPolicyDocument: Syntax errors in policy.")
  }

  private func verdict(_ resource: String, as name: String, fence: String) throws -> Verdict.Decision {
    var principal = Principal(name)
    if principal.kind == .roleSession { principal.issuer = "arn:aws:iam::111122223333:role/team/r" }
    let fence = NamedPolicy(name: "fence", document: try #require(PolicyDocument(text: fence)))
    let statement = "{\"Version\":\"2012-10-17\",\"Statement\":[\(resource)]}"
    return PolicyEvaluator.evaluate(
      PolicyRequest(
        principal: principal, action: "s3:GetObject", resource: "arn:aws:s3:::b/k",
        resourceAccount: "111122223333",
        context: [:]),
      PolicySet(
        resource: NamedPolicy(name: "bucket", document: try #require(PolicyDocument(text: statement))),
        boundary: fence)
    ).decision
  }

  /// IAM user guide, "Permissions boundaries for IAM entities", "Evaluating effective permissions with boundaries".
  @Test func `a fence holds a role named by a resource's policy, not a user or a session`() throws {
    let user = "arn:aws:iam::111122223333:user/ann"
    let session = "arn:aws:sts::111122223333:assumed-role/r/me"
    func grant(_ name: String) -> String {
      #"{"Effect":"Allow","Principal":{"AWS":"\#(name)"},"Action":"s3:*","Resource":"*"}"#
    }
    let fence = allow("kms:*")
    #expect(try verdict(grant(user), as: user, fence: fence) == .allowed)
    #expect(try verdict(grant(session), as: session, fence: fence) == .allowed)
    let role = grant("arn:aws:iam::111122223333:role/team/r")
    #expect(try verdict(role, as: session, fence: fence) == .implicitDeny)
    #expect(try verdict(role, as: session, fence: allow("s3:*")) == .allowed)
    // Who has a boundary is not spared by being left out of a deny.
    let spared = #"{"Effect":"Deny","NotPrincipal":{"AWS":"\#(user)"},"Action":"s3:*","Resource":"*"}"#
    #expect(try verdict(grant(user) + "," + spared, as: user, fence: fence) == .explicitDeny)
  }
}
