import PracticeAccount
import ServiceModels
import SigV4
import Testing
import Wire

/// Who may come in: signatures are judged before anything else, each service in its own words.
struct AuthenticationTests {
  let test: TestAccount

  init() throws {
    test = try TestAccount()
  }

  private func fault(_ service: String, _ operation: String, _ request: HTTPRequest) async throws
    -> ServiceFault?
  {
    do {
      _ = try test.found(service, operation).response(await test.account.respond(to: request))
      return nil
    } catch ProtocolError.fault(let fault) {
      return fault
    }
  }

  private func signedAnew(
    _ request: HTTPRequest, _ service: String, _ key: Credentials, late seconds: Double = 0
  ) -> HTTPRequest {
    let date = test.clock.now.adding(seconds: -seconds)
    return signed(
      request, with: key,
      in: service == "s3"
        ? .s3(region: "us-east-1", date: date)
        : SigningContext(region: "us-east-1", service: service, date: date))
  }

  private static let calls = [
    ("sts", "GetCallerIdentity"), ("kms", "ListKeys"), ("s3", "ListBuckets"), ("iam", "ListRoles"),
    ("macie2", "GetMacieSession"), ("ec2", "DescribeVpcs"), ("logs", "DescribeLogGroups"),
  ]

  @Test func anUnknownKeyIsRefused() async throws {
    let codes = [
      "sts": "403 InvalidClientTokenId", "kms": "400 UnrecognizedClientException",
      "s3": "403 InvalidAccessKeyId",
      "iam": "403 InvalidClientTokenId", "macie2": "403 UnrecognizedClientException",
      "ec2": "401 AuthFailure",
      "logs": "400 UnrecognizedClientException",
    ]
    for (service, operation) in Self.calls {
      let request = signedAnew(
        try test.request(service, operation), service,
        Credentials(accessKeyID: "AKIAUNKNOWN", secretAccessKey: "x"))
      let fault = try await fault(service, operation, request)
      #expect(fault.map { "\($0.httpStatus) \($0.code)" } == codes[service])
    }
  }

  @Test func aWrongSecretIsRefused() async throws {
    let codes = [
      "sts": "SignatureDoesNotMatch", "kms": "InvalidSignatureException", "s3": "SignatureDoesNotMatch",
      "iam": "SignatureDoesNotMatch", "macie2": "InvalidSignatureException", "ec2": "AuthFailure",
      "logs": "InvalidSignatureException",
    ]
    for (service, operation) in Self.calls {
      let key = Credentials(accessKeyID: test.account.accessKey.accessKeyID, secretAccessKey: "wrong")
      let fault = try await fault(
        service, operation, signedAnew(try test.request(service, operation), service, key))
      #expect(fault?.code == codes[service])
    }
  }

  @Test func anOldSignatureIsRefused() async throws {
    let codes = [
      "sts": "SignatureDoesNotMatch", "kms": "InvalidSignatureException", "s3": "RequestTimeTooSkewed",
      "iam": "SignatureDoesNotMatch", "macie2": "InvalidSignatureException", "ec2": "RequestExpired",
      "logs": "InvalidSignatureException",
    ]
    for (service, operation) in Self.calls {
      let request = signedAnew(
        try test.request(service, operation), service, test.account.accessKey, late: 1000)
      #expect(try await fault(service, operation, request)?.code == codes[service])
    }
  }

  @Test func noSignatureIsRefused() async throws {
    let codes = [
      "sts": "MissingAuthenticationToken", "kms": "MissingAuthenticationTokenException", "s3": "AccessDenied",
      "iam": "MissingAuthenticationToken", "macie2": "MissingAuthenticationTokenException",
      "ec2": "MissingAuthenticationToken", "logs": "MissingAuthenticationTokenException",
    ]
    for (service, operation) in Self.calls {
      var request = try test.request(service, operation)
      request.headers["Authorization"] = nil
      #expect(try await fault(service, operation, request)?.code == codes[service])
    }
  }

  @Test func theVirtualClockDoesNotAgeSignatures() async throws {
    try test.account.clock.advance(seconds: 86_400)
    #expect(try await test.error("sts", "GetCallerIdentity") == "none")
  }

  @Test func aChangedBodyIsRefused() async throws {
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    var request = try test.request("s3", "PutObject", ["Bucket": "lab-1", "Key": "k", "Body": "x"])
    request.body = .bytes(Array("y".utf8))
    #expect(try await fault("s3", "PutObject", request)?.code == "XAmzContentSHA256Mismatch")
  }

  @Test func aWrongChecksumIsRefused() async throws {
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    var request = try test.request("s3", "PutObject", ["Bucket": "lab-1", "Key": "k", "Body": "x"])
    request.headers["x-amz-checksum-crc32"] = "AAAAAA=="
    #expect(
      try await fault("s3", "PutObject", signedAnew(request, "s3", test.account.accessKey))?.code
        == "BadDigest")
  }

  @Test func whoIAm() async throws {
    let identity = try await test.call("sts", "GetCallerIdentity")
    #expect(identity["Account"] == "111122223333")
    #expect(identity["Arn"] == "arn:aws:iam::111122223333:user/learner")
  }
}
