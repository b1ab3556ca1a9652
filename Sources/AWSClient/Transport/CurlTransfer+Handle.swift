import CCurl
import Glibc
import Wire

extension CurlTransfer {
  /// Bytes. A body that is streamed is worth large pieces; thousands of small calls are not.
  private static let largeBuffer = 512 << 10
  private static let smallBuffer = 64 << 10

  /// A handle of libcurl's for this transfer; nil if there is no memory for it.
  func makeHandle() -> UnsafeMutableRawPointer? {
    var plan = ccurl_request()
    plan.body_length = bodyLength
    plan.discards_body = request.method == "HEAD" ? 1 : 0
    plan.connect_timeout_ms = milliseconds(max(0.001, options.connectTimeout))
    plan.total_timeout_ms = milliseconds(options.totalTimeout)
    plan.expect_timeout_ms = milliseconds(options.expectTimeout)
    let toFile = if case .file = options.destination { true } else { false }
    plan.receive_buffer_size = toFile ? CurlTransfer.largeBuffer : CurlTransfer.smallBuffer
    plan.send_buffer_size =
      request.body.count > UInt64(CurlTransfer.smallBuffer)
      ? CurlTransfer.largeBuffer : CurlTransfer.smallBuffer
    plan.verifies_tls = options.verifiesTLS ? 1 : 0
    plan.context = Unmanaged.passUnretained(self).toOpaque()
    plan.header = { context, line, length in
      CurlTransfer.at(context)?.readHead(UnsafeRawBufferPointer(start: line, count: length)) == true ? 0 : 1
    }
    plan.write = { context, bytes, length in
      CurlTransfer.at(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: length)) == true ? 0 : 1
    }
    plan.read = { context, bytes, capacity in
      CurlTransfer.at(context)?.provide(UnsafeMutableRawBufferPointer(start: bytes, count: capacity)) ?? -1
    }
    plan.seek = { context, offset in CurlTransfer.at(context)?.rewind(to: offset) == true ? 0 : 1 }
    plan.ready = { context in CurlTransfer.at(context)?.mayBeSent() == true ? 0 : 1 }
    let texts = [
      request.method, request.url, options.caBundle, proxy?.url ?? "", proxy?.user, proxy?.password,
    ]
    return withCStrings(texts) { texts in
      plan.method = texts[0]
      plan.url = texts[1]
      plan.ca_bundle = texts[2]
      plan.proxy = texts[3]
      plan.proxy_user = texts[4]
      plan.proxy_password = texts[5]
      return withCStrings(headerLines) { lines in
        guard let body = smallBody else { return ccurl_easy_new(&plan, lines.baseAddress, lines.count) }
        return body.withUnsafeBufferPointer { body in
          plan.body = body.baseAddress
          return ccurl_easy_new(&plan, lines.baseAddress, lines.count)
        }
      }
    }
  }

  /// A body that goes out in one piece with the head: it costs the server, and so the caller, one wait less.
  private var smallBody: [UInt8]? {
    guard case .bytes(let bytes) = request.body, bodyLength > 0, bytes.count < CurlTransfer.smallBuffer / 2,
      options.trailer == nil, request.headers["Expect"] == nil
    else { return nil }
    return bytes
  }

  /// The request's headers as curl wants them.
  private var headerLines: [String] {
    var lines: [String] = []
    var names: Set<String> = []
    for header in request.headers {
      let name = header.name.lowercased()
      names.insert(name)
      // The length is libcurl's to write.
      if name == "content-length" { continue }
      lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
    }
    // curl adds these by itself; a request goes out as it was signed.
    for name in ["Accept", "Expect", "Content-Type"] where !names.contains(name.lowercased()) {
      lines.append("\(name):")
    }
    return lines
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }
}

private func milliseconds(_ seconds: Double) -> Int {
  seconds > 0 ? max(1, Int(min(seconds, 1e6) * 1000)) : 0
}

/// The texts as C strings, nil as NULL.
private func withCStrings<R>(_ texts: [String?], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> R)
  -> R
{
  let copies = texts.map { $0.flatMap { strdup($0) } }
  defer { for copy in copies { free(copy) } }
  return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer(body)
}
