import Glibc
import Synchronization

/// A tiny HTTP/1.1 server on a thread of its own, for the transport's tests: each path says how to behave.
final class LocalServer: Sendable {
  struct Seen: Sendable {
    var connections = 0
    var requests: [String] = []
    var bodies: [[UInt8]] = []
  }

  let port: Int
  private let listener: Int32
  private let greets: Bool
  private let state = Mutex(Seen())

  var seen: Seen { state.withLock { $0 } }
  var host: String { "127.0.0.1:\(port)" }

  /// `greets`: answers before it is asked, as no TLS server does.
  init?(greets: Bool = false) {
    self.greets = greets
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard bound else { return nil }
    listener = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
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

  private func readRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> (String, [UInt8])? {
    while true {
      let text = String(decoding: buffer, as: UTF8.self)
      if let end = headEnd(buffer) {
        var length = 0
        for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
          length = Int(line.split(separator: " ").last ?? "") ?? 0
        }
        if buffer.count >= end + length {
          let body = Array(buffer[end..<end + length])
          let head = String(decoding: buffer[..<end], as: UTF8.self)
          buffer.removeFirst(end + length)
          return (head, body)
        }
      }
      var piece = [UInt8](repeating: 0, count: 65_536)
      let n = read(connection, &piece, piece.count)
      guard n > 0 else { return nil }
      buffer += piece[..<n]
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
