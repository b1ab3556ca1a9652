import ServiceModels
import SigV4
import Testing
import Wire

@testable import AWSClient

@Suite struct ClientEndpointTests {
  /// Where a call goes, and how it is signed for: `host/path region service`.
  private func place(
    _ service: String, _ operation: String, _ input: Value, region: String? = "us-east-1",
    _ change: (inout ClientConfiguration) -> Void = { _ in }
  ) async throws -> String {
    let client = client(ScriptedTransport([])) {
      $0.region = region
      change(&$0)
    }
    let model = try catalog.model(service)
    let found = try #require(model.operation(operation))
    let call = AWSCall(
      service: service, operation: found, input: input, region: try client.region(for: model, CallOptions()))
    let outgoing = try await client.outgoing(call, model, CallOptions())
    let endpoint = outgoing.endpoint
    return [
      "\(outgoing.request.host)\(outgoing.request.path)", endpoint.authScheme, endpoint.signingRegion,
      endpoint.signingName,
    ].joined(separator: " ")
  }

  private let key: Value = ["Bucket": "lab", "Key": "k"]

  @Test func `S3's addressing follows configuration and bucket`() async throws {
    let put = "PutObject"
    #expect(try await place("s3", put, key) == "lab.s3.us-east-1.amazonaws.com/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, key) { $0.endpointOptions.addressingStyle = .path }
        == "s3.us-east-1.amazonaws.com/lab/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, ["Bucket": "my.lab", "Key": "k"])
        == "s3.us-east-1.amazonaws.com/my.lab/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, key) { $0.endpointOptions.usesAccelerate = true }
        == "lab.s3-accelerate.amazonaws.com/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, key) { $0.endpointOptions.usesDualStack = true }
        == "lab.s3.dualstack.us-east-1.amazonaws.com/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, key) { $0.endpointOptions.usesFIPS = true }
        == "lab.s3-fips.us-east-1.amazonaws.com/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, key) { $0.endpointURL = "http://localhost:9000" }
        == "localhost:9000/lab/k sigv4 us-east-1 s3")
    #expect(
      try await place("s3", put, key) { $0.endpointURL = "https://s3-accelerate.amazonaws.com" }
        == "lab.s3-accelerate.amazonaws.com/k sigv4 us-east-1 s3")
  }

  @Test func `ARNs of access points, Outposts and Object Lambda name the host and the Region`() async throws {
    func at(
      _ arn: String, _ operation: String = "GetObject",
      _ change: (inout ClientConfiguration) -> Void = { _ in }
    ) async throws -> String {
      try await place("s3", operation, ["Bucket": .string(arn), "Key": "k"], change)
    }
    let point = "arn:aws:s3:eu-west-1:111122223333:accesspoint/lab"
    #expect(
      try await at(point)
        == "lab-111122223333.s3-accesspoint.eu-west-1.amazonaws.com/k sigv4 eu-west-1 s3")
    #expect(
      try await at("arn:aws:s3-object-lambda:us-east-1:111122223333:accesspoint/lab")
        == "lab-111122223333.s3-object-lambda.us-east-1.amazonaws.com/k sigv4 us-east-1 s3-object-lambda")
    #expect(
      try await at("arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-01234567890123456/accesspoint/lab")
        == "lab-111122223333.op-01234567890123456.s3-outposts.us-east-1.amazonaws.com/k sigv4a * s3-outposts")
    #expect(
      try await at("arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap")
        == "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/k sigv4a * s3")
    await #expect(throws: AWSError.self) {
      try await at(point) { $0.endpointOptions.usesARNRegion = false }
    }
    await #expect(throws: AWSError.self) {
      try await at("arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap") {
        $0.endpointOptions.disablesMultiRegionAccessPoints = true
      }
    }
    #expect(
      try await at("arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap") {
        $0.endpointOptions.signingRegionSet = "eu-west-1,us-east-1"
      } == "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/k sigv4a eu-west-1,us-east-1 s3")
  }

  @Test func `S3 Control takes the account from an Outposts ARN`() async throws {
    let arn = "arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-01234567890123456/bucket/lab"
    let operation = try #require(catalog.model("s3control").operation("GetBucket"))
    let filled = try S3ControlQuirks.withAccount(["Bucket": .string(arn)], operation)
    #expect(filled["AccountId"] == "111122223333")
    #expect(
      try await place("s3control", "GetBucket", filled).hasPrefix("s3-outposts.us-east-1.amazonaws.com/"))
    for input: Value in [
      ["Bucket": .string(arn), "AccountId": "000000000000"],
      ["Bucket": "arn:aws:s3:us-east-1:111122223333:accesspoint/lab"],
      ["Bucket": "arn:aws:s3-outposts:fips-us-east-1:111122223333:outpost/op-1/bucket/lab"],
    ] {
      #expect(throws: AWSError.self) { try S3ControlQuirks.withAccount(input, operation) }
    }
  }

  @Test func `accounts have endpoints of their own, if the credentials say whose they are`() async throws {
    func table(_ account: String?, _ mode: EndpointOptions.AccountIDMode) async throws -> String {
      try await place("dynamodb", "ListTables", [:]) {
        $0.credentials = StaticCredentials(
          Credentials(accessKeyID: "A", secretAccessKey: "s", accountID: account))
        $0.endpointOptions.accountIDMode = mode
      }
    }
    let own = "111122223333.ddb.us-east-1.amazonaws.com/ sigv4 us-east-1 dynamodb"
    let general = "dynamodb.us-east-1.amazonaws.com/ sigv4 us-east-1 dynamodb"
    #expect(try await table("111122223333", .preferred) == own)
    #expect(try await table("111122223333", .required) == own)
    #expect(try await table("111122223333", .disabled) == general)
    #expect(try await table(nil, .preferred) == general)
    await #expect(throws: AWSError.self) { try await table(nil, .required) }
  }

  @Test func `host prefixes are put before the host, unless they are turned off`() async throws {
    let input: Value = ["AccountId": "111122223333"]
    #expect(
      try await place("s3control", "ListJobs", input)
        == "111122223333.s3-control.us-east-1.amazonaws.com/v20180820/jobs sigv4 us-east-1 s3")
    let sync: Value = ["stateMachineArn": "arn:aws:states:us-east-1:111122223333:stateMachine:x"]
    #expect(
      try await place("stepfunctions", "StartSyncExecution", sync)
        == "sync-states.us-east-1.amazonaws.com/ sigv4 us-east-1 states")
    #expect(
      try await place("stepfunctions", "StartSyncExecution", sync) {
        $0.endpointOptions.injectsHostPrefix = false
      }
        == "states.us-east-1.amazonaws.com/ sigv4 us-east-1 states")
  }

  @Test func `global services have one Region to sign for in every partition`() async throws {
    for (region, place) in [
      ("eu-west-1", "iam.amazonaws.com/ sigv4 us-east-1 iam"),
      (nil, "iam.amazonaws.com/ sigv4 us-east-1 iam"),
      ("cn-north-1", "iam.cn-north-1.amazonaws.com.cn/ sigv4 cn-north-1 iam"),
      ("us-gov-east-1", "iam.us-gov.amazonaws.com/ sigv4 us-gov-west-1 iam"),
    ] {
      #expect(try await self.place("iam", "ListRoles", [:], region: region) == place)
    }
    #expect(
      try await place("s3", "ListBuckets", [:], region: nil) == "s3.amazonaws.com/ sigv4 us-east-1 s3")
    #expect(
      try await place("sts", "GetCallerIdentity", [:], region: nil)
        == "sts.amazonaws.com/ sigv4 us-east-1 sts")
    await #expect(throws: AWSError.self) { try await place("kms", "ListKeys", [:], region: nil) }
  }

  @Test func `services without a Region of their own never sign for aws-global`() throws {
    for service in catalog.services {
      let model = try catalog.model(service)
      guard model.regionOfAll != nil, let operation = model.operationNames.first else { continue }
      let found = try #require(model.operation(operation))
      let endpoint = try found.endpoint([:], region: model.regionOfAll, partitions: catalog.partitions())
      #expect(
        endpoint.authScheme == "bearer" || endpoint.signingRegion != "aws-global",
        "\(service): \(endpoint.host)")
    }
  }

  @Test func `a custom endpoint leaves signing as it is, and FIPS out`() async throws {
    #expect(
      try await place("iam", "ListRoles", [:], region: "eu-west-1") {
        $0.endpointURL = "http://127.0.0.1:5000/base"
        $0.endpointOptions.usesFIPS = true
      } == "127.0.0.1:5000/base/ sigv4 us-east-1 iam")
    await #expect(throws: AWSError.self) {
      try await place("kms", "ListKeys", [:]) { $0.endpointURL = "localhost:5000" }
    }
  }

  @Test func `a services section that is not there is missed by the services that look for it`() async throws
  {
    await #expect(throws: AWSError.self) {
      try await place("kms", "ListKeys", [:]) { $0.missingServices = "local" }
    }
    #expect(
      try await place("kms", "ListKeys", [:]) {
        $0.missingServices = "local"
        $0.configuredEndpoints = ["kms": "http://own"]
      }.hasPrefix("own/"))
  }

  @Test func `checksums go out and come in as configured`() async throws {
    func put(_ policy: ChecksumPolicy, _ operation: String, _ input: Value) async throws -> HTTPRequest {
      let model = try catalog.model("s3")
      let found = try #require(model.operation(operation))
      let client = client(ScriptedTransport([])) {
        $0.requestChecksums = policy
        $0.responseChecksums = policy
      }
      return try await client.outgoing(
        AWSCall(service: "s3", operation: found, input: input, region: "us-east-1"), model, CallOptions()
      ).request
    }
    func has(_ request: HTTPRequest) -> Bool {
      request.headers.contains { $0.name.hasPrefix("x-amz-checksum-") }
    }
    #expect(try await has(put(.whenSupported, "PutObject", ["Bucket": "b", "Key": "k", "Body": "x"])))
    #expect(try await !has(put(.whenRequired, "PutObject", ["Bucket": "b", "Key": "k", "Body": "x"])))
    #expect(
      try await has(
        put(
          .whenRequired, "PutObject", ["Bucket": "b", "Key": "k", "Body": "x", "ChecksumAlgorithm": "SHA256"])
      ))
    let delete: Value = ["Bucket": "b", "Delete": ["Objects": [["Key": "k"]]]]
    #expect(try await has(put(.whenRequired, "DeleteObjects", delete)))
    #expect(try await put(.whenSupported, "GetObject", key).headers["x-amz-checksum-mode"] == "ENABLED")
    #expect(try await put(.whenRequired, "GetObject", key).headers["x-amz-checksum-mode"] == nil)
  }

  @Test func `large bodies are packed where the service takes them so, unless that is turned off`()
    async throws
  {
    let model = try catalog.model("cloudwatch")
    let operation = try #require(model.operation("PutMetricData"))
    let names = (0..<400).map { Value.object(["MetricName": .string("requests-\($0)"), "Value": 1.0]) }
    for (isDisabled, size, isPacked) in [
      (false, 10_240, true), (true, 10_240, false), (false, 1_048_576, false),
    ] {
      let client = client(ScriptedTransport([])) {
        $0.compression.isDisabled = isDisabled
        $0.compression.minimumSize = size
      }
      let call = AWSCall(
        service: "cloudwatch", operation: operation, input: ["Namespace": "lab", "MetricData": .list(names)],
        region: "us-east-1")
      let request = try await client.outgoing(call, model, CallOptions()).request
      #expect((request.headers["Content-Encoding"] == "gzip") == isPacked)
    }
  }
}
