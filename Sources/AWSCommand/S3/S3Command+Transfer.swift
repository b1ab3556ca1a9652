import AWSClient
import ServiceModels
import Wire

extension S3Command {
  /// What `cp`, `mv`, `rm` or `sync` was asked for.
  struct TransferPlan: Sendable {
    var name: String
    var kind: S3Item.Kind
    var source: String
    var target: String
    var isRecursive: Bool
    var parsed: ParsedArguments

    var moves: Bool { name == "mv" }
    func has(_ option: String) -> Bool { parsed.has(option) }
  }

  func transfer(_ name: String, _ words: [String]) async throws(CommandFailure) -> Int32 {
    let plan = try transferPlan(name, words)
    if plan.source == "-" || plan.target == "-" { return try await stream(plan) }
    let mode: S3Printer.Mode =
      if plan.has("quiet") { .quiet } else if plan.has("only-show-errors") {
        .onlyErrors
      } else if plan.has("no-progress") || name == "rm" { .noProgress } else { .all }
    var printer = S3Printer(session.console, mode, clock: session.context.line.settings.clock)
    do {
      let items = try await items(plan, &printer)
      printer.totalFiles = items.count
      printer.totalBytes = items.reduce(0) { $0 + ($1.kind == .delete ? 0 : $1.size) }
      if plan.has("dryrun") {
        for item in items { await printer.dryRun(line(item, plan)) }
      } else {
        try await carryOut(items, plan, &printer)
      }
    } catch {
      if case .cancelled = error { return 130 }
      await session.console.complain("fatal error: \(error.message)\n")
      return 1
    }
    if printer.failed > 0 { return 1 }
    return printer.warned > 0 ? 2 : 0
  }

  /// `upload: ./a to s3://b/a`
  func line(_ item: S3Item, _ plan: TransferPlan) -> String {
    "\(plan.moves ? "move" : item.kind.rawValue): \(item.text(in: session.context.workingDirectory))"
  }

  private func transferPlan(_ name: String, _ words: [String]) throws(CommandFailure) -> TransferPlan {
    let two = name != "rm"
    var options = two ? S3Options.transfer : S3Options.common
    if name == "sync" { options += S3Options.sync } else { options.append(S3Options.recursive) }
    let parsed = try parse(words, options, [PositionalSpec(name: "paths", count: two ? 2 : 1)])
    let paths = (parsed.positionals["paths"] ?? []).map { path in
      // A bucket alone is its root.
      S3Location(path).map { $0.key.isEmpty && !path.hasSuffix("/") } == true ? path + "/" : path
    }
    let source = paths.first ?? ""
    let target = paths.last ?? ""
    let usage =
      two ? "<LocalPath> <S3Uri> or <S3Uri> <LocalPath> or <S3Uri> <S3Uri>" : "<S3Uri>"
    let kind: S3Item.Kind
    switch (S3Location(source) != nil, S3Location(target) != nil, two) {
    case (true, _, false): kind = .delete
    case (false, true, true): kind = .upload
    case (true, false, true): kind = .download
    case (true, true, true): kind = .copy
    default: throw .parameter("usage: aws s3 \(name) \(usage)\nError: Invalid argument type")
    }
    let plan = TransferPlan(
      name: name, kind: kind, source: source, target: target,
      isRecursive: name == "sync" || parsed.has("recursive"),
      parsed: parsed)
    try check(plan)
    return plan
  }

  private func check(_ plan: TransferPlan) throws(CommandFailure) {
    if plan.source == "-" || plan.target == "-" {
      guard plan.name == "cp", !plan.isRecursive else {
        throw .parameter("Streaming currently is only compatible with non-recursive cp commands")
      }
      return
    }
    if plan.moves, plan.kind == .copy {
      let name = plan.source.split(separator: "/").last.map(String.init) ?? ""
      if plan.source == plan.target || plan.target.hasSuffix("/") && plan.source == plan.target + name {
        throw .parameter("Cannot mv a file onto itself: \(plan.source) - \(plan.target)")
      }
    }
    if plan.kind == .upload, fileFacts(session.path(plan.source)) == nil {
      throw .plain("The user-provided path \(plan.source) does not exist.")
    }
  }

  // MARK: Carrying out

  /// Ten at a time; results are told in the order of the list, so that the same command prints the same lines.
  private func carryOut(_ items: [S3Item], _ plan: TransferPlan, _ printer: inout S3Printer)
    async throws(AWSError)
  {
    let width = max(1, min(S3Command.concurrency, items.count))
    var outcomes: [Int: Result<Void, S3Failure>] = [:]
    var told = 0
    await withTaskGroup(of: (Int, Result<Void, S3Failure>).self) { group in
      var next = 0
      func start() {
        guard next < items.count, !Task.isCancelled else { return }
        let index = next
        let item = items[index]
        next += 1
        group.addTask { (index, await perform(item, plan)) }
      }
      for _ in 0..<width { start() }
      while let (index, outcome) = await group.next() {
        outcomes[index] = outcome
        while let known = outcomes.removeValue(forKey: told) {
          let item = items[told]
          switch known {
          case .success:
            await printer.succeeded(line(item, plan), bytes: item.kind == .delete ? 0 : item.size)
          case .failure(let failure):
            let verb = plan.moves ? "move" : item.kind.rawValue
            let place = item.text(in: session.context.workingDirectory)
            await printer.failed("\(verb) failed: \(place) \(failure.text)", bytes: item.size)
          }
          told += 1
        }
        start()
      }
    }
    if Task.isCancelled { throw .cancelled }
  }

  /// `max_concurrent_requests` of the AWS CLI's S3 configuration.
  static let concurrency = 10

  private func perform(_ item: S3Item, _ plan: TransferPlan) async -> Result<Void, S3Failure> {
    do {
      switch item.kind {
      case .upload: try await upload(item, plan)
      case .download: try await download(item, plan)
      case .copy: try await copy(item, plan)
      case .delete: try await delete(item.source, plan)
      }
      if plan.moves {
        if let path = item.localSource { removeFile(path) } else { try await delete(item.source, plan) }
      }
      return .success(())
    } catch {
      return .failure(error)
    }
  }

  private func delete(_ location: S3Location?, _ plan: TransferPlan) async throws(S3Failure) {
    guard let location else { return }
    var input: Fields = ["Bucket": .string(location.bucket), "Key": .string(location.key)]
    if let payer = plan.parsed.first("request-payer") { input["RequestPayer"] = .string(payer) }
    try await run("DeleteObject", input)
  }

  /// A call whose failure is told in the item's line.
  @discardableResult
  func run(
    _ operation: String, _ input: Fields, _ options: CallOptions = CallOptions()
  ) async throws(S3Failure) -> Value {
    do {
      return try await call(operation, input, options)
    } catch {
      throw S3Failure(text: error.message)
    }
  }
}

/// Why one item failed.
struct S3Failure: Error, Hashable {
  var text: String
}
