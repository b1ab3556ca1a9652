import AWSClient
import OrderedJSON
import ServiceModels
import SigV4
import Wire

extension ConfigureCommand {
  // MARK: get and set

  func get(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(words, [], [PositionalSpec(name: "varname")])
    let name = parsed.positionals["varname"]?.first ?? ""
    if name.hasSuffix("aws_secret_access_key") || name.hasSuffix("aws_session_token") {
      try refuseWhereKept("`aws configure get \(name)`")
    }
    let files = try files()
    if let profile, !files.has(profile), !name.contains(".") {
      throw CommandFailure(ConfigurationError.profileNotFound(profile))
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let section: INIFile.Section
    var rest = parts[...]
    if parts.count > 2, parts[0] == "profile" {
      section = files.profile(parts[1])
      rest = parts[2...]
    } else if parts.count > 1, parts[0] == "default" || files.has(parts[0]) {
      section = files.profile(parts[0])
      rest = parts[1...]
    } else {
      section = files.profile(profile ?? "default")
    }
    let value: String?
    if rest.count == 2, let key = rest.first, let inner = rest.last {
      value = section.nested[key]?[inner]
    } else {
      value = rest.first.flatMap { section.nested[$0] == nil ? section.values[$0] : nil }
      if let key = rest.first, rest.count == 1, section.nested[key] != nil {
        await context.console.complain(
          "\naws: [ERROR]: varname (\(name)) must reference a value, not a section or sub-section.\n")
        return 1
      }
    }
    guard let value else { return 1 }
    await context.console.print("\(value)\n")
    return 0
  }

  func set(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(words, [], [PositionalSpec(name: "varname"), PositionalSpec(name: "value")])
    let name = parsed.positionals["varname"]?.first ?? ""
    let value = parsed.positionals["value"]?.first ?? ""
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...]
    var target = profile ?? "default"
    if parts.count > 1, parts.first == "default" {
      target = "default"
      parts = parts.dropFirst()
    } else if parts.count > 2, parts.first == "profile" {
      target = parts[parts.startIndex + 1]
      parts = parts.dropFirst(2)
    }
    guard let key = parts.first, !key.isEmpty, parts.count <= 2 else {
      throw .parameter("'\(name)' names no setting: it is setting, or setting.part")
    }
    let nested = parts.count == 2 ? parts.last : nil
    let isSecret = ConfigureCommand.credentialKeys.contains(key)
    try await write(
      [.init(key, value, nested: nested)],
      section: isSecret ? target : ConfigureCommand.section(target),
      to: isSecret ? credentialsPath : configPath)
    return 0
  }

  func listProfiles(_ words: [String]) async throws(CommandFailure) -> Int32 {
    _ = try parse(words)
    let files = try files()
    var names: [String] = []
    for section in files.config.sections {
      let name =
        section.name == "default"
        ? "default" : section.name.hasPrefix("profile ") ? trimmed(section.name.dropFirst(8)) : nil
      if let name { names.append(name.filter { $0 != "\"" && $0 != "'" }) }
    }
    names += files.credentials.sections.map(\.name)
    var seen: Set<String> = []
    for name in names where seen.insert(name).inserted { await context.console.print("\(name)\n") }
    return 0
  }

  // MARK: list

  func list(_ words: [String]) async throws(CommandFailure) -> Int32 {
    _ = try parse(words)
    await row("NAME", "VALUE", "TYPE", "LOCATION")
    if let chosen = globals.configuration.profile {
      await row("profile", chosen, "manual", "--profile")
    } else if let profile {
      await row("profile", profile, "env", "['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']")
    } else {
      await row("profile", "<not set>", "None", "None")
    }
    let configuration = try context.configuration(globals)
    let files = try files()
    let keys = try await keys(context.session(globals, configuration))
    let source = keySource(files, configuration)
    for (name, value) in [("access_key", keys?.accessKeyID), ("secret_key", keys?.secretAccessKey)] {
      await row(
        name, value.map(ConfigureCommand.masked) ?? "<not set>", value == nil ? "None" : source,
        value == nil ? "None" : "")
    }
    if let region = context.given("AWS_REGION") ?? context.given("AWS_DEFAULT_REGION") {
      await row("region", region, "env", "['AWS_REGION', 'AWS_DEFAULT_REGION']")
    } else if let region = configuration.settings["region"] {
      await row("region", region, "config-file", configPath)
    } else {
      await row("region", "<not set>", "None", "None")
    }
    return 0
  }

  private func row(_ name: String, _ value: String, _ kind: String, _ place: String) async {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    await context.console.print(
      "\(padded(name, 10)) : \(padded(value, 24)) : \(padded(kind, 16)) : \(place)\n")
  }

  /// Where the keys come from, in the AWS CLI's words.
  private func keySource(_ files: SharedFiles, _ configuration: ClientConfiguration) -> String {
    if globals.configuration.profile == nil, context.given("AWS_ACCESS_KEY_ID") != nil { return "env" }
    let settings = configuration.settings
    if settings["role_arn"] != nil { return "assume-role" }
    if settings["sso_session"] != nil || settings["sso_start_url"] != nil { return "sso" }
    if files.credentials.section(nil, profile ?? "default")?.values["aws_access_key_id"] != nil {
      return "shared-credentials-file"
    }
    if settings["login_session"] != nil { return "login" }
    if settings["credential_process"] != nil { return "custom-process" }
    if settings["aws_access_key_id"] != nil { return "config-file" }
    let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    return container.contains { context.given($0) != nil } ? "container-role" : "iam-role"
  }

  /// The keys that a call would be signed with; nil where there are none.
  private func keys(_ session: Session) async throws(CommandFailure) -> Credentials? {
    do {
      return try await session.client.credentials.credentials()
    } catch {
      if case .noCredentials = error { return nil }
      throw CommandFailure(error)
    }
  }

  // MARK: import and export

  private func refuseWhereKept(_ command: String) throws(CommandFailure) {
    guard !context.line.settings.showsSecrets else { return }
    throw .plain(
      "\(command) is refused here: what a block prints is kept with the run, and a secret key must not be. Run it in a "
        + "terminal of your own.", 252)
  }

  func importKeys(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try parse(
      words,
      [
        OptionSpec("--csv", isRequired: true), OptionSpec("--skip-invalid", arity: .flag("true")),
        OptionSpec("--profile-prefix"),
      ])
    var text = parsed.first("csv") ?? ""
    if text.hasPrefix("file://") {
      let given = expanded(String(text.dropFirst(7)), context.environment)
      do {
        text = String(decoding: try readFile(absolute(given, in: context.workingDirectory)), as: UTF8.self)
      } catch {
        throw .parsing("--csv", "Unable to load paramfile \(text): \(error.text(naming: given))")
      }
    }
    let found = try KeyList(text, skipsInvalid: parsed.has("skip-invalid"))
    let prefix = parsed.first("profile-prefix") ?? ""
    for entry in found.entries {
      try await write(
        [.init("aws_access_key_id", entry.key), .init("aws_secret_access_key", entry.secret)],
        section: prefix + entry.user, to: credentialsPath)
    }
    await context.console.print("Successfully imported \(found.entries.count) profile(s)\n")
    return 0
  }

  func exportCredentials(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let formats = ["process", "env", "env-no-export", "powershell", "windows-cmd", "fish"]
    let parsed = try parse(words, [OptionSpec("--format", choices: formats)])
    try refuseWhereKept("`aws configure export-credentials`")
    let found: Credentials?
    do throws(CommandFailure) {
      found = try await keys(context.session(globals, try context.configuration(globals)))
    } catch {
      let reason = trimmed(error.text).replacing("aws: [ERROR]: ", with: "")
      throw .plain("An error occurred (Configuration): Unable to retrieve credentials: \(reason)", 253)
    }
    guard let keys = found else {
      throw .plain(
        "An error occurred (Configuration): Unable to retrieve credentials: no credentials found", 253)
    }
    let expiration = keys.expiration?.isoformat
    let format = parsed.first("format") ?? "process"
    if format == "process" {
      var members: [(String, JSON)] = [
        ("Version", 1), ("AccessKeyId", .string(keys.accessKeyID)),
        ("SecretAccessKey", .string(keys.secretAccessKey)),
      ]
      if let token = keys.sessionToken { members.append(("SessionToken", .string(token))) }
      if let expiration { members.append(("Expiration", .string(expiration))) }
      await context.console.print(JSON.object(JSONObject(members)).text(indent: 2) + "\n")
      return 0
    }
    let values = [
      ("AWS_ACCESS_KEY_ID", keys.accessKeyID), ("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey),
      ("AWS_SESSION_TOKEN", keys.sessionToken), ("AWS_CREDENTIAL_EXPIRATION", expiration),
    ]
    for case (let name, let value?) in values {
      let line =
        switch format {
        case "env": "export \(name)=\(value)"
        case "env-no-export": "\(name)=\(value)"
        case "powershell": "$Env:\(name)=\"\(value)\""
        case "fish": "set -gx \(name) \(value)"
        default: "set \(name)=\(value)"
        }
      await context.console.print(line + "\n")
    }
    return 0
  }
}

/// The CSV file of access keys that the IAM console hands out.
struct KeyList {
  struct Entry: Hashable {
    var user: String
    var key: String
    var secret: String
  }

  private(set) var entries: [Entry] = []

  init(_ text: String, skipsInvalid: Bool) throws(CommandFailure) {
    let rows = text.split(whereSeparator: \.isNewline).map { row in
      row.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
    }
    guard let head = rows.first?.map({ $0.lowercased() }) else {
      throw .plain("Provided CSV contains no contents")
    }
    var columns: [Int] = []
    let names = ["User Name", "Access Key ID", "Secret Access key"]
    for name in names {
      guard let column = head.firstIndex(of: name.lowercased()) else {
        throw .plain("Expected header \"\(name)\" not found")
      }
      columns.append(column)
    }
    for (number, row) in rows.dropFirst().enumerated() {
      let values = columns.map { $0 < row.count ? row[$0] : "" }
      if let gap = values.firstIndex(of: "") {
        if skipsInvalid { continue }
        throw .plain("Failed to parse entry #\(number): Row missing value for header \"\(names[gap])\"")
      }
      entries.append(Entry(user: values[0], key: values[1], secret: values[2]))
    }
  }
}
