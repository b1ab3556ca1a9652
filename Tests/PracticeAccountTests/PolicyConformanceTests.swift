import OrderedJSON
import PracticeAccount
import TestKit
import Testing

/// The rules of IAM, put as cases: `iam-policy/own.jsonl`.
@Suite(.enabled(if: conformanceDirectory != nil, "no conformance data"))
struct PolicyConformanceTests {
  @Test func everyCaseIsDecidedAsDocumented() throws {
    let path = try #require(conformanceDirectory) + "/iam-policy/own.jsonl"
    let lines = try contents(of: path).split(separator: "\n")
    #expect(lines.count > 100)
    for line in lines {
      let row = try JSON.parse(String(line))
      let request = try #require(row["request"])
      var context: [String: [String]] = [:]
      for (key, value) in request["context"]?.object ?? JSONObject() {
        context[key] = value.array?.compactMap(\.string) ?? [value.string ?? value.text()]
      }
      func one(_ name: String) -> NamedPolicy? {
        row[name].map { NamedPolicy(name: name, document: PolicyDocument(json: $0)) }
      }
      func several(_ json: JSON?) -> [NamedPolicy] {
        (json?.array ?? []).map { NamedPolicy(name: "p", document: PolicyDocument(json: $0)) }
      }
      let question = PolicyRequest(
        principal: Principal(request["principal"]?.string ?? ""), action: request["action"]?.string ?? "",
        resource: request["resource"]?.string ?? "",
        resourceAccount: request["resourceAccount"]?.string ?? "",
        context: context)
      let policies = PolicySet(
        identity: several(row["identityPolicies"]), resource: one("resourcePolicy"),
        boundary: one("permissionBoundary"), session: one("sessionPolicy"),
        serviceControl: (row["scps"]?.array ?? []).map { several($0) }, endpoint: one("endpointPolicy"))
      let verdict = PolicyEvaluator.evaluate(question, policies)
      let title = "\(row["id"]?.string ?? "") \(row["title"]?.string ?? ""): \(verdict.reason)"
      #expect(verdict.decision.rawValue == row["expected"]?.string, "\(title)")
      let findings = PolicyEvaluator.explain(question, policies)
      // What is explained is what was decided.
      let isFree = question.action == "sts:GetCallerIdentity"
      #expect(
        isFree || findings.contains { $0.outcome == .denies } == (verdict.decision == .explicitDeny),
        "\(title)")
      if verdict.isAllowed, !isFree, question.principal.kind != .root {
        #expect(findings.contains { $0.outcome == .allows }, "\(title)")
      }
    }
  }
}
