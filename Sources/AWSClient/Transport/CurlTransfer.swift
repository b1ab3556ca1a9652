import CCurl
import Glibc
import Synchronization
import Wire

/// One request on its way through libcurl: the bytes that go out, the response that gathers.
// @unchecked: after `begin` everything but the two locked values belongs to the engine's thread, which calls back
// from C; the engine keeps the object alive while libcurl holds its address.
final class CurlTransfer: @unchecked Sendable {
  typealias Outcome = Result<HTTPResponse, TransportError>

  let request: HTTPRequest
  let options: SendOptions
  let proxy: ProxySettings.Proxy?
  private let cancelled = Atomic<Bool>(false)
  private let continuation = Mutex<CheckedContinuation<Outcome, Never>?>(nil)

  /// libcurl's handle while the engine runs the transfer.
  var easy: UnsafeMutableRawPointer?
  /// How often the request has been put on a connection.
  private(set) var sendings = 0
  /// When something last moved, in nanoseconds of the monotonic clock; 0 before the first sending.
  private(set) var lastActivity: UInt64 = 0
  /// Body bytes moved when that was last asked.
  private var moved: Int64 = 0

  private var source: UploadSource
  private var sink: ResponseSink
  private var head = ResponseHead()
  private var bodyBegan = false
  private var fault: (TransportError.Kind, String)?

  init(_ request: HTTPRequest, _ options: SendOptions) {
    self.request = request
    self.options = options
    proxy = options.proxies.proxy(scheme: request.scheme, host: request.host)
    source = UploadSource(request.body, trailer: options.trailer)
    sink = ResponseSink(options)
  }

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
  func markCancelled() { cancelled.store(true, ordering: .releasing) }

  /// What can be seen to be wrong before anything is sent; opens the file of the request's body.
  func prepare() -> TransportError? {
    if let refusal = refusal(of: request) { return error(.invalidRequest, refusal, mayHaveArrived: false) }
    guard !source.open(), case .file(let path, _, _) = request.body else { return nil }
    return error(.file, systemText(path), mayHaveArrived: false)
  }

  func begin(_ continuation: CheckedContinuation<Outcome, Never>) {
    self.continuation.withLock { $0 = continuation }
  }

  /// The length of the body on the wire, as `ccurl_request` wants it.
  var bodyLength: Int64 {
    guard let length = source.length else { return Int64(CCURL_CHUNKED) }
    let sendsBody = length > 0 || request.method == "PUT" || request.method == "POST"
    return sendsBody ? Int64(clamping: length) : Int64(CCURL_NO_BODY)
  }

  // MARK: Time

  /// When silence becomes a time-out; nil if never.
  var deadline: UInt64? {
    guard lastActivity > 0, options.readTimeout > 0 else { return nil }
    return lastActivity + UInt64(min(options.readTimeout, 1e6) * 1e9)
  }

  /// Whether nothing has moved since the last activity. A large piece may leave libcurl's buffer slowly, without
  /// a word to us; what it has moved counts as well.
  func isSilent(at now: UInt64) -> Bool {
    guard let deadline, now >= deadline else { return false }
    let total = easy.map { ccurl_easy_moved($0) } ?? 0
    guard total == moved else {
      moved = total
      lastActivity = now
      return false
    }
    return true
  }

  // MARK: Ends

  /// Ends the transfer by libcurl's report; `report.code` is 0 for a success.
  func finish(_ report: CurlFault) {
    if let (kind, text) = fault { return fail(kind, text, mayHaveArrived: sendings > 0) }
    guard report.code == 0, head.isFinal else {
      var report = report
      // An interim response and no other after it, or half a head.
      if report.code == 0 { report.code = 52 }
      report.wasSent = sendings > 0
      report.hasHead = head.isFinal
      report.usesProxy = proxy != nil
      let kind = report.kind
      let text = kind == .proxy ? "\"\(proxy?.masked ?? "")\" (\(report.detail))" : report.detail
      return fail(kind, text, mayHaveArrived: sendings > 0, kind == .tls ? report.tlsFault : nil)
    }
    beginBody()
    do {
      let body = try sink.finish(status: head.status)
      resume(.success(HTTPResponse(status: head.status, headers: head.headers, body: body)))
    } catch {
      let (kind, text) = CurlTransfer.described(error)
      fail(kind, text, mayHaveArrived: true)
    }
  }

  func fail(
    _ kind: TransportError.Kind, _ detail: String, mayHaveArrived: Bool,
    _ tlsFault: TransportError.TLSFault? = nil
  ) {
    sink.discard()
    resume(.failure(error(kind, detail, mayHaveArrived: mayHaveArrived, tlsFault)))
  }

  private func resume(_ outcome: Outcome) {
    source.close()
    let waiting = continuation.withLock { held in
      defer { held = nil }
      return held
    }
    waiting?.resume(returning: outcome)
  }

  private func error(
    _ kind: TransportError.Kind, _ detail: String, mayHaveArrived: Bool,
    _ tlsFault: TransportError.TLSFault? = nil
  ) -> TransportError {
    TransportError(
      kind: kind, url: shownURL(of: request), detail: redacted(detail, request, proxy),
      requestMayHaveArrived: mayHaveArrived, tlsFault: tlsFault)
  }

  private static func described(_ fault: ResponseSink.Fault) -> (TransportError.Kind, String) {
    switch fault {
    case .tooLarge(let limit): (.bodyTooLarge, "more than \(limit) bytes")
    case .file(let text): (.file, text)
    case .mismatch(let text): (.checksumMismatch, text)
    }
  }

  // MARK: What libcurl asks for

  /// libcurl repeats a request by itself when a kept connection turns out to be dead. Where a second sending
  /// could do harm, the repetition is stopped here, and the caller learns that the first may have arrived.
  func mayBeSent() -> Bool {
    if options.sendsOnce, sendings > 0 {
      fault = (.connectionClosed, "the kept connection broke; the request was not sent again")
      return false
    }
    sendings += 1
    lastActivity = monotonicNow()
    return source.rewind(to: 0)
  }

  func readHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
    lastActivity = monotonicNow()
    do {
      if try head.read(bytes) {
        sink.restart()
        bodyBegan = false
      }
      return true
    } catch {
      switch error {
      case .tooLarge: fault = (.headersTooLarge, "more than \(ResponseHead.limit) bytes")
      case .malformed(let text): fault = (.malformedResponse, text)
      }
      return false
    }
  }

  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    lastActivity = monotonicNow()
    guard !stopsHere() else { return false }
    beginBody()
    do {
      try sink.receive(bytes, status: head.status)
      return true
    } catch {
      fault = CurlTransfer.described(error)
      return false
    }
  }

  /// Whether the caller has gone. libcurl may hand over many megabytes before the engine hears of anything else.
  private func stopsHere() -> Bool {
    guard isCancelled else { return false }
    fault = (.cancelled, "")
    return true
  }

  /// Before the body's first byte, or before the end if there is none.
  func beginBody() {
    guard !bodyBegan, head.isFinal else { return }
    bodyBegan = true
    sink.begin(head)
  }

  func provide(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    lastActivity = monotonicNow()
    guard !stopsHere() else { return -1 }
    do {
      return try source.fill(buffer)
    } catch {
      fault = (.file, error.text)
      return -1
    }
  }

  func rewind(to offset: Int64) -> Bool {
    guard let offset = UInt64(exactly: offset) else { return false }
    return source.rewind(to: offset)
  }
}

/// Nanoseconds of the monotonic clock.
func monotonicNow() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(clamping: time.tv_sec) * 1_000_000_000 + UInt64(clamping: time.tv_nsec)
}
