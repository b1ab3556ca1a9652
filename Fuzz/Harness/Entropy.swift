/// The input as a stream of choices: a target that builds something well-formed takes its decisions from it. At the end
/// every choice is the first one, so that what is built is finite.
struct Entropy {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isEmpty: Bool { position >= bytes.count }

  mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  /// A number below `bound`, which is positive; one byte of input, two for bounds above 256.
  mutating func below(_ bound: Int) -> Int {
    let number = bound > 256 ? Int(byte()) << 8 | Int(byte()) : Int(byte())
    return number % max(bound, 1)
  }

  /// Whether one of `count` cases came up.
  mutating func isOne(in count: Int) -> Bool { below(count) == 1 }

  mutating func pick<T>(_ choices: [T]) -> T? { choices.isEmpty ? nil : choices[below(choices.count)] }

  /// So many of the input's own bytes, as text; invalid UTF-8 is replaced.
  mutating func text(atMost count: Int) -> String {
    let end = min(bytes.count, position + below(count + 1))
    defer { position = max(position, end) }
    return position < end ? String(decoding: bytes[position..<end], as: UTF8.self) : ""
  }

  /// All that is left.
  mutating func rest() -> [UInt8] {
    defer { position = bytes.count }
    return position < bytes.count ? Array(bytes[position...]) : []
  }

  /// A scalar as services send it, at the edges and beyond, or the input's own bytes.
  mutating func scalar() -> String {
    guard let known = pick(Self.scalars), !known.isEmpty else { return text(atMost: 24) }
    return known
  }

  private static let scalars = [
    "", "a", "0", "1", "-1", "true", "false", "TRUE", "null", "NaN", "Infinity", "-Infinity", "0.5", "-0",
    "1e3",
    "1e400", "-1e400", "1e-400", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
    "2147483648", "1.7976931348623157e308", "2026-11-23T16:10:47Z", "2026-11-23T16:10:47.123456789+14:00",
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-99:99", "Mon, 23 Nov 2026 16:10:47 GMT",
    "Mon, 99 Nov 9999999999999999 16:10:47 GMT", "1700000000.123", "9e18", "-9e18", "AAAA", "AA==", "A",
    "====",
    "{\"a\":[1,{}]}", "e30=", "<a/>", "&amp;", "\u{0}", "\u{FFFD}", "\r\n", "a,b , \"c\\\"d\",",
    "us-east-1", "arn:aws:s3:us-east-1:111122223333:accesspoint/a", "http://[::1]:80/a", "..", "%", "%00",
    "%F0%9F",
    "e\u{301}", "\u{1F468}\u{200D}\u{1F469}", "a/b/../c", " a ", "a\u{00A0}", "İ", "ß",
  ]
}
