import Wire

/// What happens by itself when its time has come.
private enum DueEvent {
  case keyDeletion(region: String, id: String)
  case keyRotation(region: String, id: String)
  case jobAnalysis(region: String, id: String)
  case jobCompletion(region: String, id: String)
  case endpoint(region: String, id: String)
}

extension Realm {
  /// Lets everything happen that is due by now, in the order of its time. Called before every look at the
  /// account, so that each event sees the account as it was at its own moment.
  func settle() {
    let now = now
    while let (time, event) = nextEvent(), time <= now { happen(event, at: time) }
  }

  private func nextEvent() -> (Timestamp, DueEvent)? {
    var next: (time: Timestamp, event: DueEvent)?
    func consider(_ time: Timestamp?, _ event: @autoclosure () -> DueEvent) {
      guard let time else { return }
      if let known = next, known.time <= time { return }
      next = (time, event())
    }
    for (region, content) in current.kms {
      for key in content.keys.values {
        consider(key.deletionDate, .keyDeletion(region: region, id: key.id))
        // A key that is not enabled waits with its rotation.
        consider(key.state == .enabled ? key.nextRotation : nil, .keyRotation(region: region, id: key.id))
      }
    }
    for (region, content) in current.macie {
      for job in content.jobs.values where job.status == "RUNNING" {
        consider(job.isAnalysed ? nil : job.analysisDue, .jobAnalysis(region: region, id: job.id))
        consider(job.isAnalysed ? job.completionDue : nil, .jobCompletion(region: region, id: job.id))
      }
    }
    for (region, content) in current.ec2 {
      for endpoint in content.endpoints.values {
        consider(endpoint.due, .endpoint(region: region, id: endpoint.id))
      }
    }
    return next
  }

  private func happen(_ event: DueEvent, at time: Timestamp) {
    switch event {
    case .keyDeletion(let region, let id):
      KMSService.delete(id, region: region, in: self)
    case .keyRotation(let region, let id):
      KMSService.rotate(id, region: region, at: time, in: self)
    case .jobAnalysis(let region, let id):
      guard let job = current.macie[region]?.jobs[id] else { return }
      var run = JobRun(realm: self, region: region, time: time, job: job)
      run.analyse()
      state.macie[region]?.jobs[id] = run.job
    case .jobCompletion(let region, let id):
      state.macie[region]?.jobs[id]?.status = "COMPLETE"
      if let job = current.macie[region]?.jobs[id] {
        JobLog.write("JOB_COMPLETED", job, region: region, at: time, in: self)
      }
    case .endpoint(let region, let id):
      switch current.ec2[region]?.endpoints[id]?.state {
      case "pending":
        state.ec2[region]?.endpoints[id]?.state = "available"
        state.ec2[region]?.endpoints[id]?.due = nil
      case "deleting":
        // Still shown as deleted for a short while, as AWS does.
        state.ec2[region]?.endpoints[id]?.state = "deleted"
        state.ec2[region]?.endpoints[id]?.due = time.adding(seconds: 60)
      default:
        state.ec2[region]?.endpoints[id] = nil
      }
    }
  }
}
