import OrderedJSON
import Resources
import ServiceModels
import TestKit
import Testing

@testable import LabEngine
@testable import ProgressStore

/// Decisions of the planner on one resource, without an account.
@Suite struct PlannerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var type: String
    var details: JSON
    var origin = ResourceOrigin.created
    var state = ResourceState.live
    var earlier: JSON?
    var reading: AccountReading?
    /// Nil: it is not in the plan.
    var expected: TeardownItem.Decision?

    var testDescription: String { name }
  }

  static let bucket: JSON = ["Bucket": "b"]
  static let key: JSON = ["KeyId": "k"]
  static let encryption: JSON = ["Rules": [["BucketKeyEnabled": false]]]

  static let cases = [
    Case(
      name: "made and there", type: "s3-bucket", details: bucket, reading: seen(.present), expected: .remove),
    Case(name: "made, and the account will not say", type: "s3-bucket", details: bucket, expected: .remove),
    Case(name: "made and gone", type: "s3-bucket", details: bucket, reading: seen(.absent), expected: .gone),
    Case(
      name: "made, gone, and somebody else's now", type: "s3-bucket", details: bucket,
      reading: seen(.foreign),
      expected: .keep("it belongs to another account now")),
    Case(
      name: "known to be gone is not asked for again", type: "s3-bucket", details: bucket, state: .gone,
      reading: seen(.present), expected: nil),
    Case(
      name: "there before", type: "macie-session", details: ["Region": "us-east-1"], origin: .existedBefore,
      expected: .keep("it was there before this run")),
    Case(
      name: "younger than the call that made the run's own", type: "iam-role", details: ["RoleName": "r"],
      reading: seen(.present, created: 1000 + TeardownPlanner.tolerance + 1),
      expected: .keep("it was made anew after this run made its own, and is not proven to be the run's")),
    Case(
      name: "a little younger, as clocks differ", type: "iam-role", details: ["RoleName": "r"],
      reading: seen(.present, created: 1000 + TeardownPlanner.tolerance), expected: .remove),
    Case(
      name: "scheduled already", type: "kms-key", details: key, state: .pendingDeletion,
      reading: seen(.pendingDeletion(77)), expected: .pending(until: 77)),
    Case(
      name: "scheduled, and taken back", type: "kms-key", details: key, state: .pendingDeletion,
      reading: seen(.present), expected: .remove),
    Case(
      name: "a job that is over", type: "macie-job", details: ["jobId": "j", "Region": "us-east-1"],
      reading: seen(.over),
      expected: .keep("Macie keeps the record of a finished job and its findings; they cost nothing")),
    Case(
      name: "a changed setting", type: "s3-bucket-encryption", details: bucket, origin: .changed,
      earlier: ["value": encryption], reading: seen(.present, earlier: ["Rules": []]), expected: .restore),
    Case(
      name: "a setting that is as it was", type: "s3-bucket-encryption", details: bucket, origin: .changed,
      earlier: ["value": encryption], reading: seen(.present, earlier: encryption), expected: .gone),
    Case(
      name: "a setting that was not there, and is not", type: "s3-bucket-policy", details: bucket,
      origin: .changed,
      earlier: ["absent": true], reading: seen(.absent), expected: .gone),
    Case(
      name: "a setting nobody could read before", type: "s3-bucket-policy", details: bucket, origin: .changed,
      earlier: ["unknown": true], reading: seen(.present),
      expected: .keep("its earlier value could not be read, so it cannot be put back")),
    Case(
      name: "a setting of the run's own thing", type: "s3-bucket-encryption", details: bucket,
      origin: .changed,
      reading: seen(.present), expected: nil),
  ]

  static func seen(_ reading: Reading, created: Int64? = nil, earlier: JSON? = nil) -> AccountReading {
    AccountReading(reading: reading, created: created, earlier: earlier)
  }

  @Test(arguments: cases)
  func `a resource is judged by the ledger and the account`(_ row: Case) throws {
    let catalog = try ResourceCatalog(directory: repositoryRoot + "/assets/resources")
    let type = try #require(catalog.type(row.type))
    let parts = try #require(row.details.object)
    let draft = ResourceDraft(
      type: row.type, identity: try #require(type.identity(of: parts)), region: "us-east-1",
      name: type.title(of: parts), details: row.details.text(), parentType: type.parent?.type,
      parentIdentity: type.parentIdentity(of: parts), origin: row.origin, earlier: row.earlier?.text())
    let record = ResourceRecord(
      id: 1, run: "r", draft: draft, state: row.state, until: nil, reason: nil, call: nil, createdAt: 1000,
      changedAt: 1000)
    let run = RunRecord(
      id: "r",
      draft: RunDraft(
        lessonPath: "", lessonID: "", lessonDigest: "", mode: .live, account: "111122223333",
        region: "us-east-1",
        identityARN: ""), state: .active, section: nil, createdAt: 0, updatedAt: 0, endedAt: nil)
    let plan = TeardownPlanner(
      catalog: catalog, run: run, resources: [record], calls: [], readings: row.reading.map { [1: $0] } ?? [:]
    ).plan()
    #expect(plan.items.map(\.decision) == (row.expected.map { [$0] } ?? []))
  }

  @Test(arguments: [
    (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, true), ("plain", "plain", true), ("plain", "other", false),
    (#"{"a":1}"#, #"{"a":2}"#, false),
  ])
  func `policies are compared as JSON, not as text`(_ a: String, _ b: String, _ same: Bool) {
    #expect(alike(["Policy": .string(a)], ["Policy": .string(b)]) == same)
  }
}
