import OrderedJSON
import ServiceModels
import Testing
import Wire

@testable import PracticeAccount

/// Jobs on the account's clock: schedules, scopes, samples, pauses.
struct MacieJobTests {
  let test: TestAccount

  init() throws {
    test = try TestAccount()
  }

  private func put(_ key: String, _ text: String = "ssn 123-45-6789", tags: String? = nil) async throws {
    var input: Fields = ["Bucket": "lab-1", "Key": .string(key), "Body": .blob(Array(text.utf8))]
    if let tags { input["Tagging"] = .string(tags) }
    try await test.call("s3", "PutObject", .object(input))
  }

  private func prepare(_ keys: [String]) async throws {
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    for key in keys { try await put(key) }
    try await test.call("macie2", "EnableMacie")
  }

  private func start(_ more: Fields, scoping: Value? = nil) async throws -> String {
    var input: Fields = [
      "jobType": "ONE_TIME", "name": "n", "clientToken": .string("t\(more.count { _ in true })"),
    ]
    var definition: Fields = ["bucketDefinitions": [["accountId": "111122223333", "buckets": ["lab-1"]]]]
    if let scoping { definition["scoping"] = scoping }
    input["s3JobDefinition"] = .object(definition)
    for field in more { input[field.name] = field.value }
    return try #require(
      try await test.call("macie2", "CreateClassificationJob", .object(input))["jobId"]?.string)
  }

  /// The keys of objects with findings.
  private func found() async throws -> [String] {
    let ids = try await test.call("macie2", "ListFindings")["findingIds"] ?? []
    guard ids.list?.isEmpty == false else { return [] }
    let findings = try await test.call("macie2", "GetFindings", ["findingIds": ids])["findings"]?.list ?? []
    return findings.compactMap { $0.at("resourcesAffected.s3Object.key")?.string }.sorted()
  }

  private func describe(_ job: String) async throws -> Value {
    try await test.call("macie2", "DescribeClassificationJob", ["jobId": .string(job)])
  }

  private func advance(days: Double) throws { try test.account.clock.advance(seconds: days * 86_400) }

  @Test(
    arguments: [
      (
        [
          "excludes": [
            "and": [["simpleScopeTerm": ["key": "OBJECT_EXTENSION", "comparator": "EQ", "values": ["log"]]]]
          ]
        ], ["a/x.txt", "b/y.csv"]
      ),
      (
        [
          "includes": [
            "and": [
              [
                "simpleScopeTerm": [
                  "key": "OBJECT_KEY", "comparator": "STARTS_WITH", "values": ["a/", "b/"],
                ]
              ]
            ]
          ]
        ], ["a/x.txt", "b/y.csv"]
      ),
      (
        [
          "includes": [
            "and": [["simpleScopeTerm": ["key": "OBJECT_SIZE", "comparator": "GT", "values": ["15"]]]]
          ]
        ], ["c.log"]
      ),
      (
        [
          "includes": [
            "and": [
              [
                "tagScopeTerm": [
                  "key": "TAG", "target": "S3_OBJECT", "comparator": "EQ",
                  "tagValues": [["key": "keep", "value": "no"]],
                ]
              ]
            ]
          ]
        ], ["c.log"]
      ),
      (
        [
          "includes": [
            "and": [
              [
                "simpleScopeTerm": [
                  "key": "OBJECT_LAST_MODIFIED_DATE", "comparator": "GTE", "values": ["2027-01-01T00:00:00Z"],
                ]
              ]
            ]
          ]
        ], []
      ),
      (
        [
          "includes": [
            "and": [["simpleScopeTerm": ["key": "OBJECT_EXTENSION", "comparator": "NE", "values": ["csv"]]]]
          ],
          "excludes": [
            "and": [
              ["simpleScopeTerm": ["key": "OBJECT_KEY", "comparator": "STARTS_WITH", "values": ["a/"]]]
            ]
          ],
        ], ["c.log"]
      ),
    ] as [(Value, [String])])
  func `a job looks at the objects of its scope`(scoping: Value, keys: [String]) async throws {
    try await prepare(["a/x.txt", "b/y.csv"])
    try await put("c.log", "my ssn 123-45-6789", tags: "keep=no")
    _ = try await start([:], scoping: scoping)
    try test.account.clock.advance(seconds: 600)
    #expect(try await found() == keys)
  }

  @Test func `a sample is as large as asked for, and the same for equal accounts`() async throws {
    var samples: [[String]] = []
    for _ in 0..<2 {
      let other = try Self()
      try await other.prepare((0..<20).map { "k\($0).txt" })
      _ = try await other.start(["samplingPercentage": 25])
      try other.test.account.clock.advance(seconds: 600)
      samples.append(try await other.found())
    }
    #expect(samples[0].count == 5)
    #expect(samples[0] == samples[1])
  }

  @Test func `a scheduled job rests between runs and takes up what is new`() async throws {
    try await prepare(["old.txt"])
    try test.account.clock.advance(seconds: 60)
    let job = try await start([
      "jobType": "SCHEDULED", "scheduleFrequency": ["dailySchedule": [:]], "initialRun": false,
    ])
    #expect(try await describe(job)["jobStatus"] == "IDLE")
    try await put("new.txt")
    try advance(days: 1)
    #expect(try await found() == ["new.txt"])
    try await put("newer.txt")
    try await put("old.txt")
    try advance(days: 1)
    #expect(try await found() == ["new.txt", "newer.txt", "old.txt"])
    try advance(days: 5)
    #expect(try await found().count == 3)
    let now = try await describe(job)
    #expect(now["jobStatus"] == "IDLE")
    #expect(now.at("statistics.numberOfRuns")?.double == 7)
    let events = try await test.call(
      "logs", "FilterLogEvents",
      [
        "logGroupName": "/aws/macie/classificationjobs",
        "filterPattern": #"{ $.eventType = "SCHEDULED_RUN_COMPLETED" }"#,
      ])
    #expect(events["events"]?.list?.count == 7)
  }

  @Test func `an initial run looks at everything`() async throws {
    try await prepare(["old.txt"])
    let job = try await start([
      "jobType": "SCHEDULED", "scheduleFrequency": ["weeklySchedule": ["dayOfWeek": "SUNDAY"]],
      "initialRun": true,
    ])
    #expect(try await describe(job)["jobStatus"] == "RUNNING")
    try test.account.clock.advance(seconds: 600)
    #expect(try await describe(job)["jobStatus"] == "IDLE")
    #expect(try await found() == ["old.txt"])
  }

  @Test(
    arguments: [
      (["dailySchedule": [:]], "2026-11-24"), (["weeklySchedule": ["dayOfWeek": "MONDAY"]], "2026-11-30"),
      (["monthlySchedule": ["dayOfMonth": 31]], "2026-12-31"),
      (["monthlySchedule": ["dayOfMonth": 23]], "2026-12-23"),
    ] as [(Value, String)])
  func `a schedule says when`(frequency: Value, day: String) throws {
    let schedule = try #require(JobSchedule(frequency))
    let next = schedule.next(after: Timestamp(year: 2026, month: 11, day: 23, hour: 16))
    #expect(next.iso8601.hasPrefix("\(day)T00:00:00"))
  }

  @Test func `a pause of a job that runs once expires after thirty days`() async throws {
    try await prepare(["a.txt"])
    let job = try await start([:])
    try await test.call(
      "macie2", "UpdateClassificationJob", ["jobId": .string(job), "jobStatus": "USER_PAUSED"])
    try advance(days: 29)
    #expect(try await describe(job)["jobStatus"] == "USER_PAUSED")
    try advance(days: 2)
    #expect(try await describe(job)["jobStatus"] == "CANCELLED")
  }

  @Test func `of a job that runs again only the paused run expires`() async throws {
    try await prepare(["a.txt"])
    let job = try await start([
      "jobType": "SCHEDULED", "scheduleFrequency": ["dailySchedule": [:]], "initialRun": true,
    ])
    try await test.call(
      "macie2", "UpdateClassificationJob", ["jobId": .string(job), "jobStatus": "USER_PAUSED"])
    try advance(days: 31)
    #expect(try await describe(job)["jobStatus"] == "USER_PAUSED")
    try await test.call("macie2", "UpdateClassificationJob", ["jobId": .string(job), "jobStatus": "RUNNING"])
    #expect(try await describe(job)["jobStatus"] == "IDLE")
    try advance(days: 1.5)
    #expect(try await found() == ["a.txt"])
  }

  @Test func `criteria choose buckets at each run`() async throws {
    try await prepare(["a.txt"])
    try await test.call("s3", "CreateBucket", ["Bucket": "other"])
    try await test.call("s3", "PutObject", ["Bucket": "other", "Key": "o.txt", "Body": "ssn 123-45-6789"])
    try await test.call(
      "s3", "PutBucketTagging",
      ["Bucket": "other", "Tagging": ["TagSet": [["Key": "scan", "Value": "yes"]]]])
    let criteria: Value = [
      "includes": [
        "and": [["tagCriterion": ["comparator": "EQ", "tagValues": [["key": "scan", "value": "yes"]]]]]
      ]
    ]
    _ = try await start(["s3JobDefinition": ["bucketCriteria": criteria]])
    try test.account.clock.advance(seconds: 600)
    #expect(try await found() == ["o.txt"])
  }

  @Test func `a bucket out of reach is an error of the job`() async throws {
    try await prepare([])
    let job = try await start([
      "s3JobDefinition": [
        "bucketDefinitions": [
          ["accountId": "111122223333", "buckets": ["nowhere"]],
          ["accountId": "444455556666", "buckets": ["theirs"]],
        ]
      ]
    ])
    try test.account.clock.advance(seconds: 600)
    #expect(try await describe(job).at("lastRunErrorStatus.code") == "ERROR")
    let log = try await test.call(
      "logs", "FilterLogEvents",
      [
        "logGroupName": "/aws/macie/classificationjobs",
        "filterPattern": "?BUCKET_DOES_NOT_EXIST ?ACCOUNT_ACCESS_DENIED",
      ])
    #expect(log["events"]?.list?.count == 2)
  }

  @Test func `custom identifiers and allow lists take part`() async throws {
    try await prepare([])
    try await put("staff.csv", "badge,note\nEMP-1234,x\nEMP-0000,y\nEMP-9999,z\n")
    try await put("words.txt", "emp-9999\n")
    let identifier = try #require(
      try await test.call(
        "macie2", "CreateCustomDataIdentifier",
        [
          "name": "badge", "regex": #"EMP-\d{4}"#, "keywords": ["badge"],
          "severityLevels": [
            ["occurrencesThreshold": 1, "severity": "LOW"], ["occurrencesThreshold": 2, "severity": "HIGH"],
          ],
        ])["customDataIdentifierId"])
    let regex = try await test.call(
      "macie2", "CreateAllowList", ["clientToken": "a", "name": "zero", "criteria": ["regex": "EMP-0+"]])
    let words = try await test.call(
      "macie2", "CreateAllowList",
      [
        "clientToken": "b", "name": "words",
        "criteria": ["s3WordsList": ["bucketName": "lab-1", "objectKey": "words.txt"]],
      ])
    let status = try await test.call("macie2", "GetAllowList", ["id": words["id"] ?? ""])
    #expect(status.at("status.code") == "OK")
    _ = try await start([
      "managedDataIdentifierSelector": "NONE", "customDataIdentifierIds": [identifier],
      "allowListIds": [regex["id"] ?? "", words["id"] ?? ""],
    ])
    try await test.call("macie2", "DeleteCustomDataIdentifier", ["id": identifier])
    try test.account.clock.advance(seconds: 600)
    let ids = try await test.call("macie2", "ListFindings")["findingIds"] ?? []
    let finding = try #require(
      try await test.call("macie2", "GetFindings", ["findingIds": ids]).at("findings.0"))
    #expect(finding["type"] == "SensitiveData:S3Object/CustomIdentifier")
    #expect(finding.at("severity.description") == "Low")
    let detection = finding.at("classificationDetails.result.customDataIdentifiers.detections.0")
    #expect(detection?["name"] == "badge")
    #expect(detection?["count"]?.integer == 1)
    #expect(detection?.at("occurrences.cells.0.row")?.integer == 2)
  }

  @Test(
    arguments: [
      (["jobType": "SCHEDULED"], "400 ValidationException"),
      (
        ["jobType": "SCHEDULED", "scheduleFrequency": ["monthlySchedule": ["dayOfMonth": 32]]],
        "400 ValidationException"
      ),
      (["scheduleFrequency": ["dailySchedule": [:]]], "400 ValidationException"),
      (["samplingPercentage": 0], "400 ValidationException"),
      (["samplingPercentage": 101], "400 ValidationException"),
      (["managedDataIdentifierSelector": "INCLUDE"], "400 ValidationException"),
      (
        ["managedDataIdentifierSelector": "INCLUDE", "managedDataIdentifierIds": ["NAME"]],
        "400 ValidationException"
      ),
      (["managedDataIdentifierSelector": "NONE"], "400 ValidationException"),
      (["customDataIdentifierIds": ["none"]], "404 ResourceNotFoundException"),
      (["allowListIds": ["none"]], "404 ResourceNotFoundException"),
      (["s3JobDefinition": [:]], "400 ValidationException"),
    ] as [(Value, String)])
  func `a job that cannot be is refused`(more: Value, expected: String) async throws {
    try await prepare([])
    var input: Fields = [
      "jobType": "ONE_TIME", "name": "n", "clientToken": "t",
      "s3JobDefinition": ["bucketDefinitions": [["accountId": "111122223333", "buckets": ["lab-1"]]]],
    ]
    for field in more.object ?? [:] { input[field.name] = field.value }
    let found = try await test.error("macie2", "CreateClassificationJob", .object(input))
    #expect(found.hasPrefix(expected), "\(found)")
  }

  @Test func `suspending cancels jobs, keeps findings and ends policy findings`() async throws {
    try await prepare(["a.txt"])
    _ = try await start([:])
    try test.account.clock.advance(seconds: 600)
    let job = try await start(["name": "m", "description": "x"])
    try await test.call("macie2", "UpdateMacieSession", ["status": "PAUSED"])
    #expect(try await describe(job)["jobStatus"] == "CANCELLED")
    try await test.call("s3", "DeletePublicAccessBlock", ["Bucket": "lab-1"])
    #expect(try await found() == ["a.txt"])
  }
}
