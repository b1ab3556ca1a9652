/// Chance that can be had again: SplitMix64 (Steele, Lea, Flood 2014). Part of the state, so that the same
/// lesson on the same seed meets the same ids. Never used for secrets of a real account.
struct SeededGenerator: Hashable, Sendable, Codable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<bound`; 0 if `bound` is not positive.
  mutating func below(_ bound: Int) -> Int {
    bound > 0 ? Int(next() % UInt64(bound)) : 0
  }

  mutating func text(_ count: Int, of alphabet: String) -> String {
    let letters = Array(alphabet)
    return String((0..<count).map { _ in letters[below(letters.count)] })
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

  /// Lower-case hexadecimal.
  mutating func hex(_ count: Int) -> String { text(count, of: "0123456789abcdef") }

  /// The letters of IAM's unique ids and S3's request ids.
  mutating func base32(_ count: Int) -> String { text(count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }

  mutating func base64(_ count: Int) -> String {
    text(count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  }

  /// A version 4 UUID (RFC 9562).
  mutating func uuid() -> String {
    "\(hex(8))-\(hex(4))-4\(hex(3))-\(text(1, of: "89ab"))\(hex(3))-\(hex(12))"
  }
}
