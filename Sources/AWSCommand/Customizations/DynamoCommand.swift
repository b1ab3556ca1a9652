import AWSClient
import ServiceModels
import Wire

/// `aws ddb put`: items in plain YAML instead of typed attributes (AWS CLI reference, `ddb`).
struct DynamoCommand {
  let session: Session

  func run(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try ArgumentParser(
      options: [], positionals: [PositionalSpec(name: "subcommand", choices: ["select", "put", "help"])]
    ).parse(words)
    switch parsed.positionals["subcommand"]?.first {
    case "put"?: return try await put(parsed.rest)
    case "select"?:
      if let format = session.globals.output, format != "yaml" {
        throw .parameter("\(format) output format is not supported for ddb commands")
      }
      throw .notBuilt("`aws ddb select`")
    default:
      await session.console.print("aws ddb <subcommand> [parameters]\n\nSubcommands:\n  put\n")
      return 0
    }
  }

  private func put(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parser = ArgumentParser(
      options: [OptionSpec("--condition", arity: .many)],
      positionals: [PositionalSpec(name: "table_name"), PositionalSpec(name: "items")])
    let parsed = try parser.parse(words)
    if !parsed.rest.isEmpty { throw .unknownOptions(parsed.rest) }
    if parsed.has("condition") { throw .notBuilt("The option --condition") }
    let table = parsed.positionals["table_name"]?.first ?? ""
    let given = try text(parsed.positionals["items"]?.first ?? "")
    guard let value = try? YAMLInput.read(given) else {
      throw .parsing("items", "Invalid YAML received.")
    }
    switch value {
    case .object(let item):
      try await call(
        "PutItem",
        [
          "ReturnConsumedCapacity": "NONE", "TableName": .string(table), "Item": .object(attributes(item)),
        ])
    case .list(let items):
      // A batch takes 25 at most.
      for start in stride(from: 0, to: items.count, by: 25) {
        let requests = try items[start..<min(start + 25, items.count)].map {
          (item) throws(CommandFailure) -> Value in
          guard let fields = item.object else { throw .parsing("items", "Each item must be a map.") }
          return .object(["PutRequest": .object(["Item": .object(attributes(fields))])])
        }
        try await call(
          "BatchWriteItem",
          [
            "ReturnConsumedCapacity": "NONE",
            "RequestItems": .object(Fields([.init(table, .list(requests))])),
          ])
      }
    default: throw .parsing("items", "Expected a map or a list of maps.")
    }
    return 0
  }

  private func text(_ given: String) throws(CommandFailure) -> String {
    guard given.hasPrefix("file://") else { return given }
    do {
      return String(decoding: try readFile(session.path(String(given.dropFirst(7)))), as: UTF8.self)
    } catch {
      throw .parsing("items", "Unable to load paramfile \(given): \(error.text)")
    }
  }

  private func call(_ operation: String, _ input: Fields) async throws(CommandFailure) {
    var rest: Fields? = input
    while let next = rest {
      do {
        let answer = try await session.client.call("dynamodb", operation, .object(next)).object ?? Fields()
        // What a batch left undone is sent again.
        let left = answer["UnprocessedItems"]?.object ?? Fields()
        rest = left.isEmpty ? nil : ["ReturnConsumedCapacity": "NONE", "RequestItems": .object(left)]
        if rest != nil { await session.context.line.settings.sleep(1) }
      } catch {
        throw CommandFailure(error)
      }
    }
  }

  // MARK: Attributes

  private func attributes(_ fields: Fields) -> Fields {
    Fields(fields.map { .init($0.name, attribute($0.value)) })
  }

  private func attribute(_ value: Value) -> Value {
    switch value {
    case .null: ["NULL": true]
    case .bool(let flag): ["BOOL": .bool(flag)]
    case .integer(let number): ["N": .string(String(number))]
    case .double(let number): ["N": .string("\(number)")]
    case .string(let text): ["S": .string(text)]
    case .blob(let bytes): ["B": .blob(bytes)]
    case .timestamp(let time): ["S": .string(time.isoformat)]
    case .list(let values): ["L": .list(values.map(attribute))]
    case .object(let fields): ["M": .object(attributes(fields))]
    }
  }
}
