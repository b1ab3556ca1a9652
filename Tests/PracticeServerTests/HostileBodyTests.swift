import PracticeAccount
import PracticeServer
import ServiceModels
import SigV4
import Testing
import Wire

/// Well-signed requests that mean nothing: each gets its own service's error, soon, and others are served on.
struct HostileBodyTests {
  struct Row: Sendable {
    var service: String
    var method: String
    var target: String
    var headers: [String: String]
    var body: [UInt8]
    /// Status and code.
    var status: Int
    var code: String

    init(
      _ service: String, _ method: String, _ target: String, _ headers: [String: String], _ body: [UInt8],
      _ status: Int, _ code: String
    ) {
      self.service = service
      self.method = method
      self.target = target
      self.headers = headers
      self.body = body
      self.status = status
      self.code = code
    }

    /// A call of KMS.
    static func kms(_ operation: String, _ body: String, _ code: String) -> Row {
      let headers = [
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.\(operation)",
      ]
      return Row("kms", "POST", "/", headers, Array(body.utf8), 400, code)
    }

    static func form(_ service: String, _ body: String, _ code: String) -> Row {
      Row(
        service, "POST", "/", ["Content-Type": "application/x-www-form-urlencoded"], Array(body.utf8), 400,
        code)
    }

    static func macie(_ target: String, _ body: String, _ status: Int, _ code: String) -> Row {
      Row("macie2", "POST", target, ["Content-Type": "application/json"], Array(body.utf8), status, code)
    }

    static func s3(_ method: String, _ target: String, _ body: String, _ status: Int, _ code: String) -> Row {
      // Some operations want a checksum before they look at the body.
      let checksum = ["x-amz-checksum-crc32": ChecksumAlgorithm.crc32.checksum(of: Array(body.utf8))]
      return Row("s3", method, target, body.isEmpty ? [:] : checksum, Array(body.utf8), status, code)
    }
  }

  private static let deep = String(repeating: "[", count: 200_000)
  private static let deepObject = String(repeating: #"{"a":"#, count: 100_000)
  private static let deepXML = String(repeating: "<a>", count: 100_000)
  private static let laughs = """
    <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lollollollollol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
    <Tagging><TagSet><Tag><Key>&d;</Key><Value>&d;</Value></Tag></TagSet></Tagging>
    """
  private static let outside = """
    <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Tagging><TagSet><Tag><Key>&x;</Key><Value>v</Value></Tag>\
    </TagSet></Tagging>
    """

  private static let rows: [Row] = [
    .kms("Nope", "{}", "UnknownOperationException"),
    .kms("", "{}", "UnknownOperationException"),
    .kms("CreateKey", "{", "SerializationException"),
    .kms("CreateKey", "[]", "SerializationException"),
    .kms("CreateKey", "\0", "SerializationException"),
    .kms("CreateKey", deep, "SerializationException"),
    .kms("CreateKey", deepObject, "SerializationException"),
    .kms("CreateKey", #"{"Tags":{"a":"b"}}"#, "SerializationException"),
    .kms("ListKeys", #"{"Limit":1e999999}"#, "SerializationException"),
    .kms("DescribeKey", "{}", "ValidationException"),
    Row(
      "kms", "POST", "/", ["X-Amz-Target": "TrentService.CreateKey"], [0xFF, 0xFE], 400,
      "SerializationException"),
    .form("sts", "Action=Nope&Version=2011-06-15", "InvalidAction"),
    .form("sts", "", "InvalidAction"),
    .form("sts", "%zz=%&&&===&Action", "InvalidAction"),
    .form("iam", "Action=CreateRole&Version=2010-05-08", "ValidationError"),
    .form("ec2", "Action=DescribeNothing&Version=2016-11-15", "InvalidAction"),
    .form(
      "ec2", "Action=DescribeVpcs&Version=2016-11-15&Filter\(String(repeating: ".1", count: 50_000))=a",
      ""),
    .macie("/nowhere", "{}", 404, "UnknownOperationException"),
    .macie("/jobs", "{", 400, "ValidationException"),
    .macie("/jobs", deep, 400, "ValidationException"),
    .macie("/jobs", #"{"jobType":[]}"#, 400, "ValidationException"),
    .s3("PUT", "/hostile?tagging", deepXML, 400, "MalformedXML"),
    .s3("PUT", "/hostile?tagging", "<", 400, "MalformedXML"),
    .s3("PUT", "/hostile?tagging", laughs, 400, "MalformedXML"),
    .s3("PUT", "/hostile?tagging", outside, 400, "MalformedXML"),
    .s3("POST", "/hostile?delete", "{}", 400, "MalformedXML"),
    .s3("PUT", "/new-bucket", "<CreateBucketConfiguration>", 400, "MalformedXML"),
    .s3("PATCH", "/hostile", "", 405, "MethodNotAllowed"),
    .s3("GET", "/hostile/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "", 404, "NoSuchKey"),
    .s3("GET", "/hostile/a%00b", "", 404, "NoSuchKey"),
    .s3("GET", "/hostile/%ff%fe", "", 400, ""),
    .s3("GET", "/hostile?list-type=2&max-keys=99999999999999999999", "", 400, ""),
    .s3("GET", "/hostile?list-type=2&continuation-token=%00", "", 400, "InvalidArgument"),
    Row("nosuchservice", "GET", "/", [:], [], 501, "NotImplemented"),
  ]

  @Test(.timeLimit(.minutes(5))) func everyRowGetsItsServicesErrorAndOthersAreServed() async throws {
    try await withServer { account, server in
      _ = await send(Row.s3("PUT", "/hostile", "", 200, ""), account, server)
      for row in Self.rows {
        let answer = await send(row, account, server)
        let title =
          "\(row.service) \(row.method) \(row.target) \(String(decoding: row.body.prefix(40), as: UTF8.self))"
        #expect(
          answer.hasPrefix("HTTP/1.1 \(row.status) ") && answer.contains(row.code),
          "\(title): \(answer.prefix(600))")
      }
      let alive = await send(Row.s3("GET", "/hostile?list-type=2", "", 200, ""), account, server)
      #expect(alive.hasPrefix("HTTP/1.1 200 OK"))
    }
  }

  @Test func whoSignsWronglyOrLateIsRefusedInTheServicesWords() async throws {
    try await withServer { account, server in
      let kms = Row.kms("ListKeys", "{}", "")
      let s3 = Row.s3("GET", "/", "", 403, "")
      let rows: [(Row, age: Double, secret: String?, String)] = [
        (s3, 0, nil, "200 OK"), (s3, 840, nil, "200 OK"), (s3, 960, nil, "<Code>RequestTimeTooSkewed</Code>"),
        (s3, -960, nil, "<Code>RequestTimeTooSkewed</Code>"),
        (s3, 0, "wrong", "<Code>SignatureDoesNotMatch</Code>"),
        (kms, 0, nil, "200 OK"), (kms, 960, nil, "InvalidSignatureException"),
        (kms, 0, "wrong", "InvalidSignatureException"),
      ]
      for (row, age, secret, expected) in rows {
        let answer = await send(row, account, server, age: age, secret: secret)
        #expect(answer.contains(expected), "\(row.service), \(age) seconds old: \(answer.prefix(600))")
      }
      for value in [
        "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=/////", "Basic YTpi",
        "AWS4-HMAC-SHA256 \(Self.deep)",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=, Signature=",
      ] {
        let text =
          "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: \(value.prefix(60_000))\r\n\r\n"
        let answer = await talk(server.port, [text])
        #expect(
          answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.1 403 "),
          "\(value.prefix(60)): \(answer)")
        #expect(answer.contains("<Error>"), "\(value.prefix(60)): \(answer.prefix(300))")
      }
    }
  }

  private func send(
    _ row: Row, _ account: PracticeAccount, _ server: PracticeServer, age: Double = 0, secret: String? = nil
  ) async -> String {
    let mark = row.target.firstIndex(of: "?")
    var request = HTTPRequest(
      method: row.method, scheme: "http", host: "127.0.0.1:\(server.port)",
      path: String(mark.map { row.target[..<$0] } ?? row.target[...]),
      query: mark.map { String(row.target[row.target.index(after: $0)...]) } ?? "",
      headers: ["Host": "127.0.0.1:\(server.port)", "Connection": "close"], body: .bytes(row.body))
    for (name, value) in row.headers { request.headers[name] = value }
    var keys = account.accessKey
    if let secret { keys = Credentials(accessKeyID: keys.accessKeyID, secretAccessKey: secret) }
    let date = SystemClock().now.adding(seconds: -age)
    let context =
      row.service == "s3"
      ? SigningContext.s3(region: "us-east-1", date: date)
      : SigningContext(region: "us-east-1", service: row.service, date: date)
    request = signed(request, with: keys, in: context)
    var text = "\(row.method) \(row.target) HTTP/1.1\r\nContent-Length: \(row.body.count)\r\n"
    for field in request.headers where field.name.lowercased() != "content-length" {
      text += "\(field.name): \(field.value)\r\n"
    }
    return await talk(server.port, [Array((text + "\r\n").utf8) + row.body])
  }
}
