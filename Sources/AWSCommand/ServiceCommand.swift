import AWSClient
import OrderedJSON
import ServiceModels

/// `aws SERVICE ...`: finds the operation, or `wait`, or `help`.
struct ServiceCommand {
  let session: Session
  /// As typed: `s3api`.
  let command: String

  init(_ session: Session, command: String) {
    self.session = session
    self.command = command
  }

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let model: ServiceModel
    do {
      model = try session.context.catalog.model(serviceName(command))
    } catch {
      throw .plain("\(error)")
    }
    let missing = CustomCommands.missingIn[command] ?? []
    let known = CustomCommands.operations(of: command, model.operationNames.map { cliName($0) })
    let waits = model.waiterNames.isEmpty ? [] : ["wait"]
    let own = command == "sso" ? SSOCommand.names : ServiceExtras.names[command] ?? []
    let parser = ArgumentParser(
      options: [],
      positionals: [
        PositionalSpec(name: "operation", choices: known + own + waits + missing.sorted() + ["help"])
      ])
    let parsed = try parser.parse(words)
    guard let name = parsed.positionals["operation"]?.first else {
      throw .usage("the following arguments are required: operation")
    }
    if name == "help" { return try await session.context.help(model, nil) }
    if name == "wait", !waits.isEmpty { return try await wait(model, parsed.rest) }
    if own.contains(name) {
      if command == "sso" { return try await SSOCommand(session: session).run(name, parsed.rest) }
      return try await ServiceExtras(session: session, model: model).run(name, parsed.rest)
    }
    if missing.contains(name) { throw .notBuilt("`aws \(command) \(name)`") }
    guard
      let operation = CustomCommands.operation(command, name).flatMap({ model.operation($0) })
        ?? model.operation(cliName: name)
    else { throw .invalidChoice("operation", name, of: known) }
    return try await OperationCommand(session, model, operation, command: command, name: name).run(
      parsed.rest)
  }

  /// `aws SERVICE wait WAITER`: the operation's own options, no output.
  private func wait(_ model: ServiceModel, _ words: [String]) async throws(CommandFailure) -> Int32 {
    let names = model.waiterNames.map { cliName($0) }
    let parsed = try ArgumentParser(
      options: [], positionals: [PositionalSpec(name: "subcommand", choices: names, isRequired: false)]
    ).parse(words)
    guard let name = parsed.positionals["subcommand"]?.first else {
      throw .parameter(
        "usage: aws [options] \(command) wait <subcommand> [parameters]\naws: [ERROR]: too few arguments")
    }
    guard
      let waiter = model.waiterNames.lazy.filter({ cliName($0) == name }).compactMap({ model.waiter($0) })
        .first,
      let operation = model.operation(waiter.operation)
    else { throw .invalidChoice("subcommand", name, of: names) }
    let command = OperationCommand(session, model, operation, command: command)
    guard let plan = try await command.plan(parsed.rest, forWaiter: true) else { return 0 }
    do {
      try await session.client.wait(
        for: waiter, model, plan.input, sleep: session.context.line.settings.sleep)
      return 0
    } catch {
      throw CommandFailure(error)
    }
  }
}
