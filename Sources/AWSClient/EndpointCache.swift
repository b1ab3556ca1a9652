import ServiceModels
import Synchronization

/// What the endpoint rules said, where it cannot depend on a call's input: they cost more than the rest of a call.
final class EndpointCache: Sendable {
  /// All that goes into the rules beside the input.
  struct Question: Hashable {
    var service: String
    var operation: String
    var region: String
    var custom: String?
    var options: EndpointOptions
  }

  /// Far more than the calls of one lesson need.
  private static let limit = 512

  private let answers = Mutex<[Question: Endpoint]>([:])

  subscript(question: Question) -> Endpoint? {
    answers.withLock { $0[question] }
  }

  func keep(_ endpoint: Endpoint, for question: Question) {
    answers.withLock { answers in
      if answers.count >= EndpointCache.limit { answers.removeAll() }
      answers[question] = endpoint
    }
  }
}
