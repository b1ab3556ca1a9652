import ServiceModels
import Synchronization
import Testing
import Wire

@testable import AWSClient

@Suite struct RetryTests {
  private func operation(_ service: String, _ name: String) throws -> Operation {
    try #require(try catalog.model(service).operation(name))
  }

  private func settings(_ mode: RetryMode, new: Bool = false) -> RetrySettings {
    var settings = RetrySettings()
    settings.mode = mode
    settings.usesNewBackoff = new
    return settings
  }

  @Test(
    arguments: [
      // mode, service, operation, status, code, reason
      (.standard, "kms", "ListKeys", 400, "ThrottlingException", .throttled),
      (.standard, "kms", "ListKeys", 400, "LimitExceededException", .throttled),
      (.standard, "kms", "ListKeys", 503, "Whatever", .transient),
      (.standard, "kms", "ListKeys", 400, "RequestTimeout", .transient),
      (.standard, "kms", "ListKeys", 429, "Whatever", nil),
      (.standard, "kms", "ListKeys", 400, "NotFoundException", nil),
      (.standard, "kms", "ListKeys", 501, "NotImplemented", nil),
      (.standard, "sts", "GetCallerIdentity", 400, "IDPCommunicationError", .transient),
      (.standard, "iam", "ListRoles", 400, "IDPCommunicationError", nil),
      // The model marks these `retryable`.
      (.standard, "accessanalyzer", "ListAnalyzers", 400, "InternalServerException", .transient),
      (.standard, "account", "GetContactInformation", 400, "TooManyRequestsException", .throttled),
      (.legacy, "kms", "ListKeys", 400, "ThrottlingException", .throttled),
      (.legacy, "kms", "ListKeys", 400, "LimitExceededException", nil),
      (.legacy, "kinesis", "ListStreams", 400, "LimitExceededException", .throttled),
      (.legacy, "kms", "ListKeys", 429, "Whatever", .throttled),
      (.legacy, "kms", "ListKeys", 509, "Whatever", .transient),
      (.legacy, "s3", "ListBuckets", 400, "BadDigest", .transient),
      (.legacy, "ec2", "DescribeVpcs", 503, "RequestLimitExceeded", .throttled),
      (.adaptive, "kms", "ListKeys", 400, "Throttling", .throttled),
    ] as [(RetryMode, String, String, Int, String, RetryPolicy.Reason?)])
  func `a mode retries what botocore retries`(
    mode: RetryMode, service: String, name: String, status: Int, code: String, reason: RetryPolicy.Reason?
  ) throws {
    let fault = ServiceFault(code: code, message: "", httpStatus: status)
    #expect(try RetryPolicy(settings(mode)).reason(fault, operation(service, name)) == reason)
  }

  @Test(
    arguments: [
      // mode, new, number, reason, service, retry-after, seconds with a chance of 0.5
      (.standard, false, 1, .throttled, "kms", nil, 0.5), (.standard, false, 2, .transient, "kms", nil, 1),
      (.standard, false, 9, .transient, "kms", nil, 10),
      (.standard, false, 1, .transient, "kms", "9000", 0.5),
      (.standard, true, 1, .transient, "kms", nil, 0.025), (.standard, true, 1, .throttled, "kms", nil, 0.5),
      (.standard, true, 1, .transient, "dynamodb", nil, 0.0125),
      (.standard, true, 1, .throttled, "kms", "2000", 2), (.standard, true, 1, .throttled, "kms", "100", 0.5),
      (.standard, true, 1, .throttled, "kms", "60000", 5.5),
      (.standard, true, 1, .throttled, "kms", "-1", 0.5),
      (.legacy, false, 4, .transient, "kms", nil, 4), (.legacy, false, 6, .transient, "kms", nil, 16),
      (.legacy, false, 2, .transient, "dynamodb", nil, 0.1),
    ] as [(RetryMode, Bool, Int, RetryPolicy.Reason, String, String?, Double)])
  func `pauses are botocore's`(
    mode: RetryMode, new: Bool, number: Int, reason: RetryPolicy.Reason, service: String, after: String?,
    seconds: Double
  ) {
    let policy = RetryPolicy(settings(mode, new: new))
    #expect(
      policy.delay(after: number, reason, service: service, random: 0.5, retryAfter: after) == seconds)
  }

  @Test func `tries and prices depend on mode and service`() {
    #expect(settings(.standard).limit(for: "kms") == 3)
    #expect(settings(.legacy).limit(for: "kms") == 5)
    #expect(settings(.legacy).limit(for: "dynamodb") == 10)
    #expect(settings(.standard).limit(for: "dynamodb") == 3)
    #expect(settings(.standard, new: true).limit(for: "dynamodb") == 4)
    #expect(RetryPolicy(settings(.standard)).price(.timedOut) == 10)
    #expect(RetryPolicy(settings(.standard)).price(.throttled) == 5)
    #expect(RetryPolicy(settings(.standard, new: true)).price(.transient) == 14)
    #expect(RetryPolicy(settings(.standard, new: true)).price(.throttled) == 5)
    #expect(RetryPolicy(settings(.legacy)).price(.transient) == 0)
  }

  @Test func `the quota runs dry and fills again with successes`() {
    let quota = RetryQuota(capacity: 10)
    #expect(quota.take(5) && quota.take(5) && !quota.take(5))
    quota.giveBack(5)
    #expect(quota.take(5))
    for _ in 0..<100 { quota.giveBack(1) }
    #expect(quota.left == 10)
  }

  @Test func `calls that create without a token are never repeated; those with one, or idempotent ones, are`()
    throws
  {
    for (service, name, isOnce) in [
      ("kms", "CreateKey", true), ("ec2", "RunInstances", false),
      ("macie2", "CreateClassificationJob", false),
      ("sns", "Publish", true), ("kms", "DescribeKey", false), ("s3", "PutObject", false),
    ] {
      #expect(try RetryPolicy.mustNotRepeat(operation(service, name)) == isOnce, "\(name)")
    }
  }

  // MARK: through the client

  private let throttled = ScriptedTransport.Answer.response(
    400, #"{"__type":"ThrottlingException","message":"slow"}"#, ["Date": "Mon, 23 Nov 2026 12:00:00 GMT"])
  private let empty = ScriptedTransport.Answer.response(200, "{}", [:])

  private func outcome(
    _ answers: [ScriptedTransport.Answer], _ service: String = "kms", _ name: String = "ListKeys",
    sleeps: Sleeps = Sleeps(), _ change: (inout ClientConfiguration) -> Void = { _ in }
  ) async -> (transport: ScriptedTransport, error: AWSError?) {
    let transport = ScriptedTransport(answers)
    do {
      _ = try await client(transport, sleeps: sleeps, change: change).call(service, name, [:])
      return (transport, nil)
    } catch {
      return (transport, error)
    }
  }

  @Test func `each try says which it is, and the service until when it may answer`() async {
    let run = await outcome([throttled, throttled, empty])
    #expect(run.transport.seen.map { $0.headers["amz-sdk-invocation-id"] } == ["call", "call", "call"])
    #expect(
      run.transport.seen.map { $0.headers["amz-sdk-request"] } == [
        "attempt=1", "ttl=20261123T120100Z; attempt=2; max=3", "ttl=20261123T120100Z; attempt=3; max=3",
      ])
    #expect(run.transport.seen.allSatisfy { !($0.headers["Authorization"] ?? "").contains("amz-sdk") })
  }

  @Test func `legacy mode tries five times`() async {
    let sleeps = Sleeps()
    let run = await outcome(Array(repeating: throttled, count: 9), sleeps: sleeps) {
      $0.retries.mode = .legacy
    }
    #expect(run.transport.seen.count == 5)
    #expect(sleeps.all == [0.5, 1, 2, 4])
    #expect(run.error?.message.contains("(reached max retries: 4)") == true)
  }

  @Test func `the configured number of tries holds, and is told`() async {
    let run = await outcome([throttled, empty]) { $0.retries.maxAttempts = 1 }
    #expect(run.transport.seen.count == 1)
    #expect(
      run.error?.message
        == "An error occurred (ThrottlingException) when calling the ListKeys operation (reached max retries: 0): slow"
    )
  }

  @Test func `a long poll pauses even when the quota is used up`() async throws {
    let sleeps = Sleeps()
    let transport = ScriptedTransport([.response(503, "{}", [:])])
    let client = client(transport, sleeps: sleeps) { $0.retries.usesNewBackoff = true }
    while client.quota.take(1) {}
    await #expect(throws: AWSError.self) {
      try await client.call("sqs", "ReceiveMessage", ["QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/q"])
    }
    #expect(sleeps.all == [0.025])
  }

  @Test func `DynamoDB's damaged answers are asked for again`() async {
    let damaged = ScriptedTransport.Answer.response(200, #"{"TableNames":[]}"#, ["x-amz-crc32": "1"])
    let run = await outcome([damaged, empty], "dynamodb", "ListTables")
    #expect(run.error == nil && run.transport.seen.count == 2)
    let spoilt = await outcome([damaged, damaged, damaged], "dynamodb", "ListTables")
    #expect(spoilt.error?.message.hasPrefix("The answer of dynamodb.us-east-1.amazonaws.com") == true)
  }

  @Test func `S3's errors under a status of success are errors, and tried again`() async throws {
    let error =
      "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"
    let result = "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>"
    for first in [error, "<CopyObjectResult><ETa"] {
      let transport = ScriptedTransport([.response(200, first, [:]), .response(200, result, [:])])
      let output = try await client(transport).call(
        "s3", "CopyObject", ["Bucket": "lab", "Key": "k", "CopySource": "lab/j"])
      #expect(output["CopyObjectResult"]?["ETag"] == "e")
      #expect(transport.seen.count == 2)
    }
  }

  // MARK: adaptive

  @Test func `adaptive mode sends freely until it is throttled, then at 0.7 of its rate, and climbs again`() {
    let rate = SendingRate()
    for step in 1...20 {
      #expect(rate.take(at: Double(step) * 0.1) == 0)
      rate.learn(isThrottled: false, at: Double(step) * 0.1)
    }
    #expect(rate.limit == nil)
    rate.learn(isThrottled: true, at: 2.1)
    let fallen = rate.limit ?? 0
    #expect(fallen > 5 && fallen < 8)
    var waited = 0.0
    for _ in 0..<20 { waited += rate.take(at: 2.1) }
    #expect(waited > 0)
    for step in 1...60 { rate.learn(isThrottled: false, at: 2.1 + Double(step) * 0.1) }
    #expect((rate.limit ?? 0) > fallen)
  }

  @Test func `a throttled client in adaptive mode waits for its turn before it sends`() async {
    let sleeps = Sleeps()
    let run = await outcome([throttled, empty], sleeps: sleeps) { $0.retries.mode = .adaptive }
    #expect(run.error == nil)
    // The pause of the retry, then two seconds for a token at the lowest rate, a half a second.
    #expect(sleeps.all == [0.5, 2])
  }
}
