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

  /// Begins a run; it takes some minutes of the account's clock.
  private static func begin(_ job: inout MacieJob, region: String, at time: Timestamp, in realm: Realm) {
    let slowness = realm.current.settings.macieSlowness
    let analysis = (150 + Double(realm.state.generator.below(70))) * slowness
    let rest = (20 + Double(realm.state.generator.below(40))) * slowness
    job.status = "RUNNING"
    job.runs += 1
    job.runStarted = time
    job.analysisDue = time.adding(seconds: analysis)
    job.completionDue = time.adding(seconds: analysis + rest)
    job.isAnalysed = false
    job.hadError = false
    job.objectsToProcess = JobRun.objectCount(job, region: region, in: realm)
    JobLog.write(
      job.type == "SCHEDULED" ? "SCHEDULED_RUN_STARTED" : "ONE_TIME_JOB_STARTED", job, region: region,
      at: time.adding(seconds: 1), in: realm)
  }

  /// What happens to a job by itself.
  enum JobEvent {
    case run, analysis, completion, expiry
  }

  static func nextEvent(of job: MacieJob) -> (Timestamp, JobEvent)? {
    switch job.status {
    case "RUNNING": job.isAnalysed ? (job.completionDue, .completion) : (job.analysisDue, .analysis)
    case "IDLE": job.nextRun.map { ($0, .run) }
    case "USER_PAUSED":
      job.pausedFrom == "RUNNING" ? job.pausedAt.map { ($0.adding(seconds: 30 * 86_400), .expiry) } : nil
    default: nil
    }
  }

  static func happen(_ event: JobEvent, job id: String, region: String, at time: Timestamp, in realm: Realm) {
    guard var job = realm.current.macie[region]?.jobs[id] else { return }
    switch event {
    case .run: begin(&job, region: region, at: time, in: realm)
    case .analysis:
      var run = JobRun(realm: realm, region: region, time: time, job: job)
      run.analyse()
      job = run.job
    case .completion: finish(&job, as: "JOB_COMPLETED", region: region, at: time, in: realm)
    case .expiry:
      // A job that runs once is over; of one that runs again only the run is.
      if job.type == "ONE_TIME" {
        job.status = "CANCELLED"
        JobLog.write("JOB_CANCELLED", job, region: region, at: time, in: realm)
      }
      job.pausedFrom = "IDLE"
    }
    realm.state.macie[region]?.jobs[id] = job
  }

  private static func finish(
    _ job: inout MacieJob, as event: String, region: String, at time: Timestamp, in realm: Realm
  ) {
    guard let schedule = JobSchedule(job.request.value["scheduleFrequency"]) else {
      job.status = "COMPLETE"
      JobLog.write(event, job, region: region, at: time, in: realm)
      return
    }
    job.status = "IDLE"
    // The next run takes up what came since this one began.
    job.since = job.runStarted
    job.nextRun = schedule.next(after: time)
    JobLog.write("SCHEDULED_RUN_COMPLETED", job, region: region, at: time, in: realm)
  }

  private static func checkJob(_ input: Value, _ call: Call) throws(ServiceFault) {
    guard (1...500).contains(input.text("name").unicodeScalars.count) else {
      throw invalid("the job's name must contain 1-500 characters")
    }
    if input.text("description").unicodeScalars.count > 200 {
      throw invalid("the job's description must contain no more than 200 characters")
    }
    let frequency = input["scheduleFrequency"]
    switch input.text("jobType") {
    case "ONE_TIME":
      if frequency != nil { throw invalid("a one-time job can't have a scheduleFrequency") }
    case "SCHEDULED":
      if JobSchedule(frequency) == nil {
        throw invalid(
          "a scheduled job needs one schedule: daily, weekly with a dayOfWeek or monthly with a dayOfMonth")
      }
    default: throw invalid("jobType must be ONE_TIME or SCHEDULED")
    }
    try checkScope(input["s3JobDefinition"] ?? [:])
    try checkDetection(input, call)
    if let percentage = input["samplingPercentage"]?.integer, !(1...100).contains(percentage) {
      throw invalid("samplingPercentage must be 1-100")
    }
  }

  private static func checkScope(_ definition: Value) throws(ServiceFault) {
    let buckets = definition["bucketDefinitions"]?.list
    guard (buckets == nil) != (definition["bucketCriteria"] == nil) else {
      throw invalid("s3JobDefinition has to have either bucketDefinitions or bucketCriteria")
    }
    if let buckets, buckets.isEmpty || buckets.contains(where: { $0.texts("buckets").isEmpty }) {
      throw invalid("s3JobDefinition has to name at least one bucket")
    }
    if (buckets ?? []).reduce(0, { $0 + $1.texts("buckets").count }) > 1000 {
      throw invalid("a job can analyze no more than 1000 named buckets")
    }
    for part in ["includes", "excludes"] {
      for condition in definition["scoping"]?[part]?.items("and") ?? [] {
        guard let term = condition["simpleScopeTerm"] else { continue }
        let (key, comparator) = (term.text("key"), term.text("comparator"))
        guard let known = comparators[key] else {
          throw invalid(
            "\(key) isn't a property that a job's scope can use; there are \(comparators.keys.sorted().joined(separator: ", "))"
          )
        }
        guard known.contains(comparator), !term.texts("values").isEmpty else {
          throw invalid("\(key) needs values and one of the comparators \(known.joined(separator: ", "))")
        }
      }
    }
  }

  /// Macie API reference, `SimpleScopeTerm`.
  private static let comparators = [
    "OBJECT_EXTENSION": ["EQ", "NE"], "OBJECT_LAST_MODIFIED_DATE": ["EQ", "GT", "GTE", "LT", "LTE", "NE"],
    "OBJECT_SIZE": ["EQ", "GT", "GTE", "LT", "LTE", "NE"], "OBJECT_KEY": ["STARTS_WITH"],
  ]

  private static func checkDetection(_ input: Value, _ call: Call) throws(ServiceFault) {
    let own = call.seen.macie[call.region]
    let selector = input["managedDataIdentifierSelector"]?.string ?? "RECOMMENDED"
    let ids = input.texts("managedDataIdentifierIds")
    guard ["ALL", "EXCLUDE", "INCLUDE", "NONE", "RECOMMENDED"].contains(selector),
      ["INCLUDE", "EXCLUDE"].contains(selector) != ids.isEmpty
    else { throw invalid("managedDataIdentifierIds doesn't fit managedDataIdentifierSelector") }
    if let unknown = ids.first(where: { ManagedDataIdentifier.place($0) == nil }) {
      throw invalid(
        "\(unknown) isn't a managed data identifier that the practice account has; list-managed-data-identifiers names them"
      )
    }
    let custom = input.texts("customDataIdentifierIds")
    if let unknown = custom.first(where: { own?.identifiers[$0].map(\.isDeleted) ?? true }) {
      throw absent("custom data identifier (\(unknown))")
    }
    if custom.count > 30 { throw invalid("a job can use no more than 30 custom data identifiers") }
    if selector == "NONE", custom.isEmpty {
      throw invalid("a job without managed data identifiers needs at least one custom data identifier")
    }
    let lists = input.texts("allowListIds")
    if let unknown = lists.first(where: { own?.allowLists[$0] == nil }) {
      throw absent("allow list (\(unknown))")
    }
    if lists.count > 10 { throw invalid("a job can use no more than 10 allow lists") }
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
