import ServiceModels
import Wire

/// CloudWatch Logs, as far as Macie's job events need it. Source: CloudWatch Logs API reference.
enum LogsService {
  static let service = PracticeService(
    name: "logs",
    rules: [
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
            [
              "logGroupName": .string(name), "creationTime": .integer(group.created.milliseconds),
              "metricFilterCount": 0, "arn": .string(call.arn("logs", "log-group:\(name):*")),
              "storedBytes": .integer(group.storedBytes), "logGroupClass": "STANDARD",
              "logGroupArn": .string(call.arn("logs", "log-group:\(name)")),
            ]
          }
        }),
      "DescribeLogStreams": OperationRule(
        ask("DescribeLogStreams"),
        { (input, call) throws(ServiceFault) in
          let (name, group) = try group(input, call)
          var streams = group.streams.filter { $0.key.hasPrefix(input.text("logStreamNamePrefix")) }.sorted {
            $0.key < $1.key
          }
          if input["orderBy"]?.string == "LastEventTime" {
            streams.sort {
              ($0.value.events.last?.time.milliseconds ?? 0) < ($1.value.events.last?.time.milliseconds ?? 0)
            }
          }
          if input["descending"]?.bool == true { streams.reverse() }
          return try page(streams, input, "logStreams", most: 50) { stream, content in
            var fields: Fields = [
              "logStreamName": .string(stream), "creationTime": .integer(content.created.milliseconds),
            ]
            fields.add("firstEventTimestamp", content.events.first.map { .integer($0.time.milliseconds) })
            fields.add("lastEventTimestamp", content.events.last.map { .integer($0.time.milliseconds) })
            fields.add("lastIngestionTime", content.events.last.map { .integer($0.ingested.milliseconds) })
            fields["arn"] = .string(call.arn("logs", "log-group:\(name):log-stream:\(stream)"))
            fields["storedBytes"] = 0
            return .object(fields)
          }
        }),
      "GetLogEvents": OperationRule(ask("GetLogEvents"), getEvents),
      "FilterLogEvents": OperationRule(ask("FilterLogEvents"), filterEvents),
      "DeleteLogGroup": OperationRule(
        ask("DeleteLogGroup"),
        { (input, call) throws(ServiceFault) in
          let (name, _) = try group(input, call)
          call.state.logs[call.region]?.groups[name] = nil
          return [:]
        }),
    ],
    denial: { question, verdict, principal in
      fault("AccessDeniedException", denialText(question, verdict, principal))
    })

  private static func ask(_ operation: String) -> OperationRule.Questions {
    { (input, call) in [AccessQuestion("logs:\(operation)", call.arn("logs", "log-group:\(name(input)):*"))] }
  }

  private static func name(_ input: Value) -> String {
    if let name = input["logGroupName"]?.string { return name }
    // An identifier may be an ARN.
    let identifier = input.text("logGroupIdentifier")
    guard identifier.hasPrefix("arn:") else { return identifier }
    return identifier.split(separator: ":", maxSplits: 6).last.map(String.init) ?? identifier
  }

  private static func group(_ input: Value, _ call: Call) throws(ServiceFault) -> (String, LogGroup) {
    let name = name(input)
    guard let group = call.seen.logs[call.region]?.groups[name] else {
      throw fault("ResourceNotFoundException", "The specified log group does not exist.")
    }
    return (name, group)
  }

  private static func page<Item>(
    _ all: [Item], _ input: Value, _ member: String, most: Int, _ value: (Item) -> Value
  ) throws(ServiceFault) -> Value {
    guard let page = Page(all, limit: input["limit"]?.integer, token: input["nextToken"]?.string, most: most)
    else {
      throw fault("InvalidParameterException", "The specified nextToken is invalid.")
    }
    var fields: Fields = [member: .list(page.items.map(value))]
    fields.add("nextToken", page.next.map(Value.string))
    return .object(fields)
  }

  private static func isWanted(_ event: LogEvent, _ input: Value) -> Bool {
    if let start = input["startTime"]?.integer, event.time.milliseconds < start { return false }
    if let end = input["endTime"]?.integer, event.time.milliseconds >= end { return false }
    return true
  }

  private static func getEvents(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let (_, group) = try group(input, call)
    guard let stream = group.streams[input.text("logStreamName")] else {
      throw fault("ResourceNotFoundException", "The specified log stream does not exist.")
    }
    let events = stream.events.filter { isWanted($0, input) }
    // A forward token at the end gives itself again with no events: that is how clients see the end.
    var start = 0
    if let token = input["nextToken"]?.string {
      guard token.hasPrefix("f/"), let offset = Int(token.dropFirst(2)) else {
        throw fault("InvalidParameterException", "The specified nextToken is invalid.")
      }
      start = min(max(0, offset), events.count)
    }
    let most = Int(clamping: max(1, min(10_000, input["limit"]?.integer ?? 10_000)))
    let end = min(events.count, start + most)
    return [
      "events": .list(
        events[start..<end].map { event in
          [
            "timestamp": .integer(event.time.milliseconds), "message": .string(event.message),
            "ingestionTime": .integer(event.ingested.milliseconds),
          ]
        }), "nextForwardToken": .string("f/\(end)"), "nextBackwardToken": .string("f/0"),
    ]
  }

  private static func filterEvents(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let (_, group) = try group(input, call)
    let streams = Set(input.texts("logStreamNames"))
    let prefix = input.text("logStreamNamePrefix")
    let terms = try terms(input.text("filterPattern"))
    var found: [(stream: String, event: LogEvent)] = []
    for (name, stream) in group.streams
    where (streams.isEmpty || streams.contains(name)) && name.hasPrefix(prefix) {
      for event in stream.events
      where isWanted(event, input) && terms.allSatisfy({ event.message.contains($0) }) {
        found.append((name, event))
      }
    }
    found.sort { ($0.event.time, $0.event.id) < ($1.event.time, $1.event.id) }
    return try page(found, input, "events", most: 10_000) { stream, event in
      [
        "logStreamName": .string(stream), "timestamp": .integer(event.time.milliseconds),
        "message": .string(event.message), "ingestionTime": .integer(event.ingested.milliseconds),
        "eventId": .string(event.id),
      ]
    }
  }

  /// Plain and quoted terms, all of which must occur. The other forms of the filter language are refused.
  private static func terms(_ pattern: String) throws(ServiceFault) -> [String] {
    let text = pattern.trimmingPrefix { $0 == " " }
    guard let first = text.first else { return [] }
    if "{[?-%".contains(first) {
      throw fault(
        "InvalidParameterException",
        "The practice account reads filter patterns of plain or quoted terms only.")
    }
    var terms: [String] = []
    var isQuoted = false
    var term = ""
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        if !term.isEmpty { terms.append(term) }
        term = ""
      } else {
        term.append(character)
      }
    }
    if !term.isEmpty { terms.append(term) }
    return terms
  }

  /// A service writing an event; group and stream are made where they are missing.
  static func write(
    _ message: String, group: String, stream: String, region: String, at time: Timestamp, in realm: Realm
  ) {
    let id = realm.state.generator.text(56, of: "0123456789")
    let now = realm.now
    realm.state.logs[region, default: LogsRegion()].groups[group, default: LogGroup(created: now)]
      .streams[stream, default: LogStream(created: now)].events
      .append(LogEvent(id: id, time: time, ingested: time, message: message))
  }
}
