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

  /// What stands for something deep inside the input.
  private(set) var promoted: [(option: PromotedOption, member: Member)] = []
  let changes: OptionChanges

  /// - Parameter name: the operation as typed, where that is not the model's own name.
  init(
    _ model: ServiceModel, _ operation: Operation, command: String, name typed: String? = nil,
    paginates: Bool,
    requires: Bool
  ) {
    let typed = typed ?? operation.cliName
    changes = OptionChanges.of(command, typed)
    let members = operation.input?.members ?? []
    paginator = model.paginator(operation.name)
    let pagingNames = paginator == nil || !paginates ? [] : OperationArguments.pagingNames(paginator)
    for member in members where !member.isEventStream {
      let name = ArgumentNames.name(of: member.name, command: command, operation: typed)
      if pagingNames.contains(name) || changes.dropped.contains(name) { continue }
      let alias = ArgumentNames.alias(of: name, command: command, operation: typed)
      // Two spellings of one option: neither can be demanded.
      let required =
        requires && member.isRequired && !member.isIdempotencyToken && alias == nil
        && !changes.optional.contains(name)
      add(member, name, required, command, typed)
      if let alias, var spec = specs.first(where: { $0.name == "--\(name)" }) {
        spec.name = "--\(alias)"
        specs.append(spec)
      }
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
    for option in changes.promoted {
      guard let member = operation.input?.member(at: option.path[...]) else { continue }
      promoted.append((option, member))
      let takesMany = member.shape.kind == .list && option.form == .member
      let isRequired = requires && OperationArguments.standIns.contains("\(command) \(typed) \(option.name)")
      specs.append(OptionSpec("--\(option.name)", arity: takesMany ? .many : .one, isRequired: isRequired))
    }
    specs += changes.missing.sorted().map { OptionSpec("--\($0)") }
    specs += changes.missingRequired.sorted().map { OptionSpec("--\($0)", isRequired: requires) }
    Conveniences.add(to: &specs, command: command, operation: typed)
    // What leaves a file behind cannot be described by a document: the AWS CLI offers none there.
    let writesFile = specs.contains { $0.name == "--outfile" }
    if command == "s3api", typed == "select-object-content" {
      positionals.append(PositionalSpec(name: "outfile", isRequired: false))
    } else if operation.streamsOutput {
      positionals.append(PositionalSpec(name: "outfile"))
    } else if !writesFile {
      specs += [
        OptionSpec("--cli-input-json"), OptionSpec("--cli-input-yaml"),
        OptionSpec(
          "--generate-cli-skeleton", arity: .optional("input"), choices: ["input", "output", "yaml-input"]),
      ]
    }
  }

  /// Promoted options that take the place of a required one.
  private static let standIns: Set<String> = [
    "translate import-terminology data-file", "translate translate-document document-content",
  ]

  private mutating func add(
    _ member: Member, _ name: String, _ isRequired: Bool, _ command: String, _ operation: String
  ) {
    let shape = member.shape
    if shape.kind == .boolean {
      let negative = ArgumentNames.negation(of: name, command: command, operation: operation)
      specs.append(
        OptionSpec("--\(name)", name, arity: .flag("true"), isRequired: isRequired, group: name))
      specs.append(
        OptionSpec("--\(negative)", name, arity: .flag("false"), group: name))
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

extension Operation {
  /// The member whose bytes go to a file that the command line names.
  var streamedOutput: Member? {
    guard let output, let name = output.payload, let member = output.member(name), member.shape.kind == .blob
    else { return nil }
    return member
  }

  var streamsOutput: Bool { streamedOutput != nil }
}
