import CCurl
import Glibc
import Synchronization
import Wire

/// One request on its way through libcurl: the bytes that go out, the response that gathers.
// @unchecked: after `begin` everything but the two locked values belongs to the engine's thread, which calls back
// from C; the engine keeps the object alive while libcurl holds its address.
final class CurlTransfer: @unchecked Sendable {
  typealias Outcome = Result<HTTPResponse, TransportError>

  private let request: HTTPRequest
  private let options: SendOptions
  private let cancelled = Atomic<Bool>(false)
  private let continuation = Mutex<CheckedContinuation<Outcome, Never>?>(nil)

  var easy: UnsafeMutableRawPointer?
  /// How often the request has been put on a connection.
  private(set) var sendings = 0

  private var input = OpenFile()
  private var inputStart: UInt64 = 0
  private var output = OpenFile()
  private var sent: UInt64 = 0
  private var received: [UInt8] = []
  private var receivedInFile: UInt64 = 0
  private var status = 0
  private var headers = Headers()
  private var fault: (TransportError.Kind, String)?

  init(_ request: HTTPRequest, _ options: SendOptions) {
    self.request = request
    self.options = options
  }

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
  func markCancelled() { cancelled.store(true, ordering: .releasing) }

  /// Opens the file of the request's body before anything is sent.
  func openFiles() -> TransportError? {
    guard case .file(let path, let offset, _) = request.body else { return nil }
    guard input.open(path, O_RDONLY | O_CLOEXEC) else {
      return error(.file, systemText(path), mayHaveArrived: false)
    }
    inputStart = offset
    return nil
  }

  func begin(_ continuation: CheckedContinuation<Outcome, Never>) {
    self.continuation.withLock { $0 = continuation }
  }

  // MARK: Ends

  func finish(code: Int32, detail: String, systemError: Int32) {
    if code == 0, fault == nil, status >= 200 {
      // An empty object makes an empty file.
      if case .file(let path) = options.destination, (200..<300).contains(status), !wroteFile {
        guard output.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) else {
          return fail(.file, systemText(path), mayHaveArrived: true)
        }
        wroteFile = true
      }
      output.close()
      resume(.success(response))
      return
    }
    let (kind, text) = fault ?? classify(code, detail, systemError)
    fail(kind, text, mayHaveArrived: sendings > 0)
  }

  func fail(_ kind: TransportError.Kind, _ detail: String, mayHaveArrived: Bool) {
    if output.isOpen, case .file(let path) = options.destination {
      output.close()
      unlink(path)
    }
    resume(.failure(error(kind, detail, mayHaveArrived: mayHaveArrived)))
  }

  private func resume(_ outcome: Outcome) {
    input.close()
    let waiting = continuation.withLock { held in
      defer { held = nil }
      return held
    }
    waiting?.resume(returning: outcome)
  }

  private var response: HTTPResponse {
    if case .file(let path) = options.destination, (200..<300).contains(status), wroteFile {
      return HTTPResponse(
        status: status, headers: headers, body: .file(path: path, offset: 0, length: receivedInFile))
    }
    return HTTPResponse(status: status, headers: headers, body: .bytes(received))
  }

  private var wroteFile = false

  private func error(_ kind: TransportError.Kind, _ detail: String, mayHaveArrived: Bool) -> TransportError {
    TransportError(
      kind: kind, url: "\(request.scheme)://\(request.host)\(request.path)", detail: detail,
      requestMayHaveArrived: mayHaveArrived)
  }

  /// libcurl's codes (`curl/curl.h`, CURLcode) in our kinds.
  private func classify(
    _ code: Int32, _ detail: String, _ systemError: Int32
  ) -> (TransportError.Kind, String) {
    switch code {
    case 1, 3, 4: (.invalidRequest, detail)
    case 5, 6: (.nameNotResolved, detail)
    case 7: (systemError == ECONNREFUSED ? .connectionRefused : .notConnected, detail)
    case 28: (sendings > 0 ? .readTimeout : .connectTimeout, detail)
    case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98: (.tls, detail)
    case 0, 8, 16, 18, 42, 52, 55, 56, 61, 65, 92: (.connectionClosed, detail)
    case 23: (.file, detail)
    case 26: (.file, detail)
    default: (.other, detail)
    }
  }

  // MARK: What libcurl asks for

  func makeHandle() -> UnsafeMutableRawPointer? {
    var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    // curl adds these by itself; a request goes out as it was signed.
    for name in ["Accept", "Expect", "Content-Type"] where request.headers[name] == nil {
      lines.append("\(name):")
    }
    // Line ends in a value would forge headers; the length is libcurl's to write.
    lines.removeAll { line in
      line.utf8.contains { $0 == 13 || $0 == 10 } || line.lowercased().hasPrefix("content-length:")
    }
    let sendsBody = request.body.count > 0 || request.method == "PUT" || request.method == "POST"
    var plan = ccurl_request()
    plan.body_length = sendsBody ? Int64(clamping: request.body.count) : -1
    plan.discards_body = request.method == "HEAD" ? 1 : 0
    plan.connect_timeout_ms = Int(clamping: Int64(max(1, min(options.connectTimeout, 1e6) * 1000)))
    plan.stall_seconds =
      options.readTimeout > 0 ? Int(clamping: Int64(min(options.readTimeout, 1e6).rounded(.up))) : 0
    plan.total_timeout_ms =
      options.totalTimeout > 0 ? Int(clamping: Int64(min(options.totalTimeout, 1e6) * 1000)) : 0
    plan.verifies_tls = options.verifiesTLS ? 1 : 0
    plan.context = Unmanaged.passUnretained(self).toOpaque()
    plan.header = { context, line, length in
      CurlTransfer.at(context)?.readHead(UnsafeRawBufferPointer(start: line, count: length))
    }
    plan.write = { context, bytes, length in
      CurlTransfer.at(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: length)) == true ? 0 : 1
    }
    plan.read = { context, bytes, capacity in
      CurlTransfer.at(context)?.provide(UnsafeMutableRawBufferPointer(start: bytes, count: capacity)) ?? -1
    }
    plan.seek = { context, offset in CurlTransfer.at(context)?.rewind(to: offset) == true ? 0 : 1 }
    plan.ready = { context in CurlTransfer.at(context)?.mayBeSent() == true ? 0 : 1 }
    return request.method.withCString { method in
      request.url.withCString { url in
        withOptionalCString(options.caBundle) { bundle in
          // A proxy on another host cannot reach this one's loopback, whatever the environment says.
          withOptionalCString(isLoopback(request.host) ? "" : nil) { proxy in
            withCStrings(lines) { headers in
              plan.method = method
              plan.url = url
              plan.ca_bundle = bundle
              plan.proxy = proxy
              return ccurl_easy_new(&plan, headers.baseAddress, lines.count)
            }
          }
        }
      }
    }
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// libcurl repeats a request by itself when a kept connection turns out to be dead. Where a second sending
  /// could do harm, the repetition is stopped here, and the caller learns that the first may have arrived.
  private func mayBeSent() -> Bool {
    if options.sendsOnce, sendings > 0 {
      fault = (.connectionClosed, "the kept connection broke; the request was not sent again")
      return false
    }
    sendings += 1
    sent = 0
    return true
  }

  private func readHead(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // A new head: after 100-continue, or a repeated request.
      headers = Headers()
      received = []
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    headers.add(String(line[..<colon]), trimmed(line[line.index(after: colon)...]))
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if case .file(let path) = options.destination, (200..<300).contains(status) {
      if !output.isOpen {
        guard output.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) else {
          fault = (.file, systemText(path))
          return false
        }
        wroteFile = true
      }
      guard output.write(bytes) else {
        fault = (.file, systemText(path))
        return false
      }
      receivedInFile += UInt64(bytes.count)
      return true
    }
    let limit: Int
    switch options.destination {
    case .memory(let bound): limit = bound
    case .file: limit = 1 << 20
    }
    guard received.count + bytes.count <= limit else {
      fault = (.bodyTooLarge, "more than \(limit) bytes")
      return false
    }
    received.append(contentsOf: bytes)
    return true
  }

  private func provide(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let left = request.body.count - min(sent, request.body.count)
    let count = Int(clamping: min(left, UInt64(buffer.count)))
    guard count > 0 else { return 0 }
    switch request.body {
    case .bytes(let bytes):
      let start = Int(clamping: sent)
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
      }
      sent += UInt64(count)
      return count
    case .file(let path, _, _):
      guard let base = buffer.baseAddress else { return -1 }
      let n = input.read(into: base, count, at: inputStart + sent)
      guard n > 0 else {
        fault = (.file, n == 0 ? "\(path) became shorter while it was sent" : systemText(path))
        return -1
      }
      sent += UInt64(n)
      return n
    }
  }

  private func rewind(to offset: Int64) -> Bool {
    guard let position = UInt64(exactly: offset), position <= request.body.count else { return false }
    sent = position
    return true
  }
}

private func trimmed(_ text: Substring) -> String {
  var text = text
  while let last = text.last, last.isWhitespace { text.removeLast() }
  while let first = text.first, first.isWhitespace { text.removeFirst() }
  return String(text)
}

private func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
  guard let text else { return body(nil) }
  return text.withCString(body)
}

private func withCStrings<R>(_ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> R)
  -> R
{
  let copies = texts.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
}

/// Whether a host, with or without a port, is this machine's loopback (RFC 6890, RFC 6761).
private func isLoopback(_ host: String) -> Bool {
  host.hasPrefix("127.") || host.hasPrefix("[::1]") || host == "localhost" || host.hasPrefix("localhost:")
}
