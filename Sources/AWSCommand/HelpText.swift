import ServiceModels

/// `aws help`, `aws SERVICE help`, `aws SERVICE OPERATION help`: names and types from the models, no prose.
enum HelpText {
  static func text(_ context: CommandContext, _ service: ServiceModel?, _ operation: Operation?) -> String {
    if let operation { return operationText(operation) }
    if let service {
      let names = service.operationNames.map { cliName($0) }.sorted()
      return "aws \(commandName(service.service)) <operation> [parameters]\n\nOperations:\n" + listed(names)
    }
    return CommandFailure.usageText + "\nServices:\n" + listed(context.commandNames.sorted())
      + "\nGlobal options:\n"
      + listed(GlobalOptions.specs.map(\.name))
  }

  private static func operationText(_ operation: Operation) -> String {
    var lines = [
      "aws \(commandName(operation.model.service)) \(operation.cliName) [parameters]", "", "Parameters:",
    ]
    for member in operation.input?.members ?? [] {
      let required = member.isRequired && !member.isIdempotencyToken ? ", required" : ""
      lines.append("  --\(cliName(member.name)) (\(member.shape.kind.rawValue)\(required))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func listed(_ names: [String]) -> String { names.map { "  \($0)\n" }.joined() }
}
