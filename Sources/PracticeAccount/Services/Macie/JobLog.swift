import OrderedJSON
import Wire

/// Macie's events in CloudWatch Logs: group `/aws/macie/classificationjobs`, one stream per job.
///
/// Source: Macie user guide, "Monitoring jobs" (event schema and types).
enum JobLog {
  static let group = "/aws/macie/classificationjobs"

  private static let descriptions = [
    "JOB_CREATED": "The job was created.",
    "ONE_TIME_JOB_STARTED": "The job started running.",
    "SCHEDULED_RUN_STARTED": "The scheduled job run started.",
    "SCHEDULED_RUN_COMPLETED": "The scheduled job run finished running.",
    "BUCKET_MATCHED_THE_CRITERIA": "The affected S3 bucket matches the bucket criteria of the job.",
    "NO_BUCKETS_MATCHED_THE_CRITERIA": "No S3 bucket matches the bucket criteria of the job.",
    "ACCOUNT_ACCESS_DENIED": "Macie doesn't have permission to access the affected account's resources.",
    "JOB_COMPLETED": "The job finished running.",
    "JOB_CANCELLED": "The job was cancelled.",
    "JOB_PAUSED_BY_USER": "The job was paused.",
    "JOB_RESUMED_BY_USER": "The job was resumed.",
    "BUCKET_DOES_NOT_EXIST": "The affected S3 bucket doesn't exist.",
    "BUCKET_IN_DIFFERENT_REGION": "The affected S3 bucket is located in a different AWS Region.",
    "BUCKET_ACCESS_DENIED": "Macie doesn't have permission to access the affected S3 bucket.",
  ]

  static func write(
    _ event: String, _ job: MacieJob, bucket: String? = nil, account: String? = nil, region: String,
    at time: Timestamp, in realm: Realm
  ) {
    var fields: JSONObject = [
      "adminAccountId": .string(realm.current.accountID), "jobId": .string(job.id),
      "eventType": .string(event),
      "occurredAt": .string(time.iso8601), "description": .string(descriptions[event] ?? event),
      "jobName": .string(job.name),
    ]
    if event != "JOB_CREATED" { fields["runDate"] = .string((job.runStarted ?? job.created).iso8601) }
    if let account {
      fields["affectedAccount"] = .string(account)
    } else if let bucket {
      fields["affectedAccount"] = .string(realm.current.accountID)
      fields["affectedResource"] = ["type": "S3_BUCKET_NAME", "value": .string(bucket)]
    }
    LogsService.write(
      JSON.object(fields).text(), group: group, stream: job.id, region: region, at: time, in: realm)
  }
}
