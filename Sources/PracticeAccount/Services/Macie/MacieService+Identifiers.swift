import ServiceModels
import Wire

/// Custom data identifiers.
extension MacieService {
  static let identifierRules: [String: OperationRule] = [
    "CreateCustomDataIdentifier": OperationRule(
      { (input, call) in [AccessQuestion("macie2:CreateCustomDataIdentifier").requesting(readTags(input))] },
      createIdentifier),
    "GetCustomDataIdentifier": OperationRule(
      onIdentifier("GetCustomDataIdentifier"),
      { (input, call) throws(ServiceFault) in
        let identifier = try identifier(input, call)
        var fields = summary(identifier, call)
        fields["deleted"] = .bool(identifier.isDeleted)
        fields["ignoreWords"] = .list(identifier.ignoreWords.map(Value.string))
        fields["keywords"] = .list(identifier.keywords.map(Value.string))
        fields["maximumMatchDistance"] = .integer(Int64(identifier.distance))
        fields["regex"] = .string(identifier.regex)
        if !identifier.levels.isEmpty {
          fields["severityLevels"] = .list(
            identifier.levels.map {
              ["occurrencesThreshold": .integer($0.threshold), "severity": .string($0.severity)]
            })
        }
        fields["tags"] = write(identifier.tags)
        return .object(fields)
      }),
    "ListCustomDataIdentifiers": OperationRule(
      ask("ListCustomDataIdentifiers"),
      { (input, call) throws(ServiceFault) in
        let all = (call.seen.macie[call.region]?.identifiers ?? [:]).values.filter { !$0.isDeleted }
          .sorted { ($0.created, $0.id) < ($1.created, $1.id) }
        return try page(all, input, "items", most: 25) { .object(summary($0, call)) }
      }),
    "BatchGetCustomDataIdentifiers": OperationRule(
      ask("BatchGetCustomDataIdentifiers"),
      { (input, call) in
        let all = call.seen.macie[call.region]?.identifiers ?? [:]
        let ids = input.texts("ids")
        return [
          "customDataIdentifiers": .list(
            ids.compactMap { id in
              all[id].map { identifier in
                var fields = summary(identifier, call)
                fields["deleted"] = .bool(identifier.isDeleted)
                return .object(fields)
              }
            }),
          "notFoundIdentifierIds": .list(ids.filter { all[$0] == nil }.map(Value.string)),
        ]
      }),
    "DeleteCustomDataIdentifier": OperationRule(
      onIdentifier("DeleteCustomDataIdentifier"),
      { (input, call) throws(ServiceFault) in
        let identifier = try identifier(input, call)
        if identifier.isDeleted { throw absent("custom data identifier") }
        call.state.macie[call.region]?.identifiers[identifier.id]?.isDeleted = true
        return [:]
      }),
    "TestCustomDataIdentifier": OperationRule(
      ask("TestCustomDataIdentifier"),
      { (input, call) throws(ServiceFault) in
        let sample = input.text("sampleText")
        guard (1...1000).contains(sample.unicodeScalars.count) else {
          throw invalid("sampleText must contain 1-1,000 characters")
        }
        let compiled = try compile(try readIdentifier(input, call))
        var machine = PatternMachine()
        let found = compiled.matches(in: Array(sample.unicodeScalars), context: [], &machine)
        return ["matchCount": .integer(Int64(found.count))]
      }),
  ]

  static func identifierARN(_ id: String, _ call: Call) -> String {
    call.arn("macie2", "custom-data-identifier/\(id)")
  }

  private static func onIdentifier(_ operation: String) -> OperationRule.Questions {
    ask(operation) { input, call in identifierARN(input.text("id"), call) }
  }

  private static func identifier(_ input: Value, _ call: Call) throws(ServiceFault) -> CustomDataIdentifier {
    guard let identifier = call.seen.macie[call.region]?.identifiers[input.text("id")] else {
      throw absent("custom data identifier")
    }
    return identifier
  }

  private static func summary(_ identifier: CustomDataIdentifier, _ call: Call) -> Fields {
    var fields: Fields = [
      "arn": .string(identifierARN(identifier.id, call)), "createdAt": .timestamp(identifier.created),
    ]
    fields.add("description", identifier.description.map(Value.string))
    fields["id"] = .string(identifier.id)
    fields["name"] = .string(identifier.name)
    return fields
  }

  private static func createIdentifier(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let token = input.text("clientToken")
    let all = call.seen.macie[call.region]?.identifiers ?? [:]
    if !token.isEmpty, let twin = all.values.first(where: { $0.clientToken == token }) {
      return ["customDataIdentifierId": .string(twin.id)]
    }
    var identifier = try readIdentifier(input, call)
    guard (1...128).contains(identifier.name.unicodeScalars.count) else {
      throw invalid("the name must contain 1-128 characters")
    }
    if (identifier.description ?? "").unicodeScalars.count > 512 {
      throw invalid("the description must contain no more than 512 characters")
    }
    _ = try compile(identifier)
    identifier.id = call.state.generator.uuid()
    identifier.clientToken = token
    call.state.macie[call.region]?.identifiers[identifier.id] = identifier
    return ["customDataIdentifierId": .string(identifier.id)]
  }

  private static func compile(_ identifier: CustomDataIdentifier) throws(ServiceFault) -> CompiledIdentifier {
    do {
      return try CompiledIdentifier(identifier)
    } catch {
      throw invalid("the regex isn't valid: \(error.text)")
    }
  }

  /// Limits: Macie API reference, "Custom Data Identifiers".
  private static func readIdentifier(_ input: Value, _ call: Call) throws(ServiceFault)
    -> CustomDataIdentifier
  {
    func lengths(_ texts: [String], _ what: String, most: Int, least: Int) throws(ServiceFault) {
      guard texts.count <= most, texts.allSatisfy({ (least...90).contains($0.unicodeScalars.count) }) else {
        throw invalid("there can be no more than \(most) \(what), each of \(least)-90 characters")
      }
    }
    let regex = input.text("regex")
    guard (1...512).contains(regex.unicodeScalars.count) else {
      throw invalid("the regex must contain 1-512 characters")
    }
    try lengths(input.texts("keywords"), "keywords", most: 50, least: 3)
    try lengths(input.texts("ignoreWords"), "ignoreWords", most: 10, least: 4)
    let distance = input["maximumMatchDistance"]?.integer ?? 50
    guard (1...300).contains(distance) else { throw invalid("maximumMatchDistance must be 1-300") }
    let levels = input.items("severityLevels").map {
      CustomDataIdentifier.Level(
        threshold: $0["occurrencesThreshold"]?.integer ?? 0, severity: $0.text("severity"))
    }
    let order = ["LOW", "MEDIUM", "HIGH"]
    let ranks = levels.compactMap { order.firstIndex(of: $0.severity) }
    guard ranks.count == levels.count, levels.count <= 3, levels.allSatisfy({ $0.threshold > 0 }),
      zip(ranks, ranks.dropFirst()).allSatisfy(<),
      zip(levels, levels.dropFirst()).allSatisfy({ $0.threshold < $1.threshold })
    else {
      throw invalid("severityLevels must ascend from LOW to HIGH, one threshold each")
    }
    return CustomDataIdentifier(
      id: "", name: input.text("name"), description: input["description"]?.string, created: call.now,
      regex: regex, keywords: input.texts("keywords"), ignoreWords: input.texts("ignoreWords"),
      distance: Int(distance), levels: levels, tags: readTags(input))
  }
}
