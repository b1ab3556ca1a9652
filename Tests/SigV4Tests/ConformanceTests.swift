import Digests
import OrderedJSON
import SigV4
import TestKit
import Testing
import Wire

/// The suites of botocore and aws-c-auth, and requests that botocore signed, stage by stage.
///
/// SigV4a is judged in `AsymmetricTests`.
@Suite(.enabled(if: conformanceDirectory != nil, "no conformance data: set CONFORMANCE_DIR"))
struct ConformanceTests {
  private static let root = "\(conformanceDirectory ?? "")/sigv4"
  private static let key = Credentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

  @Test(
    "botocore's suite", arguments: folders("\(root)/botocore") + folders("\(root)/botocore/normalize-path"))
  func botocore(folder: String) throws {
    let name = folder.split(separator: "/").last.map(String.init) ?? ""
    let file = "\(folder)/\(name)"
    guard let text = try? contents(of: "\(file).req") else { return }
    let request = try #require(rawRequest(text))
    let date = try #require(Timestamp(parsing: "20150830T123600Z"))
    let context = SigningContext(region: "us-east-1", service: "service", date: date)
    var credentials = Self.key
    credentials.sessionToken = rawRequest(try contents(of: "\(file).sreq"))?.headers["X-Amz-Security-Token"]
    let result = signed(request, with: credentials, in: context)
    var unsigned = result
    unsigned.headers["Authorization"] = nil
    let canonical = canonicalRequest(unsigned, in: context)
    #expect(canonical.text == (try contents(of: "\(file).creq")))
    let sts = try contents(of: "\(file).sts")
    #expect(stringToSign(canonical.text, date: date.amzDate, scope: scope(context)) == sts)
    #expect(result.headers["Authorization"] == (try contents(of: "\(file).authz")))
    try expectVerified(result, context)
  }

  @Test("botocore's suite, the token added after signing")
  func botocoreTokenAfter() throws {
    let file = "\(Self.root)/botocore/post-sts-token/post-sts-header-after/post-sts-header-after"
    var request = try #require(rawRequest(try contents(of: "\(file).req")))
    let token = try #require(
      rawRequest(try contents(of: "\(file).sreq"))?.headers["X-Amz-Security-Token"])
    request.headers["X-Amz-Security-Token"] = nil
    var credentials = Self.key
    credentials.sessionToken = token
    let date = try #require(Timestamp(parsing: "20150830T123600Z"))
    let context = SigningContext(region: "us-east-1", service: "service", date: date, omitsSessionToken: true)
    let result = signed(request, with: credentials, in: context)
    #expect(result.headers["Authorization"] == (try contents(of: "\(file).authz")))
    #expect(result.headers["X-Amz-Security-Token"] == token)
    try expectVerified(result, context)
  }

  @Test("aws-c-auth's suite", arguments: folders("\(root)/aws-c-auth"))
  func awsCAuth(folder: String) throws {
    let request = try #require(rawRequest(try contents(of: "\(folder)/request.txt")))
    let row = try JSON.parse(contents(of: "\(folder)/context.json"))
    let credentials = Credentials(
      accessKeyID: row["credentials"]?["access_key_id"]?.string ?? "",
      secretAccessKey: row["credentials"]?["secret_access_key"]?.string ?? "",
      sessionToken: row["credentials"]?["token"]?.string)
    let context = SigningContext(
      region: row["region"]?.string ?? "", service: row["service"]?.string ?? "",
      date: try #require(Timestamp(parsing: row["timestamp"]?.string ?? "")),
      normalizesPath: row["normalize"]?.bool ?? true,
      addsContentSHA256Header: row["sign_body"]?.bool ?? false,
      omitsSessionToken: row["omit_session_token"]?.bool ?? false)

    let header = signed(request, with: credentials, in: context)
    try expectVerified(header, context)
    let authorization = try Authorization.parse(header)
    #expect(authorization.signature == (try contents(of: "\(folder)/header-signature.txt")))
    var unsigned = header
    unsigned.headers["Authorization"] = nil
    if context.omitsSessionToken { unsigned.headers["X-Amz-Security-Token"] = nil }
    let canonical = canonicalRequest(unsigned, in: context)
    #expect(canonical.text == (try contents(of: "\(folder)/header-canonical-request.txt")))
    #expect(
      stringToSign(canonical.text, date: context.date.amzDate, scope: scope(context))
        == (try contents(of: "\(folder)/header-string-to-sign.txt")))

    let seconds = row["expiration_in_seconds"]?.int ?? 0
    let query = presigned(request, with: credentials, in: context, expires: seconds)
    try expectVerified(query, context)
    #expect(
      try Authorization.parse(query).signature == (try contents(of: "\(folder)/query-signature.txt")))
    var bare = query
    bare.query = query.query.split(separator: "&")
      .filter { !$0.hasPrefix("X-Amz-Signature=") }
      .filter { !context.omitsSessionToken || !$0.hasPrefix("X-Amz-Security-Token=") }.joined(separator: "&")
    #expect(
      canonicalRequest(bare, in: context).text == (try contents(of: "\(folder)/query-canonical-request.txt")))
  }

  @Test("requests that botocore signed")
  func generated() throws {
    let lines = try contents(of: "\(Self.root)/generated.jsonl").split(separator: "\n")
    for line in lines {
      let row = try JSON.parse(String(line))
      let id = row["id"]?.string ?? ""
      let credentials = Credentials(
        accessKeyID: row["access_key_id"]?.string ?? "",
        secretAccessKey: row["secret_access_key"]?.string ?? "",
        sessionToken: row["session_token"]?.string)
      let date = try #require(Timestamp(parsing: row["timestamp"]?.string ?? ""))
      var context = SigningContext(
        region: row["region"]?.string ?? "", service: row["service"]?.string ?? "", date: date)
      let signature = try #require(row["signature"]?.string)
      if row["scheme"] == "s3-post-policy" {
        let policy = try #require(row["result_fields"]?["policy"]?.string)
        #expect(
          SigV4.signature(of: policy, secret: credentials.secretAccessKey, scope: scope(context)) == signature
        )
        continue
      }
      let isS3 = row["scheme"]?.string?.hasPrefix("s3") ?? false
      context.normalizesPath = !isS3
      context.doubleEncodesPath = !isS3
      context.addsContentSHA256Header = row["scheme"] == "s3-header"
      let expected = try #require(row["canonical_request"]?.string)
      // Whether the body is signed is the caller's decision, not the signer's.
      if expected.hasSuffix("UNSIGNED-PAYLOAD"), isS3 { context.payload = .unsigned }
      let request = try #require(self.request(row))
      if row["scheme"]?.string?.hasSuffix("query") ?? false {
        let result = presigned(request, with: credentials, in: context, expires: row["expires"]?.int ?? 0)
        #expect(result.url == row["signed_url"]?.string, "\(id)")
        try expectVerified(result, context)
      } else {
        let result = signed(request, with: credentials, in: context)
        var unsigned = result
        unsigned.headers["Authorization"] = nil
        let canonical = canonicalRequest(unsigned, in: context)
        #expect(canonical.text == expected, "\(id)")
        #expect(
          stringToSign(canonical.text, date: date.amzDate, scope: scope(context))
            == row["string_to_sign"]?.string)
        for (name, value) in row["signed_headers"]?.object ?? [:] {
          #expect(result.headers[name] == value.string, "\(id) \(name)")
        }
        try expectVerified(result, context)
      }
    }
    #expect(lines.count > 40)
  }

  private func scope(_ context: SigningContext) -> CredentialScope {
    CredentialScope(day: context.date.amzDay, region: context.region, service: context.service)
  }

  private func expectVerified(_ request: HTTPRequest, _ context: SigningContext) throws {
    let parsed = try Authorization.parse(request)
    try verify(request, secret: Self.key.secretAccessKey, parsed: parsed, now: context.date, maximumSkew: 900)
  }

  private func request(_ row: JSON) -> HTTPRequest? {
    guard let method = row["method"]?.string, let url = row["url"]?.string else { return nil }
    let halves = url.split(separator: "?", maxSplits: 1).map(String.init)
    let parts = halves[0].split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(
      String.init)
    guard parts.count >= 3 else { return nil }
    var headers = Headers()
    for (name, value) in row["headers"]?.object ?? [:] { headers.add(name, value.string ?? "") }
    let bytes =
      row["body_b64"]?.string.flatMap { base64Decoded($0) } ?? Array((row["body"]?.string ?? "").utf8)
    return HTTPRequest(
      method: method, scheme: String(parts[0].dropLast()), host: parts[2],
      path: "/" + (parts.count > 3 ? parts[3] : ""), query: halves.count > 1 ? halves[1] : "",
      headers: headers,
      body: .bytes(bytes))
  }
}
