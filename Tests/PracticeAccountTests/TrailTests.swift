import OrderedJSON
import PracticeAccount
import ServiceModels
import SigV4
import Testing
import Wire

/// The event history.
struct TrailTests {
  private func names(_ test: TestAccount, _ input: Value = [:]) async throws -> [String] {
    let events = try await test.call("cloudtrail", "LookupEvents", input)["Events"]?.list ?? []
    return events.compactMap { $0["EventName"]?.string }
  }

  @Test func `every call is there, newest first, whether it succeeded or not; objects are not`() async throws
  {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    let key = try await test.makeKey()
    _ = try await test.error("kms", "DescribeKey", ["KeyId": "nobody"])
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("s3", "PutObject", ["Bucket": "lab-1", "Key": "a", "Body": "x"])
    try await test.call("kms", "Encrypt", ["KeyId": .string(key), "Plaintext": "secret"])
    #expect(try await names(test) == ["Encrypt", "CreateBucket", "DescribeKey", "CreateKey"])
    // Looking is remembered as well.
    #expect(try await names(test).first == "LookupEvents")
    try test.account.flush()
    #expect(
      try await names(TestAccount(store: store)).suffix(4) == [
        "Encrypt", "CreateBucket", "DescribeKey", "CreateKey",
      ])
  }

  @Test(
    arguments: [
      (["LookupAttributes": [["AttributeKey": "EventName", "AttributeValue": "CreateKey"]]], ["CreateKey"]),
      (
        ["LookupAttributes": [["AttributeKey": "EventSource", "AttributeValue": "s3.amazonaws.com"]]],
        ["CreateBucket"]
      ),
      (
        ["LookupAttributes": [["AttributeKey": "ResourceName", "AttributeValue": "lab-1"]]], ["CreateBucket"]
      ),
      (
        ["LookupAttributes": [["AttributeKey": "ReadOnly", "AttributeValue": "false"]]],
        ["CreateBucket", "CreateKey"]
      ),
      (["LookupAttributes": [["AttributeKey": "Username", "AttributeValue": "nobody"]]], []),
      (["MaxResults": 1], ["ListKeys"]),
    ] as [(Value, [String])])
  func `it can be asked for`(input: Value, expected: [String]) async throws {
    let test = try TestAccount()
    _ = try await test.makeKey()
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("kms", "ListKeys")
    #expect(try await names(test, input) == expected)
  }

  @Test func `a record says who did what and hides what is secret`() async throws {
    let test = try TestAccount()
    let key = try await test.makeKey()
    try await test.call("kms", "Encrypt", ["KeyId": .string(key), "Plaintext": "secret"])
    let event = try await test.call("cloudtrail", "LookupEvents")["Events"]?.list?.first
    let record = try JSON.parse(try #require(event?["CloudTrailEvent"]?.string))
    #expect(record["userIdentity"]?["type"] == "IAMUser")
    #expect(record["userIdentity"]?["userName"] == "learner")
    #expect(record["requestParameters"]?["Plaintext"] == "HIDDEN_DUE_TO_SECURITY_REASONS")
    #expect(record["requestParameters"]?["KeyId"] == .string(key))
    #expect(record["eventName"] == "Encrypt")
    #expect(record["readOnly"] == true)
    #expect(!record.text().contains(test.account.accessKey.secretAccessKey))
  }

  @Test(
    arguments: [
      (
        [
          "LookupAttributes": [
            ["AttributeKey": "EventName", "AttributeValue": "a"],
            ["AttributeKey": "EventId", "AttributeValue": "b"],
          ]
        ],
        "400 InvalidLookupAttributesException: You can only specify one lookup attribute."
      ),
      (["MaxResults": 51], "400 InvalidMaxResultsException: The number of results must be from 1 to 50."),
      (["NextToken": "x"], "400 InvalidNextTokenException: The next token is not valid."),
    ] as [(Value, String)])
  func `wrong questions are refused`(input: Value, expected: String) async throws {
    #expect(try await TestAccount().error("cloudtrail", "LookupEvents", input) == expected)
  }
}
