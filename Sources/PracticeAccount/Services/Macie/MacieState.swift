import Wire

/// Macie in one Region. Disabling it leaves nothing of this.
struct MacieRegion: Sendable, Codable, Equatable {
  var session: MacieSession?
  var jobs: [String: MacieJob] = [:]
  /// In the order they were made, counted from 1.
  var findings = SortedTable<Int, MacieFinding>()
}

struct MacieSession: Sendable, Codable, Equatable {
  var created: Timestamp
  var updated: Timestamp
  /// `ENABLED` or `PAUSED`.
  var status: String
  var frequency: String
  /// Automated sensitive data discovery, which EnableMacie switches on along with Macie.
  var automatedDiscovery = "ENABLED"
  var automatedDiscoveryChanged: Timestamp
  var classificationScopeID: String
  var templateID: String
}

struct MacieJob: Sendable, Codable, Equatable {
  var id: String
  var clientToken: String
  /// The request as it came, for repetitions of the token and for DescribeClassificationJob.
  var request: StoredValue
  var name: String
  var type: String
  /// `RUNNING`, `COMPLETE`, `CANCELLED`, `USER_PAUSED`.
  var status = "RUNNING"
  var created: Timestamp
  /// When the objects are looked at, and when the job is over.
  var analysisDue: Timestamp
  var completionDue: Timestamp
  var isAnalysed = false
  var objectsToProcess = 0
  /// Whether a bucket or the account could not be reached (`lastRunErrorStatus`).
  var hadError = false
  var pausedAt: Timestamp?
  var tags: [Tag] = []
}

/// A finding, as GetFindings gives it.
struct MacieFinding: Sendable, Codable, Equatable {
  var id: String
  var document: StoredValue
}
