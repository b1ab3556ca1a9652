import SigV4
import Testing
import Wire

/// The examples of the S3 API reference: "Transferring payload in multiple chunks", without and with trailers.
private let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
private let scope = CredentialScope(day: "20130524", region: "us-east-1", service: "s3")
private let date = Timestamp(year: 2013, month: 5, day: 24)
private let payload = [UInt8](repeating: 0x61, count: 66_560)

private func chunked(_ signatures: [String], trailers: String) -> [UInt8] {
  func head(_ size: String, _ signature: String) -> [UInt8] {
    Array("\(size);chunk-signature=\(signature)\r\n".utf8)
  }
  return head("10000", signatures[0]) + payload[..<65_536] + [0x0D, 0x0A] + head("400", signatures[1])
    + payload[65_536...] + [0x0D, 0x0A] + head("0", signatures[2]) + Array(trailers.utf8)
}

struct ChunkTests {
  private let plain = chunked(
    [
      "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
      "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
      "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ], trailers: "\r\n")
  private let plainSigner = ChunkSigner(
    secret: secret, scope: scope, date: date,
    seed: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
  private let trailing = chunked(
    [
      "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
      "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
      "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ],
    trailers: "x-amz-checksum-crc32c:sOO8/Q==\r\n"
      + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n")
  private let trailingSigner = ChunkSigner(
    secret: secret, scope: scope, date: date,
    seed: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")

  @Test("signed chunks are verified one by one")
  func signedChunks() throws {
    #expect(try decodeChunks(plain, signer: plainSigner) == ChunkedPayload(bytes: payload, trailers: [:]))
    #expect(try decodeChunks(plain).bytes == payload)
  }

  @Test("signed trailers are verified")
  func signedTrailers() throws {
    let expected = ChunkedPayload(bytes: payload, trailers: ["x-amz-checksum-crc32c": "sOO8/Q=="])
    #expect(try decodeChunks(trailing, signer: trailingSigner) == expected)
  }

  @Test("a changed byte, chunk or trailer is found")
  func changed() throws {
    for (body, signer) in [(plain, plainSigner), (trailing, trailingSigner)] {
      var other = body
      other[200] ^= 1
      #expect(failure(other, signer)?.rule == .mismatch)
      other = body
      other[65_700] ^= 1
      #expect(failure(other, signer) != nil)
      #expect(failure(body, ChunkSigner(secret: "x", scope: scope, date: date, seed: "y"))?.rule == .mismatch)
    }
    let text = String(decoding: trailing, as: UTF8.self)
    let changed = text.split(separator: "sOO8").joined(separator: "sOO9")
    #expect(failure(Array(changed.utf8), trailingSigner)?.rule == .mismatch)
  }

  @Test("unsigned chunks where signed ones are wanted are refused")
  func unsigned() {
    #expect(failure(encodeChunks([1], trailers: [:]), plainSigner)?.rule == .mismatch)
  }

  @Test("what is encoded is decoded", arguments: [0, 1, 5, 16, 17, 1000])
  func roundTrip(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    let trailers: Headers = ["x-amz-checksum-crc32": "AAAAAA=="]
    for size in [1, 16, 1 << 20] {
      let body = encodeChunks(bytes, trailers: trailers, chunkSize: size)
      #expect(try decodeChunks(body) == ChunkedPayload(bytes: bytes, trailers: trailers))
    }
  }

  @Test("wherever a body is cut, it decodes to the same", arguments: [1, 2, 3, 7, 1000, 65_536])
  func pieces(size: Int) throws {
    for (body, signer) in [(plain, plainSigner), (trailing, trailingSigner)] {
      var decoder = ChunkDecoder(signer: signer)
      var bytes: [UInt8] = []
      for start in stride(from: 0, to: body.count, by: size) {
        bytes += try decoder.decode(body[start..<min(body.count, start + size)])
      }
      #expect(bytes == payload)
      #expect(try decoder.finish() == (try decodeChunks(body, signer: signer)).trailers)
    }
  }

  @Test("the encoder signs as AWS's examples are signed")
  func encoder() {
    let examples: [([UInt8], ChunkSigner, Headers)] = [
      (plain, plainSigner, [:]), (trailing, trailingSigner, ["x-amz-checksum-crc32c": "sOO8/Q=="]),
    ]
    for (body, signer, trailers) in examples {
      var encoder = ChunkEncoder(signer: signer)
      var encoded = encoder.frame(payload[..<65_536])
      encoded += encoder.frame([])
      encoded += encoder.frame(payload[65_536...])
      encoded += encoder.end(trailers: trailers)
      #expect(encoded == body)
    }
  }

  @Test("the length is known beforehand", arguments: [0, 1, 15, 16, 17, 4096, 66_560], [1, 16, 100, 65_536])
  func length(count: Int, chunkSize: Int) {
    for form in [ChunkedForm.signed, .signedWithTrailer, .unsignedWithTrailer] {
      let trailers: Headers = form.hasTrailer ? ["x-amz-checksum-crc32c": "sOO8/Q=="] : [:]
      var encoder = ChunkEncoder(signer: form == .unsignedWithTrailer ? nil : plainSigner)
      var length = 0
      for start in stride(from: 0, to: count, by: chunkSize) {
        length += encoder.frame(payload[start..<min(count, start + chunkSize)]).count
      }
      length += encoder.end(trailers: trailers).count
      let layout = ChunkLayout(
        payloadLength: UInt64(count), chunkSize: chunkSize, form: form,
        trailers: trailers.map { .init(name: $0.name, valueLength: $0.value.utf8.count) })
      #expect(layout.encodedLength == UInt64(length))
    }
  }

  @Test("a length that no integer holds is none")
  func hugeLength() {
    #expect(ChunkLayout(payloadLength: .max, form: .signed).encodedLength == nil)
    #expect(ChunkLayout(payloadLength: .max, chunkSize: 1, form: .unsignedWithTrailer).encodedLength == nil)
  }

  @Test("the wire form is botocore's")
  func wireForm() {
    let body = encodeChunks(Array("hello".utf8), trailers: ["x-amz-checksum-crc32": "NhCmhg=="])
    #expect(
      String(decoding: body, as: UTF8.self) == "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n")
  }

  @Test(
    "bodies that are no chunks",
    arguments: [
      ("", ChunkError.Rule.truncated), ("5\r\nhel", .truncated), ("5\r\nhello", .truncated),
      ("5\r\nhello\r\n", .truncated),
      ("5\r\nhelloX\r\n0\r\n", .malformed), ("x\r\n", .malformed), ("-1\r\n", .malformed),
      ("+1\r\na\r\n0\r\n", .malformed),
      ("fffffffffffffff\r\n", .truncated), ("ffffffffffffffffffff\r\n", .malformed), ("\r\n", .malformed),
      ("0\r\nnonsense\r\n", .malformed), ("5", .truncated), (";chunk-signature=a\r\n", .malformed),
    ])
  func hostile(text: String, rule: ChunkError.Rule) {
    #expect(failure(Array(text.utf8), nil)?.rule == rule)
  }

  @Test("a body without trailers may end right after the last chunk")
  func noTrailers() throws {
    #expect(try decodeChunks(Array("1\r\na\r\n0\r\n".utf8)).bytes == [0x61])
  }

  private func failure(_ body: [UInt8], _ signer: ChunkSigner?) -> ChunkError? {
    do throws(ChunkError) {
      _ = try decodeChunks(body, signer: signer)
      return nil
    } catch {
      return error
    }
  }
}
