import ServiceModels
import Wire

/// Security Token Service: who am I. Source: STS API reference.
enum STSService {
  static let service = PracticeService(
    name: "sts",
    rules: [
      "GetCallerIdentity": OperationRule(
        // It needs no permission, and none can take it away.
        { (_, _) in [] },
        { (_, call) in
          [
            "UserId": .string(call.principal.userID), "Account": .string(call.principal.account),
            "Arn": .string(call.principal.arn),
          ]
        })
    ],
    denial: { question, verdict, principal in
      fault("AccessDenied", denialText(question, verdict, principal), 403)
    })
}
