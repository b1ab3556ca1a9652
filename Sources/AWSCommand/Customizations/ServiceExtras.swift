import AWSClient
import OrderedJSON
import ServiceModels
import Wire

/// Commands of the AWS CLI's own below a service: `ecr get-login-password`, `logs tail`.
struct ServiceExtras {
  let session: Session
  let model: ServiceModel

  /// Names below each service command.
  static let names: [String: [String]] = [
    "ecr": ["get-login-password"], "ecr-public": ["get-login-password"], "logs": ["tail"],
  ]

  func run(_ name: String, _ words: [String]) async throws(CommandFailure) -> Int32 {
    name == "tail" ? try await LogTail(session: session, model: model).run(words) : try await password(words)
  }

  /// The password of a container registry, for `docker login --password-stdin`.
  private func password(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try ArgumentParser(options: []).parse(words)
    if !parsed.rest.isEmpty { throw .unknownOptions(parsed.rest) }
    let answer = try await call("GetAuthorizationToken", [:])
    let data = answer["authorizationData"]
    let token = (data?.list?.first ?? data)?.object?["authorizationToken"]?.string ?? ""
    let text = base64Decoded(token).map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard let colon = text.firstIndex(of: ":") else { throw .plain("The registry's answer holds no token.") }
    await session.console.print(text[text.index(after: colon)...] + "\n")
    return 0
  }

  func call(_ operation: String, _ input: Fields) async throws(CommandFailure) -> Fields {
    do {
      return try await session.client.call(model.service, operation, .object(input)).object ?? Fields()
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// `aws logs tail`: the events of a log group as lines (AWS CLI reference).
private struct LogTail {
  let session: Session
  let model: ServiceModel

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parser = ArgumentParser(
      options: [
        OptionSpec("--since"), OptionSpec("--follow", arity: .flag("true")),
        OptionSpec("--format", choices: ["detailed", "short", "json"]), OptionSpec("--filter-pattern"),
        OptionSpec("--log-stream-names", arity: .many), OptionSpec("--log-stream-name-prefix"),
      ], positionals: [PositionalSpec(name: "group_name")])
    let parsed = try parser.parse(words)
    if !parsed.rest.isEmpty { throw .unknownOptions(parsed.rest) }
    let start = try since(parsed.first("since") ?? "10m")
    var input: Fields = [
      "logGroupName": .string(parsed.positionals["group_name"]?.first ?? ""), "interleaved": true,
      "startTime": .integer(start),
    ]
    if let pattern = parsed.first("filter-pattern") { input["filterPattern"] = .string(pattern) }
    if let names = parsed.values["log-stream-names"] {
      input["logStreamNames"] = .list(names.map { .string($0) })
    }
    if let prefix = parsed.first("log-stream-name-prefix") { input["logStreamNamePrefix"] = .string(prefix) }
    let format = parsed.first("format") ?? "detailed"
    var shown: Set<String> = []
    while true {
      let latest = try await printPages(input, format, &shown)
      guard parsed.has("follow"), !Task.isCancelled else { return 0 }
      // Events of the same millisecond may still come; what was shown is not shown again.
      if let latest, latest > start { input["startTime"] = .integer(latest) }
      await session.context.line.settings.sleep(5)
      if Task.isCancelled { return 130 }
    }
  }

  /// Prints what is there; returns the time of the last event.
  private func printPages(_ input: Fields, _ format: String, _ shown: inout Set<String>)
    async throws(CommandFailure) -> Int64?
  {
    var input = input
    var latest: Int64?
    let extras = ServiceExtras(session: session, model: model)
    while true {
      let page = try await extras.call("FilterLogEvents", input)
      for event in page["events"]?.list ?? [] {
        guard let fields = event.object else { continue }
        let time = fields["timestamp"]?.integer ?? 0
        latest = max(latest ?? 0, time)
        if let id = fields["eventId"]?.string, !shown.insert(id).inserted { continue }
        await session.console.print(line(fields, time, format))
      }
      guard let token = page["nextToken"]?.string, !Task.isCancelled else { return latest }
      input["nextToken"] = .string(token)
    }
  }

  private func line(_ event: Fields, _ milliseconds: Int64, _ format: String) -> String {
    let time = Timestamp(milliseconds: milliseconds)
    let message = event["message"]?.string ?? ""
    let stream = event["logStreamName"]?.string ?? ""
    let text: String
    switch format {
    case "short": text = "\(time.isoformat.prefix(19)) \(message)"
    case "json":
      let pretty = (try? JSON.parse(message)).map { "\n" + $0.text(indent: 4) }
      text = "\(time.isoformat) \(stream) \(pretty ?? message)"
    default:
      let parts = time.parts
      let fraction = String(1_000_000 + parts.microsecond).dropFirst()
      text = "\(time.isoformat.prefix(19)).\(fraction)+00:00 \(stream) \(message)"
    }
    var end = text[...]
    while end.last?.isWhitespace == true { end.removeLast() }
    return end + "\n"
  }

  /// `5m`, or a point in time; in milliseconds.
  private func since(_ text: String) throws(CommandFailure) -> Int64 {
    let seconds: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ seconds[$0] }), let amount = Int64(text.dropLast()), amount >= 0 {
      return session.context.line.settings.clock().adding(seconds: -Double(amount) * unit).milliseconds
    }
    guard let time = Timestamp(parsing: text) else {
      throw .plain("Invalid timestamp \"\(text)\": it is a time, or a number and s, m, h, d or w")
    }
    return time.milliseconds
  }
}
