import ServiceModels
import Wire

/// New key material under the same key. What the old material encrypted stays readable.
///
/// Source: KMS developer guide, "Rotate AWS KMS keys"; API, EnableKeyRotation, RotateKeyOnDemand.
extension KMSService {
  static let rotationRules: [String: OperationRule] = [
    "EnableKeyRotation": OperationRule(
      { (input, call) throws(ServiceFault) in
        let days = input["RotationPeriodInDays"]?.integer
        return try onKey("EnableKeyRotation")(input, call).map { question in
          var question = question
          if let days { question.context["kms:RotationPeriodInDays"] = [String(days)] }
          return question
        }
      },
      { (input, call) throws(ServiceFault) in
        let days = input["RotationPeriodInDays"]?.integer ?? 365
        guard (90...2560).contains(days) else {
          throw fault(
            "ValidationException",
            "1 validation error detected: Value '\(days)' at 'rotationPeriodInDays' failed to satisfy constraint: "
              + "Member must have value \(days < 90 ? "greater than or equal to 90" : "less than or equal to 2560")"
          )
        }
        let next = call.now.adding(seconds: Double(days) * 86_400)
        try change(input, call) { (key) throws(ServiceFault) in
          try call.realm.requireUsable(key, region: call.region)
          key.rotationPeriod = days
          key.nextRotation = next
        }
        return [:]
      }),
    "DisableKeyRotation": OperationRule(
      onKey("DisableKeyRotation"),
      { (input, call) throws(ServiceFault) in
        try change(input, call) { (key) throws(ServiceFault) in
          try call.realm.requireUsable(key, region: call.region)
          key.rotationPeriod = nil
          key.nextRotation = nil
        }
        return [:]
      }),
    "RotateKeyOnDemand": OperationRule(
      onKey("RotateKeyOnDemand"),
      { (input, call) throws(ServiceFault) in
        let material = call.realm.newMaterial(rotation: "ON_DEMAND", at: call.now)
        var arn = ""
        try change(input, call) { (key) throws(ServiceFault) in
          try call.realm.requireUsable(key, region: call.region)
          arn = call.realm.keyARN(key.id, region: call.region)
          // 25 on-demand rotations in a key's life (developer guide, "Resource quotas").
          if key.materials.count(where: { $0.rotation == "ON_DEMAND" }) >= 25 {
            throw fault("LimitExceededException", "The key \(arn) has been rotated on demand 25 times.")
          }
          key.materials.append(material)
        }
        return ["KeyId": .string(arn)]
      }),
    "ListKeyRotations": OperationRule(
      onKey("ListKeyRotations"),
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        let arn = call.realm.keyARN(key.id, region: call.region)
        let includesAll = input["IncludeKeyMaterial"]?.string == "ALL_KEY_MATERIAL"
        let shown = key.materials.filter { includesAll || $0.rotated != nil }
        return output(try page(shown, input, most: 1000), "Rotations") { material in
          var fields: Fields = [
            "KeyId": .string(arn), "KeyMaterialId": .string(material.id),
            "KeyMaterialState": material.id == key.materialID ? "CURRENT" : "NON_CURRENT",
          ]
          fields.add("RotationDate", material.rotated.map(Value.timestamp))
          fields.add("RotationType", material.rotation.map(Value.string))
          return .object(fields)
        }
      }),
    "GetKeyRotationStatus": OperationRule(
      onKey("GetKeyRotationStatus"),
      { (input, call) throws(ServiceFault) in
        let key = try call.realm.key(input.text("KeyId"), region: call.region, aliases: false)
        try requireNotPending(key, call)
        var fields: Fields = [
          "KeyRotationEnabled": .bool(key.rotationPeriod != nil),
          "KeyId": .string(call.realm.keyARN(key.id, region: call.region)),
        ]
        fields.add("RotationPeriodInDays", key.rotationPeriod.map(Value.integer))
        fields.add("NextRotationDate", key.nextRotation.map(Value.timestamp))
        return .object(fields)
      }),
  ]

  /// The day has come: new material, and the next day is set.
  static func rotate(_ id: String, region: String, at time: Timestamp, in realm: Realm) {
    guard let period = realm.current.kms[region]?.keys[id]?.rotationPeriod else { return }
    let material = realm.newMaterial(rotation: "AUTOMATIC", at: time)
    realm.state.kms[region]?.keys[id]?.materials.append(material)
    realm.state.kms[region]?.keys[id]?.nextRotation = time.adding(seconds: Double(period) * 86_400)
  }
}
