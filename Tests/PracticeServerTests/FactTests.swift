import Foundation
import Glibc
import OrderedJSON
import PracticeAccount
import PracticeServer
import ServiceModels
import TestKit
import Testing

/// What is known of AWS where the lab goes wrong, as boto3 meets it: scans that find nothing and why, crashes
/// between a call and its answer, teardowns in every state, what was there before, Regions, clocks, names.
@Suite(.enabled(if: pythonWithBoto3 != nil, "no Python with boto3 on this machine"))
struct FactTests {
  @Test func `a scan finds nothing for either of two reasons, and then both numbers`() async throws {
    try await run(FactScripts.scans)
  }

  @Test func `a teardown succeeds twice, whatever the learner left`() async throws {
    try await run(FactScripts.teardown)
  }

  @Test func `Macie that was there stays, and what was found with it`() async throws {
    try await run(FactScripts.strangersMacie, scenario: "macie-enabled")
  }

  @Test func `the wrong Region, a wrong clock, and what the body of CreateBucket says of Regions`()
    async throws
  {
    try await run(FactScripts.places)
  }

  @Test func `a session that has expired`() async throws {
    try await run(FactScripts.expired, scenario: "expired-session")
  }

  @Test func `a name that a stranger owns`() async throws {
    try await run(FactScripts.squatted, scenario: "bucket-taken")
  }

  /// The account is killed before a key is on the disk, after it is and before the answer, and after the answer.
  @Test(arguments: [1, 2, 0])
  func `a key is made once, whenever the account is killed`(step: Int) async throws {
    let python = try #require(pythonWithBoto3)
    let folder = Folder()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.path as String, step = step as Int, python = python as String] in
      let store = try DyingStore(DirectoryStore(directory: path), at: .max)
      let account = try PracticeAccount(catalog: factModels, store: store, clock: SystemClock())
      let server = try await PracticeServer.start(account: account)
      let session = try CommandSession(server)
      try session.folder.path.write(toFile: path + "/session", atomically: true, encoding: .utf8)
      store.die(at: step)
      try await session.run(python, ["-c", FactScripts.tools + FactScripts.oneKey, path + "/answered"])
      kill(getpid(), SIGKILL)
    }
    let session = try String(contentsOfFile: folder.path + "/session", encoding: .utf8)
    try FileManager.default.removeItem(atPath: session)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/answered") == (step == 0))
    let account = try PracticeAccount(catalog: factModels, directory: folder.path)
    try await run(FactScripts.keysOfTheRun, arguments: [step == 1 ? "0" : "1"], account: account)
  }

  /// Runs a script against an account; it may ask for the account's time to pass.
  private func run(
    _ script: String, arguments: [String] = [], scenario: String? = nil, account: PracticeAccount? = nil
  ) async throws {
    let python = try #require(pythonWithBoto3)
    let account = try account ?? PracticeAccount(catalog: factModels, directory: nil, seed: 11)
    if let scenario {
      try account.play(
        Scenario(json: JSON.parse(contents(of: repositoryRoot + "/assets/scenarios/\(scenario).json"))))
    }
    let token = UUID().uuidString
    let control = ControlChannel(token: token) { word, input in
      switch word {
      case "advance":
        let seconds = Double(String(decoding: input, as: UTF8.self)) ?? 0
        guard (try? account.clock.advance(seconds: seconds)) != nil else { return (500, []) }
        return (200, [])
      case "dump": return (200, Array(account.dump().text().utf8))
      default: return (200, Array(account.remarks(since: 0).map(\.text).joined(separator: "\n").utf8))
      }
    }
    let server = try await PracticeServer.start(account: account, control: control)
    do {
      let session = try CommandSession(server)
      try (FactScripts.tools + script).write(
        to: session.folder.appendingPathComponent("script.py"), atomically: true, encoding: .utf8)
      let words = ([token] + arguments).joined(separator: " ")
      try await session.run(
        [CommandRow("\(python) script.py \(words)", 0, "^fine\n$")], aws: "false",
        endpoint: server.endpointURL)
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }
}

private let factModels = ModelCatalog(directory: repositoryRoot + "/assets/models")

/// The same facts as the AWS CLI prints them.
@Suite(.enabled(if: awsCLI != nil, "no AWS CLI v2 on this machine"))
struct FactCommandTests {
  private static let rows: [CommandRow] = [
    CommandRow(
      "(unset AWS_REGION AWS_DEFAULT_REGION; aws kms list-keys)", 253, error: "You must specify a region."),
    CommandRow(
      "aws s3api create-bucket --bucket taken-1", 254,
      error: "An error occurred (BucketAlreadyExists) when calling the CreateBucket operation"),
    CommandRow(
      "aws s3api create-bucket --bucket lab-eu --region eu-west-1", 254,
      error:
        "(IllegalLocationConstraintException) when calling the CreateBucket operation: The unspecified location "
        + "constraint is incompatible for the region specific endpoint this request was sent to."),
    CommandRow(
      "aws s3api create-bucket --bucket lab-eu --create-bucket-configuration LocationConstraint=us-east-1",
      254,
      error:
        "(InvalidLocationConstraint) when calling the CreateBucket operation: The specified location-constraint is not valid"
    ),
    CommandRow(
      "aws s3api create-bucket --bucket lab-eu --region eu-west-1 --create-bucket-configuration LocationConstraint=eu-west-1 --query Location",
      0, #"^"http://lab-eu\.s3\.amazonaws\.com/"\n$"#),
    CommandRow("aws s3api create-bucket --bucket lab-1 --query Location", 0, #"^"/lab-1"\n$"#),
    CommandRow(
      "LAB_KEY=$(aws kms create-key --region eu-west-1 --query KeyMetadata.KeyId --output text)"),
    CommandRow(
      "aws s3api put-bucket-encryption --bucket lab-1 --server-side-encryption-configuration \"Rules=[{ApplyServerSideEncryptionByDefault={SSEAlgorithm=aws:kms,KMSMasterKeyID=$LAB_KEY}}]\""
    ),
    CommandRow(
      "echo x >x; aws s3 cp x s3://lab-1/ --no-progress", 1,
      error:
        "upload failed: ./x to s3://lab-1/x An error occurred (KMS.NotFoundException) when calling the PutObject "
        + "operation: Key 'arn:aws:kms:us-east-1:111122223333:key/"),
  ]

  @Test func `Regions and names, by the AWS CLI`() async throws {
    let aws = try #require(awsCLI)
    try await withServer { account, server in
      try account.reserve(bucketNames: ["taken-1"])
      try await CommandSession(server).run(Self.rows, aws: aws, endpoint: server.endpointURL)
    }
  }
}
