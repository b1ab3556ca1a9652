import Digests
import SigV4
import TestKit
import Testing
import Wire

@testable import AWSClient

/// One source of credentials: what in environment and files makes it give keys, and which.
struct Source: Sendable, CustomTestStringConvertible {
  var method: String
  var key: String
  var environment: [String: String] = [:]
  /// Lines of the default profile in the config file.
  var config = ""
  var files: [String: String] = [:]

  var testDescription: String { method }

  /// The AWS CLI v2's chain, first to last.
  static let all = [
    Source(
      method: "env", key: "ENV",
      environment: ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": World.secret("env")]),
    Source(
      method: "assume-role", key: "ROLE",
      config: "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = base"),
    Source(
      method: "assume-role-with-web-identity", key: "WEB",
      environment: [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/web-token", "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/w",
      ], files: ["/web-token": World.secret("web-identity")]),
    Source(
      method: "sso", key: "SSO",
      config: "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = dev",
      files: [
        "/home/.aws/sso/cache/\(hexEncoded(sha1("corp".utf8))).json":
          #"{"accessToken":"\#(World.secret("access"))","expiresAt":"2026-11-23T20:00:00Z"}"#
      ]),
    Source(
      method: "shared-credentials-file", key: "FILE",
      files: [
        "/home/.aws/credentials":
          "[default]\naws_access_key_id = FILE\naws_secret_access_key = \(World.secret("file"))"
      ]),
    Source(
      method: "login", key: "LOGIN", config: "login_session = arn:aws:iam::111122223333:user/me",
      files: [loginFile("arn:aws:iam::111122223333:user/me"): loginToken(until: "2026-11-23T12:14:00Z")]),
    Source(method: "custom-process", key: "PROCESS", config: "credential_process = good"),
    Source(
      method: "config-file", key: "CONFIG",
      config: "aws_access_key_id = CONFIG\naws_secret_access_key = \(World.secret("config"))"),
    Source(
      method: "ec2-credentials-file", key: "OLD", environment: ["AWS_CREDENTIAL_FILE": "/old"],
      files: ["/old": "AWSAccessKeyId=OLD\nAWSSecretKey=\(World.secret("old"))"]),
    Source(
      method: "boto-config", key: "BOTO",
      files: [
        "/home/.boto":
          "[Credentials]\naws_access_key_id = BOTO\naws_secret_access_key = \(World.secret("boto"))"
      ]),
    Source(
      method: "container-role", key: "CONTAINER",
      environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials"]),
    Source(method: "iam-role", key: "INSTANCE"),
  ]

  /// The world in which these are set up.
  static func world(_ sources: [Source]) -> (environment: [String: String], files: [String: String]) {
    var files = sources.reduce(into: [:]) { $0.merge($1.files) { $1 } }
    files["/home/.aws/config"] = """
      [default]
      \(sources.map(\.config).filter { !$0.isEmpty }.joined(separator: "\n"))
      [profile base]
      aws_access_key_id = BASE
      aws_secret_access_key = \(World.secret("base"))
      [sso-session corp]
      sso_start_url = https://corp.awsapps.com/start
      sso_region = us-east-1
      """
    return (sources.reduce(into: [:]) { $0.merge($1.environment) { $1 } }, files)
  }
}

@Suite struct PrecedenceTests {
  private func winner(_ sources: [Source], profile: String? = nil) async throws -> String {
    let (environment, files) = Source.world(sources)
    return try await World(files).keys(environment, profile: profile).accessKeyID
  }

  @Test(arguments: Source.all.indices)
  func `Of all sources from one on, the first gives the keys`(first: Int) async throws {
    #expect(try await winner(Array(Source.all[first...])) == Source.all[first].key)
  }

  @Test func `Of two sources the earlier gives the keys`() async throws {
    for first in Source.all.indices {
      for second in Source.all.indices where second > first {
        let pair = [Source.all[first], Source.all[second]]
        #expect(try await winner(pair) == pair[0].key, "\(pair[0].method) before \(pair[1].method)")
      }
    }
  }

  @Test func `With --profile the environment's keys and web identity do not count`() async throws {
    #expect(try await winner(Source.all, profile: "default") == "ROLE")
    #expect(try await winner([Source.all[0], Source.all[2], Source.all[4]], profile: "default") == "FILE")
    #expect(try await winner([Source.all[0], Source.all[10]], profile: "default") == "CONTAINER")
  }

  @Test func `Nothing anywhere is told in the CLI's words, after the instance was asked`() async throws {
    let world = World { (request) throws(TransportError) in
      throw TransportError(
        kind: .connectTimeout, url: request.url, detail: "", requestMayHaveArrived: false)
    }
    #expect(
      try await world.complaint()
        == "Unable to locate credentials. You can configure credentials by running \"aws login\".")
    #expect(world.network.lines == ["PUT 169.254.169.254/latest/api/token"])
    _ = try await world.complaint(["AWS_EC2_METADATA_DISABLED": "true"])
    #expect(world.network.lines.count == 1)
  }

  @Test func `Each source says whose account its keys are, where it knows`() async throws {
    let own = "aws_account_id = 777788889999\n"
    let sources = Source.all.map { source in
      var source = source
      if source.method == "config-file" { source.config += "\n" + own }
      source.files = source.files.mapValues { $0.hasPrefix("[default]") ? $0 + "\n" + own : $0 }
      return source
    }
    let expected = [
      "ENV": "000011112222", "ROLE": "111122223333", "WEB": "111122223333", "SSO": "111122223333",
      "FILE": "777788889999", "LOGIN": "111122223333", "PROCESS": "444455556666", "CONFIG": "777788889999",
    ]
    for source in sources {
      var (environment, files) = Source.world([source])
      environment["AWS_ACCOUNT_ID"] = "000011112222"
      #expect(try await World(files).keys(environment).accountID == expected[source.key], "\(source.method)")
    }
    var (environment, files) = Source.world([Source.all[6]])
    files["/home/.aws/config"] = "[default]\ncredential_process = plain\n" + own
    environment["AWS_ACCOUNT_ID"] = nil
    #expect(try await World(files).keys(environment).accountID == "777788889999")
  }

  @Test func `The old name of the session token comes first, an empty variable is none`() async throws {
    let world = World([
      "/home/.aws/credentials": "[default]\naws_access_key_id = FILE\naws_secret_access_key = s"
    ])
    var environment = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "new"]
    #expect(try await world.keys(environment).sessionToken == "new")
    environment["AWS_SECURITY_TOKEN"] = "old"
    #expect(try await world.keys(environment).sessionToken == "old")
    environment["AWS_ACCESS_KEY_ID"] = ""
    #expect(try await world.keys(environment).accessKeyID == "FILE")
  }

  @Test func `Command lines split as in a shell`() {
    #expect(splitCommand(#"a 'b c' "d \"e" f\ g ''"#) == ["a", "b c", "d \"e", "f g", ""])
  }
}
