import SigV4
import Synchronization
import TestKit
import Testing
import Wire

@testable import AWSClient

@Suite struct ContainerTests {
  private func keys(_ environment: [String: String], _ world: World = World()) async throws -> Credentials {
    try await world.keys(environment)
  }

  @Test func `The relative address goes to ECS's own host, with the token in its header`() async throws {
    let world = World(["/token": "from-file"])
    var environment = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials?id=1"]
    environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://elsewhere/"
    #expect(try await world.keys(environment).accessKeyID == "CONTAINER")
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "from-variable"
    _ = try await world.keys(environment)
    environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token"
    _ = try await world.keys(environment)
    #expect(
      world.network.seen.map(\.url) == Array(repeating: "http://169.254.170.2/credentials?id=1", count: 3))
    #expect(world.network.seen.map { $0.headers["Authorization"] } == [nil, "from-variable", "from-file"])
    #expect(world.network.seen.allSatisfy { $0.headers["Accept"] == "application/json" })
  }

  @Test(arguments: [
    ("http://127.0.0.1:8080/c", true), ("http://127.9.9.9/c", true), ("http://localhost:1/c", true),
    ("http://[::1]/c", true), ("http://[0:0:0:0:0:0:0:1]:8/c", true), ("http://169.254.170.2/c", true),
    ("http://169.254.170.23/c", true), ("http://[fd00:ec2::23]:80/c", true), ("https://example.com/c", true),
    ("http://example.com/c", false), ("http://169.254.169.254/c", false),
    ("http://127.0.0.1.example.com/", false),
    ("http://127.1/c", false), ("http://localhost.example.com/c", false), ("http://user@127.0.0.1/c", false),
    ("http://127.0.0.1@example.com/c", false), ("http://[fd00:ec2::24]/c", false),
    ("ftp://127.0.0.1/c", false),
    ("127.0.0.1/c", false), ("http://", false), ("http://127.0.0.1\\@example.com/", false),
    ("http://127.0.0.1 /", false), ("http://[::ffff:8.8.8.8]/", false), ("http://2130706433/", false),
  ])
  func `Only hosts that keep the token at home are asked over plain HTTP`(url: String, isAllowed: Bool)
    async throws
  {
    let world = World { _ in (200, World.metadata("FULL")) }
    let environment = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "hidden-authorization",
    ]
    let text = try await world.complaint(environment)
    #expect(text.hasPrefix("found Credentials(FULL") == isAllowed, "\(text)")
    #expect(world.network.seen.isEmpty != isAllowed)
  }

  @Test func `A refused host is told with those that are not`() async throws {
    #expect(
      try await World().complaint(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/c"])
        == "Unsupported host 'example.com'.  Can only retrieve metadata from a loopback address or one of these hosts: "
        + "169.254.170.2, 169.254.170.23, fd00:ec2::23, localhost")
  }

  @Test(arguments: ["a\nX-Evil: 1", "a\r", "a\n"])
  func `A line end in the token is refused`(token: String) async throws {
    let world = World(["/token": token])
    let uri = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials"]
    for variable in [
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": token, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
    ] {
      #expect(
        try await world.complaint(uri.merging([variable.key: variable.value]) { $1 })
          == "Auth token value is not a legal header value")
    }
    #expect(world.network.seen.isEmpty)
  }

  @Test func `It is asked three times, a second apart`() async throws {
    let left = Mutex(2)
    let world = World { _ in
      left.withLock {
        $0 -= 1
        return $0 >= 0 ? (500, "hidden") : nil
      }
    }
    #expect(
      try await world.keys(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials"]).accessKeyID
        == "CONTAINER")
    #expect(world.sleeps.all == [1, 1])
    let down = World { _ in (500, "hidden") }
    #expect(
      try await down.complaint(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials"])
        == "Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 "
        + "response 500 from container metadata")
    #expect(down.network.seen.count == 3)
  }
}

@Suite struct InstanceTests {
  @Test func `A session token first, then the role, then its keys`() async throws {
    let world = World()
    #expect(try await world.keys().accessKeyID == "INSTANCE")
    #expect(
      world.network.lines == [
        "PUT 169.254.169.254/latest/api/token",
        "GET 169.254.169.254/latest/meta-data/iam/security-credentials/",
        "GET 169.254.169.254/latest/meta-data/iam/security-credentials/web",
      ])
    #expect(world.network.seen[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
    #expect(world.network.seen[2].headers["x-aws-ec2-metadata-token"] == "metadata-token")
  }

  /// Nothing listens, or something other than the service does.
  @Test(arguments: [
    (TransportError.Kind.connectTimeout, false, 1), (.notConnected, false, 1), (.connectionRefused, false, 1),
    (.readTimeout, true, 2), (.connectionClosed, true, 2),
  ])
  func `Where no connection comes about, one question is all`(
    kind: TransportError.Kind, arrived: Bool, questions: Int
  ) async throws {
    let world = World { (request) throws(TransportError) in
      throw TransportError(kind: kind, url: request.url, detail: "", requestMayHaveArrived: arrived)
    }
    #expect(try await world.complaint().hasPrefix("Unable to locate credentials"))
    #expect(world.network.seen.count == questions)
  }

  @Test(arguments: [
    (["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"], 3), (["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "x"], 1),
    (["AWS_EC2_METADATA_DISABLED": "TRUE"], 0),
  ])
  func `How often it is asked can be said`(environment: [String: String], count: Int) async throws {
    let world = World { (request) throws(TransportError) in
      throw TransportError(kind: .connectTimeout, url: request.url, detail: "", requestMayHaveArrived: false)
    }
    _ = try await world.complaint(environment)
    #expect(world.network.seen.count == count)
  }

  @Test(arguments: [
    (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "[fd00:ec2::254]"),
    (["AWS_IMDS_USE_IPV6": "true"], "[fd00:ec2::254]"),
    (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:99/"], "127.0.0.1:99"),
    (
      ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://here", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv6"],
      "here"
    ),
  ])
  func `Where it is can be said`(environment: [String: String], host: String) async throws {
    let world = World()
    _ = try await world.complaint(environment)
    #expect(world.network.seen.first?.host == host)
  }

  @Test func `What is wrong in the settings is told`() async throws {
    #expect(
      try await World().complaint(["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipx"])
        == "Invalid EC2 Instance Metadata endpoint mode: ipx Valid endpoint modes (case-insensitive): ('ipv4', 'ipv6')."
    )
    #expect(
      try await World().complaint(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "nowhere"])
        == "Invalid endpoint EC2 Instance Metadata endpoint: nowhere")
  }

  @Test func `An older service is asked without a token, unless that is forbidden`() async throws {
    let old: World.Answer = { (request) throws(TransportError) in request.method == "PUT" ? (404, "") : nil }
    let world = World(answer: old)
    #expect(try await world.keys().accessKeyID == "INSTANCE")
    #expect(world.network.seen.last?.headers["x-aws-ec2-metadata-token"] == nil)
    #expect(
      try await World(answer: old).complaint(["AWS_EC2_METADATA_V1_DISABLED": "true"])
        == "Error retrieving metadata: Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled"
    )
  }

  @Test(arguments: [
    #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"not trusted"}"#, "hidden, not JSON", "", "[]",
  ])
  func `An answer without keys is none`(answer: String) async throws {
    let world = World { (request) throws(TransportError) in
      request.path.hasSuffix("/web") ? (200, answer) : nil
    }
    #expect(try await world.complaint().hasPrefix("Unable to locate credentials"))
  }

  /// The window is 15 minutes and 2 to 10 more: 21 with the test's chance of one half.
  @Test(arguments: [
    ("2026-11-23T12:22:00Z", "2026-11-23T12:22:00Z"), ("2026-11-23T12:20:00Z", "2026-11-23T12:21:00Z"),
    ("2026-11-23T11:00:00Z", "2026-11-23T12:21:00Z"),
  ])
  func `Old keys are used on while the service has no fresh ones`(end: String, used: String) async throws {
    let world = World { (request) throws(TransportError) in
      request.path.hasSuffix("/web") ? (200, World.metadata("OLD", until: end)) : nil
    }
    #expect(try await world.keys().expiration?.iso8601 == used)
  }
}
