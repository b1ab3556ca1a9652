import ServiceModels
import Wire

/// CloudWatch Logs: groups, streams and events. Source: CloudWatch Logs API reference.
enum LogsService {
  static let service = PracticeService(
    name: "logs",
    rules: [groupRules, streamRules, eventRules, tagRules].reduce(into: [:]) { all, rules in
      all.merge(rules) { first, _ in first }
    },
    denial: { question, verdict, principal in
      fault("AccessDeniedException", denialText(question, verdict, principal))
    })

  static func ask(_ operation: String) -> OperationRule.Questions {
    { (input, call) in
      let name = name(input)
      return [
        AccessQuestion(
          "logs:\(operation)", call.arn("logs", "log-group:\(name):*"),
          tags: call.seen.logs[call.region]?.groups[name]?.tags ?? [])
      ]
    }
  }

  static func name(_ input: Value) -> String {
    if let name = input["logGroupName"]?.string { return name }
    // An identifier may be an ARN.
    return groupName(input["logGroupIdentifier"]?.string ?? input.text("resourceArn"))
  }

  private static func groupName(_ identifier: String) -> String {
    guard identifier.hasPrefix("arn:") else { return identifier }
    let name = identifier.split(separator: ":", maxSplits: 6).last.map(String.init) ?? identifier
    return name.hasSuffix(":*") ? String(name.dropLast(2)) : name
  }

  static func group(_ input: Value, _ call: Call) throws(ServiceFault) -> (String, LogGroup) {
    let name = name(input)
    guard let group = call.seen.logs[call.region]?.groups[name] else {
      throw fault("ResourceNotFoundException", "The specified log group does not exist.")
    }
    return (name, group)
  }

  static func page<Item>(
    _ all: [Item], _ input: Value, _ member: String, most: Int, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    guard let page = Page(all, limit: input["limit"]?.integer, token: input["nextToken"]?.string, most: most)
    else { throw invalid("The specified nextToken is invalid.") }
    var fields: Fields = [member: .list(page.items.map(value))]
    fields.add("nextToken", page.next.map(Value.string))
    return .object(fields)
  }

  static func invalid(_ text: String) -> ServiceFault { fault("InvalidParameterException", text) }

  /// A service writing an event; group and stream are made where they are missing.
  static func write(
    _ message: String, group: String, stream: String, region: String, at time: Timestamp, in realm: Realm
  ) {
    let id = realm.state.generator.text(56, of: "0123456789")
    let now = realm.now
    var logs = realm.state.logs.removeValue(forKey: region) ?? LogsRegion()
    if logs.groups[group]?.streams[stream] == nil {
      logs.groups[group, default: LogGroup(created: now)].streams[stream] = LogStream(created: now)
    }
    logs.add(message, id: id, group: group, stream: stream, at: time, now: time)
    realm.state.logs[region] = logs
  }
}
