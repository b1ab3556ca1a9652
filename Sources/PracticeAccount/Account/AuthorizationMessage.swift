import Digests
import OrderedJSON
import Wire

/// The encoded message that EC2 puts behind a denial and that DecodeAuthorizationMessage opens.
///
/// The message holds itself: what was asked and what the policies said, sealed with a key of the account's own, so that
/// nobody reads it who may not decode it and nothing has to be kept. Source: STS API reference,
/// DecodeAuthorizationMessage.
extension Realm {
  private var messageKey: [UInt8] {
    sha256(Array("authorization messages of \(current.accountID) \(current.s3.ownerID)".utf8))
  }

  func authorizationMessage(
    _ question: AccessQuestion, _ verdict: Verdict, for principal: Principal, region: String
  ) -> String {
    let text = Array(message(question, verdict, principal, region).text().utf8)
    // Equal messages are the only ones that share a nonce.
    let nonce = Array(hmacSHA256(key: messageKey, text).prefix(12))
    guard let sealed = try? sealAES256GCM(text, key: messageKey, nonce: nonce) else { return "" }
    return base64Encoded(nonce + sealed).map { letter in
      switch letter {
      case "+": "-"
      case "/": "_"
      default: String(letter)
      }
    }.joined().trimmingSuffix("=")
  }

  /// What an encoded message says, as JSON; nil if it is none of this account.
  func decoded(authorizationMessage text: String) -> String? {
    guard text.utf8.count <= 65_536 else { return nil }
    var plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    while plain.utf8.count % 4 != 0 { plain += "=" }
    guard let bytes = base64Decoded(plain), bytes.count > 28,
      let opened = try? openAES256GCM(Array(bytes[12...]), key: messageKey, nonce: Array(bytes[..<12]))
    else { return nil }
    return String(decoding: opened, as: UTF8.self)
  }

  private func message(
    _ question: AccessQuestion, _ verdict: Verdict, _ principal: Principal, _ region: String
  ) -> JSON {
    let context = context(of: question, for: principal, region: region, via: nil)
    let request = PolicyRequest(
      principal: principal, action: question.action, resource: question.resource,
      resourceAccount: current.accountID, context: context)
    let policies = policies(for: principal, on: question)
    let all =
      policies.identity + [policies.resource, policies.boundary, policies.endpoint].compactMap(\.self)
      + policies.sessions
    let denying = all.flatMap { policy in
      PolicyEvaluator.matching(policy.document, request, allows: false)
        .map { policy.document.statements[$0] }
    }
    var id = principal.userID
    if principal.kind == .roleSession, let colon = id.firstIndex(of: ":") { id = String(id[..<colon]) }
    return [
      "allowed": .bool(verdict.isAllowed), "explicitDeny": .bool(verdict.decision == .explicitDeny),
      "matchedStatements": items(denying.map { matched($0, principal) }), "failures": items([]),
      "context": [
        "principal": [
          "id": .string(principal.userID),
          "name": .string(principal.arn.split(separator: "/").last.map(String.init) ?? id),
          "arn": .string(principal.arn),
        ],
        "action": .string(question.action), "resource": .string(question.resource),
        "conditions": items(
          context.sorted { $0.key < $1.key }.map { key, values in
            ["key": .string(key), "values": self.values(values)]
          }),
      ],
    ]
  }

  private func matched(_ statement: PolicyStatement, _ principal: Principal) -> JSON {
    [
      "statementId": .string(statement.sid ?? ""), "effect": statement.allows ? "ALLOW" : "DENY",
      "principals": values([principal.userID]), "principalGroups": items([]),
      "actions": values(statement.actions?.patterns ?? []),
      "resources": values(statement.resources?.patterns ?? []),
      "conditions": items(
        statement.conditions.map { ["key": .string($0.key), "values": values($0.values)] }),
    ]
  }

  private func items(_ items: [JSON]) -> JSON { ["items": .array(items)] }
  private func values(_ texts: [String]) -> JSON { items(texts.map { ["value": .string($0)] }) }
}

extension String {
  fileprivate func trimmingSuffix(_ letter: Character) -> String {
    var text = self
    while text.last == letter { text.removeLast() }
    return text
  }
}
