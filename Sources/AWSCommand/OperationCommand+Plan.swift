import AWSClient
import OrderedJSON
import ServiceModels
import Wire

extension OperationCommand {
  /// Reads the operation's options. Nil if the command line asked for something that needs no call, which is done.
  func plan(_ words: [String], forWaiter: Bool) async throws(CommandFailure) -> Plan? {
    let paginates = session.globals.paginates && !forWaiter
    let arguments = OperationArguments(
      model, operation, command: command, name: name, paginates: paginates,
      requires: requiresArguments(words))
    let parsed = try ArgumentParser(options: arguments.specs, positionals: arguments.positionals).parse(words)
    if !parsed.rest.isEmpty {
      let known = session.context.line.settings.suggestsOptions ? arguments.specs.map(\.name) : []
      throw .unknownOptions(parsed.rest, suggesting: known)
    }
    try arguments.changes.check(parsed)
    switch parsed.first("generate-cli-skeleton") {
    case "input"?:
      await session.console.print(Skeleton.text(operation.input) + "\n")
      return nil
    case "yaml-input"?:
      await session.console.print(YAMLSkeleton.text(operation.input))
      return nil
    default: break
    }
    var fields = try base(parsed)
    try take(arguments, parsed, &fields)
    var plan = Plan(input: .object(fields))
    try takeStreams(&plan, &fields, parsed)
    let typing = InputTyping(takesBase64: try session.takesBase64())
    plan.input =
      try operation.input.map { (shape) throws(CommandFailure) in try typing.typed(.object(fields), shape) }
      ?? .object(fields)
    plan.input = RequestQuirks.adjusted(plan.input, operation)
    plan.printsSkeleton = parsed.first("generate-cli-skeleton") == "output"
    plan.bootstrap = bootstrap(parsed)
    if paginates, arguments.paginator != nil {
      var warnings: [String] = []
      plan.paging = try paging(arguments, parsed, fields, &warnings)
      for warning in warnings { await session.console.complain(warning) }
    }
    return plan
  }

  /// Options to members, in the order of the model.
  private func take(_ arguments: OperationArguments, _ parsed: ParsedArguments, _ fields: inout Fields)
    throws(CommandFailure)
  {
    for (destination, meaning) in arguments.meanings {
      guard let given = parsed.values[destination] else { continue }
      let (name, value) = try value(meaning, given, destination)
      fields[name] = value
    }
    for (option, member) in arguments.promoted {
      guard let given = parsed.values[option.name] else { continue }
      let value: Value
      switch option.form {
      case .member: value = try reader(member, option.name).value(given)
      case .pairs: value = try Conveniences.pairs(given.first ?? "", "--\(option.name)")
      }
      fields.set(value, at: option.path[...])
    }
    try Conveniences.apply(
      parsed, to: &fields, command: command, operation: name,
      token: "\(session.context.line.settings.clock().milliseconds)-\(UInt32.random(in: .min ... .max))")
  }

  /// Where the seed of a virtual MFA device goes.
  private func bootstrap(_ parsed: ParsedArguments) -> Plan.Bootstrap? {
    guard let method = parsed.first("bootstrap-method"), let path = parsed.first("outfile") else {
      return nil
    }
    return Plan.Bootstrap(method: method, path: path)
  }

  /// Required options need not be there if a document or a skeleton stands for them.
  private func requiresArguments(_ words: [String]) -> Bool {
    if words.contains("--cli-input-json") || words.contains("--cli-input-yaml") { return false }
    guard !operation.streamsOutput, let place = words.firstIndex(of: "--generate-cli-skeleton") else {
      return true
    }
    let next = place + 1 < words.count ? words[place + 1] : ""
    return next == "output"
  }

  /// What `--cli-input-json` or `--cli-input-yaml` gives; options win over it.
  private func base(_ parsed: ParsedArguments) throws(CommandFailure) -> Fields {
    if parsed.has("cli-input-yaml"), parsed.has("cli-input-json") {
      throw .parameter("Only one --cli-input- parameter may be specified.")
    }
    let option = parsed.has("cli-input-yaml") ? "cli-input-yaml" : "cli-input-json"
    guard let given = parsed.first(option) else { return Fields() }
    let text = try document(given, "--\(option)")
    let value: Value
    if option == "cli-input-yaml" {
      guard let read = try? YAMLInput.read(text) else { throw .parsing(option, "Invalid YAML received.") }
      value = read
    } else {
      guard let json = try? JSON.parse(text) else { throw .parsing(option, "Invalid JSON received.") }
      value = Value(plain: json)
    }
    guard case .object(let fields) = value else {
      throw .parsing(
        "--\(option)", "Invalid type: expecting map, received <class '\(pythonType(value))'>")
    }
    return fields
  }

  /// The text itself, or what the file holds that it names.
  private func document(_ given: String, _ option: String) throws(CommandFailure) -> String {
    let isBinary = given.hasPrefix("fileb://")
    guard isBinary || given.hasPrefix("file://") else { return given }
    let path = expanded(String(given.dropFirst(isBinary ? 8 : 7)), session.context.environment)
    do {
      return String(
        decoding: try readFile(absolute(path, in: session.context.workingDirectory)), as: UTF8.self)
    } catch {
      throw .parsing(option, "Unable to load paramfile \(given): \(error.text(naming: path))")
    }
  }

  private func value(
    _ meaning: OperationArguments.Meaning, _ given: [String], _ destination: String
  ) throws(CommandFailure) -> (String, Value) {
    switch meaning {
    case .flag(let member): return (member.name, .bool(given.first == "true"))
    case .wrappedFlag(let member):
      let text = given.first ?? "true"
      if text == "true" || text == "false" { return (member.name, .object(["Value": .bool(text == "true")])) }
      return (member.name, try reader(member, destination).value(given))
    case .member(let member): return (member.name, try reader(member, destination).value(given))
    }
  }

  private func reader(_ member: Member, _ destination: String) -> ParameterReader {
    ParameterReader(session: session, option: "--\(destination)", member: member)
  }

  /// A streaming input is sent from its file, a streaming output written to one.
  private func takeStreams(_ plan: inout Plan, _ fields: inout Fields, _ parsed: ParsedArguments)
    throws(CommandFailure)
  {
    for member in operation.input?.members ?? [] where member.shape.kind == .blob {
      guard member.isStreaming || member.shape.isStreaming, let path = fields[member.name]?.string else {
        continue
      }
      guard let facts = fileFacts(session.path(path)), facts.isRegular else {
        throw .parsing("--\(cliName(member.name))", "Blob values must be a path to a file.")
      }
      plan.options.bodyFile = .init(path: session.path(path), offset: 0, length: facts.size)
      fields[member.name] = nil
    }
    if !operation.streamsOutput {
      plan.recordsFile = parsed.positionals["outfile"]?.first
    } else if let outfile = parsed.positionals["outfile"]?.first {
      plan.outfile = outfile
      let isStream = outfile == "-" || outfile == "/dev/stdout"
      let place = isStream ? temporaryPath() : session.path(outfile)
      plan.options.outputPath = place + ".\(UInt32.random(in: .min ... .max))"
    }
  }

  private func temporaryPath() -> String {
    (session.context.environment["TMPDIR"] ?? "/tmp") + "/aws-output"
  }

  private func paging(
    _ arguments: OperationArguments, _ parsed: ParsedArguments, _ fields: Fields, _ warnings: inout [String]
  ) throws(CommandFailure) -> Paging? {
    // A token or limit of the operation's own means that the caller turns the pages.
    if !arguments.manualPaging.isDisjoint(with: parsed.values.keys) { return nil }
    let own = (arguments.paginator?.inputTokens ?? []) + [arguments.paginator?.limitKey].compactMap { $0 }
    if own.contains(where: { fields[$0] != nil }) { return nil }
    func whole(_ name: String) throws(CommandFailure) -> Int? {
      guard let text = parsed.first(name) else { return nil }
      return Int(clamping: try integer(text))
    }
    let maximum = try whole("max-items")
    if let maximum, maximum <= 0 {
      warnings.append("warning: Non-positive values for --max-items may result in undefined behavior.\n")
    }
    return Paging(
      maximumItems: maximum, pageSize: try whole("page-size"),
      startingToken: parsed.first("starting-token"))
  }
}

/// The name of a value's type in Python.
func pythonType(_ value: Value) -> String {
  switch value {
  case .null: "NoneType"
  case .bool: "bool"
  case .integer: "int"
  case .double: "float"
  case .string: "str"
  case .blob: "bytes"
  case .timestamp: "datetime.datetime"
  case .list: "list"
  case .object: "dict"
  }
}
