import TestKit
import Testing
import Wire

@testable import ServiceModels

private let page = "<!DOCTYPE html><html><body>Sign in</body></html>"

/// Answers that are not what the protocol says.
@Suite struct UnreadableTests {
  private func operation(_ service: String, _ name: String) throws -> ServiceModels.Operation {
    try #require(bundle.model(service).operation(name))
  }

  @Test(
    arguments: [
      ("kms", "ListKeys", page, "KMS answered ListKeys with an HTML page, not with JSON"),
      ("kms", "ListKeys", "<a/>", "KMS answered ListKeys with XML, not with JSON"),
      ("kms", "ListKeys", "{\"Keys\": [", "KMS answered ListKeys with JSON that cannot be read"),
      ("kms", "ListKeys", "hello", "KMS answered ListKeys with text, not with JSON"),
      (
        "kms", "ListKeys", #"{"Keys": 5}"#,
        "KMS answered ListKeys with what its model does not allow: Keys is number where list is expected"
      ),
      ("macie2", "GetMacieSession", page, "Macie2 answered GetMacieSession with an HTML page, not with JSON"),
      ("iam", "ListRoles", "", "IAM answered ListRoles with an empty body, not with XML"),
      ("iam", "ListRoles", page, "IAM answered ListRoles with an HTML page, not with XML"),
      ("iam", "ListRoles", "{}", "IAM answered ListRoles with JSON, not with XML"),
      ("iam", "ListRoles", "<ListRolesResponse>", "IAM answered ListRoles with XML that cannot be read"),
      (
        "iam", "ListRoles", "<Other/>",
        "IAM answered ListRoles with XML that cannot be read: the response has no"
      ),
      (
        "ec2", "DescribeVpcs", "<html><body/></html>",
        "EC2 answered DescribeVpcs with an HTML page, not with XML"
      ),
      (
        "s3", "GetBucketPolicyStatus", "<HTML/>",
        "S3 answered GetBucketPolicyStatus with an HTML page, not with XML"
      ),
      ("ec2", "DescribeVpcs", "plain", "EC2 answered DescribeVpcs with text, not with XML"),
      (
        "ec2", "DescribeVpcs", "<r><vpcSet><item><isDefault>perhaps</isDefault></item></vpcSet></r>",
        "EC2 answered DescribeVpcs with what its model does not allow: Vpcs[0].IsDefault is \"perhaps\" where"
      ),
      ("s3", "ListBuckets", "  \n", "S3 answered ListBuckets with an empty body, not with XML"),
      ("s3", "ListBuckets", "<html><p>", "S3 answered ListBuckets with an HTML page, not with XML"),
      (
        "s3", "SelectObjectContent", page,
        "S3 answered SelectObjectContent with an HTML page, not with a stream"
      ),
      ("logs", "StartLiveTail", "{}", "CloudWatch Logs answered StartLiveTail with JSON, not with a stream"),
    ])
  func `a success that cannot be read names operation, what came and what to do`(
    service: String, name: String, body: String, text: String
  ) throws {
    let operation = try operation(service, name)
    do {
      _ = try operation.response(HTTPResponse(status: 200, body: .bytes(Array(body.utf8))))
      Issue.record("taken")
    } catch {
      guard case .malformed(let sentence) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(sentence.hasPrefix(text), "\(sentence)")
      #expect(
        sentence.contains("try again") || sentence.contains("check the network") || sentence.contains("model")
      )
    }
  }

  @Test func `what a model calls sensitive is in no message`() throws {
    let body = #"{"Plaintext": "top secret!"}"#
    do {
      _ = try operation("kms", "Decrypt").response(HTTPResponse(status: 200, body: .bytes(Array(body.utf8))))
      Issue.record("taken")
    } catch {
      #expect(!"\(error)".contains("secret"))
      #expect("\(error)".contains("Plaintext is a text where blob is expected"))
    }
  }

  /// A form of error, and the code and message that each protocol reads in it.
  @Test(
    arguments: [
      ("", 403, "403", "Forbidden"), (" \n", 502, "502", "Bad Gateway"),
      ("upstream timed out", 504, "504", "Gateway Timeout"),
      ("<html><head/><body>403</body></html>", 403, "403", "Forbidden"), (page, 400, "400", "Bad Request"),
      ("<html><br></html>", 500, "500", "Internal Server Error"), ("[]", 400, "400", "Bad Request"),
      ("\"text\"", 400, "400", "Bad Request"), ("{\"__type\":\"A", 400, "400", "Bad Request"),
      ("<Error><Code>A", 400, "400", "Bad Request"), ("\u{0}\u{1}\u{FFFF}", 599, "599", ""),
      (
        "<AccessDeniedException><Message>No.</Message></AccessDeniedException>", 403, "AccessDeniedException",
        "No."
      ),
      ("<Error><Code>Slow</Code><Message>m</Message></Error>", 503, "Slow", "m"),
      ("<Response><Errors><Error><Code>Slow</Code></Error></Errors></Response>", 400, "Slow", ""),
      (#"{"message":"Forbidden"}"#, 403, "403", "Forbidden"),
      (#"{"__type":"a.b#Slow","Message":"m"}"#, 400, "Slow", "m"),
      (#"{"__type":"","message":null}"#, 400, "400", ""), (#"{"__type":7}"#, 400, "400", "Bad Request"),
      ("<Error><Code></Code><Message/></Error>", 400, "400", ""),
    ] as [(String, Int, String, String)])
  func `an error in any form is a fault with a status`(
    body: String, status: Int, code: String, message: String
  )
    throws
  {
    for (service, name) in [
      ("kms", "ListKeys"), ("iam", "ListRoles"), ("ec2", "DescribeVpcs"), ("s3", "ListBuckets"),
      ("macie2", "GetMacieSession"), ("s3", "SelectObjectContent"), ("logs", "StartLiveTail"),
    ] {
      for type in ["application/json", "text/html", "application/xml", nil] {
        var response = HTTPResponse(status: status, body: .bytes(Array(body.utf8)))
        response.headers["Content-Type"] = type
        let error = try #require(throws: ProtocolError.self) {
          try operation(service, name).response(response)
        }
        guard case .fault(let fault) = error else {
          Issue.record("\(service) \(error)")
          continue
        }
        #expect(fault.code == code, "\(service)")
        #expect(fault.message == message, "\(service)")
        #expect(fault.httpStatus == status)
      }
    }
  }

  /// Every way to cut an answer short, success and error.
  @Test(
    arguments: [
      ("kms", "DescribeKey"), ("sts", "AssumeRole"), ("ec2", "DescribeVpcs"), ("macie2", "GetFindings"),
      ("s3", "ListObjectsV2"), ("s3", "GetBucketLifecycleConfiguration"), ("route53", "ListHostedZones"),
      ("cloudwatch", "GetMetricData"),
    ])
  func `an answer cut at any byte is a value, a fault or unreadable`(service: String, name: String) throws {
    let operation = try operation(service, name)
    let shape = try #require(operation.output)
    var sampler = Sampler(seed: 5)
    sampler.width = 1
    var whole = try operation.response(output: sampler.structure(shape), requestID: "r")
    whole.status = 200
    let error = operation.model.errorResponse(
      ServiceFault(code: "Slow", message: "m", httpStatus: 400), operation: operation, requestID: "r")
    for response in [whole, error] {
      guard case .bytes(let bytes) = response.body else { continue }
      #expect(!bytes.isEmpty)
      for length in 0..<bytes.count {
        var cut = response
        cut.body = .bytes(Array(bytes.prefix(length)))
        do {
          _ = try operation.response(cut)
        } catch .fault(let fault) {
          #expect(fault.httpStatus == response.status)
        } catch .malformed(let sentence) {
          #expect(response.status == 200)
          #expect(sentence.contains(" answered \(name) with "))
        } catch {
          Issue.record("\(length): \(error)")
        }
      }
    }
  }
}
