import AWSClient
import ServiceModels

extension S3Command {
  /// `aws s3 presign s3://BUCKET/KEY [--expires-in SECONDS]`
  func presign(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(words, [OptionSpec("--expires-in")], [PositionalSpec(name: "path")])
    let seconds =
      try parsed.first("expires-in").map { (text) throws(CommandFailure) in try integer(text) } ?? 3600
    let path = parsed.positionals["path"]?.first ?? ""
    let location =
      S3Location(path.hasPrefix("s3://") ? path : "s3://\(path)") ?? S3Location(bucket: "", key: "")
    do {
      let url = try await client.presignedURL(
        "s3", "GetObject", ["Bucket": .string(location.bucket), "Key": .string(location.key)],
        expires: Int(clamping: seconds))
      await session.console.print(url + "\n")
      return 0
    } catch {
      throw CommandFailure(error)
    }
  }
}
