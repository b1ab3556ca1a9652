import Foundation
import Glibc

/// Sends bytes on one connection and reads until the server closes, until `expected` answers came, or until nothing
/// came for a minute: a busy machine is slow, a server that hangs is silent for ever. On a thread of its own: the server shares the pool that this would block.
///
/// - Parameter ends: whether the client says after the last byte that no more will come.
func talk(
  _ port: Int, _ pieces: [[UInt8]], answers expected: Int = .max, ends: Bool = false
) async -> String {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(returning: exchange(port, pieces, answers: expected, ends: ends))
    }
  }
}

func talk(_ port: Int, _ texts: [String], answers expected: Int = .max, ends: Bool = false) async -> String {
  await talk(port, texts.map { Array($0.utf8) }, answers: expected, ends: ends)
}

/// A connection on which nothing was said yet; negative: there is none.
func connected(to port: Int) -> Int32 {
  let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(UInt16(port).bigEndian)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let result = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  if result == 0 { return socket }
  close(socket)
  return -1
}

private func exchange(_ port: Int, _ pieces: [[UInt8]], answers expected: Int, ends: Bool) -> String {
  let socket = connected(to: port)
  guard socket >= 0 else { return "no connection" }
  defer { close(socket) }
  var limit = timeval(tv_sec: 60, tv_usec: 0)
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  for piece in pieces {
    var sent = 0
    while sent < piece.count {
      let count = piece.withUnsafeBytes { all in
        send(socket, all.baseAddress.map { $0 + sent }, all.count - sent, Int32(MSG_NOSIGNAL))
      }
      // Refused before the end of it: what was said can still be read.
      guard count > 0 else { break }
      sent += count
    }
  }
  if ends { shutdown(socket, Int32(SHUT_WR)) }
  var received: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while String(decoding: received, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").count - 1 < expected {
    let count = read(socket, &buffer, buffer.count)
    if count < 0, errno == EAGAIN { return String(decoding: received, as: UTF8.self) + "<silence>" }
    if count <= 0 { break }
    received += buffer[..<count]
  }
  return String(decoding: received, as: UTF8.self)
}
