import ServiceModels

/// The options of one operation, made from its input shape.
struct OperationArguments {
  /// What stands behind one destination.
  enum Meaning {
    case member(Member)
    /// `--x` and `--no-x`.
    case flag(Member)
    /// EC2's structures that hold nothing but a boolean `Value`.
    case wrappedFlag(Member)
  }

  private(set) var specs: [OptionSpec] = []
  private(set) var positionals: [PositionalSpec] = []
  private(set) var meanings: [(destination: String, meaning: Meaning)] = []
  /// Options of the CLI's own paging.
  let paginator: Paginator?
  /// Destinations whose use turns the CLI's own paging off.
  private(set) var manualPaging: Set<String> = []

  init(_ model: ServiceModel, _ operation: Operation, command: String, paginates: Bool, requires: Bool) {
    let members = operation.input?.members ?? []
    paginator = model.paginator(operation.name)
    let pagingNames = paginator == nil || !paginates ? [] : OperationArguments.pagingNames(paginator)
    for member in members {
      let name = ArgumentNames.name(of: member, command: command, operation: operation.cliName)
      if pagingNames.contains(name) { continue }
      let required = requires && member.isRequired && !member.isIdempotencyToken
      add(member, name, required, command)
    }
    if let paginator {
      let tokens = paginator.inputTokens + [paginator.limitKey].compactMap { $0 }
      manualPaging = Set(tokens.map { cliName($0) }).subtracting(["starting-token", "max-items"])
    }
    for name in pagingNames {
      specs.removeAll { $0.destination == name }
      let limit = paginator?.limitKey.flatMap { operation.input?.member($0)?.shape.kind }
      specs.append(OptionSpec("--\(name)", isInteger: name != "starting-token" && limit != .string))
    }
    EC2Sugar.add(to: &specs, command: command, operation: operation.cliName)
    specs += [
      OptionSpec("--cli-input-json"), OptionSpec("--cli-input-yaml"),
      OptionSpec(
        "--generate-cli-skeleton", arity: .optional("input"), choices: ["input", "output", "yaml-input"]),
    ]
    if operation.output?.members.contains(where: { $0.isStreaming || $0.shape.isStreaming }) ?? false {
      positionals.append(PositionalSpec(name: "outfile"))
    }
  }

  private mutating func add(_ member: Member, _ name: String, _ isRequired: Bool, _ command: String) {
    let shape = member.shape
    if shape.kind == .boolean {
      let negative = ArgumentNames.negation(of: name, command: command)
      specs.append(
        OptionSpec("--\(name)", name, arity: .flag("true"), isRequired: isRequired, group: name))
      specs.append(
        OptionSpec("--\(negative)", name, arity: .flag("false"), isRequired: isRequired, group: name))
      meanings.append((name, .flag(member)))
    } else if command == "ec2", shape.kind == .structure, shape.members.count == 1,
      shape.members[0].name == "Value",
      shape.members[0].shape.kind == .boolean
    {
      specs.append(OptionSpec("--\(name)", name, arity: .optional("true"), group: name))
      specs.append(OptionSpec("--no-\(name)", name, arity: .flag("false"), group: name))
      meanings.append((name, .wrappedFlag(member)))
    } else {
      specs.append(
        OptionSpec("--\(name)", name, arity: shape.kind == .list ? .many : .one, isRequired: isRequired))
      meanings.append((name, .member(member)))
    }
  }

  private static func pagingNames(_ paginator: Paginator?) -> [String] {
    ["starting-token"] + (paginator?.limitKey == nil ? [] : ["page-size"]) + ["max-items"]
  }
}

/// Names of options, where they are not simply the member's name.
enum ArgumentNames {
  static func name(of member: Member, command: String, operation: String) -> String {
    let plain = cliName(member.name)
    return renamed["\(command).\(operation).\(plain)"] ?? renamed["\(command).*.\(plain)"] ?? plain
  }

  static func negation(of name: String, command: String) -> String {
    let plain = "no-\(name)"
    return renamed["\(command).*.\(plain)"]
      ?? (command == "ec2" && plain == "no-no-reboot" ? "reboot" : plain)
  }

  /// What the AWS CLI renames so that no option of an operation hides a global one, and for better words.
  private static let renamed: [String: String] = [
    "ec2.*.no-egress": "ingress",
    "ec2.*.no-disable-api-termination": "enable-api-termination",
    "sns.subscribe.endpoint": "notification-endpoint",
    "eks.create-cluster.version": "kubernetes-version",
    "eks.update-cluster-version.version": "kubernetes-version",
    "eks.create-nodegroup.version": "kubernetes-version",
    "eks.update-nodegroup-version.version": "kubernetes-version",
    "stepfunctions.send-task-success.output": "task-output",
    "kinesisanalyticsv2.add-application-output.output": "application-output",
    "codepipeline.get-pipeline.version": "pipeline-version",
    "apigateway.create-rest-api.version": "api-version",
    "apigatewayv2.create-api.version": "api-version",
    "apigatewayv2.update-api.version": "api-version",
    "sagemaker.delete-image-version.version": "version-number",
    "sagemaker.describe-image-version.version": "version-number",
    "sagemaker.list-aliases.version": "version-number",
    "ecs.*.no-enable-execute-command": "disable-execute-command",
    "ecs.execute-command.no-interactive": "non-interactive",
    "schemas.*.version": "schema-version",
  ]
}
