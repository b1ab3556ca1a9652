import Digests
import Foundation
import ServiceModels
import Testing
import Wire

@testable import PracticeAccount

/// Uploads in parts, checksums, and bodies that lie in files.
struct S3UploadTests {
  /// Two parts; the first as small as it may be.
  private static let first = [UInt8](repeating: 0x61, count: 5 << 20)
  private static let second = Array("the end".utf8)
  private static var whole: [UInt8] { first + second }

  /// Begins an upload, sends the parts with checksums of `algorithm`, and gives what completing it needs.
  private func upload(_ test: TestAccount, _ algorithm: String?, _ type: String?, key: String = "m")
    async throws -> Value
  {
    var begin: Fields = ["Bucket": "lab-1", "Key": .string(key)]
    begin["ChecksumAlgorithm"] = algorithm.map(Value.string)
    begin["ChecksumType"] = type.map(Value.string)
    let id = try #require(try await test.call("s3", "CreateMultipartUpload", .object(begin))["UploadId"])
    var named: [Value] = []
    for (number, bytes) in [(1, Self.first), (2, Self.second)] {
      var part: Fields = [
        "Bucket": "lab-1", "Key": .string(key), "UploadId": id, "PartNumber": .integer(Int64(number)),
        "Body": .blob(bytes),
      ]
      if let algorithm, let digest = S3Checksums.digests[algorithm] {
        part["Checksum\(algorithm)"] = .string(base64Encoded(Digests.digest(digest, of: bytes)))
      }
      let sent = try await test.call("s3", "UploadPart", .object(part))
      var item: Fields = ["PartNumber": .integer(Int64(number)), "ETag": try #require(sent["ETag"])]
      if let algorithm { item["Checksum\(algorithm)"] = part["Checksum\(algorithm)"] }
      named.append(.object(item))
    }
    return [
      "Bucket": "lab-1", "Key": .string(key), "UploadId": id, "MultipartUpload": ["Parts": .list(named)],
    ]
  }

  /// The checksum of the whole is worked out from the parts', and is that of the bytes.
  @Test(
    arguments: [
      (nil, nil, "CRC64NVME", "FULL_OBJECT"), ("CRC64NVME", nil, "CRC64NVME", "FULL_OBJECT"),
      ("CRC32", "FULL_OBJECT", "CRC32", "FULL_OBJECT"), ("CRC32C", "FULL_OBJECT", "CRC32C", "FULL_OBJECT"),
      ("CRC32", nil, "CRC32", "COMPOSITE"), ("CRC32C", "COMPOSITE", "CRC32C", "COMPOSITE"),
      ("SHA1", nil, "SHA1", "COMPOSITE"), ("SHA256", nil, "SHA256", "COMPOSITE"),
    ] as [(String?, String?, String, String)])
  func theWholeHasTheChecksumThatItsPartsMake(
    algorithm: String?, type: String?, kept: String, keptType: String
  ) async throws {
    let test = try await S3Tests.account()
    let done = try await test.call("s3", "CompleteMultipartUpload", try await upload(test, algorithm, type))
    let digest = try #require(S3Checksums.digests[kept])
    let expected =
      keptType == "FULL_OBJECT"
      ? base64Encoded(Digests.digest(digest, of: Self.whole))
      : base64Encoded(
        Digests.digest(
          digest, of: Digests.digest(digest, of: Self.first) + Digests.digest(digest, of: Self.second)))
        + "-2"
    #expect(done["Checksum\(kept)"]?.string == expected)
    #expect(done["ChecksumType"]?.string == keptType)
    #expect(
      done["ETag"]?.string == "\"\(hexEncoded(md5(md5(Self.first) + md5(Self.second))))-2\"")
    let got = try await test.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "m"])
    #expect(got["Body"]?.blob == Self.whole)
    let part = try await test.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "m", "PartNumber": 2])
    #expect(part["Body"]?.blob == Self.second)
    #expect(part["PartsCount"]?.integer == 2)
    #expect(part["ContentRange"]?.string == "bytes 5242880-5242886/5242887")
    let attributes = try await test.call(
      "s3", "GetObjectAttributes",
      ["Bucket": "lab-1", "Key": "m", "ObjectAttributes": ["ObjectParts", "ObjectSize"], "MaxParts": 1])
    #expect(attributes["ObjectSize"]?.integer == 5_242_887)
    #expect(attributes.at("ObjectParts.TotalPartsCount")?.integer == 2)
    if algorithm != nil {
      #expect(attributes.at("ObjectParts.IsTruncated")?.bool == true)
      #expect(attributes.at("ObjectParts.Parts.0.Size")?.integer == 5 << 20)
    }
  }

  @Test func whatDoesNotFitIsRefused() async throws {
    let test = try await S3Tests.account()
    let complete = try #require(try await upload(test, "SHA256", nil).object)
    let parts = try #require(complete["MultipartUpload"]?.items("Parts"))
    func with(_ changes: Fields) -> Value {
      var all = complete
      for field in changes { all[field.name] = field.value }
      return .object(all)
    }
    let part: Value = [
      "Bucket": "lab-1", "Key": "m", "UploadId": complete["UploadId"] ?? "", "PartNumber": 3,
    ]
    let invalid =
      "400 InvalidPart: One or more of the specified parts could not be found.  The part may not have been uploaded, or "
      + "the specified entity tag may not match the part's entity tag."
    for (operation, input, expected) in [
      (
        "CompleteMultipartUpload", with(["MultipartUpload": ["Parts": .list(parts.reversed())]]),
        "400 InvalidPartOrder: The list of parts was not in ascending order. Parts must be ordered by part number."
      ),
      (
        "CompleteMultipartUpload",
        with(["MultipartUpload": ["Parts": [["PartNumber": 9, "ETag": "\"x\""]]]]), invalid
      ),
      (
        "CompleteMultipartUpload", with(["MpuObjectSize": 1]),
        "400 InvalidRequest: The provided 'x-amz-mp-object-size' header does not match what was computed."
      ),
      (
        "CompleteMultipartUpload", with(["ChecksumSHA256": "AAAA"]),
        "400 BadDigest: The SHA256 you specified did not match the calculated checksum."
      ),
      (
        "CompleteMultipartUpload", with(["ChecksumType": "FULL_OBJECT"]),
        "400 InvalidRequest: The upload was created using the COMPOSITE checksum mode. The complete request must use the "
          + "same checksum mode."
      ),
      (
        "CompleteMultipartUpload", with(["Key": "a", "UploadId": "none"]),
        "404 NoSuchUpload: The specified upload does not exist. The upload ID may be invalid, or the upload may have "
          + "been aborted or completed."
      ),
      (
        "UploadPart", part,
        "400 InvalidRequest: Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: crc32"
      ),
      ("CompleteMultipartUpload", with([:]), "none"),
      (
        "CreateMultipartUpload",
        ["Bucket": "lab-1", "Key": "x", "ChecksumAlgorithm": "SHA1", "ChecksumType": "FULL_OBJECT"],
        "400 InvalidRequest: The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm."
      ),
    ] as [(String, Value, String)] {
      let found = try await test.error("s3", operation, input)
      #expect(found == expected)
    }
  }

  @Test func uploadsAreListedPageByPage() async throws {
    let test = try await S3Tests.account()
    var ids: [String] = []
    for key in ["a/1", "a/2", "b", "b", "c/1"] {
      ids.append(
        try await test.call("s3", "CreateMultipartUpload", ["Bucket": "lab-1", "Key": .string(key)]).text(
          "UploadId"))
    }
    var seen: [String] = []
    var input: Fields = ["Bucket": "lab-1", "MaxUploads": 1, "Delimiter": "/"]
    for _ in 0..<9 {
      let page = try await test.call("s3", "ListMultipartUploads", .object(input))
      seen +=
        page.items("CommonPrefixes").map { $0.text("Prefix") }
        + page.items("Uploads").map { $0.text("UploadId") }
      guard page["IsTruncated"]?.bool == true else { break }
      input["KeyMarker"] = page["NextKeyMarker"]
      input["UploadIdMarker"] = page["NextUploadIdMarker"]?.string == "" ? nil : page["NextUploadIdMarker"]
    }
    #expect(seen.count == 4)
    #expect(seen.first == "a/")
    #expect(seen.last == "c/")
    #expect(Set(seen.dropFirst().dropLast()) == Set(ids[2...3]))
  }

  /// What comes in a file is taken over, checked like anything else, and gone from where it was.
  @Test(arguments: ["plain", "chunked", "wrong", "torn"])
  func aBodyMayLieInAFile(form: String) async throws {
    let test = try await S3Tests.account()
    let bytes = [UInt8](repeating: 0x7A, count: 3_000_000)
    var request = try test.request(
      "s3", "PutObject", ["Bucket": "lab-1", "Key": "big", "Body": .blob(bytes)])
    let sum = base64Encoded(Digests.digest(.crc32, of: form == "wrong" ? [1] : bytes))
    var sent = bytes
    if form == "chunked" || form == "torn" {
      sent = Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n0\r\n".utf8)
      if form == "chunked" {
        sent += Array("x-amz-checksum-crc32:\(sum)\r\n\r\n".utf8)
      } else {
        sent.removeLast(5)
      }
      request.headers["x-amz-checksum-crc32"] = nil
      request.headers["x-amz-content-sha256"] = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
      request.headers["x-amz-decoded-content-length"] = String(bytes.count)
      request.headers["x-amz-trailer"] = "x-amz-checksum-crc32"
      request.headers["Content-Encoding"] = "aws-chunked"
    } else {
      request.headers["x-amz-checksum-crc32"] = sum
      request.headers["x-amz-content-sha256"] = nil
    }
    let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    try Data(sent).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    request.body = .file(path: path, offset: 0, length: UInt64(sent.count))
    let response = await test.account.respond(
      to: test.resigned(request, chunked: form == "chunked" || form == "torn"))
    let code = ["plain": "", "chunked": "", "wrong": "BadDigest", "torn": "IncompleteBody"][form] ?? ""
    #expect((response.status == 200) == code.isEmpty)
    if case .bytes(let text) = response.body, !code.isEmpty {
      #expect(String(decoding: text, as: UTF8.self).contains(code))
    }
    guard code.isEmpty else { return }
    let got = try await test.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "big"])
    #expect(got["Body"]?.blob == bytes)
    #expect(got["ETag"]?.string == "\"\(hexEncoded(md5(bytes)))\"")
  }

  @Test func onlyUploadsMayBeTooLargeForMemory() async throws {
    let test = try await S3Tests.account()
    var request = try test.request("s3", "PutBucketPolicy", ["Bucket": "lab-1", "Policy": "{}"])
    let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    request.body = .file(path: path, offset: 0, length: 2)
    let response = await test.account.respond(to: request)
    guard case .bytes(let bytes) = response.body else { return }
    #expect(String(decoding: bytes, as: UTF8.self).contains("MaxMessageLengthExceeded"))
  }

  /// A copy of a part of an object, and one whose encryption and checksum are made anew.
  @Test func copiesAreWhatTheyAreCopiesOf() async throws {
    let test = try await S3Tests.account()
    let key = try await test.makeKey()
    let copied = try await test.call(
      "s3", "CopyObject",
      [
        "Bucket": "lab-1", "Key": "b", "CopySource": "lab-1/a", "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": .string(key), "ChecksumAlgorithm": "SHA256",
      ])
    #expect(copied.at("CopyObjectResult.ETag")?.string != "\"781e5e245d69b566979b86e28d23f2c7\"")
    #expect(
      copied.at("CopyObjectResult.ChecksumSHA256")?.string
        == base64Encoded(sha256(Array("0123456789".utf8))))
    try await test.call("s3", "DeleteObject", ["Bucket": "lab-1", "Key": "a"])
    let upload = try await test.call("s3", "CreateMultipartUpload", ["Bucket": "lab-1", "Key": "c"])[
      "UploadId"]
    let id = try #require(upload)
    let part = try await test.call(
      "s3", "UploadPartCopy",
      [
        "Bucket": "lab-1", "Key": "c", "UploadId": id, "PartNumber": 1, "CopySource": "lab-1/b",
        "CopySourceRange": "bytes=2-4",
      ])
    let etag = try #require(part.at("CopyPartResult.ETag"))
    try await test.call(
      "s3", "CompleteMultipartUpload",
      [
        "Bucket": "lab-1", "Key": "c", "UploadId": id,
        "MultipartUpload": ["Parts": [["PartNumber": 1, "ETag": etag]]],
      ])
    #expect(
      try await test.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "c"])["Body"]?.blob
        == Array("234".utf8))
    #expect(
      try await test.error(
        "s3", "UploadPartCopy",
        [
          "Bucket": "lab-1", "Key": "c", "UploadId": id, "PartNumber": 1, "CopySource": "lab-1/b",
        ]
      ).hasPrefix("404 NoSuchUpload"))
  }

  @Test(arguments: ["CRC32", "CRC32C", "CRC64NVME"])
  func theCRCOfTwoIsThatOfBothTogether(algorithm: String) throws {
    let combination = try #require(CRCCombination(algorithm))
    let digest = try #require(S3Checksums.digests[algorithm])
    var chance = SeededGenerator(seed: 5)
    for (a, b) in [(0, 0), (0, 9), (9, 0), (1, 1), (100, 7), (4096, 65_537), (3, 1_000_003)] {
      let first = (0..<a).map { _ in UInt8(chance.below(256)) }
      let second = (0..<b).map { _ in UInt8(chance.below(256)) }
      #expect(
        combination.combined(
          Digests.digest(digest, of: first), Digests.digest(digest, of: second), length: UInt64(b))
          == Digests.digest(digest, of: first + second))
    }
  }

  /// What a bucket holds and how it is set comes back from the journal.
  @Test func aRestartForgetsNothing() async throws {
    let store = MemoryStore()
    let test = try TestAccount(store: store)
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    try await test.call("s3", "CompleteMultipartUpload", try await upload(test, "SHA256", nil))
    try await test.call("s3", "CreateMultipartUpload", ["Bucket": "lab-1", "Key": "open"])
    try await test.call("s3", "DeleteBucketOwnershipControls", ["Bucket": "lab-1"])
    let rule: Value = ["ID": "r", "Status": "Enabled", "Filter": ["Prefix": ""], "Expiration": ["Days": 3]]
    try await test.call(
      "s3", "PutBucketLifecycleConfiguration",
      ["Bucket": "lab-1", "LifecycleConfiguration": ["Rules": [rule]]])
    try await test.call(
      "s3", "PutObjectTagging",
      ["Bucket": "lab-1", "Key": "m", "Tagging": ["TagSet": [["Key": "a", "Value": "b"]]]])
    let again = try TestAccount(store: store)
    #expect(again.account.dump() == test.account.dump())
    let got = try await again.call("s3", "GetObject", ["Bucket": "lab-1", "Key": "m", "PartNumber": 2])
    #expect(got["Body"]?.blob == Self.second)
    let kept = try await again.call("s3", "GetBucketLifecycleConfiguration", ["Bucket": "lab-1"])
    #expect(kept.at("Rules.0.Expiration.Days")?.integer == 3)
  }
}
