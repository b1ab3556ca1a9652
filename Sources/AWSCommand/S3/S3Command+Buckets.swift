import AWSClient
import ServiceModels

extension S3Command {
  /// `aws s3 mb s3://BUCKET`
  func makeBucket(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(words, [OptionSpec("--tags", arity: .many)], [PositionalSpec(name: "path")])
    let path = parsed.positionals["path"]?.first ?? ""
    guard let location = S3Location(path) else { throw .parameter("<S3Uri>\nError: Invalid argument type") }
    if parsed.has("tags") { throw .notBuilt("The option --tags") }
    var input: Fields = ["Bucket": .string(location.bucket)]
    if let region = session.configuration.region, region != "us-east-1" {
      input["CreateBucketConfiguration"] = ["LocationConstraint": .string(region)]
    }
    if location.bucket.hasSuffix("-an") { input["BucketNamespace"] = "account-regional" }
    do {
      _ = try await call("CreateBucket", input)
      await session.console.print("make_bucket: \(location.bucket)\n")
      return 0
    } catch {
      await session.console.complain("make_bucket failed: \(path) \(error.message)\n")
      return 1
    }
  }

  /// `aws s3 rb s3://BUCKET [--force]`
  func removeBucket(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(words, [OptionSpec("--force", arity: .flag(""))], [PositionalSpec(name: "path")])
    let path = parsed.positionals["path"]?.first ?? ""
    guard let location = S3Location(path) else { throw .parameter("<S3Uri>\nError: Invalid argument type") }
    guard location.key.isEmpty else {
      throw .parameter("Please specify a valid bucket name only. E.g. s3://\(location.bucket)")
    }
    if parsed.has("force") {
      let code = try await transfer("rm", [path, "--recursive"])
      guard code == 0 else {
        throw .plain(
          "remove_bucket failed: Unable to delete all objects in the bucket, bucket will not be deleted.")
      }
    }
    do {
      _ = try await call("DeleteBucket", ["Bucket": .string(location.bucket)])
      await session.console.print("remove_bucket: \(location.bucket)\n")
      return 0
    } catch {
      await session.console.complain("remove_bucket failed: \(path) \(error.message)\n")
      return 1
    }
  }
}
