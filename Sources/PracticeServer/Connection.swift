import Glibc
import NIOCore
import NIOHTTP1
import PracticeAccount
import Wire

/// One client's connection: requests in, answers out, one after another.
struct Connection: Sendable {
  typealias HTTPChannel = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
  typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

  let channel: HTTPChannel
  let account: PracticeAccount
  /// Where long request bodies go; nil: there is no folder.
  let folder: String?
  let connections: Connections
  /// For the account's owner; nil: there is none.
  let control: ControlChannel?

  /// Serves until the client goes, an answer says `Connection: close`, or the server stops.
  func serve() async {
    connections.opened(channel.channel)
    defer { connections.closed(channel.channel) }
    do {
      try await channel.executeThenClose { inbound, outbound in
        var parts = inbound.makeAsyncIterator()
        while let part = try await parts.next() {
          guard case .head(let head) = part else { continue }
          connections.began(channel.channel)
          let mayGoOn = try await exchange(head, &parts, outbound)
          guard connections.ended(channel.channel), mayGoOn else { return }
        }
      }
    } catch {
      // The client went away or sent no HTTP: there is nobody to tell.
    }
  }

  /// - Returns: whether the connection stays open.
  private func exchange(
    _ head: HTTPRequestHead, _ parts: inout NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator,
    _ outbound: Outbound
  ) async throws -> Bool {
    if let refusal = refusal(of: head) {
      // Its body is not read, so that the connection cannot be used again.
      try await write(refusal, to: head, keepsAlive: false, outbound)
      return false
    }
    if let control, ControlChannel.isMeant(by: head) {
      // What it did not read of the body is nobody's.
      try await write(control.answer(head, &parts), to: head, keepsAlive: false, outbound)
      return false
    }
    if head.headers["Expect"].contains(where: { $0.lowercased() == "100-continue" }) {
      try await outbound.write(.head(HTTPResponseHead(version: head.version, status: .continue)))
    }
    var body = RequestBody(folder: folder)
    read: while let part = try await parts.next() {
      switch part {
      case .head: return false
      case .body(let buffer):
        guard try body.append(buffer) else {
          try await write(tooLarge, to: head, keepsAlive: false, outbound)
          return false
        }
      case .end: break read
      }
    }
    return try await send(account.answer(to: request(head, body.body)), to: head, outbound)
  }

  /// Sends an answer, or as much of it as a fault lets through.
  ///
  /// - Returns: whether the connection stays open.
  private func send(
    _ answer: PracticeAnswer, to head: HTTPRequestHead, _ outbound: Outbound
  ) async throws -> Bool {
    if answer.delay > 0 { try await Task.sleep(for: .seconds(answer.delay)) }
    switch answer.ending {
    case .whole:
      try await write(answer.response, to: head, keepsAlive: head.isKeepAlive, outbound)
      return head.isKeepAlive
    case .dropped: return false
    case .reset:
      // Closing with unsent time of zero makes the kernel send a reset (socket(7), SO_LINGER).
      try await (channel.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        .get()
      return false
    case .truncated:
      try await writeHead(answer.response, to: head, keepsAlive: false, outbound)
      if case .bytes(let bytes) = answer.response.body {
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))))
      }
      return false
    }
  }

  private func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
    let hosts = head.headers["Host"]
    guard hosts.count == 1, let host = hosts.first, HTTPLimits.isLocal(host: host) else {
      return plain(
        403,
        "This is a practice account on this machine alone; the Host header must say 127.0.0.1 or localhost.")
    }
    guard head.uri.hasPrefix("/") else { return plain(400, "The request target must be a path.") }
    if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }),
      length > RequestBody.limit(folder: folder)
    {
      return tooLarge
    }
    return nil
  }

  private var tooLarge: HTTPResponse {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <Error><Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size of the practice \
      account; upload it in parts</Message><MaxSizeAllowed>\(RequestBody.limit(folder: folder))</MaxSizeAllowed></Error>
      """
    return HTTPResponse(
      status: 400, headers: ["Content-Type": "application/xml"], body: .bytes(Array(text.utf8)))
  }

  private func plain(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: ["Content-Type": "text/plain"], body: .bytes(Array((text + "\n").utf8)))
  }

  private func request(_ head: HTTPRequestHead, _ body: Body) -> HTTPRequest {
    var headers = Headers()
    for (name, value) in head.headers { headers.add(name, value) }
    let mark = head.uri.firstIndex(of: "?")
    return HTTPRequest(
      method: head.method.rawValue, scheme: "http", host: headers["Host"] ?? "",
      path: String(mark.map { head.uri[..<$0] } ?? head.uri[...]),
      query: mark.map { String(head.uri[head.uri.index(after: $0)...]) } ?? "", headers: headers, body: body)
  }

  private func write(
    _ response: HTTPResponse, to head: HTTPRequestHead, keepsAlive: Bool, _ outbound: Outbound
  ) async throws {
    let hasBody = head.method != .HEAD && response.status != 204 && response.status != 304
    try await writeHead(response, to: head, keepsAlive: keepsAlive, outbound)
    if hasBody { try await write(response.body, outbound) }
    try await outbound.write(.end(nil))
  }

  private func writeHead(
    _ response: HTTPResponse, to head: HTTPRequestHead, keepsAlive: Bool, _ outbound: Outbound
  ) async throws {
    var headers = HTTPHeaders()
    for field in response.headers where field.name.lowercased() != "content-length" {
      headers.add(name: field.name, value: field.value)
    }
    if response.status != 204, response.status != 304 {
      let said = head.method == .HEAD ? response.headers["Content-Length"] : nil
      headers.add(name: "Content-Length", value: said ?? String(response.body.count))
    }
    headers.add(name: "Date", value: SystemClock().now.httpDate)
    headers.add(name: "Server", value: "cairn-practice")
    if !keepsAlive { headers.add(name: "Connection", value: "close") }
    try await outbound.write(
      .head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: response.status), headers: headers))
    )
  }

  private func write(_ body: Body, _ outbound: Outbound) async throws {
    switch body {
    case .bytes(let bytes):
      if !bytes.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: bytes)))) }
    case .file:
      let pieces = try BodyPieces(body)
      while let piece = try pieces.next() {
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
      }
    }
  }
}
