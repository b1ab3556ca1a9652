import ServiceModels
import Synchronization
import Testing
import Wire

@testable import AWSClient

@Suite struct PipelineTests {
  private let throttled = ScriptedTransport.Answer.response(
    400, #"{"__type":"ThrottlingException","message":"Rate exceeded"}"#, [:])
  private let broken = ScriptedTransport.Answer.response(
    500, #"{"__type":"KMSInternalException","message":"oh"}"#, [:])
  private let empty = ScriptedTransport.Answer.response(200, "{}", [:])
  private let key = ScriptedTransport.Answer.response(200, #"{"KeyMetadata":{"KeyId":"k"}}"#, [:])

  private func failure(_ body: () async throws(AWSError) -> Value) async -> AWSError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error
    }
  }

  @Test func `Throttling and server faults are tried three times in all, with a growing pause`() async throws
  {
    let transport = ScriptedTransport([throttled, broken, empty])
    let sleeps = Sleeps()
    _ = try await client(transport, sleeps: sleeps).call("kms", "ListKeys", [:])
    #expect(transport.seen.count == 3)
    #expect(sleeps.all == [0.5, 1])
    let exhausted = ScriptedTransport([broken, broken, broken, empty])
    let error = await failure { () throws(AWSError) in
      try await client(exhausted).call("kms", "ListKeys", [:])
    }
    #expect(
      error?.message
        == "An error occurred (KMSInternalException) when calling the ListKeys operation (reached max retries: 2): oh"
    )
    #expect(exhausted.seen.count == 3)
  }

  @Test
  func `A create without idempotency token is not sent again after a server fault or a broken connection`()
    async
  {
    let faults = [broken, .failure(.connectionClosed, arrived: true), .failure(.readTimeout, arrived: true)]
    for fault in faults {
      let transport = ScriptedTransport([fault, key])
      let error = await failure { () throws(AWSError) in
        try await client(transport).call("kms", "CreateKey", [:])
      }
      #expect(error?.mayHaveTakenEffect == true)
      #expect(transport.seen.count == 1)
      #expect(transport.options.first?.sendsOnce == true)
    }
  }

  @Test func `A create is sent again where it certainly was not taken up`() async throws {
    for fault in [throttled, .failure(.connectionRefused, arrived: false)] {
      let transport = ScriptedTransport([fault, key])
      let output = try await client(transport).call("kms", "CreateKey", [:])
      #expect(output["KeyMetadata"]?["KeyId"] == "k")
      #expect(transport.seen.count == 2)
    }
  }

  @Test func `Other refusals are not retried`() async {
    let transport = ScriptedTransport([
      .response(400, #"{"__type":"com.amazonaws.kms#NotFoundException","message":"no"}"#, [:]), empty,
    ])
    let error = await failure { () throws(AWSError) in
      try await client(transport).call("kms", "DescribeKey", ["KeyId": "x"])
    }
    #expect(error?.code == "NotFoundException")
    #expect(transport.seen.count == 1)
  }

  @Test func `A wrong clock is corrected and the request signed anew`() async throws {
    let transport = ScriptedTransport([
      .response(
        403, #"{"__type":"InvalidSignatureException","message":"Signature expired"}"#,
        ["Date": "Mon, 23 Nov 2026 13:00:00 GMT"]), key,
    ])
    _ = try await client(transport).call("kms", "CreateKey", [:])
    #expect(transport.seen.map { $0.headers["X-Amz-Date"] } == ["20261123T120000Z", "20261123T130000Z"])
  }

  @Test func `The session token is signed along`() async throws {
    let transport = ScriptedTransport([empty])
    _ = try await client(transport).call("kms", "ListKeys", [:])
    let request = try #require(transport.seen.first)
    #expect(request.headers["X-Amz-Security-Token"] == "session-token")
    #expect(request.headers["Authorization"]?.contains("x-amz-security-token") == true)
  }

  /// Notes the calls that pass; refuses what it is told to.
  private final class NotingGate: CallGate {
    let calls = Mutex<[AWSCall]>([])
    let refuses: Bool
    init(refuses: Bool = false) { self.refuses = refuses }

    func pass(
      _ call: AWSCall, _ send: @Sendable (AWSCall) async throws(AWSError) -> Value
    ) async throws(AWSError) -> Value {
      calls.withLock { $0.append(call) }
      if refuses { throw .refused("not here") }
      return try await send(call)
    }
  }

  @Test func `The gate sees a call once, with its idempotency token, however often it is tried`() async throws
  {
    let gate = NotingGate()
    let transport = ScriptedTransport([.response(500, "", [:]), .response(200, "{}", [:])])
    _ = try await client(transport, gate: gate).call("macie2", "EnableMacie", [:])
    let calls = gate.calls.withLock { $0 }
    #expect(calls.map(\.input) == [["clientToken": "token"]])
    #expect(transport.seen.count == 2)
  }

  @Test func `What the gate refuses is not sent`() async {
    let transport = ScriptedTransport([empty])
    let error = await failure { () throws(AWSError) in
      try await client(transport, gate: NotingGate(refuses: true)).call("kms", "ListKeys", [:])
    }
    #expect(error?.message == "not here")
    #expect(transport.seen.isEmpty)
  }

  @Test func `Wrong input and an impossible bucket are refused before anything is sent`() async {
    let transport = ScriptedTransport([])
    for (service, operation, input) in [
      ("kms", "DescribeKey", [:] as Value), ("s3", "CreateBucket", ["Bucket": "a/b"]),
    ] {
      let error = await failure { () throws(AWSError) in
        try await client(transport).call(service, operation, input)
      }
      #expect(error?.message.hasPrefix("Parameter validation failed:\n") == true)
    }
    #expect(transport.seen.isEmpty)
  }

  @Test func `No error text holds a secret`() async {
    let answers: [ScriptedTransport.Answer] = [
      .failure(.tls, arrived: false), .failure(.other, arrived: true), .response(200, "not json", [:]),
      .response(403, #"{"__type":"AccessDeniedException","message":"no"}"#, [:]),
    ]
    for answer in answers {
      let error = await failure { () throws(AWSError) in
        try await client(ScriptedTransport([answer])).call("kms", "CreateKey", [:])
      }
      #expect(error != nil)
      for text in [error?.message ?? "", "\(String(describing: error))", "\(String(reflecting: error))"] {
        #expect(!text.contains(secret) && !text.contains("session-token"))
      }
    }
  }

  @Test func `All pages add up to one value`() async throws {
    let transport = ScriptedTransport([
      .response(200, #"{"Keys":[{"KeyId":"a"}],"Truncated":true,"NextMarker":"m"}"#, [:]),
      .response(200, #"{"Keys":[{"KeyId":"b"}],"Truncated":false}"#, [:]),
    ])
    let output = try await client(transport).pages("kms", "ListKeys", [:])
    #expect(output["Keys"]?.list?.map { $0["KeyId"] } == ["a", "b"])
    #expect(transport.seen.count == 2)
  }

  @Test func `Listed keys come decoded`() async throws {
    let transport = ScriptedTransport([
      .response(
        200,
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%20b%2Bc</Key></Contents></ListBucketResult>",
        [:])
    ])
    let output = try await client(transport).call("s3", "ListObjectsV2", ["Bucket": "b"])
    #expect(output["Contents"]?.list?.first?["Key"] == "a b+c")
    #expect(output["EncodingType"] == nil)
  }
}
