import AWSClient
import OrderedJSON
import ServiceModels
import Wire

/// `aws s3 ...`: buckets and objects by their URIs.
struct S3Command {
  let session: Session

  init(_ session: Session) { self.session = session }

  var client: AWSClient { session.client }

  static let names = ["ls", "website", "cp", "mv", "rm", "sync", "mb", "rb", "presign"]

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    // Options before the subcommand are not known here; the words after it are the subcommand's.
    let finder = ArgumentParser(
      options: [],
      positionals: [
        PositionalSpec(name: "subcommand", choices: S3Command.names + ["help"], isRequired: false)
      ])
    let parsed = try finder.parse(words)
    guard let name = parsed.positionals["subcommand"]?.first else {
      throw .parameter("usage: aws [options] s3 <subcommand> [parameters]\naws: [ERROR]: too few arguments")
    }
    var rest = words
    if let place = rest.firstIndex(of: name) { rest.remove(at: place) }
    switch name {
    case "ls": return try await list(rest)
    case "mb": return try await makeBucket(rest)
    case "rb": return try await removeBucket(rest)
    case "cp", "mv", "rm", "sync": return try await transfer(name, rest)
    case "presign": return try await presign(rest)
    case "help":
      await session.console.print("aws s3 <subcommand> [parameters]\n\nSubcommands:\n")
      for name in S3Command.names { await session.console.print("  \(name)\n") }
      return 0
    default: throw .notBuilt("`aws s3 \(name)`")
    }
  }

  /// Reads a subcommand's words; unknown options are a usage error of their own here.
  func parse(
    _ words: [String], _ options: [OptionSpec], _ positionals: [PositionalSpec]
  ) throws(CommandFailure) -> ParsedArguments {
    let parsed = try ArgumentParser(options: options, positionals: positionals).parse(words)
    if !parsed.rest.isEmpty { throw .parameter("Unknown options: \(parsed.rest.joined(separator: ","))") }
    for option in S3Options.notBuilt where parsed.has(option) { throw .notBuilt("The option --\(option)") }
    return parsed
  }

  /// One S3 call.
  func call(
    _ operation: String, _ input: Fields, _ options: CallOptions = CallOptions()
  ) async throws(AWSError) -> Value {
    try await client.call("s3", operation, .object(input), options)
  }

  /// Local time as `ls` shows it.
  func listedTime(_ time: Timestamp) -> String {
    let local = time.adding(seconds: Double(session.context.line.settings.localOffset(time)))
    let text = Timestamp(milliseconds: local.milliseconds - local.milliseconds % 1000).iso8601
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
  }
}
