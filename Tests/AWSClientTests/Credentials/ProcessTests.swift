import TestKit
import Testing

@testable import AWSClient

@Suite struct ProcessTests {
  @Test func `A program gets the environment and the folder, and gives both its streams and its status`()
    async
  {
    let result = await systemProcess(
      "sh -c 'printf %s:%s $NAME $PWD; echo no >&2; exit 3'", ["NAME": "x", "PATH": "/bin:/usr/bin"], "/usr")
    #expect(result.status == 3 && result.standardOutput == "x:/usr" && result.standardError == "no\n")
  }

  @Test func `A program that is not there is told`() async {
    let result = await systemProcess("/nonexistent/vault", [:], nil)
    #expect(result.status == 127)
    #expect(result.standardError == "[Errno 2] No such file or directory: '/nonexistent/vault'")
  }

  @Test func `Cancelling the task ends the program`() async {
    let task = Task { await systemProcess("sleep 60", ["PATH": "/bin:/usr/bin"], nil) }
    task.cancel()
    #expect(await task.value.status == 128 + 15)
  }

  @Test(arguments: [
    ("version", "Unsupported version '2' for credential process provider, supported versions: 1"),
    (
      "unversioned",
      "Unsupported version '<Version key not provided>' for credential process provider, supported versions: 1"
    ),
    ("keyless", "Missing required key in response: 'AccessKeyId'"),
    ("broken", "the answer is not a JSON object"),
    ("timeless", "the Expiration is not a time"),
    ("fails", "no such vault"),
  ])
  func `What a program says amiss is told`(command: String, reason: String) async throws {
    let world = World(["/home/.aws/config": "[default]\ncredential_process = \(command)"])
    #expect(try await world.complaint() == "Error when retrieving credentials from custom-process: \(reason)")
  }
}
