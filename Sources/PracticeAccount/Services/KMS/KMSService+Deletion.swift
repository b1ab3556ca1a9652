import ServiceModels
import Wire

extension KMSService {
  static let deletionRules: [String: OperationRule] = [
    "ScheduleKeyDeletion": OperationRule(
      onKey("ScheduleKeyDeletion"),
      { (input, call) throws(ServiceFault) in
        let days = input["PendingWindowInDays"]?.integer ?? 30
        for (isWrong, bound) in [
          (days < 7, "greater than or equal to 7"), (days > 30, "less than or equal to 30"),
        ] where isWrong {
          throw fault(
            "ValidationException",
            "1 validation error detected: Value '\(days)' at 'pendingWindowInDays' failed to satisfy constraint: "
              + "Member must have value \(bound)")
        }
        let date = call.now.adding(seconds: Double(days) * 86_400)
        var arn = ""
        try change(input, call) { (key) throws(ServiceFault) in
          try requireNotPending(key, call)
          key.state = .pendingDeletion
          key.deletionDate = date
          key.pendingDays = days
          arn = call.realm.keyARN(key.id, region: call.region)
        }
        return [
          "KeyId": .string(arn), "DeletionDate": .timestamp(date), "KeyState": "PendingDeletion",
          "PendingWindowInDays": .integer(days),
        ]
      }),
    "CancelKeyDeletion": OperationRule(
      onKey("CancelKeyDeletion"),
      { (input, call) throws(ServiceFault) in
        var arn = ""
        try change(input, call) { (key) throws(ServiceFault) in
          arn = call.realm.keyARN(key.id, region: call.region)
          guard key.state == .pendingDeletion else {
            throw fault(
              "KMSInvalidStateException", "\(arn) is not pending deletion (or pending replica deletion).")
          }
          key.state = .disabled
          key.deletionDate = nil
          key.pendingDays = nil
        }
        return ["KeyId": .string(arn)]
      }),
  ]

  /// The end of the waiting period: the key goes, and its aliases with it.
  static func delete(_ id: String, region: String, in realm: Realm) {
    realm.state.kms[region]?.keys[id] = nil
    let aliases = realm.current.kms[region]?.aliases.filter { $0.value.target == id } ?? [:]
    for name in aliases.keys { realm.state.kms[region]?.aliases[name] = nil }
  }
}
