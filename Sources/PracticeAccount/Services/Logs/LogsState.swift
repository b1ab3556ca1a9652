import Wire

/// CloudWatch Logs of one Region.
struct LogsRegion: Sendable, Codable, Equatable {
  var groups: [String: LogGroup] = [:]
  /// Of all groups, in the order of groups, streams and time.
  var events = SortedTable<LogEventKey, LogEvent>()
}

struct LogGroup: Sendable, Codable, Equatable {
  var created: Timestamp
  var streams: [String: LogStream] = [:]
  /// Days that events are kept; nil: for ever.
  var retention: Int64?
  var tags: [Tag] = []

  var storedBytes: Int64 { streams.values.reduce(0) { $0 + $1.bytes } }
}

struct LogStream: Sendable, Codable, Equatable {
  var created: Timestamp
  var firstEvent: Timestamp?
  var lastEvent: Timestamp?
  var lastIngestion: Timestamp?
  /// Of all events there were: 26 bytes each and their text (CloudWatch Logs user guide, "Billing").
  var bytes: Int64 = 0
  /// The number of the last event.
  var count = 0
}

/// Events of a stream lie together, in the order of their time.
struct LogEventKey: Sendable, Codable, Hashable, Comparable {
  var group: String
  var stream: String
  /// Milliseconds since 1970.
  var time: Int64
  var number: Int

  static func < (a: LogEventKey, b: LogEventKey) -> Bool {
    if a.group != b.group { return a.group < b.group }
    if a.stream != b.stream { return a.stream < b.stream }
    return (a.time, a.number) < (b.time, b.number)
  }
}

struct LogEvent: Sendable, Codable, Equatable {
  var id: String
  var ingested: Timestamp
  var message: String
}

extension LogsRegion {
  /// Adds an event to a stream that is there.
  mutating func add(
    _ message: String, id: String, group: String, stream: String, at time: Timestamp, now: Timestamp
  ) {
    guard var content = groups[group]?.streams[stream] else { return }
    content.count += 1
    content.firstEvent = content.firstEvent.map { min($0, time) } ?? time
    content.lastEvent = content.lastEvent.map { max($0, time) } ?? time
    content.lastIngestion = now
    content.bytes += Int64(message.utf8.count) + 26
    groups[group]?.streams[stream] = content
    let key = LogEventKey(group: group, stream: stream, time: time.milliseconds, number: content.count)
    events[key] = LogEvent(id: id, ingested: now, message: message)
  }

  /// Events of a stream from `start` to before `end`, those past the group's retention left out.
  func events(
    of stream: String, in group: String, from start: Int64?, to end: Int64?, now: Timestamp
  ) -> [(key: LogEventKey, row: LogEvent)] {
    var first = start ?? Int64.min
    if let days = groups[group]?.retention {
      first = max(first, now.adding(seconds: -Double(days) * 86_400).milliseconds)
    }
    let from = events.from(LogEventKey(group: group, stream: stream, time: first, number: 0))
    var found: [(key: LogEventKey, row: LogEvent)] = []
    for row in from {
      guard row.key.group == group, row.key.stream == stream else { break }
      if let end, row.key.time >= end { break }
      found.append((row.key, row.row))
    }
    return found
  }

  /// Forgets a stream's events, or those of a whole group.
  mutating func drop(group: String, stream: String? = nil) {
    let from = events.from(LogEventKey(group: group, stream: stream ?? "", time: .min, number: 0))
    let gone = from.prefix { $0.key.group == group && (stream == nil || $0.key.stream == stream) }.map(\.key)
    for key in gone { events[key] = nil }
  }
}
