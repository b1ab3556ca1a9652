import ServiceModels
import Synchronization
import Testing
import Wire

@testable import PracticeAccount

/// A bucket of 100,000 objects: a page costs a page.
struct S3ListTests {
  private static let count = 100_000
  private static func key(_ number: Int) -> String {
    let digits = String(number)
    return "d\(number % 100)/" + String(repeating: "0", count: 6 - digits.count) + digits
  }
  private static let bucket: Bucket = {
    var bucket = Bucket(name: "lab-1", region: "us-east-1", created: Timestamp(milliseconds: 0))
    for number in 0..<count {
      bucket.objects[ObjectKey(text: key(number))] = [
        ObjectVersion(versionID: "null", modified: Timestamp(milliseconds: 0), size: 1, etag: "e")
      ]
    }
    return bucket
  }()

  /// Rows looked at per page, whatever is asked for.
  @Test(
    arguments: [
      (nil, nil, nil, 1000, 1001), ("d5/", nil, nil, 1000, 1001), (nil, "/", nil, 1000, 100),
      (nil, nil, "d99/0999", 1000, 0), ("d5/", nil, "d5/0500", 100, 101), ("none", nil, nil, 1000, 1),
      (nil, "/", "d5/", 10, 12),
    ] as [(String?, String?, String?, Int, Int)])
  func aPageLooksAtARowMoreThanItShows(
    prefix: String?, delimiter: String?, marker: String?, limit: Int, most: Int
  ) {
    var input: Fields = [:]
    input["Prefix"] = prefix.map(Value.string)
    input["Delimiter"] = delimiter.map(Value.string)
    let page = S3Service.entries(Self.bucket, .object(input), after: marker, limit: limit) { _ in true }
    #expect(page.rows <= max(most, page.entries.count + 1))
  }

  @Test func everyObjectIsListedOnceInOrder() async throws {
    let test = try TestAccount()
    test.account.realm.withLock { $0.current.s3.buckets["lab-1"] = Self.bucket }
    var keys: [String] = []
    var input: Fields = ["Bucket": "lab-1"]
    for page in 1...100 {
      let found = try await test.call("s3", "ListObjectsV2", .object(input))
      keys += found.items("Contents").map { $0.text("Key") }
      input["ContinuationToken"] = found["NextContinuationToken"]
      #expect((input["ContinuationToken"] == nil) == (page == 100))
    }
    #expect(keys.count == Self.count)
    #expect(keys == (0..<Self.count).map(Self.key).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let folders = try await test.call("s3", "ListObjectsV2", ["Bucket": "lab-1", "Delimiter": "/"])
    #expect(folders.items("CommonPrefixes").count == 100)
    #expect(folders["KeyCount"]?.integer == 100)
  }
}
