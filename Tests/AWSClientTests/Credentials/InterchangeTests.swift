import Digests
import Foundation
import OrderedJSON
import SigV4
import TestKit
import Testing
import Wire

@testable import AWSClient

/// botocore as the judge: what we keep it reads, what it keeps we read, and of several sources it takes the same.
///
/// Runs where Python has botocore with the `login` provider (1.43); says that it is skipped elsewhere.
@Suite(.enabled("python3 has no botocore: cache interchange is not judged", { await Botocore.isHere() }))
struct InterchangeTests {
  private static let config = """
    [default]
    aws_access_key_id = BASE
    aws_secret_access_key = hidden-base
    [profile role]
    role_arn = arn:aws:iam::111122223333:role/röle
    source_profile = default
    external_id = ticket
    duration_seconds = 900
    mfa_serial = GAHT12345
    [profile plain]
    role_arn = arn:aws:iam::111122223333:role/plain
    source_profile = default
    role_session_name = me
    [profile web]
    role_arn = arn:aws:iam::111122223333:role/web
    web_identity_token_file = HOME/web-token
    [profile corp]
    sso_session = corp
    sso_account_id = 111122223333
    sso_role_name = dev
    [profile old]
    sso_start_url = https://old.awsapps.com/start
    sso_region = us-east-1
    sso_account_id = 111122223333
    sso_role_name = dev
    [sso-session corp]
    sso_start_url = https://corp.awsapps.com/start
    sso_region = us-east-1
    """

  private static let profiles = ["role", "plain", "web", "corp", "old"]
  /// Beyond what botocore takes for expired, whenever this runs.
  private static let later = "2099-01-01T00:00:00Z"

  private func home() throws -> Folder {
    let folder = try Folder()
    let config = InterchangeTests.config.split(separator: "HOME").joined(separator: folder.path)
    try writePrivateFile(folder.path + "/.aws/config", config)
    try writePrivateFile(folder.path + "/web-token", "hidden-web")
    return folder
  }

  /// A client on real files and a made-up network.
  private func client(_ folder: Folder, _ profile: String, _ network: any Transport) throws -> AWSClient {
    var options = ConfigurationOptions()
    options.profile = profile
    let configuration = try ClientConfiguration.resolve(
      options, environment: ["HOME": folder.path, "AWS_REGION": "us-east-1"],
      prompts: Code())
    return AWSClient(
      catalog: catalog, configuration: configuration, transport: network,
      seams: ClientSeams(sleep: { _ in }, random: { 0.5 }, token: { "token" }))
  }

  private struct Code: CredentialPrompts {
    func mfaCode(serial: String, profile: String) async throws(AWSError) -> String { "123456" }
  }

  private let services = RoutedTransport { (request) throws(TransportError) in
    switch request.host {
    case let host where host.hasPrefix("sts."):
      let operation = request.text.contains("WithWebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole"
      return (200, World.assumed(operation, "FRESH", until: InterchangeTests.later))
    case let host where host.hasPrefix("portal."):
      return (
        200,
        #"{"roleCredentials":{"accessKeyId":"FRESH","secretAccessKey":"s","sessionToken":"t","#
          + #""expiration":4070908800000}}"#
      )
    default: return World.services(request)
    }
  }

  private let nobody = RoutedTransport { (request) throws(TransportError) in
    throw TransportError(
      kind: .other, url: request.url, detail: "nobody is asked", requestMayHaveArrived: false)
  }

  private func token(_ folder: Folder, _ name: String, until end: String) throws {
    let entry: JSON = [
      "startUrl": "https://corp.awsapps.com/start", "region": "us-east-1", "accessToken": "hidden-access",
      "expiresAt": .string(end), "clientId": "c", "clientSecret": "hidden", "refreshToken": "hidden-refresh",
      "registrationExpiresAt": "2099-01-01T00:00:00Z",
    ]
    try writePrivateFile(folder.path + "/.aws/sso/cache/\(hexEncoded(sha1(name.utf8))).json", entry.text())
  }

  @Test(arguments: profiles)
  func `botocore takes the keys that we have kept`(profile: String) async throws {
    let folder = try home()
    for name in ["corp", "https://old.awsapps.com/start"] {
      try token(folder, name, until: InterchangeTests.later)
    }
    #expect(try await client(folder, profile, services).credentials.credentials().accessKeyID == "FRESH")
    #expect(try await Botocore.run("read", folder.path, profile) == "FRESH 111122223333")
  }

  @Test(arguments: profiles)
  func `We take the keys that botocore has kept`(profile: String) async throws {
    let folder = try home()
    for name in ["corp", "https://old.awsapps.com/start"] {
      try token(folder, name, until: InterchangeTests.later)
    }
    #expect(try await Botocore.run("write", folder.path, profile) == "KEPT")
    let keys = try await client(folder, profile, nobody).credentials.credentials()
    #expect(keys.accessKeyID == "KEPT" && keys.accountID == "111122223333")
  }

  @Test func `Tokens of IAM Identity Center go both ways`() async throws {
    let folder = try home()
    try token(folder, "corp", until: "2020-01-01T00:00:00Z")
    _ = try await client(folder, "corp", services).credentials.credentials()
    #expect(try await Botocore.run("token", folder.path, "corp") == "hidden-new-access")
    // One that botocore has renewed.
    try token(folder, "corp", until: "2020-01-01T00:00:00Z")
    #expect(try await Botocore.run("renew", folder.path, "corp") == "renewed")
    try FileManager.default.removeItem(atPath: folder.path + "/.aws/cli")
    let network = services
    _ = try await client(folder, "corp", network).credentials.credentials()
    #expect(network.seen.last?.headers["x-amz-sso_bearer_token"] == "renewed")
  }

  @Test func `Sessions of aws login go both ways`() async throws {
    let folder = try home()
    let config = folder.path + "/.aws/config"
    try writePrivateFile(config, InterchangeTests.config + "\n[profile login]\nlogin_session = me\n")
    let place = folder.path + "/.aws/login/cache/\(hexEncoded(sha256("me".utf8))).json"
    try writePrivateFile(place, loginToken(until: "2020-01-01T00:00:00Z"))
    _ = try await client(folder, "login", services).credentials.credentials()
    #expect(try await Botocore.run("login", folder.path, "me") == "LOGIN2 111122223333")
    #expect(try await Botocore.run("login-save", folder.path, "me") == "saved")
    #expect(try await client(folder, "login", nobody).credentials.credentials().accessKeyID == "SAVED")
  }

  /// Every source alone, every pair, and every tail of the chain. `login` is left out: botocore wants a library for it.
  @Test func `Of several sources we take the one that botocore takes`() async throws {
    let sources = Source.all.filter { $0.method != "login" }
    var cases: [[Source]] = sources.map { [$0] } + sources.indices.map { Array(sources[$0...]) }
    for first in sources.indices {
      for second in sources.indices where second > first { cases.append([sources[first], sources[second]]) }
    }
    let folder = try Folder()
    var plan: [JSON] = []
    var ours: [String] = []
    for profile in [nil, "default"] {
      for present in cases {
        var (environment, files) = Source.world(present)
        let chain = try World(files).client(environment, profile: profile).configuration.credentials
        let world = World(files)
        let client = try world.client(environment, profile: profile)
        let found = try await (chain as? CredentialChain)?.found(client.credentials.services)
        ours.append(found?.method ?? "nothing")
        let root = folder.path + "/\(plan.count)"
        for (path, text) in files {
          // The token's end is long past for botocore, which reads it only when it must.
          try writePrivateFile(root + path, text)
        }
        for (name, value) in environment where value.hasPrefix("/") && !name.contains("URI") {
          environment[name] = root + value
        }
        environment["HOME"] = root + "/home"
        plan.append([
          "environment": .object(JSONObject(environment.map { ($0.key, .string($0.value)) })),
          "profile": profile.map { .string($0) } ?? .null,
        ])
      }
    }
    try writePrivateFile(folder.path + "/plan.json", JSON.array(plan).text())
    let theirs = try await Botocore.run("chain", folder.path + "/plan.json").split(separator: " ").map(
      String.init)
    #expect(theirs == ours)
    #expect(Set(ours).count == sources.count)
  }
}

/// The judge: a Python program beside this file.
enum Botocore {
  static func isHere() async -> Bool { (try? await run("version")) == "yes" }

  static func run(_ arguments: String...) async throws -> String {
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    let program = repositoryRoot + "/Tests/AWSClientTests/Credentials/botocore_judge.py"
    let command = (["python3", program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let result = await systemProcess(command, environment, nil)
    guard result.status == 0 else { throw Failure(text: result.standardError) }
    return result.standardOutput.split(separator: "\n").joined(separator: "\n")
  }

  struct Failure: Error { var text: String }
}
