import NIOCore
import NIOHTTP1
import Wire

/// How the owner of a served account reaches it beside its services: `POST /_cairn/WORD` with a token.
///
/// No bucket can be named `_cairn` (underscores are not allowed), and a request to a bucket by virtual host is S3's.
/// Without the token nothing is done and nothing told.
package struct ControlChannel: Sendable {
  /// What is wanted, and its input; the answer is a status and a body.
  package typealias Handler =
    @Sendable (_ word: String, _ input: [UInt8]) async -> (
      status: Int, body: [UInt8]
    )

  /// The header that carries the token.
  package static let tokenHeader = "X-Cairn-Token"
  package static let prefix = "/_cairn/"
  /// The longest input, in bytes.
  private static let limit = 1 << 20

  private let token: [UInt8]
  private let handler: Handler

  /// - Parameter token: not empty, and not to be guessed.
  package init(token: String, handler: @escaping Handler) {
    self.token = Array(token.utf8)
    self.handler = handler
  }

  static func isMeant(by head: HTTPRequestHead) -> Bool {
    guard head.uri.hasPrefix(prefix), let host = head.headers.first(name: "Host")?.lowercased() else {
      return false
    }
    let name = host.prefix { $0 != ":" }
    return name == "127.0.0.1" || name == "localhost"
  }

  func answer(
    _ head: HTTPRequestHead,
    _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
  ) async throws -> HTTPResponse {
    let given = Array((head.headers.first(name: Self.tokenHeader) ?? "").utf8)
    guard !token.isEmpty, Self.areEqual(given, token) else {
      return Self.response(403, Array("This needs the token of the account's owner.\n".utf8), "text/plain")
    }
    guard head.method == .POST else { return Self.response(405, [], "text/plain") }
    var input: [UInt8] = []
    read: while let part = try await parts.next() {
      switch part {
      case .head: break read
      case .body(let buffer):
        guard input.count + buffer.readableBytes <= Self.limit else {
          return Self.response(413, [], "text/plain")
        }
        input += buffer.readableBytesView
      case .end: break read
      }
    }
    let (status, body) = await handler(String(head.uri.dropFirst(Self.prefix.count)), input)
    return Self.response(status, body, "application/json")
  }

  /// In a time that does not depend on where they differ.
  private static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func response(_ status: Int, _ body: [UInt8], _ type: String) -> HTTPResponse {
    HTTPResponse(status: status, headers: ["Content-Type": type], body: .bytes(body))
  }
}
