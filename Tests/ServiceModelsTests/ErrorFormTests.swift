import TestKit
import Testing
import Wire

@testable import ServiceModels

/// The forms of errors as the services send them.
@Suite struct ErrorFormTests {
  @Test(
    arguments: [
      (
        "kms", "DescribeKey", "NotFoundException", 400, Fields(),
        #"{"__type":"NotFoundException","message":"No <luck>"}"#
      ),
      ("macie2", "EnableMacie", "ConflictException", 409, Fields(), #"{"message":"No <luck>"}"#),
      (
        "sts", "GetCallerIdentity", "InvalidClientTokenId", 403, Fields(),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
          + "<Code>InvalidClientTokenId</Code><Message>No &lt;luck&gt;</Message></Error><RequestId>R1</RequestId></ErrorResponse>"
      ),
      (
        "iam", "GetRole", "NoSuchEntity", 404, Fields(),
        "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>"
          + "<Code>NoSuchEntity</Code><Message>No &lt;luck&gt;</Message></Error><RequestId>R1</RequestId></ErrorResponse>"
      ),
      (
        "ec2", "DescribeVpcs", "UnauthorizedOperation", 403, Fields(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>UnauthorizedOperation</Code>"
          + "<Message>No &lt;luck&gt;</Message></Error></Errors><RequestID>R1</RequestID></Response>"
      ),
      (
        "s3", "GetObject", "NoSuchBucket", 404, ["BucketName": "lab"],
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchBucket</Code><Message>No &lt;luck&gt;</Message>"
          + "<BucketName>lab</BucketName><RequestId>R1</RequestId>"
          + "<HostId>OwosaRLdmijQNlUbZHTO04j/YNkjFCN+YQ4XYT3rLz4=</HostId></Error>"
      ),
    ] as [(String, String, String, Int, Fields, String)])
  func `errors have the protocol's own form`(
    service: String, operation: String, code: String, status: Int, fields: Fields, body: String
  ) throws {
    let model = try bundle.model(service)
    let operation = try #require(model.operation(operation))
    let fault = ServiceFault(
      code: code, message: "No <luck>", httpStatus: status, requestID: "R1", fields: fields)
    let response = model.errorResponse(fault, operation: operation, requestID: "R1")
    #expect(response.status == status)
    guard case .bytes(let bytes) = response.body else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.replacing(hostID, with: "") == body.replacing(hostID, with: ""))
    #expect(response.headers["x-amzn-errortype"] == (service == "macie2" ? code : nil))
    #expect((response.headers["x-amz-request-id"] ?? response.headers["x-amzn-requestid"]) == "R1")
    #expect(throws: ProtocolError.fault(fault)) { try operation.response(response) }
  }

  private var hostID: Regex<Substring> { /<HostId>[^<]*<\/HostId>/ }

  @Test func `an answer to HEAD has no body and its status is the code`() throws {
    let model = try bundle.model("s3")
    let operation = try #require(model.operation("HeadBucket"))
    let response = model.errorResponse(
      ServiceFault(code: "NoSuchBucket", message: "gone", httpStatus: 404), operation: operation,
      requestID: "R1")
    #expect(response.body == .empty)
    #expect(
      throws: ProtocolError.fault(
        ServiceFault(code: "404", message: "Not Found", httpStatus: 404, requestID: "R1"))
    ) {
      try operation.response(response)
    }
  }

  @Test func `a success that is an error is a fault`() throws {
    let operation = try #require(bundle.model("s3").operation("CopyObject"))
    let body = "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"
    #expect(throws: ProtocolError.self) {
      try operation.response(HTTPResponse(status: 200, body: .bytes(Array(body.utf8))))
    }
  }

  @Test func `a page of a proxy is an error by its status`() throws {
    for (service, name) in [
      ("kms", "ListKeys"), ("iam", "ListRoles"), ("s3", "ListBuckets"), ("macie2", "GetMacieSession"),
    ] {
      let operation = try #require(bundle.model(service).operation(name))
      let response = HTTPResponse(
        status: 503, body: .bytes(Array("<html><body>Service Unavailable</body></html>".utf8)))
      #expect(
        throws: ProtocolError.fault(
          ServiceFault(code: "503", message: "Service Unavailable", httpStatus: 503))
      ) {
        try operation.response(response)
      }
    }
  }
}
