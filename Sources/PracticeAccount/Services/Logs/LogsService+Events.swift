import ServiceModels
import Wire

extension LogsService {
  static let streamRules: [String: OperationRule] = [
    "DescribeLogStreams": OperationRule(
      ask("DescribeLogStreams"),
      { (input, call) throws(ServiceFault) in
        let (name, group) = try group(input, call)
        let byTime = input["orderBy"]?.string == "LastEventTime"
        if byTime, input["logStreamNamePrefix"] != nil {
          throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
        var streams = group.streams.filter { $0.key.hasPrefix(input.text("logStreamNamePrefix")) }.sorted {
          $0.key < $1.key
        }
        if byTime {
          streams.sort {
            ($0.value.lastEvent?.milliseconds ?? 0) < ($1.value.lastEvent?.milliseconds ?? 0)
          }
        }
        if input["descending"]?.bool == true { streams.reverse() }
        return try page(streams, input, "logStreams", most: 50) { stream, content in
          var fields: Fields = [
            "logStreamName": .string(stream), "creationTime": .integer(content.created.milliseconds),
          ]
          fields.add("firstEventTimestamp", content.firstEvent.map { .integer($0.milliseconds) })
          fields.add("lastEventTimestamp", content.lastEvent.map { .integer($0.milliseconds) })
          fields.add("lastIngestionTime", content.lastIngestion.map { .integer($0.milliseconds) })
          fields["arn"] = .string(call.arn("logs", "log-group:\(name):log-stream:\(stream)"))
          fields["storedBytes"] = 0
          return .object(fields)
        }
      }),
    "CreateLogStream": OperationRule(
      ask("CreateLogStream"),
      { (input, call) throws(ServiceFault) in
        let (name, group) = try group(input, call)
        let stream = input.text("logStreamName")
        guard (1...512).contains(stream.utf8.count), !stream.contains(where: { $0 == ":" || $0 == "*" })
        else {
          throw invalid(
            "1 validation error detected: Value '\(stream)' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*"
          )
        }
        guard group.streams[stream] == nil else {
          throw fault("ResourceAlreadyExistsException", "The specified log stream already exists")
        }
        let made = LogStream(created: call.now)
        call.state.logs[call.region]?.groups[name]?.streams[stream] = made
        return [:]
      }),
    "DeleteLogStream": OperationRule(
      ask("DeleteLogStream"),
      { (input, call) throws(ServiceFault) in
        let (name, _) = try stream(input, call)
        call.state.logs[call.region]?.drop(group: name, stream: input.text("logStreamName"))
        call.state.logs[call.region]?.groups[name]?.streams[input.text("logStreamName")] = nil
        return [:]
      }),
  ]

  static let eventRules: [String: OperationRule] = [
    "PutLogEvents": OperationRule(ask("PutLogEvents"), putEvents),
    "GetLogEvents": OperationRule(ask("GetLogEvents"), getEvents),
    "FilterLogEvents": OperationRule(ask("FilterLogEvents"), filterEvents),
  ]

  private static func stream(_ input: Value, _ call: Call) throws(ServiceFault) -> (String, LogStream) {
    let (name, group) = try group(input, call)
    guard let stream = group.streams[input.text("logStreamName")] else {
      throw fault("ResourceNotFoundException", "The specified log stream does not exist.")
    }
    return (name, stream)
  }

  /// Rules of a batch: API reference, `PutLogEvents`.
  private static func putEvents(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let (name, _) = try stream(input, call)
    let events = input.items("logEvents").map {
      (time: $0["timestamp"]?.integer ?? 0, message: $0.text("message"))
    }
    guard (1...10_000).contains(events.count) else {
      throw invalid("A batch of log events must contain 1 to 10,000 events.")
    }
    guard events.allSatisfy({ !$0.message.isEmpty }) else {
      throw invalid("Log event message must not be empty.")
    }
    guard events.reduce(0, { $0 + $1.message.utf8.count + 26 }) <= 1_048_576 else {
      throw invalid("Upload too large: a batch may have 1048576 bytes, with 26 for each event.")
    }
    guard zip(events, events.dropFirst()).allSatisfy({ $0.time <= $1.time }) else {
      throw invalid("Log events in a single PutLogEvents request must be in chronological order.")
    }
    guard let first = events.first?.time, let last = events.last?.time, last - first <= 86_400_000 else {
      throw invalid(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
    }
    let now = call.now.milliseconds
    let days = call.seen.logs[call.region]?.groups[name]?.retention
    let tooOld = events.prefix { $0.time < now - 14 * 86_400_000 }.count
    let expired = days.map { days in events.prefix { $0.time < now - days * 86_400_000 }.count } ?? 0
    let tooNew = events.firstIndex { $0.time > now + 2 * 3_600_000 } ?? events.count
    let start = max(tooOld, expired)
    if start < tooNew {
      var logs = call.state.logs.removeValue(forKey: call.region) ?? LogsRegion()
      for event in events[start..<tooNew] {
        let id = call.state.generator.text(56, of: "0123456789")
        logs.add(
          event.message, id: id, group: name, stream: input.text("logStreamName"),
          at: Timestamp(milliseconds: event.time), now: call.now)
      }
      call.state.logs[call.region] = logs
    }
    var fields: Fields = [
      "nextSequenceToken": .string(call.state.generator.text(56, of: "0123456789"))
    ]
    var rejected: Fields = [:]
    if tooNew < events.count { rejected["tooNewLogEventStartIndex"] = .integer(Int64(tooNew)) }
    if tooOld > 0 { rejected["tooOldLogEventEndIndex"] = .integer(Int64(tooOld)) }
    if expired > 0 { rejected["expiredLogEventEndIndex"] = .integer(Int64(expired)) }
    if rejected.first(where: { _ in true }) != nil { fields["rejectedLogEventsInfo"] = .object(rejected) }
    return .object(fields)
  }

  private static func getEvents(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let (name, _) = try stream(input, call)
    let events =
      call.seen.logs[call.region]?.events(
        of: input.text("logStreamName"), in: name, from: input["startTime"]?.integer,
        to: input["endTime"]?.integer, now: call.now) ?? []
    let most = Int(clamping: max(1, min(10_000, input["limit"]?.integer ?? 10_000)))
    // A token at either end gives itself again with no events: that is how clients see the end.
    var start = input["startFromHead"]?.bool == true ? 0 : max(0, events.count - most)
    var end = min(events.count, start + most)
    if let token = input["nextToken"]?.string {
      guard let offset = Int(token.dropFirst(2)), (0...events.count).contains(offset),
        token.hasPrefix("f/") || token.hasPrefix("b/")
      else { throw invalid("The specified nextToken is invalid.") }
      start = token.hasPrefix("f/") ? offset : max(0, offset - most)
      end = token.hasPrefix("f/") ? min(events.count, start + most) : offset
    }
    return [
      "events": .list(
        events[start..<end].map { event in
          [
            "timestamp": .integer(event.key.time), "message": .string(event.row.message),
            "ingestionTime": .integer(event.row.ingested.milliseconds),
          ]
        }), "nextForwardToken": .string("f/\(end)"), "nextBackwardToken": .string("b/\(start)"),
    ]
  }

  private static func filterEvents(_ input: Value, _ call: Call) throws(ServiceFault) -> Value {
    let (name, group) = try group(input, call)
    let streams = Set(input.texts("logStreamNames"))
    let prefix = input.text("logStreamNamePrefix")
    if !streams.isEmpty, !prefix.isEmpty {
      throw invalid("logStreamNames and logStreamNamePrefix cannot be used together.")
    }
    let pattern: FilterPattern
    do {
      pattern = try FilterPattern(input.text("filterPattern"))
    } catch {
      throw invalid("Invalid filter pattern: \(error.text).")
    }
    var found: [(key: LogEventKey, row: LogEvent)] = []
    for stream in group.streams.keys
    where (streams.isEmpty || streams.contains(stream)) && stream.hasPrefix(prefix) {
      found +=
        call.seen.logs[call.region]?.events(
          of: stream, in: name, from: input["startTime"]?.integer, to: input["endTime"]?.integer,
          now: call.now
        ).filter { pattern.fits($0.row.message) } ?? []
    }
    found.sort { ($0.key.time, $0.key.stream, $0.key.number) < ($1.key.time, $1.key.stream, $1.key.number) }
    return try page(found, input, "events", most: 10_000) { event in
      [
        "logStreamName": .string(event.key.stream), "timestamp": .integer(event.key.time),
        "message": .string(event.row.message), "ingestionTime": .integer(event.row.ingested.milliseconds),
        "eventId": .string(event.row.id),
      ]
    }
  }
}
