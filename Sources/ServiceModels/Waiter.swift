import OrderedJSON

/// A condition that a caller may wait for by asking again and again.
package struct Waiter: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case success, failure, retry
  }

  package enum Matcher: String, Hashable, Sendable {
    /// `argument`, a JMESPath expression over the response, equals `expected`.
    case path
    /// Every element of the non-empty list that `argument` gives equals it.
    case pathAll
    /// Some element does.
    case pathAny
    /// The HTTP status is it.
    case status
    /// The error code is it; `true`: any error, `false`: none.
    case error
  }

  package struct Acceptor: Hashable, Sendable {
    package var state: State
    package var matcher: Matcher
    package var argument: String?
    package var expected: JSON

    package init(state: State, matcher: Matcher, argument: String? = nil, expected: JSON) {
      self.state = state
      self.matcher = matcher
      self.argument = argument
      self.expected = expected
    }
  }

  /// `BucketExists`.
  package var name: String
  package var operation: String
  /// Seconds between two calls.
  package var delay: Int
  package var maxAttempts: Int
  /// Tried in order; the first that fits decides.
  package var acceptors: [Acceptor]

  /// `bucket-exists`.
  package var cliName: String { ServiceModels.cliName(name) }

  init?(name: String, node: PackedNode) {
    guard let operation = node["operation"]?.string else { return nil }
    self.name = name
    self.operation = operation
    delay = node["delay"]?.int ?? 5
    maxAttempts = node["maxAttempts"]?.int ?? 40
    let list = node["acceptors"]
    acceptors = (0..<(list?.count ?? 0)).compactMap { position in
      guard let entry = list?[position], let state = entry["state"]?.string.flatMap({ State(rawValue: $0) }),
        let matcher = entry["matcher"]?.string.flatMap({ Matcher(rawValue: $0) })
      else { return nil }
      return Acceptor(
        state: state, matcher: matcher, argument: entry["argument"]?.string,
        expected: entry["expected"]?.json() ?? .null)
    }
  }
}
