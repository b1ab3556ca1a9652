import AWSClient
import ServiceModels

/// One run of the command: where it runs, and with what.
struct CommandContext: Sendable {
  let line: AWSCommandLine
  let environment: [String: String]
  let workingDirectory: String
  let console: Console

  var catalog: ModelCatalog { line.catalog }

  /// Reads the global options, finds the command, runs it.
  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let top = ArgumentParser(
      options: GlobalOptions.specs,
      positionals: [PositionalSpec(name: "command", choices: commandNames + ["help"])],
      stopsAt: "--version")
    let parsed = try top.parse(words)
    if parsed.has("version") {
      await console.print("aws-cli/2.36.7 \(line.settings.version)\n")
      return 0
    }
    guard let command = parsed.positionals["command"]?.first else {
      throw .usage("the following arguments are required: command")
    }
    if command == "help" { return try await help(nil, nil) }
    let globals = try GlobalOptions(parsed)
    // The files may be what has to be mended.
    if command == "configure" { return try await ConfigureCommand(self, globals).run(parsed.rest) }
    let session = session(globals, try configuration(globals))
    if command == "ddb" { return try await DynamoCommand(session: session).run(parsed.rest) }
    if command == "s3" { return try await S3Command(session).run(parsed.rest) }
    if let custom = CustomCommands.missing[command], !catalog.services.contains(serviceName(command)) {
      throw .notBuilt(custom)
    }
    return try await ServiceCommand(session, command: command).run(parsed.rest)
  }

  /// Every word that may stand after `aws`.
  var commandNames: [String] {
    let services = catalog.services.map { commandName($0) }
    return services + ["s3", "configure", "ddb"]
      + CustomCommands.missing.keys.sorted().filter { !services.contains($0) }
  }

  func session(_ globals: GlobalOptions, _ configuration: ClientConfiguration) -> Session {
    Session(context: self, globals: globals, configuration: configuration)
  }

  func configuration(_ globals: GlobalOptions) throws(CommandFailure) -> ClientConfiguration {
    let directory = workingDirectory
    do {
      var result = try ClientConfiguration.resolve(
        globals.configuration, environment: environment, workingDirectory: directory,
        readFile: { (path) throws(ConfigurationError) in try systemFile(absolute(path, in: directory)) },
        runProcess: line.settings.runProcess, prompts: line.settings.prompts)
      result.userAgent = "aws-cli/2.36.7 \(line.settings.version)"
      return result
    } catch {
      throw CommandFailure(error)
    }
  }

  func help(_ service: ServiceModel?, _ operation: Operation?) async throws(CommandFailure) -> Int32 {
    await console.print(HelpText.text(self, service, operation))
    return 0
  }
}

/// botocore's directory name of a service command, and back (the CLI calls `s3`'s operations `s3api`).
func serviceName(_ command: String) -> String {
  switch command {
  case "s3api": "s3"
  case "deploy": "codedeploy"
  case "configservice": "config"
  default: command
  }
}

func commandName(_ service: String) -> String {
  switch service {
  case "s3": "s3api"
  case "codedeploy": "deploy"
  case "config": "configservice"
  default: service
  }
}

/// A path as the command sees it, made absolute.
func absolute(_ path: String, in directory: String) -> String {
  path.hasPrefix("/") ? path : directory + "/" + path
}

/// What a command needs once the global options are read.
struct Session: Sendable {
  let context: CommandContext
  let globals: GlobalOptions
  let configuration: ClientConfiguration
  /// One for the whole command: it keeps credentials and the retry quota.
  let client: AWSClient

  init(context: CommandContext, globals: GlobalOptions, configuration: ClientConfiguration) {
    self.context = context
    self.globals = globals
    self.configuration = configuration
    client = context.line.makeClient(configuration)
  }

  var console: Console { context.console }

  /// The output format: option, `AWS_DEFAULT_OUTPUT`, profile, json.
  func outputFormat() throws(CommandFailure) -> String {
    let environment = context.environment["AWS_DEFAULT_OUTPUT"].flatMap { $0.isEmpty ? nil : $0 }
    let format = globals.output ?? environment ?? configuration.settings["output"] ?? "json"
    // Said before the call: what it creates must not be lost for want of a way to show it.
    guard GlobalOptions.formats.contains(format) else { throw .plain("Unknown output type: \(format)") }
    return format
  }

  /// Whether text given for a blob is Base64 (the default) or the bytes themselves.
  func takesBase64() throws(CommandFailure) -> Bool {
    let format = globals.binaryFormat ?? configuration.settings["cli_binary_format"] ?? "base64"
    guard format == "base64" || format == "raw-in-base64-out" else { throw .plain("'\(format)'") }
    return format == "base64"
  }

  /// A path as given on the command line: `~` and variables expanded, made absolute.
  func path(_ given: String) -> String {
    absolute(expanded(given, context.environment), in: context.workingDirectory)
  }
}

/// `~/` and `$NAME`, `${NAME}` as Python's `expanduser` and `expandvars` treat them: unknown names stay.
func expanded(_ path: String, _ environment: [String: String]) -> String {
  var text = path
  if text == "~" || text.hasPrefix("~/"), let home = environment["HOME"] { text = home + text.dropFirst() }
  var out = ""
  var rest = Substring(text)
  while let dollar = rest.firstIndex(of: "$") {
    out += rest[..<dollar]
    let after = rest[rest.index(after: dollar)...]
    let braced = after.first == "{"
    let body = braced ? after.dropFirst() : after
    let name = body.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    let tail = body.dropFirst(name.count)
    if let value = environment[String(name)], !name.isEmpty, !braced || tail.first == "}" {
      out += value
      rest = braced ? tail.dropFirst() : tail
    } else {
      out += "$"
      rest = after
    }
  }
  return out + rest
}
