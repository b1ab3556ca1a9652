import AWSClient
import JMESPath
import OrderedJSON
import ServiceModels

/// `aws SERVICE OPERATION ...`: options to an input value, the call, its output.
struct OperationCommand {
  let session: Session
  let model: ServiceModel
  let operation: Operation
  /// The service as typed: `s3api`.
  let command: String

  init(_ session: Session, _ model: ServiceModel, _ operation: Operation, command: String) {
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
  }

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    if words == ["help"] { return try await session.context.help(model, operation) }
    guard let plan = try await plan(words, forWaiter: false) else { return 0 }
    let format = try session.outputFormat()
    try checkTimestampFormat()
    if let paging = plan.paging { return try await printPages(plan, paging, format) }
    let output: Value
    do {
      output = try await session.client.call(model, operation, plan.input, plan.options)
    } catch {
      if let path = plan.options.outputPath { removeFile(path) }
      throw failure(error)
    }
    var result = operation.presented(output)
    if let outfile = plan.outfile { result = try await finish(outfile, plan, result) }
    if operation.name == "GetBucketLocation", model.service == "s3", result["LocationConstraint"] == nil {
      // us-east-1 has no location constraint; the CLI shows the absence.
      result = .object(["LocationConstraint": .null])
    }
    try await print(result, format)
    return 0
  }

  private func print(_ result: JSON, _ format: String) async throws(CommandFailure) {
    let text = try OutputFormatter.text(
      result, format: format, query: session.globals.query, title: operation.name,
      columns: session.context.line.settings.columns)
    if !text.isEmpty { await session.console.print(text) }
  }

  /// Text is printed page by page, every other format once.
  private func printPages(_ plan: Plan, _ paging: Paging, _ format: String) async throws(CommandFailure)
    -> Int32
  {
    do {
      guard format == "text",
        var reader = try session.client.pageReader(model, operation, plan.input, paging, plan.options)
      else {
        let merged = try await session.client.mergedPages(model, operation, plan.input, paging, plan.options)
        try await print(merged, format)
        return 0
      }
      var isFirst = true
      while let page = try await reader.next() {
        var shown = isFirst ? reader.constants : JSONObject()
        for key in reader.resultKeys { shown.set(path: key.text, to: (try? key.search(page)) ?? .null) }
        try await print(.object(shown), format)
        isFirst = false
      }
      if let token = reader.resumeToken {
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
    for member in operation.output?.members ?? [] where member.isStreaming || member.shape.isStreaming {
      members[member.name] = nil
    }
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
