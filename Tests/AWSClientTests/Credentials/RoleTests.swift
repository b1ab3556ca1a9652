import Digests
import OrderedJSON
import SigV4
import TestKit
import Testing
import Wire

@testable import AWSClient

@Suite struct RoleTests {
  private static let config = """
    [profile keys]
    aws_access_key_id = KEYS
    aws_secret_access_key = hidden-keys
    [profile one]
    role_arn = arn:aws:iam::111122223333:role/one
    source_profile = keys
    role_session_name = me
    external_id = ticket
    duration_seconds = 900
    [profile two]
    role_arn = arn:aws:iam::444455556666:role/two
    source_profile = one
    [profile self]
    role_arn = arn:aws:iam::111122223333:role/self
    source_profile = self
    aws_access_key_id = SELF
    aws_secret_access_key = hidden-self
    [profile mfa]
    role_arn = arn:aws:iam::111122223333:role/mfa
    source_profile = keys
    mfa_serial = arn:aws:iam::111122223333:mfa/me
    [profile env]
    role_arn = arn:aws:iam::111122223333:role/env
    credential_source = Environment
    [profile ec2]
    role_arn = arn:aws:iam::111122223333:role/ec2
    credential_source = Ec2InstanceMetadata
    [profile ecs]
    role_arn = arn:aws:iam::111122223333:role/ecs
    credential_source = EcsContainer
    [profile web]
    role_arn = arn:aws:iam::111122223333:role/web
    web_identity_token_file = /web-token
    [profile of-web]
    role_arn = arn:aws:iam::111122223333:role/of-web
    source_profile = web
    [profile both]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = keys
    credential_source = Environment
    [profile neither]
    role_arn = arn:aws:iam::111122223333:role/x
    [profile lost]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = nowhere
    [profile empty]
    region = us-east-1
    [profile of-empty]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = empty
    [profile loop]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = pool
    [profile pool]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = loop
    [profile own]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = own
    [profile odd]
    role_arn = arn:aws:iam::111122223333:role/x
    credential_source = environment
    [profile half-web]
    web_identity_token_file = /web-token
    """

  private func world(_ answer: @escaping World.Answer = { _ in nil }) -> World {
    World(["/home/.aws/config": RoleTests.config, "/web-token": "hidden-web"], answer: answer)
  }

  private let environmentKeys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "hidden-env"]

  @Test func `A role is asked for with all that the profile says, signed by its source`() async throws {
    let world = world()
    let keys = try await world.keys(profile: "one")
    #expect(keys.accessKeyID == "ROLE" && keys.accountID == "111122223333")
    let request = try #require(world.network.seen.first)
    #expect(request.signer == "KEYS")
    for part in [
      "Action=AssumeRole&", "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fone", "RoleSessionName=me",
      "ExternalId=ticket", "DurationSeconds=900",
    ] {
      #expect(request.text.contains(part), "\(part)")
    }
  }

  @Test(arguments: [
    ("two", ["KEYS", "ROLE"]), ("self", ["SELF"]), ("env", ["ENV"]), ("ec2", ["INSTANCE"]),
    ("ecs", ["CONTAINER"]), ("of-web", [nil, "WEB"]),
  ])
  func `The source's keys ask for the role, through any number of profiles`(
    profile: String, signers: [String?]
  ) async throws {
    let world = world()
    var environment = environmentKeys
    environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/credentials"
    _ = try await world.keys(environment, profile: profile)
    let asked = world.network.seen.filter { $0.host.hasPrefix("sts.") }
    #expect(asked.map(\.signer) == signers)
  }

  @Test(arguments: [
    ("both", #"The profile "both" contains both source_profile and credential_source."#),
    ("neither", "Partial credentials found in assume-role, missing: source_profile or credential_source"),
    ("lost", #"The source_profile "nowhere" referenced in the profile "lost" does not exist."#),
    ("of-empty", #"The source profile "empty" must have credentials."#),
    (
      "loop",
      "Infinite loop in credential configuration detected. Attempting to load from profile loop which has already "
        + "been visited. Visited profiles: ['loop', 'pool']"
    ),
    (
      "own",
      "Infinite loop in credential configuration detected. Attempting to load from profile own which has already "
        + "been visited. Visited profiles: ['own']"
    ),
    ("odd", #"The credential source "environment" referenced in profile "odd" is not valid."#),
    (
      "env",
      "Error when retrieving credentials from Environment: No credentials found in credential_source referenced in "
        + "profile env"
    ),
    (
      "half-web",
      "The provided profile or the current environment is configured to assume role with web identity but has no "
        + "role ARN configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN env "
        + "var is set."
    ),
  ])
  func `What cannot give keys says why, in the CLI's words`(profile: String, message: String) async throws {
    let world = world()
    #expect(try await world.complaint(profile: profile) == message)
    #expect(world.network.seen.isEmpty)
  }

  @Test func `STS's refusal is told as the call's own`() async throws {
    let world = world { _ in
      (
        403,
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>"
      )
    }
    #expect(
      try await world.complaint(profile: "one")
        == "An error occurred (AccessDenied) when calling the AssumeRole operation: not you")
  }

  @Test func `The code of an MFA device is asked for, sent, and not asked for again`() async throws {
    let world = world()
    _ = try await world.keys(profile: "mfa")
    let text = try #require(world.network.seen.first?.text)
    #expect(text.contains("SerialNumber=arn%3Aaws%3Aiam%3A%3A111122223333%3Amfa%2Fme"))
    #expect(text.contains("TokenCode=123456"))
    // Another client takes the keys from the cache.
    #expect(try await world.keys(profile: "mfa").accessKeyID == "ROLE")
    #expect(world.questions == ["arn:aws:iam::111122223333:mfa/me for mfa"])
    #expect(world.network.seen.count == 1)
  }

  @Test func `Keys got with an MFA code are not renewed, but used to their end`() async throws {
    let world = world()
    let client = try world.client(profile: "mfa")
    _ = try await client.credentials.credentials()
    world.now = noon.adding(seconds: 46 * 60)
    #expect(try await client.credentials.credentials().accessKeyID == "ROLE")
    world.now = noon.adding(seconds: 51 * 60)
    await #expect(throws: AWSError.self) { try await client.credentials.credentials() }
    #expect(world.questions.count == 1)
  }

  @Test func `Where nobody can be asked for a code, the failure says what to run`() async throws {
    let world = world()
    let client = try world.client(profile: "mfa", prompts: NoPrompts())
    do throws(AWSError) {
      _ = try await client.credentials.credentials()
      Issue.record("keys without a code")
    } catch {
      guard case .configuration(let error) = error else { throw error }
      #expect(
        error.message
          == "The profile mfa needs an MFA code for arn:aws:iam::111122223333:mfa/me, which cannot be asked for here."
      )
      #expect(error.advice.contains("'aws sts get-caller-identity --profile mfa'"))
    }
    #expect(world.network.seen.isEmpty)
  }

  @Test func `A cached role is taken if it lasts another quarter of an hour`() async throws {
    let name = "/home/.aws/cli/cache/\(AssumedRole(arn: "arn:aws:iam::111122223333:role/self").cacheKey).json"
    for (end, isTaken) in [
      ("2026-11-23T12:15:01UTC", true), ("2026-11-23T12:15:01Z", true), ("2026-11-23T12:14:59UTC", false),
      ("2026-11-23T13:15:01+01:00", true), ("soon", false),
    ] {
      let world = world()
      world.files[name] = """
        {"Credentials":{"AccessKeyId":"KEPT","SecretAccessKey":"s","SessionToken":"t","Expiration":"\(end)"}}
        """
      #expect(try await world.keys(profile: "self").accessKeyID == (isTaken ? "KEPT" : "ROLE"), "\(end)")
    }
    for broken in ["", "[]", #"{"Credentials":{}}"#, #"{"Credentials":{"AccessKeyId":"#] {
      let world = world()
      world.files[name] = broken
      #expect(try await world.keys(profile: "self").accessKeyID == "ROLE", "\(broken)")
    }
  }

  @Test func `A cache file's name is the digest of the arguments as Python writes them`() {
    var role = AssumedRole(arn: "arn:aws:iam::111122223333:role/é")
    role.duration = 900
    role.serial = "GAHT1"
    let text =
      #"{"DurationSeconds": 900, "RoleArn": "arn:aws:iam::111122223333:role/\u00e9", "SerialNumber": "GAHT1"}"#
    #expect(role.cacheKey == hexEncoded(sha1(text.utf8)))
  }

  @Test func `A web identity's token goes unsigned, from variables or profile`() async throws {
    let world = world()
    #expect(try await world.keys(profile: "web").accessKeyID == "WEB")
    let request = try #require(world.network.seen.first)
    #expect(request.signer == nil && request.text.contains("WebIdentityToken=hidden-web"))
    let variables = [
      "AWS_WEB_IDENTITY_TOKEN_FILE": "/web-token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/v",
      "AWS_ROLE_SESSION_NAME": "pod",
    ]
    #expect(try await world.keys(variables).accessKeyID == "WEB")
    #expect(world.network.seen.last?.text.contains("RoleSessionName=pod") == true)
    var missing = variables
    missing["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/gone"
    missing["AWS_ROLE_SESSION_NAME"] = nil
    #expect(
      try await world.complaint(missing) == "[Errno 2] No such file or directory: '/gone'")
  }
}
