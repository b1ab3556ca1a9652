import Wire

/// CloudWatch Logs of one Region.
struct LogsRegion: Sendable, Codable, Equatable {
  var groups: [String: LogGroup] = [:]
}

struct LogGroup: Sendable, Codable, Equatable {
  var created: Timestamp
  var streams: [String: LogStream] = [:]

  var storedBytes: Int64 {
    streams.values.reduce(0) { $0 + $1.events.reduce(0) { $0 + Int64($1.message.utf8.count) + 26 } }
  }
}

struct LogStream: Sendable, Codable, Equatable {
  var created: Timestamp
  /// In the order of their time.
  var events: [LogEvent] = []
}

struct LogEvent: Sendable, Codable, Equatable {
  var id: String
  var time: Timestamp
  var ingested: Timestamp
  var message: String
}
