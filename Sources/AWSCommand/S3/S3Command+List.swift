import AWSClient
import ServiceModels
import Wire

extension S3Command {
  /// `aws s3 ls [s3://BUCKET[/PREFIX]]`
  func list(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(
      words,
      [
        S3Options.recursive, OptionSpec("--page-size", isInteger: true),
        OptionSpec("--human-readable", arity: .flag("")),
        OptionSpec("--summarize", arity: .flag("")),
        OptionSpec("--request-payer", arity: .optional("requester"), choices: ["requester"]),
        OptionSpec("--bucket-name-prefix"), OptionSpec("--bucket-region"),
      ], [PositionalSpec(name: "paths", isRequired: false)])
    let given = parsed.positionals["paths"]?.first ?? "s3://"
    let location =
      S3Location(given.hasPrefix("s3://") ? given : "s3://\(given)") ?? S3Location(bucket: "", key: "")
    var summary = Summary(humanReadable: parsed.has("human-readable"))
    do {
      if location.bucket.isEmpty {
        try await listBuckets(parsed)
      } else {
        try await listObjects(location, parsed, &summary)
      }
    } catch {
      throw CommandFailure(error)
    }
    if parsed.has("summarize") {
      let size = summary.humanReadable ? humanReadableSize(Double(summary.size)) : String(summary.size)
      await session.console.print("\nTotal Objects: \(summary.count)\n   Total Size: \(size)\n")
    }
    return !location.key.isEmpty && summary.isEmpty ? 1 : 0
  }

  private struct Summary {
    var humanReadable: Bool
    var count = 0
    var size: Int64 = 0
    var isEmpty = true
  }

  private func listBuckets(_ parsed: ParsedArguments) async throws(AWSError) {
    var input = Fields()
    if let prefix = parsed.first("bucket-name-prefix") { input["Prefix"] = .string(prefix) }
    if let region = parsed.first("bucket-region") { input["BucketRegion"] = .string(region) }
    let output = try await client.pages("s3", "ListBuckets", .object(input))
    for bucket in output["Buckets"]?.list ?? [] {
      let time = bucket["CreationDate"]?.timestamp ?? Timestamp(milliseconds: 0)
      await session.console.print("\(listedTime(time)) \(bucket["Name"]?.string ?? "")\n")
    }
  }

  private func listObjects(
    _ location: S3Location, _ parsed: ParsedArguments, _ summary: inout Summary
  ) async throws(AWSError) {
    let recursive = parsed.has("recursive")
    var input = S3Listing.input(location, parsed)
    if !recursive { input["Delimiter"] = "/" }
    var listing = S3Listing(self, input)
    while let page = try await listing.nextPage() {
      for prefix in page.prefixes {
        let name = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast().last ?? ""
        await session.console.print(String(repeating: " ", count: 27) + "PRE \(name)/\n")
      }
      for object in page.objects {
        summary.count += 1
        summary.size &+= object.size
        let size = summary.humanReadable ? humanReadableSize(Double(object.size)) : String(object.size)
        let name =
          recursive
          ? object.key : String(object.key.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
        let padded = String(repeating: " ", count: max(0, 10 - size.count)) + size
        await session.console.print("\(listedTime(object.modified)) \(padded) \(name)\n")
      }
      if !page.prefixes.isEmpty || !page.objects.isEmpty { summary.isEmpty = false }
    }
  }
}

/// The pages of a bucket's objects.
struct S3Listing {
  struct Object: Hashable, Sendable {
    var key: String
    var size: Int64
    var modified: Timestamp
    var storageClass: String
  }

  struct Listed {
    var objects: [Object]
    var prefixes: [String]
  }

  private let command: S3Command
  private var input: Fields
  private var isDone = false

  init(_ command: S3Command, _ input: Fields) {
    self.command = command
    self.input = input
  }

  static func input(_ location: S3Location, _ parsed: ParsedArguments) -> Fields {
    var input: Fields = ["Bucket": .string(location.bucket), "Prefix": .string(location.key)]
    if let size = parsed.first("page-size").flatMap({ pythonInteger($0) }) {
      input["MaxKeys"] = .integer(size)
    }
    if let payer = parsed.first("request-payer") { input["RequestPayer"] = .string(payer) }
    return input
  }

  mutating func nextPage() async throws(AWSError) -> Listed? {
    guard !isDone else { return nil }
    let output = try await command.call("ListObjectsV2", input)
    if let token = output["NextContinuationToken"]?.string, !token.isEmpty,
      output["IsTruncated"]?.bool != false
    {
      input["ContinuationToken"] = .string(token)
    } else {
      isDone = true
    }
    let objects = (output["Contents"]?.list ?? []).map { entry in
      Object(
        key: entry["Key"]?.string ?? "", size: entry["Size"]?.integer ?? 0,
        modified: entry["LastModified"]?.timestamp ?? Timestamp(milliseconds: 0),
        storageClass: entry["StorageClass"]?.string ?? "STANDARD")
    }
    let prefixes = (output["CommonPrefixes"]?.list ?? []).compactMap { $0["Prefix"]?.string }
    return Listed(objects: objects, prefixes: prefixes)
  }
}
