import ServiceModels
import Wire

extension LogsService {
  static let groupRules: [String: OperationRule] = [
    "DescribeLogGroups": OperationRule(
      { (_, call) in [AccessQuestion("logs:DescribeLogGroups", call.arn("logs", "log-group::log-stream:"))]
      },
      { (input, call) throws(ServiceFault) in
        let prefix = input.text("logGroupNamePrefix")
        let pattern = input.text("logGroupNamePattern").lowercased()
        let groups = (call.seen.logs[call.region]?.groups ?? [:])
          .filter { $0.key.hasPrefix(prefix) && (pattern.isEmpty || $0.key.lowercased().contains(pattern)) }
          .sorted { $0.key < $1.key }
        return try page(groups, input, "logGroups", most: 50) { name, group in
          var fields: Fields = [
            "logGroupName": .string(name), "creationTime": .integer(group.created.milliseconds),
          ]
          fields.add("retentionInDays", group.retention.map(Value.integer))
          fields["metricFilterCount"] = 0
          fields["arn"] = .string(call.arn("logs", "log-group:\(name):*"))
          fields["storedBytes"] = .integer(group.storedBytes)
          fields["logGroupClass"] = "STANDARD"
          fields["logGroupArn"] = .string(call.arn("logs", "log-group:\(name)"))
          return .object(fields)
        }
      }),
    "CreateLogGroup": OperationRule(
      { (input, call) throws(ServiceFault) in
        try ask("CreateLogGroup")(input, call).map { $0.requesting(readTags(input)) }
      }, createGroup),
    "DeleteLogGroup": OperationRule(
      ask("DeleteLogGroup"),
      { (input, call) throws(ServiceFault) in
        let (name, _) = try group(input, call)
        call.state.logs[call.region]?.drop(group: name)
        call.state.logs[call.region]?.groups[name] = nil
        return [:]
      }),
    "PutRetentionPolicy": OperationRule(
      ask("PutRetentionPolicy"),
      { (input, call) throws(ServiceFault) in
        let (name, _) = try group(input, call)
        let days = input["retentionInDays"]?.integer ?? 0
        guard retentions.contains(days) else {
          throw invalid(
            "1 validation error detected: Value '\(days)' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [\(retentions.map(String.init).joined(separator: ", "))]"
          )
        }
        call.state.logs[call.region]?.groups[name]?.retention = days
        return [:]
      }),
    "DeleteRetentionPolicy": OperationRule(
      ask("DeleteRetentionPolicy"),
      { (input, call) throws(ServiceFault) in
        let (name, _) = try group(input, call)
        call.state.logs[call.region]?.groups[name]?.retention = nil
        return [:]
      }),
  ]

  static let tagRules: [String: OperationRule] = [
    "ListTagsForResource": OperationRule(
      ask("ListTagsForResource"),
      { (input, call) throws(ServiceFault) in
        let (_, group) = try group(input, call)
        return ["tags": .object(Fields(group.tags.map { Fields.Field($0.key, .string($0.value)) }))]
      }),
    "TagResource": OperationRule(
      { (input, call) throws(ServiceFault) in
        try ask("TagResource")(input, call).map { $0.requesting(readTags(input)) }
      },
      { (input, call) throws(ServiceFault) in
        let (name, old) = try group(input, call)
        let new = readTags(input)
        let tags = old.tags.filter { tag in !new.contains { $0.key == tag.key } } + new
        try check(tags)
        call.state.logs[call.region]?.groups[name]?.tags = tags
        return [:]
      }),
    "UntagResource": OperationRule(
      ask("UntagResource"),
      { (input, call) throws(ServiceFault) in
        let (name, _) = try group(input, call)
        let keys = input.texts("tagKeys")
        call.state.logs[call.region]?.groups[name]?.tags.removeAll { keys.contains($0.key) }
        return [:]
      }),
  ]

  /// API reference, `PutRetentionPolicy`.
  private static let retentions: [Int64] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]

  private static func readTags(_ input: Value) -> [Tag] {
    (input["tags"]?.object ?? [:]).map { Tag(key: $0.name, value: $0.value.string ?? "") }
  }

  private static func check(_ tags: [Tag]) throws(ServiceFault) {
    if tags.contains(where: { $0.key.lowercased().hasPrefix("aws:") }) {
      throw invalid("Tag keys can't begin with aws:.")
    }
    if tags.count > 50 { throw fault("TooManyTagsException", "A resource can have no more than 50 tags.") }
  }

  private static func createGroup(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let name = input.text("logGroupName")
    for member in ["kmsKeyId", "deletionProtectionEnabled"] where input[member] != nil {
      throw invalid("The practice account does not have \(member) of log groups.")
    }
    if let kind = input["logGroupClass"]?.string, kind != "STANDARD" {
      throw invalid("The practice account has log groups of the class STANDARD only.")
    }
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./#"
    guard (1...512).contains(name.utf8.count), name.allSatisfy(letters.contains) else {
      throw invalid(
        "1 validation error detected: Value '\(name)' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
      )
    }
    guard !name.hasPrefix("aws/") else { throw invalid("Log groups starting with aws/ are reserved.") }
    guard call.seen.logs[call.region]?.groups[name] == nil else {
      throw fault("ResourceAlreadyExistsException", "The specified log group already exists")
    }
    let tags = readTags(input)
    try check(tags)
    var logs = call.state.logs.removeValue(forKey: call.region) ?? LogsRegion()
    logs.groups[name] = LogGroup(created: call.now, tags: tags)
    call.state.logs[call.region] = logs
    return [:]
  }
}
