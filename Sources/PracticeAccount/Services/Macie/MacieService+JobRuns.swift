import ServiceModels
import Wire

/// A job's runs on the account's clock.
extension MacieService {
  /// Begins a run; it takes some minutes of the account's clock.
  static func begin(_ job: inout MacieJob, region: String, at time: Timestamp, in realm: Realm) {
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
}
