import Digests
import OrderedJSON
import ServiceModels
import Synchronization
import Wire

extension PracticeAccount {
  /// Plays a scenario on the account: all of it or nothing.
  ///
  /// - Throws: `ScenarioError`.
  package func play(_ scenario: Scenario) throws(ScenarioError) {
    try realm.withLock { (realm) throws(ScenarioError) in
      let before = realm.current
      var values = ["account": accountID, "region": homeRegion]
      do throws(ScenarioError) {
        for (index, step) in scenario.steps.enumerated() {
          do throws(StoreError) {
            try play(step, &values, realm)
          } catch {
            throw ScenarioError(name: scenario.name, step: index + 1, error.message)
          }
        }
        realm.state.settings.scenario = scenario.name
        // What was done to make it is nothing the learner did or was told.
        realm.current.trail = before.trail
        realm.current.denials = before.denials
        realm.current.remarks = before.remarks
        do throws(StoreError) {
          try realm.save()
        } catch {
          throw ScenarioError(name: scenario.name, step: nil, error.message)
        }
      } catch {
        realm.revert(to: before)
        throw error
      }
    }
  }

  private func play(_ step: ScenarioStep, _ values: inout [String: String], _ realm: Realm) throws(StoreError)
  {
    switch step {
    case .call(let service, let operation, let input, let keep):
      let output = try perform(service, operation, Self.filled(input, values), realm)
      for (name, path) in keep {
        guard let value = path.split(separator: ".").reduce(Optional(output), { $0?[String($1)] })?.string
        else {
          throw StoreError("\(operation) gave no \(path)")
        }
        values[name] = value
      }
    case .wait(let seconds):
      realm.state.clockOffset &+= Timestamp(seconds: seconds).milliseconds
      realm.settle()
    case .reserve(let names):
      realm.state.s3.takenNames = Set(realm.current.s3.takenNames + names.map { Self.filled($0, values) })
        .sorted()
    case .fault(let rule): realm.state.settings.faults.append(rule)
    case .settings(let settings): try Self.set(settings, values, realm)
    case .session(let role, let seconds): try handOut(role, seconds, realm)
    case .rootKey:
      let key = IAMAccessKey(
        id: "AKIA" + realm.state.generator.base32(16), secret: base64Encoded(randomBytes(30)),
        created: realm.now)
      realm.state.iam.rootKeys.append(key)
      realm.state.settings.session = key
      realm.state.settings.sessionToken = nil
    }
  }

  /// A call by the account's root, past signature and rights.
  private func perform(
    _ service: String, _ name: String, _ json: JSON, _ realm: Realm
  ) throws(StoreError) -> Value {
    guard let operation = try? catalog.model(service).operation(name),
      let rule = Services.all[service]?.rules[name]
    else { throw StoreError("there is no \(service) \(name)") }
    do {
      let input = try operation.input.map { (shape) throws(ProtocolError) in
        try Value(json: json, shape: shape)
      }
      let root = Principal(kind: .root, arn: realm.iamARN("root"), account: accountID, userID: accountID)
      // An upload's bytes are not of the input but of the request.
      var payload = Payload()
      if service == "s3", case .blob(let bytes) = input?["Body"] {
        payload = try Payload(.bytes(bytes), checksums: ["CRC64NVME"])
      }
      let call = Call(
        realm: realm, service: service, operation: name, region: homeRegion, principal: root,
        request: HTTPRequest(method: "POST", scheme: "https", host: "", path: "/"), requestID: "",
        payload: payload)
      try Services.all[service]?.precondition?(call)
      return try rule.handle(input ?? [:], call)
    } catch let error as ServiceFault {
      throw StoreError("\(name): \(error.code): \(error.message)")
    } catch {
      throw StoreError("\(name): \(error)")
    }
  }

  /// Hands clients a session of a role from now on.
  private func handOut(_ role: String, _ seconds: Double, _ realm: Realm) throws(StoreError) {
    let output = try perform(
      "sts", "AssumeRole",
      [
        "RoleArn": .string(realm.iamARN("role/\(role)")), "RoleSessionName": "learner",
        "DurationSeconds": .int(Int(seconds)),
      ], realm)
    guard let keys = output["Credentials"], let id = keys["AccessKeyId"]?.string,
      let secret = keys["SecretAccessKey"]?.string, let token = keys["SessionToken"]?.string
    else { throw StoreError("AssumeRole gave no credentials") }
    realm.state.settings.session = IAMAccessKey(id: id, secret: secret, created: realm.now)
    realm.state.settings.sessionToken = token
  }

  private static func set(
    _ settings: JSONObject, _ values: [String: String], _ realm: Realm
  ) throws(StoreError) {
    for (name, value) in settings {
      switch (name, value) {
      case ("propagationDelay", .number(let number)): realm.state.settings.propagationDelay = number.double
      case ("macieSlowness", .number(let number)): realm.state.settings.macieSlowness = max(0, number.double)
      case ("enforcesAuthorization", .bool(let flag)): realm.state.settings.enforcesAuthorization = flag
      case ("hasDefaultVPC", .bool(let flag)): realm.state.settings.hasDefaultVPC = flag
      case ("serviceControlPolicies", .array(let levels)):
        realm.state.settings.serviceControlPolicies = levels.map { level in
          (level.array ?? []).map { filled($0, values).text() }
        }
      default: throw StoreError("\(name) is no setting, or of another kind")
      }
    }
  }

  /// `$name` in texts, for what is known by then.
  private static func filled(_ json: JSON, _ values: [String: String]) -> JSON {
    switch json {
    case .string(let text): .string(filled(text, values))
    case .array(let items): .array(items.map { filled($0, values) })
    case .object(let members): .object(JSONObject(members.map { ($0, filled($1, values)) }))
    default: json
    }
  }

  private static func filled(_ text: String, _ values: [String: String]) -> String {
    // The longest name first, so that `$key` does not spoil `$keyArn`.
    values.sorted { $0.key.count > $1.key.count }.reduce(text) { $0.replacing("$" + $1.key, with: $1.value) }
  }
}
