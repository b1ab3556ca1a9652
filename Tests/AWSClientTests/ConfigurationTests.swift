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

  @Test func `A profile that is nowhere and a Region that is none are refused`() {
    #expect(throws: ConfigurationError.profileNotFound("ghost")) { try resolve(["AWS_PROFILE": "ghost"]) }
    #expect(throws: ConfigurationError.invalidRegion("bad region")) {
      try resolve(["AWS_REGION": "bad region"])
    }
  }
}
