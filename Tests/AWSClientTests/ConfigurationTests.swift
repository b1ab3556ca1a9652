import ServiceModels
import SigV4
import Testing
import Wire

@testable import AWSClient

@Suite struct ConfigurationTests {
  private let files = [
    "/home/.aws/config": """
    [default]
    region = eu-west-1
    endpoint_url = http://profile
    services = local
    [services local]
    kms =
      endpoint_url = http://services-kms
    [profile other]
    region = eu-west-3
    [profile process]
    credential_process = helper 'a b'
    [profile role]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = default
    [profile lost]
    role_arn = arn:aws:iam::111122223333:role/x
    source_profile = nowhere
    [profile sso]
    sso_session = s
    """,
    "/home/.aws/credentials": """
    [default]
    aws_access_key_id = FILEKEY
    aws_secret_access_key = filesecret
    [other]
    aws_access_key_id = OTHERKEY
    """,
  ]

  private func resolve(
    _ environment: [String: String], _ change: (inout ConfigurationOptions) -> Void = { _ in }
  ) throws(ConfigurationError) -> ClientConfiguration {
    var options = ConfigurationOptions()
    change(&options)
    let files = files
    return try ClientConfiguration.resolve(
      options, environment: environment.merging(["HOME": "/home"]) { a, _ in a },
      readFile: { (path) throws(ConfigurationError) in files[path] },
      runProcess: { command, _, _ in
        command == "helper 'a b'"
          ? ProcessResult(
            status: 0,
            standardOutput: #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"S","SessionToken":"T"}"#,
            standardError: "")
          : ProcessResult(status: 1, standardOutput: "", standardError: "no")
      })
  }

  @Test func `The Region comes from option, AWS_REGION, AWS_DEFAULT_REGION, profile, in this order`() throws {
    #expect(try resolve([:]).region == "eu-west-1")
    #expect(try resolve(["AWS_DEFAULT_REGION": "a"]).region == "a")
    #expect(try resolve(["AWS_DEFAULT_REGION": "a", "AWS_REGION": "b"]).region == "b")
    #expect(try resolve(["AWS_REGION": "b"]) { $0.region = "c" }.region == "c")
    #expect(try resolve(["AWS_PROFILE": "other", "AWS_DEFAULT_PROFILE": "default"]).region == "eu-west-3")
  }

  @Test func `A service's own endpoint wins over the general one, the environment over the profile`() throws {
    let kms = try catalog.model("kms")
    let sts = try catalog.model("sts")
    #expect(try resolve([:]).endpointURL(for: kms) == "http://services-kms")
    #expect(try resolve([:]).endpointURL(for: sts) == "http://profile")
    #expect(try resolve(["AWS_ENDPOINT_URL": "http://env"]).endpointURL(for: kms) == "http://env")
    let both = ["AWS_ENDPOINT_URL": "http://env", "AWS_ENDPOINT_URL_KMS": "http://env-kms"]
    #expect(try resolve(both).endpointURL(for: kms) == "http://env-kms")
    #expect(try resolve(both) { $0.endpointURL = "http://option" }.endpointURL(for: kms) == "http://option")
    #expect(try resolve(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]).endpointURL(for: kms) == nil)
  }

  @Test func `Keys come from the environment, unless a profile is named on the command line`() async throws {
    let environment = ["AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "envsecret"]
    #expect(try await resolve(environment).credentials.credentials()?.accessKeyID == "ENVKEY")
    #expect(try await resolve([:]).credentials.credentials()?.accessKeyID == "FILEKEY")
    #expect(
      try await resolve(environment) { $0.profile = "default" }.credentials.credentials()?.accessKeyID
        == "FILEKEY")
    let process = try await resolve(["AWS_PROFILE": "process"]).credentials.credentials()
    #expect(process?.sessionToken == "T")
  }

  @Test(arguments: [
    ("other", "Partial credentials found in shared-credentials-file, missing: aws_secret_access_key"),
    ("lost", #"The source_profile "nowhere" referenced in the profile "lost" does not exist."#),
    (
      "sso",
      "Credentials from IAM Identity Center are not supported yet (sso_session of profile sso). "
        + "Use access keys, a credential_process, or another profile."
    ),
  ])
  func `What cannot give keys says why`(profile: String, message: String) async throws {
    let provider = try resolve(["AWS_PROFILE": profile]).credentials
    do throws(ConfigurationError) {
      _ = try await provider.role()
      _ = try await provider.credentials()
      Issue.record("keys were found")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test func `A profile that is nowhere and a Region that is none are refused`() {
    #expect(throws: ConfigurationError.profileNotFound("ghost")) { try resolve(["AWS_PROFILE": "ghost"]) }
    #expect(throws: ConfigurationError.invalidRegion("bad region")) {
      try resolve(["AWS_REGION": "bad region"])
    }
  }

  @Test func `A role is assumed with its source's keys and used until shortly before it ends`() async throws {
    let role = """
      <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
      <SessionToken>t</SessionToken><Expiration>2026-11-23T13:00:00Z</Expiration></Credentials></AssumeRoleResult>
      </AssumeRoleResponse>
      """
    let transport = ScriptedTransport([
      .response(200, role, [:]), .response(200, "{}", [:]), .response(200, "{}", [:]),
    ])
    var configuration = try resolve(["AWS_PROFILE": "role", "AWS_REGION": "us-east-1"])
    configuration.configuredEndpoints = [:]
    let client = AWSClient(
      catalog: catalog, configuration: configuration, transport: transport, clock: { noon })
    for _ in 0..<2 { _ = try await client.call("kms", "ListKeys", [:]) }
    let signers = transport.seen.map { $0.headers["Authorization"]?.contains("Credential=ROLEKEY/") }
    #expect(signers == [false, true, true])
    #expect(transport.seen.first?.headers["Authorization"]?.contains("Credential=FILEKEY/") == true)
  }

  @Test func `Command lines split as in a shell`() {
    #expect(splitCommand(#"a 'b c' "d \"e" f\ g ''"#) == ["a", "b c", "d \"e", "f g", ""])
  }
}
