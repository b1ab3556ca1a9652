import ServiceModels
import Testing
import Wire

@testable import AWSClient

@Suite struct FaultTests {
  private func error(
    _ service: String, _ operation: String, _ answer: ScriptedTransport.Answer, input: Value = [:]
  ) async throws -> AWSError {
    let transport = ScriptedTransport([answer, answer, answer, answer])
    do {
      _ = try await client(transport).call(service, operation, input)
    } catch {
      return error
    }
    throw Unexpected()
  }

  private struct Unexpected: Error {}

  private let page = "<!DOCTYPE html>\n<html><body><h1>Sign in to the network</h1></body></html>"

  @Test func `a web page under a status of success is no answer`() async throws {
    let read = try await error("kms", "ListKeys", .response(200, page, ["Content-Type": "text/html"]))
    #expect(
      read.message
        == "The answer of kms.us-east-1.amazonaws.com to ListKeys cannot be read: it is a web page, not an answer of "
        + "AWS.")
    let created = try await error("kms", "CreateKey", .response(200, page, [:]))
    #expect(created.message.hasSuffix(" The call may have taken effect all the same."))
    #expect(created.mayHaveTakenEffect)
    #expect(!created.advice.isEmpty)
  }

  @Test func `a proxy's page with an error is the error of its status`() async throws {
    for service in ["kms", "sts"] {
      let operation = service == "kms" ? "ListKeys" : "GetCallerIdentity"
      let fault = try await error(service, operation, .response(503, "<html><body>Busy</body></html>", [:]))
      #expect(fault.code == "503")
      #expect(fault.message.hasSuffix("(reached max retries: 2): Service Unavailable"))
      #expect(fault.advice.contains("web page"))
    }
    #expect(try await error("kms", "ListKeys", .response(403, page, [:])).code == "403")
  }

  @Test(
    arguments: [
      ("kms", "ListKeys", [:], 200, "{\"Keys\": [", "cannot be read"),
      ("kms", "ListKeys", [:], 200, "[]", "cannot be read"),
      ("sts", "GetCallerIdentity", [:], 200, "<a>", "cannot be read"),
      ("sts", "GetCallerIdentity", [:], 200, "", "cannot be read"),
      (
        "iam", "ListRoles", [:], 400, "",
        "An error occurred (400) when calling the ListRoles operation: Bad Request"
      ),
      (
        "kms", "ListKeys", [:], 400, "",
        "An error occurred (400) when calling the ListKeys operation: Bad Request"
      ),
      (
        "kms", "ListKeys", [:], 400, "<Error><Code>X</Code></Error>",
        "An error occurred (X) when calling the ListKeys operation"
      ),
      (
        "s3", "ListObjectsV2", ["Bucket": "b"], 200, "<ListBuck",
        "(reached max retries: 2): Internal Server Error"
      ),
    ] as [(String, String, Value, Int, String, String)])
  func `what cannot be read is told, never a trap`(
    service: String, operation: String, input: Value, status: Int, body: String, text: String
  ) async throws {
    let found = try await error(service, operation, .response(status, body, [:]), input: input)
    #expect(found.message.contains(text), "\(found.message)")
  }

  @Test func `a clock that stays wrong is told`() async throws {
    let skewed = ScriptedTransport.Answer.response(
      403, "<Error><Code>RequestTimeTooSkewed</Code><Message>skewed</Message></Error>",
      ["Date": "Mon, 23 Nov 2026 18:00:00 GMT"])
    let fault = try await error("s3", "ListBuckets", skewed)
    #expect(fault.code == "RequestTimeTooSkewed")
    #expect(fault.advice.contains("clock"))
    if case .service(let service, _, _) = fault { #expect(service.fields.isEmpty) }
  }
}
