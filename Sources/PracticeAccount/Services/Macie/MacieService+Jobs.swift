import ServiceModels
import Wire

extension MacieService {
  static let jobRules: [String: OperationRule] = [
    "CreateClassificationJob": OperationRule(
      { (input, call) in
        [AccessQuestion("macie2:CreateClassificationJob").requesting(readTags(input))]
      }, createJob),
    "DescribeClassificationJob": OperationRule(
      ask("DescribeClassificationJob") { input, call in jobARN(input.text("jobId"), call) },
      { (input, call) throws(ServiceFault) in describe(try job(input, call), call) }),
    "ListClassificationJobs": OperationRule(ask("ListClassificationJobs"), listJobs),
    "UpdateClassificationJob": OperationRule(
      ask("UpdateClassificationJob") { input, call in jobARN(input.text("jobId"), call) }, updateJob),
  ]

  private static func job(_ input: Value, _ call: Call) throws(ServiceFault) -> MacieJob {
    guard let job = call.seen.macie[call.region]?.jobs[input.text("jobId")] else {
      throw fault(
        "ResourceNotFoundException", "The request failed because the specified job doesn't exist.", 404)
    }
    return job
  }

  private static func createJob(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    guard try session(call).status == "ENABLED" else {
      throw fault("AccessDeniedException", "Macie is not enabled", 403)
    }
    let token = input.text("clientToken")
    let jobs = call.seen.macie[call.region]?.jobs ?? [:]
    if !token.isEmpty, let twin = jobs.values.first(where: { $0.clientToken == token }) {
      guard twin.request.value == input else {
        throw fault(
          "ConflictException", "The request failed because the clientToken was used with other parameters.",
          409)
      }
      return ["jobArn": .string(jobARN(twin.id, call)), "jobId": .string(twin.id)]
    }
    let now = call.now
    // 0.1 requests per second (Macie quotas).
    if jobs.values.contains(where: { now.seconds - $0.created.seconds < 10 }) {
      throw fault("ThrottlingException", "Too Many Requests", 429)
    }
    try checkJob(input, call)
    let schedule = JobSchedule(input["scheduleFrequency"])
    var job = MacieJob(
      id: call.state.generator.hex(32), clientToken: token, request: StoredValue(input),
      name: input.text("name"), type: input.text("jobType"), created: now, analysisDue: now,
      completionDue: now,
      tags: readTags(input))
    JobLog.write("JOB_CREATED", job, region: call.region, at: now, in: call.realm)
    if schedule != nil, input["initialRun"]?.bool != true {
      // What is there already is not looked at, ever.
      job.status = "IDLE"
      job.since = now
    } else {
      begin(&job, region: call.region, at: now, in: call.realm)
    }
    job.nextRun = schedule?.next(after: now)
    call.state.macie[call.region]?.jobs[job.id] = job
    return ["jobArn": .string(jobARN(job.id, call)), "jobId": .string(job.id)]
  }

  private static func describe(_ job: MacieJob, _ call: Call) -> Value {
    let request = job.request.value
    var fields: Fields = [:]
    fields.add("allowListIds", request["allowListIds"])
    fields["clientToken"] = .string(job.clientToken)
    fields["createdAt"] = .timestamp(job.created)
    fields.add("customDataIdentifierIds", request["customDataIdentifierIds"])
    fields.add("description", request["description"])
    fields["initialRun"] = .bool(request["initialRun"]?.bool ?? false)
    fields["jobArn"] = .string(jobARN(job.id, call))
    fields["jobId"] = .string(job.id)
    fields["jobStatus"] = .string(job.status)
    fields["jobType"] = .string(job.type)
    fields["lastRunErrorStatus"] = ["code": job.hadError ? "ERROR" : "NONE"]
    fields["lastRunTime"] = .timestamp(job.runStarted ?? job.created)
    fields.add("managedDataIdentifierIds", request["managedDataIdentifierIds"])
    fields["managedDataIdentifierSelector"] = request["managedDataIdentifierSelector"] ?? "RECOMMENDED"
    fields["name"] = .string(job.name)
    fields.add("s3JobDefinition", request["s3JobDefinition"])
    fields.add("scheduleFrequency", request["scheduleFrequency"])
    fields["samplingPercentage"] = .integer(request["samplingPercentage"]?.integer ?? 100)
    fields["statistics"] = [
      "approximateNumberOfObjectsToProcess": .double(job.isAnalysed ? 0 : Double(job.objectsToProcess)),
      "numberOfRuns": .double(Double(job.runs)),
    ]
    fields["tags"] = .object(Fields(job.tags.map { Fields.Field($0.key, .string($0.value)) }))
    if job.status == "USER_PAUSED", job.pausedFrom == "RUNNING", let at = job.pausedAt {
      fields["userPausedDetails"] = [
        "jobExpiresAt": .timestamp(at.adding(seconds: 30 * 86_400)), "jobPausedAt": .timestamp(at),
      ]
    }
    return .object(fields)
  }

  private static func listJobs(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var jobs = Array((call.seen.macie[call.region]?.jobs ?? [:]).values).sorted {
      ($0.created, $0.id) < ($1.created, $1.id)
    }
    func value(_ job: MacieJob, _ key: String) -> String {
      switch key {
      case "name": job.name
      case "jobStatus": job.status
      case "jobType": job.type
      case "createdAt": job.created.iso8601
      default: ""
      }
    }
    func holds(_ job: MacieJob, _ term: Value) -> Bool {
      let own = value(job, term.text("key"))
      let wanted = term.texts("values")
      return switch term["comparator"]?.string ?? "EQ" {
      case "EQ": wanted.contains(own)
      case "NE": !wanted.contains(own)
      case "CONTAINS": wanted.contains { own.contains($0) }
      case "STARTS_WITH": wanted.contains { own.hasPrefix($0) }
      case "GT": wanted.allSatisfy { own > $0 }
      case "GTE": wanted.allSatisfy { own >= $0 }
      case "LT": wanted.allSatisfy { own < $0 }
      case "LTE": wanted.allSatisfy { own <= $0 }
      default: false
      }
    }
    let criteria = input["filterCriteria"]
    for term in criteria?.items("includes") ?? [] { jobs = jobs.filter { holds($0, term) } }
    for term in criteria?.items("excludes") ?? [] { jobs = jobs.filter { !holds($0, term) } }
    if let sort = input["sortCriteria"] {
      let key = sort.text("attributeName")
      jobs.sort { value($0, key) < value($1, key) }
      if sort["orderBy"]?.string == "DESC" { jobs.reverse() }
    }
    guard
      let page = Page(jobs, limit: input["maxResults"]?.integer, token: input["nextToken"]?.string, most: 200)
    else {
      throw fault("ValidationException", "The request failed because nextToken isn't valid.")
    }
    let items = page.items.map { job -> Value in
      var fields: Fields = [:]
      fields.add("bucketCriteria", job.request.value["s3JobDefinition"]?["bucketCriteria"])
      fields.add("bucketDefinitions", job.request.value["s3JobDefinition"]?["bucketDefinitions"])
      fields["createdAt"] = .timestamp(job.created)
      fields["jobId"] = .string(job.id)
      fields["jobStatus"] = .string(job.status)
      fields["jobType"] = .string(job.type)
      fields["lastRunErrorStatus"] = ["code": job.hadError ? "ERROR" : "NONE"]
      fields["name"] = .string(job.name)
      return .object(fields)
    }
    var fields: Fields = ["items": .list(items)]
    fields.add("nextToken", page.next.map(Value.string))
    return .object(fields)
  }

  private static func updateJob(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    var job = try job(input, call)
    let wanted = input.text("jobStatus")
    switch (job.status, wanted) {
    case ("RUNNING", "CANCELLED"), ("USER_PAUSED", "CANCELLED"), ("IDLE", "CANCELLED"):
      job.status = "CANCELLED"
      JobLog.write("JOB_CANCELLED", job, region: call.region, at: call.now, in: call.realm)
    case ("RUNNING", "USER_PAUSED"), ("IDLE", "USER_PAUSED"):
      job.pausedFrom = job.status
      job.status = "USER_PAUSED"
      job.pausedAt = call.now
      JobLog.write("JOB_PAUSED_BY_USER", job, region: call.region, at: call.now, in: call.realm)
    case ("USER_PAUSED", "RUNNING"):
      if job.pausedFrom == "IDLE" {
        // Runs that fell into the pause are left out.
        job.status = "IDLE"
        job.nextRun = JobSchedule(job.request.value["scheduleFrequency"])?.next(after: call.now)
      } else {
        // The run goes on where it stood.
        let pause = call.now.seconds - (job.pausedAt ?? call.now).seconds
        job.analysisDue = job.analysisDue.adding(seconds: pause)
        job.completionDue = job.completionDue.adding(seconds: pause)
        job.status = "RUNNING"
      }
      job.pausedAt = nil
      job.pausedFrom = nil
      JobLog.write("JOB_RESUMED_BY_USER", job, region: call.region, at: call.now, in: call.realm)
    default:
      throw fault(
        "ConflictException",
        "The request failed because the job's status can't be changed from \(job.status) to \(wanted).", 409)
    }
    call.state.macie[call.region]?.jobs[job.id] = job
    return [:]
  }
}
