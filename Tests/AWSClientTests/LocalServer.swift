import Glibc
import Synchronization

/// A tiny HTTP/1.1 server on a thread of its own, for the transport's tests: each path says how to behave.
final class LocalServer: Sendable {
  /// What a scripted answer consists of.
  enum Step: Sendable {
    case send(String)
    /// Sends so many bytes.
    case fill(Int)
    /// Sends the text a byte at a time, so many milliseconds apart.
    case drip(String, every: UInt32)
    /// Waits until the other side goes.
    case wait
    /// Ends our direction, and waits until the other side goes.
    case halfClose
    /// Breaks the connection off with a RST.
    case reset
    /// Reads the request's body, which has not been read before.
    case readBody
  }

  struct Seen: Sendable {
    var connections = 0
    var requests: [String] = []
    var bodies: [[UInt8]] = []
  }

  let port: Int
  private let listener: Int32
  private let greets: Bool
  private let isIPv6: Bool
  private let scripts: [String: [Step]]
  private let state = Mutex(Seen())

  var seen: Seen { state.withLock { $0 } }
  var host: String { isIPv6 ? "[::1]:\(port)" : "127.0.0.1:\(port)" }

  /// `greets`: answers before it is asked, as no TLS server does. `scripts`: what to do once the head of a request
  /// for a path has come; the connection is closed afterwards.
  init?(greets: Bool = false, isIPv6: Bool = false, scripts: [String: [Step]] = [:]) {
    self.greets = greets
    self.isIPv6 = isIPv6
    self.scripts = scripts
    guard let (descriptor, port) = isIPv6 ? listeningIPv6() : listeningIPv4() else { return nil }
    listener = descriptor
    self.port = port
    spawn { [self] in accept() }
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { return }
      state.withLock { $0.connections += 1 }
      spawn { [self] in
        serve(connection)
        close(connection)
      }
    }
  }

  private func serve(_ connection: Int32) {
    var buffer: [UInt8] = []
    if greets { return send(connection, "HTTP/1.1 400 Bad Request\r\n\r\n") }
    while let (head, body) = readRequest(connection, &buffer) {
      if let script = script(for: head) {
        state.withLock { $0.requests.append(head) }
        return script.forEach { play($0, connection, head, &buffer) }
      }
      let words = head.split(separator: " ")
      let path = words.count > 1 ? String(words[1]) : "/"
      let count = state.withLock { state -> Int in
        state.requests.append(head)
        state.bodies.append(body)
        return state.requests.filter { $0.contains(path) }.count
      }
      switch path {
      case "/silent":
        var byte: UInt8 = 0
        _ = read(connection, &byte, 1)
        return
      case "/drop": return
      case "/drop-second" where count == 2: return
      case "/redirect":
        send(connection, "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")
      case "/big":
        send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n")
        send(connection, String(repeating: "x", count: 1 << 20))
      case "/short":
        send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
        return
      default:
        let echoed = words.first == "HEAD" ? "" : String(decoding: body, as: UTF8.self)
        send(
          connection, "HTTP/1.1 200 OK\r\nX-Path: \(path)\r\nContent-Length: \(body.count)\r\n\r\n" + echoed)
      }
    }
  }

  private func script(for head: String) -> [Step]? {
    let words = head.split(separator: " ")
    return words.count > 1 ? scripts[String(words[1].prefix { $0 != "?" })] : nil
  }

  private func play(_ step: Step, _ connection: Int32, _ head: String, _ buffer: inout [UInt8]) {
    var byte: UInt8 = 0
    switch step {
    case .send(let text): send(connection, text)
    case .fill(let count): send(connection, String(repeating: "x", count: count))
    case .drip(let text, let milliseconds):
      for character in text {
        send(connection, String(character))
        usleep(milliseconds * 1000)
      }
    case .wait: while read(connection, &byte, 1) > 0 {}
    case .halfClose:
      shutdown(connection, Int32(SHUT_WR))
      while read(connection, &byte, 1) > 0 {}
    case .reset:
      var now = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    case .readBody:
      while let body = body(after: head, buffer) ?? more(connection, &buffer) {
        guard !body.isEmpty else { continue }
        state.withLock { $0.bodies.append(body) }
        return
      }
    }
  }

  /// The whole body if it is there: `Content-Length` bytes, or HTTP chunks taken apart.
  private func body(after head: String, _ buffer: [UInt8]) -> [UInt8]? {
    guard head.lowercased().contains("transfer-encoding: chunked") else {
      let length = contentLength(head)
      return buffer.count >= length ? Array(buffer[..<length]) : nil
    }
    var body: [UInt8] = []
    var rest = buffer[...]
    while let end = rest.firstIndex(of: 10) {
      let size = String(decoding: rest[..<end], as: UTF8.self).prefix { $0.isHexDigit }
      guard let count = Int(size, radix: 16) else { return nil }
      rest = rest[(end + 1)...]
      if count == 0 { return body }
      guard rest.count >= count + 2 else { return nil }
      body += rest.prefix(count)
      rest = rest.dropFirst(count + 2)
    }
    return nil
  }

  /// Reads on: empty if there is more, nil at the end.
  private func more(_ connection: Int32, _ buffer: inout [UInt8]) -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: 65_536)
    let n = read(connection, &piece, piece.count)
    guard n > 0 else { return nil }
    buffer += piece[..<n]
    return []
  }

  private func contentLength(_ head: String) -> Int {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      return Int(line.split(separator: " ").last ?? "") ?? 0
    }
    return 0
  }

  private func readRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> (String, [UInt8])? {
    while true {
      if let end = headEnd(buffer) {
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        // A script reads the body itself, or does not.
        let length = script(for: head) == nil ? contentLength(head) : 0
        if buffer.count >= end + length {
          let body = Array(buffer[end..<end + length])
          buffer.removeFirst(end + length)
          return (head, body)
        }
      }
      guard more(connection, &buffer) != nil else { return nil }
    }
  }

  private func headEnd(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for i in 0...(bytes.count - 4) where bytes[i...].starts(with: [13, 10, 13, 10]) { return i + 4 }
    return nil
  }

  private func send(_ connection: Int32, _ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let n = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard n > 0 else { return }
      rest = rest.dropFirst(n)
    }
  }
}

private func listeningIPv4() -> (descriptor: Int32, port: Int)? {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return listening(AF_INET, &address).map { ($0, Int(UInt16(bigEndian: address.sin_port))) }
}

private func listeningIPv6() -> (descriptor: Int32, port: Int)? {
  var address = sockaddr_in6()
  address.sin6_family = sa_family_t(AF_INET6)
  address.sin6_addr = in6addr_loopback
  return listening(AF_INET6, &address).map { ($0, Int(UInt16(bigEndian: address.sin6_port))) }
}

/// Listens at the address; afterwards it holds the port.
private func listening<Address>(_ family: Int32, _ address: inout Address) -> Int32? {
  let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
  guard descriptor >= 0 else { return nil }
  var length = socklen_t(MemoryLayout<Address>.size)
  let bound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && listen(descriptor, 128) == 0
        && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard bound else {
    close(descriptor)
    return nil
  }
  return descriptor
}

private final class Job: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func spawn(_ body: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  _ = pthread_create(
    &thread, nil,
    { pointer in
      if let pointer { Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().body() }
      return nil
    }, Unmanaged.passRetained(Job(body)).toOpaque())
  pthread_detach(thread)
}
