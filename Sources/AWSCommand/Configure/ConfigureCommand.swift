import AWSClient

/// `aws configure`: the files that the AWS CLI and we read (AWS CLI reference, `configure`).
struct ConfigureCommand {
  let context: CommandContext
  let globals: GlobalOptions
  /// The profile that options or environment name.
  let profile: String?

  private static let built = ["list", "get", "set", "import", "list-profiles", "export-credentials"]
  private static let missing = ["add-model", "mfa-login", "sso", "sso-session"]
  static let credentialKeys: Set<String> = [
    "aws_access_key_id", "aws_secret_access_key", "aws_session_token",
  ]

  init(_ context: CommandContext, _ globals: GlobalOptions) {
    self.context = context
    self.globals = globals
    profile =
      globals.configuration.profile ?? context.given("AWS_PROFILE") ?? context.given("AWS_DEFAULT_PROFILE")
  }

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let names = ConfigureCommand.built + ConfigureCommand.missing + ["help"]
    let parsed = try ArgumentParser(
      options: [], positionals: [PositionalSpec(name: "subcommand", choices: names, isRequired: false)]
    ).parse(words)
    guard let name = parsed.positionals["subcommand"]?.first else {
      if !parsed.rest.isEmpty { throw .unknownOptions(parsed.rest) }
      return try await ask()
    }
    switch name {
    case "list": return try await list(parsed.rest)
    case "get": return try await get(parsed.rest)
    case "set": return try await set(parsed.rest)
    case "import": return try await importKeys(parsed.rest)
    case "list-profiles": return try await listProfiles(parsed.rest)
    case "export-credentials": return try await exportCredentials(parsed.rest)
    case "help":
      await context.console.print("aws configure [<subcommand>]\n\nSubcommands:\n")
      for name in ConfigureCommand.built { await context.console.print("  \(name)\n") }
      return 0
    default: throw .notBuilt("`aws configure \(name)`")
    }
  }

  func parse(_ words: [String], _ options: [OptionSpec] = [], _ positionals: [PositionalSpec] = [])
    throws(CommandFailure) -> ParsedArguments
  {
    let parsed = try ArgumentParser(options: options, positionals: positionals).parse(words)
    if !parsed.rest.isEmpty { throw .unknownOptions(parsed.rest) }
    return parsed
  }

  // MARK: Files

  /// Where the configuration is, as the user names it.
  var configPath: String { context.given("AWS_CONFIG_FILE") ?? "~/.aws/config" }
  var credentialsPath: String { context.given("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials" }

  func path(_ given: String) -> String {
    absolute(expanded(given, context.environment), in: context.workingDirectory)
  }

  func files() throws(CommandFailure) -> SharedFiles {
    let directory = context.workingDirectory
    do {
      return try SharedFiles(
        environment: context.environment,
        readFile: { (path) throws(ConfigurationError) in try systemFile(absolute(path, in: directory)) })
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Writes values into one section of a file.
  func write(_ values: [ConfigurationFile.Entry], section: String, to given: String)
    async throws(CommandFailure)
  {
    let full = path(given)
    do throws(FileError) {
      let old = fileFacts(full) == nil ? nil : String(decoding: try readFile(full), as: UTF8.self)
      if given == credentialsPath, let facts = fileFacts(full), facts.permissions & 0o077 != 0 {
        await context.console.complain(
          "\naws: [WARNING]: The file '\(full)' is accessible by other users. Consider running 'chmod 600 "
            + "\(full)' to restrict access to only your user.\n")
      }
      var file = ConfigurationFile(old ?? "")
      file.update(section, values)
      try writeInPlace(full, Array(file.text.utf8))
    } catch {
      throw .plain(error.text)
    }
  }

  // MARK: Questions

  /// `aws configure` alone asks for keys, Region and format; an empty answer keeps what is there.
  private func ask() async throws(CommandFailure) -> Int32 {
    let files = try files()
    let known = files.profile(profile ?? "default").values
    let questions = [
      ("aws_access_key_id", "AWS Access Key ID"), ("aws_secret_access_key", "AWS Secret Access Key"),
      ("region", "Default region name"), ("output", "Default output format"),
    ]
    if known["aws_access_key_id"] == nil {
      await context.console.print(
        "\nTip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running the "
          + "command 'aws login'.\n\n")
    }
    var keys: [ConfigurationFile.Entry] = []
    var others: [ConfigurationFile.Entry] = []
    for (name, question) in questions {
      let isSecret = ConfigureCommand.credentialKeys.contains(name)
      let shown = isSecret ? known[name].map(ConfigureCommand.masked) : known[name]
      await context.console.print("\(question) [\(shown ?? "None")]: ")
      let answer = try await line()
      guard !answer.isEmpty, answer != known[name] else { continue }
      if isSecret { keys.append(.init(name, answer)) } else { others.append(.init(name, answer)) }
    }
    if !keys.isEmpty { try await write(keys, section: profile ?? "default", to: credentialsPath) }
    if !keys.isEmpty || !others.isEmpty {
      try await write(others, section: ConfigureCommand.section(profile ?? "default"), to: configPath)
    }
    return 0
  }

  /// One line of the input, without its end; read byte by byte, since the rest is not ours.
  private func line() async throws(CommandFailure) -> String {
    var bytes: [UInt8] = []
    while bytes.count < 65_536 {
      guard let byte = await context.console.input(1).first else {
        if bytes.isEmpty { throw .plain("EOF when reading a line") }
        break
      }
      if byte == 0x0A { break }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func masked(_ secret: String) -> String { String(repeating: "*", count: 16) + secret.suffix(4) }

  /// The header of a profile in the configuration file.
  static func section(_ profile: String) -> String {
    if profile == "default" { return profile }
    let needsQuotes = profile.contains(where: { $0 == " " || $0 == "\t" })
    return "profile " + (needsQuotes ? "'\(profile.replacing("'", with: "'\"'\"'"))'" : profile)
  }
}

extension CommandContext {
  /// A variable of the environment that says something.
  func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
}
