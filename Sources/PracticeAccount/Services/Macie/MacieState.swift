import Wire

/// Macie in one Region. Disabling it leaves nothing of this but the date of the first time.
struct MacieRegion: Sendable, Codable, Equatable {
  var session: MacieSession?
  /// When the free trial began, which there is once an account and Region.
  var trialBegan: Timestamp?
  var jobs: [String: MacieJob] = [:]
  /// In the order they were made, counted from 1.
  var findings = SortedTable<Int, MacieFinding>()
  var identifiers: [String: CustomDataIdentifier] = [:]
  var allowLists: [String: MacieAllowList] = [:]
  /// In the order they are applied.
  var filters: [FindingsFilter] = []
  /// Where results of discovery are to go, as it was given.
  var exportDestination: StoredValue?
  var publication = FindingsPublication()
  /// Buckets that automated discovery leaves out.
  var excludedBuckets: [String] = []
  /// What the template of automated discovery was changed to.
  var template: StoredValue?
  /// How much jobs looked at, for the last two months.
  var analyses: [MacieAnalysis] = []
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
  /// `ONE_TIME` or `SCHEDULED`.
  var type: String
  /// `RUNNING`, `IDLE`, `COMPLETE`, `CANCELLED`, `USER_PAUSED`.
  var status = "RUNNING"
  var created: Timestamp
  /// Runs begun so far, and when the last of them was.
  var runs = 0
  var runStarted: Timestamp?
  /// Of the run in progress: when the objects are looked at, and when it is over.
  var analysisDue: Timestamp
  var completionDue: Timestamp
  var isAnalysed = false
  /// A scheduled job's next run.
  var nextRun: Timestamp?
  /// A run looks only at what was made or changed from then on; nil: at everything.
  var since: Timestamp?
  var objectsToProcess = 0
  /// Whether a bucket or the account could not be reached in the last run (`lastRunErrorStatus`).
  var hadError = false
  var pausedAt: Timestamp?
  /// `RUNNING` or `IDLE`.
  var pausedFrom: String?
  var tags: [Tag] = []
}

/// A finding, as GetFindings gives it.
struct MacieFinding: Sendable, Codable, Equatable {
  var id: String
  var created: Timestamp
  var document: StoredValue
}

/// A saved filter; with the action `ARCHIVE` a suppression rule.
struct FindingsFilter: Sendable, Codable, Equatable {
  var id: String
  var name: String
  var description: String?
  /// `ARCHIVE` or `NOOP`.
  var action: String
  var criteria: StoredValue
  var tags: [Tag] = []
  var clientToken = ""
}

/// What is published to Security Hub.
struct FindingsPublication: Sendable, Codable, Equatable {
  var policyFindings = true
  var classificationFindings = false
}

struct MacieAnalysis: Sendable, Codable, Equatable {
  var time: Timestamp
  var bytes: Int64
}
