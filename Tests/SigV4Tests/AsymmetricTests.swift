import Digests
import Foundation
import OrderedJSON
import TestKit
import Testing
import Wire

@testable import SigV4

/// SigV4a. ECDSA gives another signature each time, so what is compared are the stages before it, and signatures
/// are verified with the derived key.
struct AsymmetricTests {
  private static let key = Credentials(
    accessKeyID: "AKISORANDOMAASORANDOM", secretAccessKey: "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom")
  private static let fixtures = "\(repositoryRoot)/Tests/Fixtures/SigV4"

  @Test("the derived key is the one that AWS's other implementations derive")
  func derivation() throws {
    // aws-c-auth, tests/key_derivation_tests.c ("derived in synchronicity with Golang and IAM implementations").
    let key = try #require(
      asymmetricKey(accessKeyID: Self.key.accessKeyID, secret: Self.key.secretAccessKey))
    #expect(
      hexEncoded(key.publicKey) == "04"
        + "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb"
        + "0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0")
  }

  @Test("numbers are compared and counted by their bytes")
  func arithmetic() {
    let rows: [([UInt8], [UInt8], Bool)] = [
      ([0, 0, 0], [0, 0, 1], false), ([0, 0, 1], [0, 0, 0], true), ([0xAB, 0xFF], [0xAB, 0xFF], false),
      ([0xFF, 0, 0], [0xFE, 0xFF, 0xFF], true), ([0xFE, 0xFF, 0xFF], [0xFF, 0, 0], false), ([], [], false),
    ]
    for (a, b, expected) in rows { #expect(isGreater(a, than: b) == expected) }
    #expect(plusOne([0, 0, 0xFF]) == [0, 1, 0])
    #expect(plusOne([0, 0xFF, 0xFF]) == [1, 0, 0])
    #expect(plusOne([0xFF, 0xFF]) == [0, 0])
  }

  @Test("requests that aws-c-auth signed verify, and are signed in the same words")
  func foreign() throws {
    let lines = try contents(of: "\(Self.fixtures)/sigv4a.jsonl").split(separator: "\n")
    #expect(lines.count == 7)
    for line in lines {
      let row = try JSON.parse(String(line))
      let name = Comment(rawValue: row["name"]?.string ?? "")
      let target = (row["target"]?.string ?? "").split(separator: "?", maxSplits: 1).map(String.init)
      var request = HTTPRequest(
        method: row["method"]?.string ?? "", host: row["headers"]?["Host"]?.string ?? "", path: target[0],
        query: target.count > 1 ? target[1] : "", body: .bytes(Array((row["body"]?.string ?? "").utf8)))
      for (name, value) in row["headers"]?.object ?? [:] { request.headers.add(name, value.string ?? "") }
      let isQuery = row["query"] == true
      let date = try #require(Timestamp(parsing: "20261123T161047Z"))
      if !isQuery {
        request.headers["X-Amz-Date"] = "20261123T161047Z"
        request.headers["X-Amz-Region-Set"] = row["region"]?.string
        request.headers["X-Amz-Security-Token"] = row["token"]?.string
        if row["service"] == "s3" { request.headers["X-Amz-Content-SHA256"] = row["payload"]?.string }
        request.headers["Authorization"] = row["authorization"]?.string
      }
      try expectVerified(request, date, name)

      // Our own signature of the same request names the same headers, and verifies too.
      let isS3 = row["service"] == "s3"
      var credentials = Self.key
      credentials.sessionToken = row["token"]?.string
      let context = SigningContext(
        region: row["region"]?.string ?? "", service: row["service"]?.string ?? "", date: date,
        payload: row["payload"]?.string.map { .hex($0) } ?? .bytes, normalizesPath: !isS3,
        doubleEncodesPath: !isS3, addsContentSHA256Header: isS3 && !isQuery, algorithm: .ecdsa)
      var bare = request
      bare.query = bare.query.split(separator: "&").filter { !$0.hasPrefix("X-Amz-") }.joined(separator: "&")
      let own =
        isQuery
        ? presigned(bare, with: credentials, in: context, expires: 604_800)
        : signed(bare, with: credentials, in: context)
      try expectVerified(own, date, name)
      let theirs = try Authorization.parse(request, accepting: [.ecdsa])
      var ours = try Authorization.parse(own, accepting: [.ecdsa])
      ours.signature = theirs.signature
      #expect(ours == theirs, name)
      // The fixture's own signature verifies against what we would send: every stage is the same.
      try expectVerified(replacing(own, with: theirs.signature), date, name)
    }
  }

  @Test(
    "the suite of aws-c-auth, signed by it under SigV4a",
    .enabled(if: conformanceDirectory != nil, "no conformance data: set CONFORMANCE_DIR"))
  func suite() throws {
    let root = "\(conformanceDirectory ?? "")/sigv4/aws-c-auth"
    let lines = try contents(of: "\(Self.fixtures)/sigv4a.tsv").split(separator: "\n")
    var seen: Set<String> = []
    for line in lines {
      let fields = line.split(separator: "\t").map(String.init)
      let folder = "\(root)/\(fields[0])"
      guard FileManager.default.fileExists(atPath: folder) else { continue }
      seen.insert(folder)
      let name = Comment(rawValue: fields[0])
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
        omitsSessionToken: row["omit_session_token"]?.bool ?? false, algorithm: .ecdsa)
      let header = signed(request, with: credentials, in: context)
      let query = presigned(
        request, with: credentials, in: context, expires: row["expiration_in_seconds"]?.int ?? 0)
      for (result, foreign) in [(header, fields[1]), (query, fields[2])] {
        try expectVerified(result, context.date, name, credentials)
        try expectVerified(replacing(result, with: foreign), context.date, name, credentials)
      }
      // The canonical request is that of SigV4 but for the set of Regions.
      var unsigned = header
      unsigned.headers["Authorization"] = nil
      if context.omitsSessionToken { unsigned.headers["X-Amz-Security-Token"] = nil }
      let canonical = canonicalRequest(unsigned, in: context).text
      #expect(
        canonical.replacingOccurrences(of: "x-amz-region-set:us-east-1\n", with: "")
          .replacingOccurrences(of: ";x-amz-region-set", with: "")
          == (try contents(of: "\(folder)/header-canonical-request.txt")), name)
    }
    #expect(Set(folders(root)).subtracting(seen) == [], "cases without a SigV4a signature")
  }

  @Test("another key, set of Regions, path or date does not verify")
  func changed() throws {
    let date = Timestamp(year: 2026, month: 11, day: 23)
    let context = SigningContext.s3(region: "*", date: date, payload: .unsigned, algorithm: .ecdsa)
    let request = signed(
      HTTPRequest(method: "GET", host: "m.mrap.accesspoint.s3-global.amazonaws.com", path: "/k"),
      with: Self.key, in: context)
    try expectVerified(request, date, "")
    var other = request
    other.headers["X-Amz-Region-Set"] = "us-east-1"
    #expect(rule(other, date) == .mismatch)
    other = request
    other.path = "/l"
    #expect(rule(other, date) == .mismatch)
    other = replacing(request, with: "00")
    #expect(rule(other, date) == .mismatch)
    other = replacing(request, with: "zz")
    #expect(rule(other, date) == .mismatch)
    #expect(rule(request, date, secret: "other") == .mismatch)
    #expect(rule(request, date.adding(seconds: 1000)) == .skewed(.late))
    other = request
    other.headers["X-Amz-Region-Set"] = nil
    #expect(throws: SignatureError.self) { try Authorization.parse(other, accepting: [.ecdsa]) }
    #expect(throws: SignatureError.self) { try Authorization.parse(request) }
  }

  @Test("signed chunks: padded to one length, chained without the padding", arguments: [false, true])
  func chunks(hasTrailer: Bool) throws {
    let date = Timestamp(year: 2026, month: 11, day: 23)
    let signer = ChunkSigner(
      accessKeyID: Self.key.accessKeyID, secret: Self.key.secretAccessKey,
      scope: CredentialScope(day: "20261123", region: "", service: "s3"), date: date, seed: "00",
      algorithm: .ecdsa)
    let payload = [UInt8](repeating: 7, count: 100)
    let trailers: Headers = hasTrailer ? ["x-amz-checksum-crc32": "AAAAAA=="] : [:]
    var encoder = ChunkEncoder(signer: signer)
    var body = encoder.frame(payload[..<64])
    body += encoder.frame(payload[64...])
    body += encoder.end(trailers: trailers)
    let layout = ChunkLayout(
      payloadLength: 100, chunkSize: 64, form: hasTrailer ? .asymmetricWithTrailer : .asymmetric,
      trailers: trailers.map { .init(name: $0.name, valueLength: $0.value.utf8.count) })
    #expect(layout.encodedLength == UInt64(body.count))
    #expect(try decodeChunks(body, signer: signer) == ChunkedPayload(bytes: payload, trailers: trailers))
    body[300] ^= 1
    #expect(throws: ChunkError.self) { try decodeChunks(body, signer: signer) }
  }

  @Test("a P-256 key is one within the curve's order")
  func keys() throws {
    #expect(P256Key(privateKey: [UInt8](repeating: 0, count: 32)) == nil)
    #expect(P256Key(privateKey: [UInt8](repeating: 0xFF, count: 32)) == nil)
    #expect(P256Key(privateKey: [1]) == nil)
    var one = [UInt8](repeating: 0, count: 32)
    one[31] = 1
    let key = try #require(P256Key(privateKey: one))
    // The generator (SP 800-186, section 3.2.1.3).
    #expect(
      hexEncoded(key.publicKey) == "04"
        + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    let signature = try #require(key.signature(of: [1, 2, 3]))
    let half = try #require(P256Key(publicKey: key.publicKey))
    #expect(half.verifies(signature, of: [1, 2, 3]))
    #expect(!half.verifies(signature, of: [1, 2, 4]))
    #expect(!half.verifies([], of: [1, 2, 3]))
    #expect(half.signature(of: [1]) == nil)
    #expect(P256Key(publicKey: [UInt8](repeating: 4, count: 65)) == nil)
    #expect(P256Key(publicKey: []) == nil)
  }

  private func expectVerified(
    _ request: HTTPRequest, _ now: Timestamp, _ name: Comment, _ credentials: Credentials = key
  ) throws {
    let parsed = try Authorization.parse(request, accepting: [.ecdsa])
    #expect(throws: Never.self, name) {
      try verify(
        request, secret: credentials.secretAccessKey, parsed: parsed, now: now, maximumSkew: 900)
    }
  }

  private func rule(
    _ request: HTTPRequest, _ now: Timestamp, secret: String = key.secretAccessKey
  ) -> SignatureError.Rule? {
    do throws(SignatureError) {
      let parsed = try Authorization.parse(request, accepting: [.ecdsa])
      try verify(request, secret: secret, parsed: parsed, now: now, maximumSkew: 900)
      return nil
    } catch {
      return error.rule
    }
  }

  private func replacing(_ request: HTTPRequest, with signature: String) -> HTTPRequest {
    var result = request
    if let header = request.headers["Authorization"], let start = header.range(of: "Signature=") {
      result.headers["Authorization"] = header[..<start.upperBound] + signature
    } else if let start = request.query.range(of: "X-Amz-Signature=") {
      result.query = request.query[..<start.upperBound] + signature
    }
    return result
  }
}
