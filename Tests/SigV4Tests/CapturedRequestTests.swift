import OrderedJSON
import SigV4
import TestKit
import Testing
import Wire

/// Requests of the AWS CLI 1.45.11 and 2.9.19, boto3 1.43.11 and of presigned URLs that curl and urllib
/// followed, as they arrived at a server on this machine.
struct CapturedRequestTests {
  private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

  private static let rows: [(name: String, request: HTTPRequest)] = {
    let text = (try? contents(of: "\(repositoryRoot)/Tests/Fixtures/SigV4/requests.jsonl")) ?? ""
    return text.split(separator: "\n").compactMap { line in
      guard let row = try? JSON.parse(String(line)), let target = row["target"]?.string else { return nil }
      let halves = target.split(separator: "?", maxSplits: 1).map(String.init)
      var headers = Headers()
      for field in row["headers"]?.array ?? [] { headers.add(field[0]?.string ?? "", field[1]?.string ?? "") }
      let request = HTTPRequest(
        method: row["method"]?.string ?? "", scheme: "http", host: headers["Host"] ?? "", path: halves[0],
        query: halves.count > 1 ? halves[1] : "", headers: headers,
        body: .bytes(base64Decoded(row["body_b64"]?.string ?? "") ?? []))
      return ("\(row["client"]?.string ?? "") \(request.method) \(halves[0])", request)
    }
  }()

  @Test("what AWS's own clients sign is verified, and not with another secret or another body")
  func verified() throws {
    var count = 0
    for (name, request) in Self.rows where !request.query.hasPrefix("AWSAccessKeyId=") {
      count += 1
      let parsed = try Authorization.parse(request)
      #expect(parsed.accessKeyID == "AKIDEXAMPLE" && parsed.region == "eu-west-1", "\(name)")
      #expect(failure(request, parsed) == nil, "\(name)")
      #expect(failure(request, parsed, secret: "other")?.rule == .mismatch, "\(name)")
      var other = request
      other.path += "x"
      #expect(failure(other, parsed)?.rule == .mismatch, "\(name)")
      other = request
      other.query += other.query.isEmpty ? "x=y" : "&x=y"
      #expect(failure(other, parsed)?.rule == .mismatch, "\(name)")
      other = request
      other.method = "PATCH"
      #expect(failure(other, parsed)?.rule == .mismatch, "\(name)")
      if case .bytes(let bytes) = request.body, !bytes.isEmpty, !parsed.isPresigned {
        other = request
        other.body = .bytes(bytes + [0x21])
        #expect(failure(other, parsed) != nil, "\(name)")
      }
      let late = parsed.date.adding(seconds: 8 * 86_400)
      #expect(failure(request, parsed, now: late) != nil, "\(name)")
    }
    #expect(count == 32)
  }

  @Test("signature version 2 is refused by name, as S3 refuses it")
  func version2() throws {
    let old = Self.rows.filter { $0.request.query.hasPrefix("AWSAccessKeyId=") }
    #expect(old.count == 2)
    for (_, request) in old {
      let error = #expect(throws: SignatureError.self) { try Authorization.parse(request) }
      #expect(error?.rule == .unsupported)
    }
  }

  private func failure(
    _ request: HTTPRequest, _ parsed: ParsedAuthorization, secret: String = secret, now: Timestamp? = nil
  ) -> SignatureError? {
    do throws(SignatureError) {
      try verify(request, secret: secret, parsed: parsed, now: now ?? parsed.date, maximumSkew: 900)
      return nil
    } catch {
      return error
    }
  }
}
