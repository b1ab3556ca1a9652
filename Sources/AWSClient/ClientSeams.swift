import Digests
import Glibc
import Wire

/// What the client takes from the world beside the network: sleeping, chance, tokens.
package struct ClientSeams: Sendable {
  /// Sleeps so many seconds; returns early if the task is cancelled.
  package var sleep: @Sendable (Double) async -> Void
  /// A number in 0..<1, for jitter.
  package var random: @Sendable () -> Double
  /// A fresh idempotency token (UUID version 4).
  package var token: @Sendable () -> String
  /// Names a call to the service, the same on each try (`amz-sdk-invocation-id`).
  package var invocation: @Sendable () -> String

  package init(
    sleep: @escaping @Sendable (Double) async -> Void = ClientSeams.systemSleep,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    token: @escaping @Sendable () -> String = ClientSeams.randomToken,
    invocation: @escaping @Sendable () -> String = ClientSeams.randomToken
  ) {
    self.sleep = sleep
    self.random = random
    self.token = token
    self.invocation = invocation
  }

  /// The system's clock.
  package static let systemClock: @Sendable () -> Timestamp = {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
  }

  /// `Task.sleep`.
  package static let systemSleep: @Sendable (Double) async -> Void = { seconds in
    try? await Task.sleep(nanoseconds: UInt64(max(0, min(seconds, 3600)) * 1e9))
  }

  /// A random UUID, version 4 (RFC 9562).
  package static let randomToken: @Sendable () -> String = {
    var bytes = randomBytes(16)
    guard bytes.count == 16 else { return "" }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (position, digit) in hexEncoded(bytes).utf8.enumerated() {
      if [8, 12, 16, 20].contains(position) { text.append(0x2D) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
