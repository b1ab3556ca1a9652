import ServiceModels
import Wire

/// Security Token Service: who am I, and temporary credentials. Sources: STS API reference; IAM user guide, "Temporary
/// security credentials in IAM".
enum STSService {
  static let service = PracticeService(
    name: "sts",
    rules: [identityRules, sessionRules, federationRules].reduce(into: [:]) { all, some in
      all.merge(some) { a, _ in a }
    },
    denial: { question, _, principal in
      // STS says who, what and on what; never why.
      let place = question.resource == "*" ? "" : " on resource: \(question.resource)"
      return fault(
        "AccessDenied",
        "User: \(principal.arn) is not authorized to perform: \(question.action)\(place)", 403)
    })

  private static let identityRules: [String: OperationRule] = [
    "GetCallerIdentity": OperationRule(
      // It needs no permission, and none can take it away.
      { (_, _) in [] },
      { (_, call) in
        [
          "UserId": .string(call.principal.userID), "Account": .string(call.principal.account),
          "Arn": .string(call.principal.arn),
        ]
      }),
    "GetAccessKeyInfo": OperationRule(
      { (_, _) in [AccessQuestion("sts:GetAccessKeyInfo")] },
      { (input, call) throws(ServiceFault) in
        let id = input.text("AccessKeyId")
        let isOurs =
          IAMService.holder(of: id, call) != nil || call.seen.sessions[id] != nil
          || call.seen.iam.rootKeys.contains { $0.id == id }
        guard isOurs else {
          throw fault(
            "ValidationError", "The practice account knows no account that the access key \(id) belongs to.")
        }
        return ["Account": .string(call.accountID)]
      }),
    "DecodeAuthorizationMessage": OperationRule(
      { (_, _) in [AccessQuestion("sts:DecodeAuthorizationMessage")] },
      { (input, call) throws(ServiceFault) in
        guard let text = call.realm.decoded(authorizationMessage: input.text("EncodedMessage")) else {
          throw fault("InvalidAuthorizationMessageException", "Message is not valid")
        }
        return ["DecodedMessage": .string(text)]
      }),
  ]

  /// `Credentials` of an answer.
  static func credentials(_ id: String, _ session: STSSession) -> Value {
    [
      "AccessKeyId": .string(id), "SecretAccessKey": .string(session.secret),
      "SessionToken": .string(session.token), "Expiration": .timestamp(session.expires.wholeSeconds),
    ]
  }

  /// How long credentials hold: what is asked for, within the operation's limits.
  static func duration(_ input: Value, default usual: Int64, most: Int64) throws(ServiceFault) -> Int64 {
    guard let seconds = input["DurationSeconds"]?.integer else { return usual }
    for (isWrong, words) in [
      (seconds < 900, "greater than or equal to 900"), (seconds > most, "less than or equal to \(most)"),
    ] where isWrong {
      throw invalid(String(seconds), "durationSeconds", "Member must have value \(words)")
    }
    return seconds
  }

  static func invalid(_ value: String, _ member: String, _ rule: String) -> ServiceFault {
    fault(
      "ValidationError",
      "1 validation error detected: Value '\(value)' at '\(member)' failed to satisfy constraint: \(rule)")
  }

  /// `[\w+=,.@-]*`, 2 to 64 letters.
  static func checkName(_ name: String, _ member: String, most: Int = 64) throws(ServiceFault) {
    let isWord = name.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || Array("_+=,.@-".utf8).contains(byte)
    }
    if !isWord {
      throw invalid(name, member, "Member must satisfy regular expression pattern: [\\w+=,.@-]*")
    }
    if name.utf8.count < 2 {
      throw invalid(name, member, "Member must have length greater than or equal to 2")
    }
    if name.utf8.count > most {
      throw invalid(name, member, "Member must have length less than or equal to \(most)")
    }
  }

  /// Session policies: an inline one and up to ten managed ones, 2048 characters of them all.
  ///
  /// - Returns: documents and ARNs, nil if none were given, and how full that is in percent.
  static func sessionPolicies(_ input: Value, _ call: Call) throws(ServiceFault) -> (
    documents: [String]?, managed: [String], packed: Int64?
  ) {
    let inline = input["Policy"]?.string
    let arns = input.items("PolicyArns").map { $0.text("arn") }
    if let inline, let problem = PolicyValidation(inline, kind: .identity).problem {
      throw fault("MalformedPolicyDocument", problem)
    }
    for arn in arns where call.realm.managedText(arn) == nil {
      throw fault("MalformedPolicyDocument", "The policy \(arn) does not exist or is not attachable.")
    }
    if arns.count > 10 {
      throw fault(
        "ValidationError", "1 validation error detected: Member must have length less than or equal to 10")
    }
    let tags = input.items("Tags").reduce(0) { $0 + $1.text("Key").utf8.count + $1.text("Value").utf8.count }
    let size = (inline?.utf8.count ?? 0) + arns.reduce(0) { $0 + $1.utf8.count }
    if size > 2048 {
      throw fault(
        "PackedPolicyTooLarge",
        "Serialized token too large for session: the session policies have \(size) characters, 2048 are allowed."
      )
    }
    let isNone = inline == nil && arns.isEmpty
    return (
      isNone ? nil : inline.map { [$0] } ?? [], arns,
      isNone && tags == 0 ? nil : max(1, Int64((size + tags) * 100 / 4096))
    )
  }
}
