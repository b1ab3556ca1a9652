import Glibc

/// One kept connection to a server on this machine, spoken to in bytes that stand ready: what a load is made of when
/// the client is to cost next to nothing. It knows of HTTP what the practice account answers with.
final class KeptConnection {
  let socket: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var filled = 0
  /// When the request in progress was sent, by the monotonic clock.
  private(set) var sent = 0.0

  /// - Throws: `LoadFault` if nobody listens.
  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port.bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw LoadFault("nobody listens on port \(port)") }
    var one: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(socket) }

  func send(_ request: [UInt8]) throws {
    var written = 0
    sent = nanoseconds()
    while written < request.count {
      let count = request.withUnsafeBytes { all in
        Glibc.send(socket, all.baseAddress.map { $0 + written }, all.count - written, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw LoadFault("the server went away") }
      written += count
    }
  }

  /// Reads once.
  ///
  /// - Parameter hasBody: false for the answer to HEAD, whose length is that of another body.
  /// - Returns: the answer, if all of it is there.
  func receive(hasBody: Bool) throws -> (status: Int, body: [UInt8])? {
    if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let count = buffer.withUnsafeMutableBytes { all in
      recv(socket, all.baseAddress.map { $0 + filled }, all.count - filled, 0)
    }
    guard count > 0 else { throw LoadFault("the server closed a connection that was to be kept") }
    filled += count
    guard let head = end(of: "\r\n\r\n", from: 0) else { return nil }
    var length = 0
    if hasBody, let start = end(of: "\r\ncontent-length: ", from: 0), start < head {
      for digit in buffer[start..<head] {
        guard (0x30...0x39).contains(digit) else { break }
        length = length * 10 + Int(digit - 0x30)
      }
    }
    guard filled >= head + length else { return nil }
    let status = buffer[9..<12].reduce(0) { $0 * 10 + Int($1) - 0x30 }
    let body = Array(buffer[head..<head + length])
    filled = 0
    return (status, body)
  }

  /// One request and its answer, whose status must be a success.
  func exchange(_ request: [UInt8], hasBody: Bool = true) throws -> [UInt8] {
    try send(request)
    while true {
      guard let (status, body) = try receive(hasBody: hasBody) else { continue }
      guard status < 300 else {
        throw LoadFault("status \(status): \(String(decoding: body, as: UTF8.self))")
      }
      return body
    }
  }

  /// Where a text in small letters ends; letters of either size are the same.
  private func end(of text: String, from start: Int) -> Int? {
    let wanted = Array(text.utf8)
    var index = start
    while index + wanted.count <= filled {
      var length = 0
      while length < wanted.count, Self.small(buffer[index + length]) == wanted[length] { length += 1 }
      if length == wanted.count { return index + length }
      index += 1
    }
    return nil
  }

  private static func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

/// The load cannot be run, or met what it must not meet.
struct LoadFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
