import Wire

/// What happens by itself when its time has come.
private enum DueEvent {
  case keyDeletion(region: String, id: String)
  case keyRotation(region: String, id: String)
  case job(region: String, id: String, MacieService.JobEvent)
  case findingsExpiry(region: String)
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
      for job in content.jobs.values {
        guard let (due, event) = MacieService.nextEvent(of: job) else { continue }
        consider(due, .job(region: region, id: job.id, event))
      }
      consider(content.findingsExpire, .findingsExpiry(region: region))
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
    case .job(let region, let id, let event):
      MacieService.happen(event, job: id, region: region, at: time, in: self)
    case .findingsExpiry(let region):
      MacieService.dropOldFindings(region: region, at: time, in: self)
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
