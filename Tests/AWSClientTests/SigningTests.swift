import Digests
import ServiceModels
import SigV4
import Synchronization
import Testing
import Wire

@testable import AWSClient

/// Which way of showing whose a request is goes out, and with what.
@Suite struct SigningTests {
  private let mrap = "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap"
  private let bucket = "lab--use1-az5--x-s3"
  private let empty = ScriptedTransport.Answer.response(200, "", [:])

  private func sessionAnswer(_ key: String, minutes: Double) -> ScriptedTransport.Answer {
    .response(
      200,
      "<CreateSessionResult><Credentials><AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        + "<SessionToken>t-\(key)</SessionToken><Expiration>\(noon.adding(seconds: minutes * 60).iso8601)"
        + "</Expiration></Credentials></CreateSessionResult>", [:])
  }

  @Test func `A multi-Region access point is signed for with SigV4a, for all Regions`() async throws {
    let transport = ScriptedTransport([empty])
    _ = try await client(transport).call("s3", "HeadObject", ["Bucket": .string(mrap), "Key": "a b"])
    let request = try #require(transport.seen.first)
    #expect(request.host == "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com")
    #expect(request.headers["X-Amz-Region-Set"] == "*")
    let parsed = try Authorization.parse(request, accepting: [.ecdsa])
    #expect(parsed.scope == CredentialScope(day: "20261123", region: "", service: "s3"))
    #expect(throws: Never.self) {
      try verify(request, secret: secret, parsed: parsed, now: noon, maximumSkew: 0)
    }
  }

  @Test func `The configured set of Regions takes the place of the endpoint's`() async throws {
    let transport = ScriptedTransport([empty])
    let limited = client(transport) { $0.endpointOptions.signingRegionSet = "us-east-1,us-west-2" }
    _ = try await limited.call("s3", "HeadObject", ["Bucket": .string(mrap), "Key": "k"])
    #expect(transport.seen.first?.headers["X-Amz-Region-Set"] == "us-east-1,us-west-2")
  }

  @Test func `An EventBridge global endpoint is signed for with SigV4a`() async throws {
    let transport = ScriptedTransport([.response(200, #"{"FailedEntryCount":0,"Entries":[]}"#, [:])])
    _ = try await client(transport).call(
      "events", "PutEvents", ["EndpointId": "abcde.123", "Entries": .list([["Detail": "{}"]])])
    let request = try #require(transport.seen.first)
    let parsed = try Authorization.parse(request, accepting: [.ecdsa])
    #expect(parsed.regionSet == "*")
    #expect(throws: Never.self) {
      try verify(request, secret: secret, parsed: parsed, now: noon, maximumSkew: 0)
    }
  }

  @Test func `A directory bucket is signed for with the keys of a session that lasts for several calls`()
    async throws
  {
    let transport = ScriptedTransport([sessionAnswer("ONE", minutes: 5), empty, empty])
    let client = client(transport)
    for _ in 1...2 { _ = try await client.call("s3", "HeadObject", ["Bucket": .string(bucket), "Key": "k"]) }
    let seen = transport.seen
    #expect(seen.count == 3)
    #expect(seen.first?.query == "session")
    #expect(seen.first?.headers["X-Amz-Security-Token"] == "session-token")
    for request in seen.dropFirst() {
      let parsed = try Authorization.parse(request)
      #expect(parsed.accessKeyID == "ONE")
      #expect(parsed.service == "s3express")
      #expect(parsed.signedHeaders.contains("x-amz-s3session-token"))
      #expect(request.headers["x-amz-s3session-token"] == "t-ONE")
      #expect(request.headers["X-Amz-Security-Token"] == nil)
      #expect(throws: Never.self) {
        try verify(request, secret: "s", parsed: parsed, now: noon, maximumSkew: 0)
      }
    }
  }

  @Test func `A session that is about to end is opened anew, and kept on if that fails`() async throws {
    let head: Value = ["Bucket": .string(bucket), "Key": "k"]
    let soon = ScriptedTransport([
      sessionAnswer("ONE", minutes: 0.5), empty, sessionAnswer("TWO", minutes: 5), empty,
    ])
    let renewing = client(soon)
    for _ in 1...2 { _ = try await renewing.call("s3", "HeadObject", head) }
    #expect(try soon.seen.last.map { try Authorization.parse($0).accessKeyID } == "TWO")

    let refusal = ScriptedTransport.Answer.response(
      403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", [:])
    let failing = ScriptedTransport([sessionAnswer("ONE", minutes: 0.5), empty, refusal, empty])
    let keeping = client(failing)
    for _ in 1...2 { _ = try await keeping.call("s3", "HeadObject", head) }
    #expect(try failing.seen.last.map { try Authorization.parse($0).accessKeyID } == "ONE")
  }

  @Test func `Sessions with directory buckets can be switched off`() async throws {
    let transport = ScriptedTransport([empty])
    let plain = client(transport) { $0.endpointOptions.disablesExpressSessions = true }
    _ = try await plain.call("s3", "HeadObject", ["Bucket": .string(bucket), "Key": "k"])
    #expect(transport.seen.count == 1)
    #expect(transport.seen.first?.headers["X-Amz-Security-Token"] == "session-token")
  }

  @Test func `A token made for Bedrock takes the place of signatures, there alone`() async throws {
    let transport = ScriptedTransport([.response(200, "{}", [:]), .response(200, "{}", [:])])
    let client = client(transport) { $0.bearerTokens.environment = ["bedrock": "the-token"] }
    _ = try await client.call("bedrock", "ListGuardrails", [:])
    _ = try await client.call("kms", "ListKeys", [:])
    #expect(transport.seen.first?.headers["Authorization"] == "Bearer the-token")
    #expect(transport.seen.last?.headers["Authorization"]?.hasPrefix("AWS4-HMAC-SHA256 ") == true)
    var text = ""
    dump(client.configuration.bearerTokens, to: &text)
    #expect(!"\(client.configuration.bearerTokens) \(text)".contains("the-token"))
  }

  @Test func `Tokens are read from the environment, and from the login of the profile's session`()
    async throws
  {
    let files = [
      "/home/a/.aws/config": """
      [profile lab]
      region = us-west-2
      sso_session = corp
      [sso-session corp]
      sso_start_url = https://corp.awsapps.com/start
      sso_region = eu-west-1
      """,
      // The name is the SHA-1 of "corp".
      "/home/a/.aws/sso/cache/\(hexEncoded(sha1("corp".utf8))).json": """
      {"accessToken": "from-login", "expiresAt": "2026-11-23T20:00:00Z", "startUrl": "https://corp.awsapps.com/start"}
      """,
    ]
    var options = ConfigurationOptions()
    options.profile = "lab"
    let configuration = try ClientConfiguration.resolve(
      options,
      environment: ["HOME": "/home/a", "AWS_BEARER_TOKEN_BEDROCK": "from-environment"],
      readFile: { files[$0] })
    let transport = ScriptedTransport([.response(200, "{}", [:]), .response(200, "{}", [:])])
    let client = AWSClient(
      catalog: catalog, configuration: configuration, transport: transport, clock: { noon },
      seams: ClientSeams())
    _ = try await client.call("bedrock", "ListGuardrails", [:])
    _ = try await client.call("codecatalyst", "VerifySession", [:])
    #expect(
      transport.seen.map { $0.headers["Authorization"] } == ["Bearer from-environment", "Bearer from-login"])
  }

  @Test func `A service of tokens alone names the login that is missing`() async throws {
    let transport = ScriptedTransport([])
    await #expect(throws: AWSError.self) {
      try await client(transport).call("codecatalyst", "VerifySession", [:])
    }
    #expect(transport.seen.isEmpty)
  }

  @Test func `Presigned URLs of S3 verify, get and put, and tell nothing of a body`() async throws {
    for operation in ["GetObject", "PutObject"] {
      let text = try await client(ScriptedTransport([])).presignedURL(
        "s3", operation, ["Bucket": "lab", "Key": "a b/c"], expires: 604_800)
      var request = try #require(parsed(text))
      request.method = operation == "GetObject" ? "GET" : "PUT"
      request.body = .bytes([1, 2, 3])
      let authorization = try Authorization.parse(request)
      #expect(authorization.expires == 604_800)
      #expect(authorization.sessionToken == "session-token")
      #expect(throws: Never.self) {
        try verify(request, secret: secret, parsed: authorization, now: noon, maximumSkew: 0)
      }
    }
  }

  @Test func `A presigned URL of a multi-Region access point is signed with SigV4a`() async throws {
    let text = try await client(ScriptedTransport([])).presignedURL(
      "s3", "GetObject", ["Bucket": .string(mrap), "Key": "k"], expires: 60)
    let request = try #require(parsed(text))
    let authorization = try Authorization.parse(request, accepting: [.ecdsa])
    #expect(authorization.regionSet == "*")
    #expect(throws: Never.self) {
      try verify(request, secret: secret, parsed: authorization, now: noon, maximumSkew: 0)
    }
  }

  @Test func `A presigned call of the query protocol carries its parameters in the URL`() async throws {
    let text = try await client(ScriptedTransport([])).presignedURL(
      "sts", "GetCallerIdentity", [:], expires: 60, method: "GET")
    let request = try #require(parsed(text))
    #expect(request.query.hasPrefix("Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm="))
    let authorization = try Authorization.parse(request)
    #expect(throws: Never.self) {
      try verify(request, secret: secret, parsed: authorization, now: noon, maximumSkew: 0)
    }
  }

  @Test(arguments: [0, -1, 604_801, Int.max])
  func `A presigned URL lasts from a second to a week`(seconds: Int) async {
    await #expect(throws: AWSError.self) {
      try await client(ScriptedTransport([])).presignedURL(
        "s3", "GetObject", ["Bucket": "lab", "Key": "k"], expires: seconds)
    }
  }

  @Test func `Each attempt and each URL is signed by the corrected clock`() async throws {
    let late = noon.adding(seconds: 3600)
    let refusal = ScriptedTransport.Answer.response(
      400, #"{"__type":"InvalidSignatureException","message":"Signature expired"}"#, ["Date": late.httpDate])
    let transport = ScriptedTransport([refusal, .response(200, "{}", [:])])
    let client = client(transport)
    _ = try await client.call("kms", "ListKeys", [:])
    #expect(transport.seen.map { $0.headers["X-Amz-Date"] } == [noon.amzDate, late.amzDate])
    let text = try await client.presignedURL("s3", "GetObject", ["Bucket": "lab", "Key": "k"], expires: 60)
    #expect(text.contains("X-Amz-Date=\(late.amzDate)"))
  }

  /// A URL of https as a request.
  private func parsed(_ url: String) -> HTTPRequest? {
    guard url.hasPrefix("https://") else { return nil }
    let halves = url.dropFirst(8).split(separator: "?", maxSplits: 1).map(String.init)
    guard halves.count == 2, let slash = halves[0].firstIndex(of: "/") else { return nil }
    return HTTPRequest(
      method: "GET", host: String(halves[0][..<slash]), path: String(halves[0][slash...]), query: halves[1])
  }
}
