import AWSClient
import JMESPath
import OrderedJSON
import ServiceModels
import Wire

/// `aws SERVICE OPERATION ...`: options to an input value, the call, its output.
struct OperationCommand {
  let session: Session
  let model: ServiceModel
  let operation: Operation
  /// The service as typed: `s3api`.
  let command: String
  /// The operation as typed; two commands may stand for one operation.
  let name: String

  init(
    _ session: Session, _ model: ServiceModel, _ operation: Operation, command: String, name: String? = nil
  ) {
    self.name = name ?? operation.cliName
    self.session = session
    self.model = model
    self.operation = operation
    self.command = command
  }

  /// What a command line asks for.
  struct Plan {
    var input: Value
    var paging: Paging?
    var options = CallOptions()
    /// Where the streaming output goes; `-` is standard output.
    var outfile: String?
    /// Where the records of `s3api select-object-content` go.
    var recordsFile: String?
    /// No call: a made-up answer is shown.
    var printsSkeleton = false
    /// Part of the answer that goes to a file of its own.
    var bootstrap: Bootstrap?

    struct Bootstrap {
      var method: String
      var path: String
    }
  }

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    if words == ["help"] { return try await session.context.help(model, operation) }
    guard let plan = try await plan(words, forWaiter: false) else { return 0 }
    let format = try session.outputFormat()
    try checkTimestampFormat()
    if plan.printsSkeleton { return try await printSkeleton(plan, format) }
    if let paging = plan.paging { return try await printPages(plan, paging, format) }
    let output: Value
    do {
      output = try await session.client.call(model, operation, plan.input, plan.options)
    } catch {
      if let path = plan.options.outputPath { removeFile(path) }
      throw failure(error)
    }
    var result = shown(operation.presented(output))
    if let path = plan.recordsFile { result = try save(recordsOf: output, path, result) }
    if let bootstrap = plan.bootstrap { result = try save(bootstrap, result) }
    if let outfile = plan.outfile { result = try await finish(outfile, plan, result) }
    if operation.name == "GetBucketLocation", model.service == "s3", result["LocationConstraint"] == nil {
      // us-east-1 has no location constraint; the CLI shows the absence.
      result = .object(["LocationConstraint": .null])
    }
    try await print(result, format)
    return 0
  }

  private func print(_ result: JSON, _ format: String, isPage: Bool = false) async throws(CommandFailure) {
    let text = try OutputFormatter.text(
      result, format: format, isPage: isPage, query: session.globals.query, title: operation.name,
      columns: session.context.line.settings.columns)
    if !text.isEmpty { await session.console.print(text) }
  }

  /// `--generate-cli-skeleton output`: the input is judged as for a call, and so is the made-up answer.
  private func printSkeleton(_ plan: Plan, _ format: String) async throws(CommandFailure) -> Int32 {
    let output = Skeleton.output(operation.output)
    let problems = (operation.output?.validate(output) ?? []) + operation.validate(plan.input)
    if !problems.isEmpty { throw CommandFailure(AWSError.validation(problems.map(\.message))) }
    try await print(output.plainJSON, format)
    return 0
  }

  /// Writes the seed of a virtual MFA device to its file, and leaves it out of what is shown.
  private func save(_ bootstrap: Plan.Bootstrap, _ result: JSON) throws(CommandFailure) -> JSON {
    guard case .object(var members) = result, case .object(var device) = members["VirtualMFADevice"],
      let seed = device[bootstrap.method]?.string.flatMap({ base64Decoded($0) })
    else { return result }
    do {
      try writeFile(session.path(bootstrap.path), seed, mode: 0o600)
    } catch {
      throw .plain(error.text(naming: bootstrap.path))
    }
    device["QRCodePNG"] = nil
    device["Base32StringSeed"] = nil
    members["VirtualMFADevice"] = .object(device)
    return .object(members)
  }

  /// Writes what S3 selected, which comes in events, and shows the rest.
  private func save(recordsOf output: Value, _ path: String, _ result: JSON) throws(CommandFailure) -> JSON {
    guard let name = operation.output?.payload, case .object(var members) = result else { return result }
    let events = output.object?[name]?.list ?? []
    let records = events.compactMap { $0.object?["Records"]?.object?["Payload"]?.blob }
    do {
      try writeFile(session.path(path), Array(records.joined()))
    } catch {
      throw .plain(error.text(naming: path))
    }
    members[name] = nil
    return .object(members)
  }

  /// The times of a result in the format that the configuration names.
  private func shown(_ result: JSON) -> JSON {
    guard session.configuration.settings["cli_timestamp_format"] == "wire", let shape = operation.output
    else {
      return result
    }
    return WireTimes(model: model).shown(result, shape)
  }

  /// Text and streamed YAML are printed page by page, every other format once.
  private func printPages(_ plan: Plan, _ paging: Paging, _ format: String) async throws(CommandFailure)
    -> Int32
  {
    do {
      guard format == "text" || format == "yaml-stream",
        var reader = try session.client.pageReader(model, operation, plan.input, paging, plan.options)
      else {
        let merged = try await session.client.mergedPages(model, operation, plan.input, paging, plan.options)
        try await print(shown(merged), format)
        return 0
      }
      var isFirst = true
      while let next = try await reader.next() {
        let page = shown(next)
        if format == "yaml-stream" {
          try await print(page, format, isPage: true)
          continue
        }
        var shown = isFirst ? reader.constants : JSONObject()
        for key in reader.resultKeys { shown.set(path: key.text, to: (try? key.search(page)) ?? .null) }
        try await print(.object(shown), format)
        isFirst = false
      }
      if format == "text", let token = reader.resumeToken {
        try await print(["NextToken": ["NextToken": .string(token)]], format)
      }
      return 0
    } catch let error as AWSError {
      throw failure(error)
    } catch let error as CommandFailure {
      throw error
    } catch {
      throw .plain("\(error)")
    }
  }

  /// Puts a downloaded body where the command line wants it.
  private func finish(_ outfile: String, _ plan: Plan, _ result: JSON) async throws(CommandFailure) -> JSON {
    var members = result.object ?? JSONObject()
    if let streamed = operation.streamedOutput { members[streamed.name] = nil }
    guard let temporary = plan.options.outputPath else { return .object(members) }
    do {
      if outfile == "/dev/stdout" || outfile == "-" {
        let bytes = try readFile(temporary)
        removeFile(temporary)
        await session.console.output(bytes)
      } else {
        try moveFile(temporary, to: session.path(outfile))
      }
    } catch {
      throw .plain(error.text(naming: outfile))
    }
    return .object(members)
  }

  private func checkTimestampFormat() throws(CommandFailure) {
    guard let format = session.configuration.settings["cli_timestamp_format"], format != "wire",
      format != "iso8601"
    else { return }
    throw .plain(
      "An error occurred (Configuration): Unknown cli_timestamp_format value: \(format), valid values are "
        + "\"wire\" or \"iso8601\"", 253)
  }

  /// A failed call, with what the model says of the error beside its message.
  private func failure(_ error: AWSError) -> CommandFailure {
    guard case .service(let fault, _, _) = error else { return CommandFailure(error) }
    let shape = operation.errors.first { $0.faultCode == fault.code || $0.name == fault.code }
    let details = (shape?.members ?? []).compactMap { member -> String? in
      guard member.name.lowercased() != "message", member.name.lowercased() != "code",
        let value = fault.fields[member.name]
      else { return nil }
      let json = value.json(shape: member.shape)
      return isScalar(json) ? "\(member.name): \(pythonText(json))" : nil
    }
    var failure = CommandFailure(error)
    if !details.isEmpty {
      failure.text += "\nAdditional error details:\n" + details.joined(separator: "\n") + "\n"
    }
    return failure
  }
}
