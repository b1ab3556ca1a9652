import AWSClient
import Foundation
import OrderedJSON
import Synchronization
import Testing
import Wire

@testable import AWSCommand

/// IAM Identity Center: grants the code at the third question.
private final class IdentityCenter: Transport {
  private let state = Mutex<(seen: [String], asked: Int)>(([], 0))
  var seen: [String] { state.withLock { $0.seen } }

  func send(_ request: HTTPRequest, _ options: SendOptions) async throws(TransportError) -> HTTPResponse {
    let asked = state.withLock { state in
      state.seen.append("\(request.method) \(request.host)\(request.path)")
      if request.path == "/token" { state.asked += 1 }
      return state.asked
    }
    let (status, text) =
      switch request.path {
      case "/client/register":
        (200, #"{"clientId":"c","clientSecret":"hidden","clientSecretExpiresAt":4070908800}"#)
      case "/device_authorization":
        (
          200,
          #"{"deviceCode":"hidden","userCode":"ABCD-EFGH","verificationUri":"https://device.sso/","expiresIn":600,"#
            + #""verificationUriComplete":"https://device.sso/?user_code=ABCD-EFGH","interval":1}"#
        )
      case "/token" where asked < 3:
        (400, #"{"__type":"AuthorizationPendingException","error":"authorization_pending"}"#)
      case "/token": (200, #"{"accessToken":"hidden","expiresIn":28800,"refreshToken":"hidden"}"#)
      default: (200, "")
      }
    return HTTPResponse(status: status, headers: [:], body: .bytes(Array(text.utf8)))
  }
}

@Suite struct SSOCommandTests {
  private static let config = """
    [profile corp]
    sso_session = corp
    sso_account_id = 111122223333
    sso_role_name = dev
    [sso-session corp]
    sso_start_url = https://corp.awsapps.com/start
    sso_region = eu-west-1
    [profile old]
    sso_start_url = https://old.awsapps.com/start
    sso_region = us-east-1
    [profile none]
    region = us-east-1
    [sso-session half]
    sso_region = us-east-1
    """

  private func run(_ words: [String], _ folder: TemporaryFolder, _ transport: any Transport) async
    -> CommandRun
  {
    folder.write(".aws/config", Data(SSOCommandTests.config.utf8))
    return await CommandRun(
      ["aws", "sso"] + words, environment: ["HOME": folder.path, "AWS_EC2_METADATA_DISABLED": "true"],
      folder: folder.path, transport: transport)
  }

  @Test func `login shows page and code, waits, and keeps the token; logout ends and forgets it`()
    async throws
  {
    let folder = TemporaryFolder()
    let service = IdentityCenter()
    let login = await run(["login", "--profile", "corp", "--no-browser"], folder, service)
    #expect(login.error == "" && login.exit == 0)
    #expect(
      login.output == """
        Browser will not be automatically opened.
        Please visit the following URL:

        https://device.sso/

        Then enter the code:

        ABCD-EFGH

        Alternatively, you may visit the following URL which will autofill the code upon loading:
        https://device.sso/?user_code=ABCD-EFGH
        Successfully logged into Start URL: https://corp.awsapps.com/start

        """)
    #expect(service.seen.allSatisfy { $0.hasPrefix("POST oidc.eu-west-1.amazonaws.com/") })
    let cache = folder.path + "/.aws/sso/cache"
    // sha1("corp")
    let token = try JSON.parse(
      try String(contentsOfFile: cache + "/\(SSOCommandTests.corp).json", encoding: .utf8))
    #expect(token["startUrl"] == "https://corp.awsapps.com/start" && token["region"] == "eu-west-1")

    folder.write(".aws/cli/cache/sso.json", Data(#"{"ProviderType":"sso"}"#.utf8))
    folder.write(".aws/cli/cache/role.json", Data(#"{"Credentials":{}}"#.utf8))
    let logout = await run(["logout"], folder, service)
    #expect(logout.exit == 0 && logout.output == "" && logout.error == "")
    #expect(service.seen.last == "POST portal.sso.eu-west-1.amazonaws.com/logout")
    #expect(!FileManager.default.fileExists(atPath: cache + "/\(SSOCommandTests.corp).json"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.aws/cli/cache") == ["role.json"])
    // The registration as a client is no session.
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache).count == 1)
  }

  private static let corp = "ee0bfd2552fbd840c02cc48b6e823320543c450f"

  @Test(arguments: [
    (["login", "--profile", "old", "--use-device-code"], "https://old.awsapps.com/start"),
    (["login", "--profile", "none", "--sso-session", "corp"], "https://corp.awsapps.com/start"),
  ])
  func `login takes the session that is named, or the profile's`(words: [String], url: String) async throws {
    let result = await run(words, TemporaryFolder(), IdentityCenter())
    #expect(result.output.hasSuffix("Successfully logged into Start URL: \(url)\n"), "\(result.error)")
  }

  @Test(arguments: [
    (
      ["login", "--profile", "none"], 253,
      "An error occurred (Configuration): Missing the following required SSO configuration values: sso_start_url, "
        + "sso_region. To make sure this profile is properly configured to use SSO, please run: aws configure sso"
    ),
    (
      ["login", "--sso-session", "nowhere"], 253,
      #"An error occurred (Configuration): The specified sso-session does not exist: "nowhere""#
    ),
    (
      ["login", "--sso-session", "half"], 253,
      "An error occurred (Configuration): Missing the following required SSO configuration values: sso_start_url."
    ),
    (["login", "--bogus"], 252, "Unknown options: --bogus"),
  ])
  func `What is missing is told`(words: [String], exit: Int32, message: String) async throws {
    let result = await run(words, TemporaryFolder(), IdentityCenter())
    #expect(result.exit == exit)
    #expect(result.error.contains("aws: [ERROR]: \(message)\n"), "\(result.error)")
  }

  @Test func `A command that needs an MFA code where nobody can be asked says what to run`() async throws {
    let folder = TemporaryFolder()
    folder.write(
      ".aws/config",
      Data(
        """
        [profile mfa]
        role_arn = arn:aws:iam::111122223333:role/x
        source_profile = mfa
        mfa_serial = arn:aws:iam::111122223333:mfa/me
        aws_access_key_id = A
        aws_secret_access_key = hidden
        """.utf8))
    let result = await CommandRun(
      ["aws", "sts", "get-caller-identity", "--profile", "mfa", "--region", "us-east-1"],
      environment: ["HOME": folder.path], folder: folder.path, transport: IdentityCenter())
    #expect(result.exit == 255)
    #expect(
      result.error
        == "\naws: [ERROR]: The profile mfa needs an MFA code for arn:aws:iam::111122223333:mfa/me, which cannot be "
        + "asked for here. Run 'aws sts get-caller-identity --profile mfa' in a terminal and give the code there: the "
        + "keys are kept, and used here. Then go on.\n")
  }
}
