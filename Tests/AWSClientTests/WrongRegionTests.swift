import ServiceModels
import Testing
import Wire

@testable import AWSClient

@Suite struct WrongRegionTests {
  private let list = ScriptedTransport.Answer.response(200, "<ListBucketResult/>", [:])

  private func redirect(_ region: String?, code: String = "PermanentRedirect", status: Int = 301)
    -> ScriptedTransport.Answer
  {
    .response(
      status,
      "<Error><Code>\(code)</Code><Message>elsewhere</Message>"
        + (region.map { "<Region>\($0)</Region>" } ?? "") + "</Error>", [:])
  }

  private func scope(_ request: HTTPRequest) -> String {
    request.headers["Authorization"]?.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
  }

  @Test func `a bucket elsewhere is followed, signed anew, and remembered`() async throws {
    let answers: [ScriptedTransport.Answer] = [
      .response(301, "", ["x-amz-bucket-region": "eu-west-1"]), redirect("eu-west-1"),
      redirect("eu-west-1", code: "AuthorizationHeaderMalformed", status: 400),
      redirect("eu-west-1", code: "IllegalLocationConstraintException", status: 400),
      .response(307, "", ["x-amz-bucket-region": "eu-west-1"]),
    ]
    for answer in answers {
      let transport = ScriptedTransport([answer, list, list])
      let client = client(transport)
      for _ in 0..<2 { _ = try await client.call("s3", "ListObjectsV2", ["Bucket": "lab"]) }
      #expect(
        transport.seen.map(\.host) == [
          "lab.s3.us-east-1.amazonaws.com", "lab.s3.eu-west-1.amazonaws.com",
          "lab.s3.eu-west-1.amazonaws.com",
        ])
      #expect(transport.seen.map(scope) == ["us-east-1", "eu-west-1", "eu-west-1"])
    }
  }

  @Test func `where the answer names no Region the bucket's head is asked`() async throws {
    let transport = ScriptedTransport([
      redirect(nil), .response(403, "", ["x-amz-bucket-region": "eu-west-3"]), list,
    ])
    _ = try await client(transport).call("s3", "ListObjectsV2", ["Bucket": "lab"])
    #expect(transport.seen.map(\.method) == ["GET", "HEAD", "GET"])
    #expect(transport.seen.last?.host == "lab.s3.eu-west-3.amazonaws.com")
  }

  @Test func `HEAD says it by its status alone`() async throws {
    let transport = ScriptedTransport([
      .response(400, "", ["x-amz-bucket-region": "eu-west-3"]), .response(200, "", [:]),
    ])
    _ = try await client(transport).call("s3", "HeadBucket", ["Bucket": "lab"])
    #expect(transport.seen.last?.host == "lab.s3.eu-west-3.amazonaws.com")
  }

  @Test func `a create is followed too: it was not taken up`() async throws {
    let transport = ScriptedTransport([redirect("eu-west-1", status: 307), list])
    _ = try await client(transport).call("s3", "CreateMultipartUpload", ["Bucket": "lab", "Key": "k"])
    #expect(transport.seen.count == 2)
  }

  @Test func `redirects end, and the error says where to go`() async {
    let transport = ScriptedTransport([redirect("eu-west-1"), redirect("eu-west-2"), redirect("eu-west-3")])
    let error = await #expect(throws: AWSError.self) {
      try await client(transport).call("s3", "ListObjectsV2", ["Bucket": "lab"])
    }
    #expect(transport.seen.count == 3)
    #expect(error?.code == "PermanentRedirect")
    #expect(error?.advice == "The resource is in eu-west-3: run the command again with --region eu-west-3.")
  }

  @Test func `an ARN is not followed, nor is a redirect to where we are, nor a nonsensical Region`() async {
    let arn = "arn:aws:s3:us-east-1:111122223333:accesspoint/lab"
    for (bucket, region) in [(arn, "eu-west-1"), ("lab", "us-east-1"), ("lab", "evil.example.com/")] {
      let transport = ScriptedTransport([
        .response(301, "", ["x-amz-bucket-region": region]), .response(403, "", [:]),
      ])
      await #expect(throws: AWSError.self) {
        try await client(transport).call("s3", "ListObjectsV2", ["Bucket": .string(bucket)])
      }
      #expect(!transport.seen.contains { $0.host.contains("eu-west-1") || $0.host.contains("evil") })
    }
  }

  @Test(
    arguments: [
      (403, "AccessDenied", "no", "sts get-caller-identity"), (400, "ExpiredToken", "x", "sign in again"),
      (400, "ThrottlingException", "x", "too often"), (503, "Unknown", "x", "service's side"),
      (
        400, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-central-1'",
        "--region eu-central-1"
      ), (404, "NoSuchKey", "x", ""),
    ])
  func `errors say what to do`(status: Int, code: String, message: String, advice: String) {
    let error = AWSError.service(
      ServiceFault(code: code, message: message, httpStatus: status), operation: "X", attempts: 1)
    #expect(advice.isEmpty ? error.advice.isEmpty : error.advice.contains(advice))
  }
}
