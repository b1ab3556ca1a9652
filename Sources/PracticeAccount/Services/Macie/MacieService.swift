import ServiceModels
import Wire

/// Amazon Macie: a session, jobs on the account's clock, findings from the bytes of objects. Sources: Macie API
/// reference and user guide; texts of errors are matched by code, their punctuation is not documented.
enum MacieService {
  static let service = PracticeService(
    name: "macie2",
    rules: [
      sessionRules, jobRules, findingRules, filterRules, sampleRules, inventoryRules, identifierRules,
      allowListRules, settingRules, usageRules, accountRules, tagRules,
    ].reduce(into: [:]) { all, rules in all.merge(rules) { first, _ in first } },
    denial: { question, verdict, principal in
      fault("AccessDeniedException", denialText(question, verdict, principal), 403)
    },
    precondition: { (call) throws(ServiceFault) in
      if call.operation != "EnableMacie" { _ = try session(call) }
    })

  static func ask(
    _ operation: String, _ resource: @escaping @Sendable (Value, Call) -> String = { _, _ in "*" }
  )
    -> OperationRule.Questions
  {
    { (input, call) in [AccessQuestion("macie2:\(operation)", resource(input, call))] }
  }

  static func session(_ call: Call) throws(ServiceFault) -> MacieSession {
    guard let session = call.seen.macie[call.region]?.session else {
      throw fault("AccessDeniedException", "Macie is not enabled", 403)
    }
    return session
  }

  static func invalid(_ what: String) -> ServiceFault {
    fault("ValidationException", "The request failed because \(what).")
  }

  static func absent(_ what: String) -> ServiceFault {
    fault("ResourceNotFoundException", "The request failed because the specified \(what) doesn't exist.", 404)
  }

  /// A page of a list whose items are given by `value`.
  static func page<Item>(
    _ all: [Item], _ input: Value, _ member: String, most: Int, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    guard
      let page = Page(all, limit: input["maxResults"]?.integer, token: input["nextToken"]?.string, most: most)
    else { throw invalid("nextToken isn't valid") }
    var fields: Fields = [member: .list(page.items.map(value))]
    fields.add("nextToken", page.next.map(Value.string))
    return .object(fields)
  }

  static func readTags(_ input: Value) -> [Tag] {
    (input["tags"]?.object ?? [:]).map { Tag(key: $0.name, value: $0.value.string ?? "") }
  }

  static func write(_ tags: [Tag]) -> Value {
    .object(Fields(tags.map { Fields.Field($0.key, .string($0.value)) }))
  }

  static func jobARN(_ id: String, _ call: Call) -> String { call.arn("macie2", "classification-job/\(id)") }

  static let sessionRules: [String: OperationRule] = [
    "EnableMacie": OperationRule(ask("EnableMacie"), enable),
    "GetMacieSession": OperationRule(
      ask("GetMacieSession"),
      { (_, call) throws(ServiceFault) in
        let session = try session(call)
        return [
          "createdAt": .timestamp(session.created), "findingPublishingFrequency": .string(session.frequency),
          "serviceRole": .string(
            call.iamARN("role/aws-service-role/macie.amazonaws.com/\(IAMService.macieRole)")),
          "status": .string(session.status), "updatedAt": .timestamp(session.updated),
        ]
      }),
    "UpdateMacieSession": OperationRule(
      ask("UpdateMacieSession"),
      { (input, call) throws(ServiceFault) in
        var session = try session(call)
        if let frequency = input["findingPublishingFrequency"]?.string { session.frequency = frequency }
        if let status = input["status"]?.string {
          session.status = status
          // Suspending ends what runs (user guide, "Suspending Macie").
          if status == "PAUSED" { cancelJobs(call) }
        }
        session.updated = call.now
        call.state.macie[call.region]?.session = session
        return [:]
      }),
    "DisableMacie": OperationRule(
      ask("DisableMacie"),
      { (_, call) in
        // Findings, jobs and settings of the Region go for good; the service-linked role and the logs stay.
        cancelJobs(call)
        // The free trial is not given twice.
        call.state.macie[call.region] = MacieRegion(trialBegan: call.seen.macie[call.region]?.trialBegan)
        return [:]
      }),
    "GetAutomatedDiscoveryConfiguration": OperationRule(
      ask("GetAutomatedDiscoveryConfiguration"),
      { (_, call) throws(ServiceFault) in
        let session = try session(call)
        var fields: Fields = [
          "autoEnableOrganizationMembers": "NONE",
          "classificationScopeId": .string(session.classificationScopeID),
        ]
        if session.automatedDiscovery == "DISABLED" {
          fields["disabledAt"] = .timestamp(session.automatedDiscoveryChanged)
        }
        fields["firstEnabledAt"] = .timestamp(session.created)
        fields["lastUpdatedAt"] = .timestamp(session.automatedDiscoveryChanged)
        fields["sensitivityInspectionTemplateId"] = .string(session.templateID)
        fields["status"] = .string(session.automatedDiscovery)
        return .object(fields)
      }),
    "UpdateAutomatedDiscoveryConfiguration": OperationRule(
      ask("UpdateAutomatedDiscoveryConfiguration"),
      { (input, call) throws(ServiceFault) in
        var session = try session(call)
        guard let status = input["status"]?.string, ["ENABLED", "DISABLED"].contains(status) else {
          throw fault("ValidationException", "The request failed because it contains an invalid status.")
        }
        session.automatedDiscovery = status
        session.automatedDiscoveryChanged = call.now
        call.state.macie[call.region]?.session = session
        return [:]
      }),
  ]

  private static func enable(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    if call.seen.macie[call.region]?.session != nil {
      throw fault("ConflictException", "Macie has already been enabled", 409)
    }
    IAMService.makeLinkedRole("macie.amazonaws.com", in: call.realm)
    let now = call.now
    call.state.macie[call.region] = MacieRegion(
      session: MacieSession(
        created: now, updated: now, status: input["status"]?.string ?? "ENABLED",
        frequency: input["findingPublishingFrequency"]?.string ?? "FIFTEEN_MINUTES",
        automatedDiscoveryChanged: now,
        classificationScopeID: call.state.generator.hex(32), templateID: call.state.generator.hex(32)),
      trialBegan: call.seen.macie[call.region]?.trialBegan ?? now)
    return [:]
  }

  private static func cancelJobs(_ call: Call) {
    for job in (call.seen.macie[call.region]?.jobs ?? [:]).values
    where ["RUNNING", "USER_PAUSED", "IDLE"].contains(job.status) {
      call.state.macie[call.region]?.jobs[job.id]?.status = "CANCELLED"
      JobLog.write("JOB_CANCELLED", job, region: call.region, at: call.now, in: call.realm)
    }
  }
}
