import SigV4
import Testing
import Wire

private let date = Timestamp(year: 2026, month: 11, day: 23, hour: 16, minute: 10, second: 47)
private let keys = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")
private let kms = SigningContext(region: "eu-west-1", service: "kms", date: date)
private let plain = HTTPRequest(
  method: "POST", host: "kms.eu-west-1.amazonaws.com", headers: ["X-Amz-Target": "TrentService.CreateKey"],
  body: .bytes(Array("{}".utf8)))

struct VerifyTests {
  @Test(
    "a header signature is good for 15 minutes on either side",
    arguments: [
      (0.0, nil), (900, nil), (-900, nil), (901, SignatureError.Rule.skewed(.late)), (-901, .skewed(.early)),
    ])
  func skew(seconds: Double, rule: SignatureError.Rule?) throws {
    #expect(try failure(signed(plain, with: keys, in: kms), now: date.adding(seconds: seconds))?.rule == rule)
  }

  @Test("skew is told in the words of AWS")
  func skewMessages() throws {
    let request = signed(plain, with: keys, in: kms)
    #expect(
      try failure(request, now: date.adding(seconds: 1000))?.message
        == "Signature expired: 20261123T161047Z is now earlier than 20261123T161227Z (20261123T162727Z - 15 min.)"
    )
    #expect(
      try failure(request, now: date.adding(seconds: -1000))?.message
        == "Signature not yet current: 20261123T161047Z is still later than 20261123T160907Z "
        + "(20261123T155407Z + 15 min.)")
  }

  @Test(
    "a presigned URL is good until it expires",
    arguments: [
      (0.0, nil), (600, nil), (601, SignatureError.Rule.expired), (-901, .skewed(.early)),
    ])
  func expiry(seconds: Double, rule: SignatureError.Rule?) throws {
    let context = SigningContext.s3(region: "eu-west-1", date: date, payload: .unsigned)
    let get = HTTPRequest(method: "GET", host: "b.s3.eu-west-1.amazonaws.com", path: "/a%20b")
    let request = presigned(get, with: keys, in: context, expires: 600)
    #expect(try failure(request, now: date.adding(seconds: seconds))?.rule == rule)
  }

  @Test("a mismatch shows what was expected")
  func mismatch() throws {
    var request = signed(plain, with: keys, in: kms)
    request.headers["X-Amz-Target"] = "TrentService.DisableKey"
    let error = try #require(try failure(request))
    #expect(error.rule == .mismatch)
    #expect(
      error.canonicalRequest == """
        POST
        /

        host:kms.eu-west-1.amazonaws.com
        x-amz-date:20261123T161047Z
        x-amz-target:TrentService.DisableKey

        host;x-amz-date;x-amz-target
        44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
        """)
    #expect(
      error.stringToSign?.hasPrefix("AWS4-HMAC-SHA256\n20261123T161047Z\n20261123/eu-west-1/kms/") == true)
    #expect(error.authorization?.accessKeyID == "AKIDEXAMPLE")
  }

  @Test("a body other than the one whose hash was signed")
  func content() throws {
    let put = HTTPRequest(method: "PUT", host: "h", path: "/b/k", body: .bytes([1, 2, 3]))
    var request = signed(put, with: keys, in: .s3(region: "eu-west-1", date: date))
    #expect(try failure(request) == nil)
    request.body = .bytes([1, 2, 4])
    #expect(try failure(request)?.rule == .contentMismatch)
    for payload in [
      PayloadHash.unsigned, .streamingUnsignedTrailer, .hex("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
    ] {
      var free = signed(put, with: keys, in: .s3(region: "eu-west-1", date: date, payload: payload))
      free.body = .bytes([9])
      #expect(try failure(free) == nil)
    }
  }

  @Test("S3 wants the content hash, and every x-amz header signed")
  func s3Headers() throws {
    let put = HTTPRequest(method: "PUT", host: "h", path: "/b/k")
    var request = signed(put, with: keys, in: .s3(region: "eu-west-1", date: date))
    request.headers["x-amz-acl"] = "public-read"
    #expect(try failure(request)?.rule == .headersNotSigned(["x-amz-acl"]))
    request.headers["x-amz-acl"] = nil
    request.headers["x-amz-content-sha256"] = nil
    #expect(try failure(request)?.rule == .incomplete)
  }

  @Test(
    "queries that clients write otherwise are the same request",
    arguments: [
      ("q=a+b", "q=a%20b"), ("q=a%2fb", "q=a%2Fb"), ("q=*", "q=%2A"), ("uploads", "uploads="),
    ])
  func queryForms(sent: String, signedAs: String) throws {
    var request = HTTPRequest(method: "GET", host: "h", path: "/b", query: signedAs)
    request = signed(request, with: keys, in: .s3(region: "eu-west-1", date: date))
    request.query = sent
    #expect(try failure(request) == nil)
  }

  @Test("signatures that cannot be read", arguments: unreadable)
  func unreadableHeader(header: String?, rule: SignatureError.Rule, message: String) {
    var request = plain
    request.headers["Authorization"] = header
    request.headers["X-Amz-Date"] = "20261123T161047Z"
    let error = #expect(throws: SignatureError.self) { try Authorization.parse(request) }
    #expect(error?.rule == rule)
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test(
    "presigned parameters that cannot be read",
    arguments: [
      ("X-Amz-Expires=abc", "X-Amz-Expires should be a number"),
      ("X-Amz-Expires=-1", "X-Amz-Expires must be non-negative"),
      ("X-Amz-Expires=604801", "X-Amz-Expires must be less than a week (in seconds)"),
      ("X-Amz-Expires=99999999999999999999", "X-Amz-Expires should be a number"),
      ("X-Amz-Date=2026", "X-Amz-Date must be in the ISO8601 Long Format"),
      ("X-Amz-Signature=", "AWS query-string parameters must include 'X-Amz-Signature'."),
      ("X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256", "Unsupported AWS 'algorithm'"),
    ])
  func unreadableQuery(parameter: String, message: String) {
    var parameters = [
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": "A%2F20261123%2Fr%2Fs3%2Faws4_request",
      "X-Amz-Date": "20261123T161047Z", "X-Amz-Expires": "60", "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "00",
    ]
    let halves = parameter.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    parameters[halves[0]] = halves[1]
    let query = parameters.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    let request = HTTPRequest(method: "GET", host: "h", query: query)
    let error = #expect(throws: SignatureError.self) { try Authorization.parse(request) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test("the Date header signs where X-Amz-Date is not sent")
  func dateHeader() throws {
    var request = plain
    request.headers["Date"] = "whenever"
    let result = signed(request, with: keys, in: kms)
    #expect(result.headers["Date"] == "Mon, 23 Nov 2026 16:10:47 -0000")
    #expect(result.headers["X-Amz-Date"] == nil)
    #expect(try failure(result) == nil)
  }

  @Test("signing again replaces the signature")
  func again() {
    let once = signed(plain, with: keys, in: kms)
    #expect(signed(once, with: keys, in: kms) == once)
    var temporary = keys
    temporary.sessionToken = "token"
    let tokened = signed(once, with: temporary, in: kms)
    #expect(tokened.headers["X-Amz-Security-Token"] == "token")
    #expect(signed(tokened, with: keys, in: kms) == once)
  }

  @Test("random signatures and queries are refused without a trap")
  func random() {
    var state: UInt64 = 7
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let alphabet = Array(
      "AWS4-HMAC-SHA256 Credential=/,;SignedHeaders=host%20+&?\u{e9}X-Amz-Date=20261123T161047Z")
    for _ in 0..<3000 {
      let text = String((0..<next(120)).map { _ in alphabet[next(alphabet.count)] })
      var request = plain
      request.headers["Authorization"] =
        next(2) == 0
        ? "AWS4-HMAC-SHA256 Credential=A/20261123/r/s/aws4_request, SignedHeaders=host;\(text), Signature=\(text)"
        : text
      request.headers["X-Amz-Date"] = "20261123T161047Z"
      request.query = text
      request.path = "/" + text
      guard let parsed = try? Authorization.parse(request) else { continue }
      #expect(throws: SignatureError.self) {
        try verify(request, secret: "s", parsed: parsed, now: date, maximumSkew: 900)
      }
    }
  }

  private func failure(_ request: HTTPRequest, now: Timestamp = date) throws -> SignatureError? {
    let parsed = try Authorization.parse(request)
    do throws(SignatureError) {
      try verify(request, secret: keys.secretAccessKey, parsed: parsed, now: now, maximumSkew: 900)
      return nil
    } catch {
      return error
    }
  }
}

private let unreadable: [(String?, SignatureError.Rule, String)] = [
  (nil, .missing, "Request is missing Authentication Token"),
  ("AWS AKID:sig", .unsupported, "Unsupported AWS 'algorithm': 'AWS'."),
  ("AWS4-ECDSA-P256-SHA256 Credential=x", .unsupported, "Unsupported AWS 'algorithm'"),
  ("", .unsupported, "Unsupported AWS 'algorithm': ''."),
  (
    "AWS4-HMAC-SHA256", .incomplete,
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
      + "Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256"
  ),
  (
    "AWS4-HMAC-SHA256 Credential", .incomplete, "'Credential' not a valid key=value pair (missing equal-sign)"
  ),
  (
    "AWS4-HMAC-SHA256 Credential=A/20261123/r/s, SignedHeaders=host, Signature=0", .incomplete,
    "Credential must have exactly 5 slash-delimited elements"
  ),
  (
    "AWS4-HMAC-SHA256 Credential=A/20261124/r/s/aws4_request, SignedHeaders=host, Signature=0", .incomplete,
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
  ),
  (
    "AWS4-HMAC-SHA256 Credential=A/20261123/r/s/aws5_request, SignedHeaders=host, Signature=0", .incomplete,
    "Credential should be scoped with a valid terminator"
  ),
  (
    "AWS4-HMAC-SHA256 Credential=A/20261123/r/s/aws4_request, SignedHeaders=x-amz-date, Signature=0",
    .headersNotSigned(["host"]), "'Host' must be a 'SignedHeader'"
  ),
]
